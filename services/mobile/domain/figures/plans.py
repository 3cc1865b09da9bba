"""The yearly plan of meetings (会议计划) that holds for an organ on a day, as meetings tells its versions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

Plan = Mapping[str, int]
# What meetings ships with, until somebody sets another: 2024年整治形式主义为基层减负若干规定.
DEFAULT_PLAN: Plan = {"系统综合性会议": 1}


def plan_on(versions: Iterable[Mapping[str, Any]], day: date, *, line: Sequence[str]) -> Plan:
    """The plan of the first unit of `line` that has one of its own on that day, else the one for all, else as shipped.

    `versions` stand in the order of their setting; of those from the same day the later one holds.
    """
    own: dict[str | None, Mapping[str, Any]] = {}
    for version in versions:
        at = own.get(version["unit"])
        if date.fromisoformat(version["from"]) <= day and (at is None or at["from"] <= version["from"]):
            own[version["unit"]] = version
    for unit in (*line, None):
        version = own.get(unit, {})
        if version.get("meetings") is not None:
            plan: Plan = version["meetings"]
            return plan
    return DEFAULT_PLAN
