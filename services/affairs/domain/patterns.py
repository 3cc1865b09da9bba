"""Regular expressions in forms: only such as no text can keep busy for long.

Python's matcher goes back and tries again, which takes exponential time for repeats within repeats, and polynomial
time for many repeats in a row.
"""

import re
from collections.abc import Iterator
from re import _constants, _parser  # type: ignore[attr-defined]  # the only parser of what `re` understands
from typing import Any

LONGEST_PATTERN = 200
LONGEST_MATCHED = 100
MOST_WIDE_REPEATS = 3
# A repeat that may come out in fewer ways than these is not worth counting.
_NARROW = 8
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)
_BACK_REFERENCES = (_constants.GROUPREF, _constants.GROUPREF_EXISTS)


def pattern_fault(pattern: str) -> str:
    """What is wrong with a pattern, in Chinese; empty when it may be used."""
    if len(pattern) > LONGEST_PATTERN:
        return f"正则表达式不得超过 {LONGEST_PATTERN} 个字符"
    try:
        parsed = _parser.parse(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"正则表达式无效：{error}"
    wide = 0
    for operation, value, repeated in _operations(parsed, repeated=False):
        if operation in _BACK_REFERENCES:
            return "正则表达式不得反向引用"
        varies = operation in _REPEATS and value[0] != value[1]
        if repeated and (varies or operation is _constants.BRANCH):
            return "正则表达式不得嵌套重复"
        wide += varies and value[1] - value[0] > _NARROW
    if wide > MOST_WIDE_REPEATS:
        return f"正则表达式中不定次数的重复不得超过 {MOST_WIDE_REPEATS} 处"
    return ""


def matches(pattern: str, text: str) -> bool:
    """Whether a text of bearable length matches somewhere, as JSON Schema has it."""
    return len(text) <= LONGEST_MATCHED and re.search(pattern, text) is not None


def _operations(parsed: Any, *, repeated: bool) -> Iterator[tuple[Any, Any, bool]]:
    """Every operation of a pattern, with whether it stands within a repeat."""
    for operation, value in parsed:
        yield operation, value, repeated
        inside = repeated or (operation in _REPEATS and value[1] > 1)
        for part in _parts(value):
            yield from _operations(part, repeated=inside)


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, _parser.SubPattern):
        yield value
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _parts(inner)
