"""Conditions on sequence flows: comparisons of declared variables, checked at upload, run by simpleeval.

The language is a small part of Python's: names, constants, comparisons, `in`, `and`, `or`, `not`. There are
no calls, attributes, subscripts, arithmetic or comprehensions: an expression reaches nothing and is short.
"""

import ast
import operator
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from simpleeval import EvalWithCompoundTypes, InvalidExpression

from shared.flow.steps import Variable

MAX_LENGTH = 500
OUTCOME = "outcome"

_OPERATORS: dict[type[ast.AST], Any] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda item, items: item in items,
    ast.NotIn: lambda item, items: item not in items,
    ast.Not: operator.not_,
    ast.USub: operator.neg,
}
_ORDERING = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_MEMBERSHIP = (ast.In, ast.NotIn)
_EVALUATED = (ast.BoolOp, ast.UnaryOp, ast.Compare, ast.Name, ast.Constant, ast.Tuple, ast.List)
_ALLOWED = (*_EVALUATED, ast.And, ast.Or, ast.Load, *_OPERATORS)
_CONSTANTS = (bool, int, str)


class ConditionError(Exception):
    """The condition may not be used; the text says why, in Chinese."""


def check_condition(text: str, variables: Mapping[str, Variable]) -> None:
    """Raise ConditionError unless it is in the language, names declared variables and keeps to types."""
    _Checker(variables).check(_parse(text))


def evaluate_condition(text: str, values: Mapping[str, Any]) -> bool:
    """Whether the condition holds for these values; `text` has passed `check_condition`."""
    evaluator = EvalWithCompoundTypes(operators=_OPERATORS, functions={}, names=values)
    evaluator.functions = {}
    evaluator.nodes = {kind: run for kind, run in evaluator.nodes.items() if kind in _EVALUATED}
    try:
        return bool(evaluator.eval(text, previously_parsed=_parse(text)))
    except (InvalidExpression, TypeError) as error:
        raise ConditionError(f"条件“{text}”无法计算") from error


@lru_cache(maxsize=1024)
def _parse(text: str) -> ast.expr:
    if len(text) > MAX_LENGTH:
        raise ConditionError(f"条件不得超过 {MAX_LENGTH} 个字符")
    try:
        parsed = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ConditionError("条件不是正确的表达式") from error
    for node in ast.walk(parsed):
        if not isinstance(node, _ALLOWED):
            raise ConditionError(f"条件中不允许使用 {type(node).__name__}, 只能比较变量与常量")
        if isinstance(node, ast.Constant) and type(node.value) not in _CONSTANTS:
            raise ConditionError("条件中的常量只能是文字、整数、True 或 False")
    return parsed


class _Checker:
    """Finds the type of every part: `bool`, `int`, `str`, or a tuple of constants as their element type."""

    def __init__(self, variables: Mapping[str, Variable]) -> None:
        self._variables = variables

    def check(self, node: ast.expr) -> None:
        if self._type_of(node) is not bool:
            raise ConditionError("条件的结果必须为真或假")

    def _type_of(self, node: ast.expr) -> type:
        if isinstance(node, ast.Constant):
            return type(node.value)
        if isinstance(node, ast.Name):
            return self._type_of_name(node.id)
        if isinstance(node, ast.BoolOp):
            for part in node.values:
                self.check(part)
            return bool
        if isinstance(node, ast.UnaryOp):
            return self._type_of_unary(node)
        if isinstance(node, ast.Compare):
            return self._check_compare(node)
        raise ConditionError("常量列表只能用在 in 或 not in 的右边")

    def _type_of_name(self, name: str) -> type:
        if name not in self._variables:
            raise ConditionError(f"条件中的变量“{name}”没有在流程中声明")
        return type(self._variables[name].default)

    def _type_of_unary(self, node: ast.UnaryOp) -> type:
        wanted = bool if isinstance(node.op, ast.Not) else int
        if self._type_of(node.operand) is not wanted:
            raise ConditionError("not 只能用于真假值, 负号只能用于整数")
        return wanted

    def _check_compare(self, node: ast.Compare) -> type:
        left = node.left
        for comparison, right in zip(node.ops, node.comparators, strict=True):
            if isinstance(comparison, _MEMBERSHIP):
                self._check_membership(left, right)
            else:
                self._check_pair(comparison, left, right)
            left = right
        return bool

    def _check_membership(self, left: ast.expr, right: ast.expr) -> None:
        if not isinstance(right, ast.Tuple | ast.List) or not right.elts:
            raise ConditionError('in 的右边须为常量列表, 如 ("通知", "函")')
        for element in right.elts:
            if not isinstance(element, ast.Constant):
                raise ConditionError("in 右边的列表中只能有常量")
            self._check_pair(ast.Eq(), left, element)

    def _check_pair(self, comparison: ast.cmpop, left: ast.expr, right: ast.expr) -> None:
        types = (self._type_of(left), self._type_of(right))
        if types[0] is not types[1]:
            raise ConditionError("比较的两边类型不同")
        if isinstance(comparison, _ORDERING) and types[0] is not int:
            raise ConditionError("大小比较只能用于整数")
        self._check_value(left, right)
        self._check_value(right, left)

    def _check_value(self, name: ast.expr, constant: ast.expr) -> None:
        if not isinstance(name, ast.Name) or not isinstance(constant, ast.Constant):
            return
        variable = self._variables[name.id]
        if variable.values and constant.value and constant.value not in variable.values:
            allowed = "、".join(variable.values)
            raise ConditionError(f"变量“{name.id}”不可能等于“{constant.value!s}”, 可取: {allowed}")
