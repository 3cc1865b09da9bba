"""The yearly plan of meetings (会议计划) that holds for an organ on a day, as meetings tells its versions."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

Plan = Mapping[str, int]
# What meetings ships with, until somebody sets another: 2024年整治形式主义为基层减负若干规定.
DEFAULT_PLAN: Plan = {"系统综合性会议": 1}


def plans_on(versions: Iterable[Mapping[str, Any]], day: date) -> dict[str | None, Plan]:
    """The plan that each unit has of its own on that day; under None the one for all.

    `versions` stand in the order of their setting; of those from the same day the later one holds.
    """
    until = day.isoformat()
    at: dict[str | None, Mapping[str, Any]] = {}
    for version in versions:
        unit, begins = version["unit"], version["from"]
        if begins <= until and (unit not in at or at[unit]["from"] <= begins):
            at[unit] = version
    return {unit: version["meetings"] for unit, version in at.items() if version["meetings"] is not None}


def plan_for(line: Iterable[Any], plans: Mapping[Any, Plan]) -> Plan:
    """The plan of the first unit of `line` that has one of its own, else the one for all, else as shipped."""
    return next((plans[unit] for unit in line if unit in plans), plans.get(None, DEFAULT_PLAN))
