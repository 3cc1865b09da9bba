"""What can go wrong with rules, each failure with its code."""

from collections.abc import Mapping
from typing import Any

from shared.dated_rules.tables import RuleTable
from shared.errors import Problem, changed_meanwhile, invalid, not_found


def rule_unknown(name: str) -> Problem:
    """The service has no rule of that name (404)."""
    return not_found("rules.unknown", "没有这项规则", f"本服务没有名为“{name}”的规则，请从规则列表中选取。")


def value_invalid(table: RuleTable, errors: Mapping[str, Any]) -> Problem:
    """The value is not in the rule's shape (422)."""
    names = "、".join(sorted(str(name) for name in errors if name != "_schema")) or "规则内容"
    by_field: Mapping[str, Any] = {"value": errors}
    detail = f"“{table.title}”中请检查：{names}。"
    return invalid("rules.value_invalid", "规则内容有误", detail, errors=by_field)


def not_per_unit(table: RuleTable) -> Problem:
    """The rule is the same for all units (422)."""
    message = f"“{table.title}”统一设定，不能为单个单位另设"
    return invalid("rules.not_per_unit", "这项规则不分单位", f"{message}。", errors={"unit_id": [message]})


def nothing_to_lift(table: RuleTable) -> Problem:
    """The subject has no rule of its own that could be lifted (422)."""
    message = f"“{table.title}”在该日没有单独设定，无须取消"
    return invalid("rules.nothing_to_lift", "没有单独设定", f"{message}。", errors={"valid_from": [message]})


def changed_by_another(table: RuleTable) -> Problem:
    """Somebody set the rule since it was read (412)."""
    return changed_meanwhile(
        "rules.changed_by_another", "规则已被他人修改", f"“{table.title}”刚被他人设定过，请重新打开后再改。"
    )
