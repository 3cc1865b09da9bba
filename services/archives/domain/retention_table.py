"""A retention schedule as plain JSON values, the form in which administrators edit it and the service keeps
it.
"""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from services.archives.domain.archival_number import Retention
from services.archives.domain.retention import RetentionRule, RetentionSchedule, schedule_faults
from shared.events.dossier import Direction, Handling, Importance, ReceivedAs, Relation

_CONDITIONS: Mapping[str, type[StrEnum] | None] = {
    "directions": Direction,
    "kinds": None,
    "relations": Relation,
    "importance": Importance,
    "handling": Handling,
    "received_as": ReceivedAs,
    "subject_classes": None,
    "title_keywords": None,
}
_TEXTS = ("code", "material", "source")
_KNOWN = {*_CONDITIONS, *_TEXTS, "retention"}


class ScheduleInvalid(ValueError):
    """The table may not be put in force; `reasons` says in Chinese why, one line each."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("；".join(reasons))
        self.reasons = reasons


def dump_schedule(schedule: RetentionSchedule) -> dict[str, Any]:
    """The schedule as JSON values; `retention` null means "not to be filed"."""
    return {
        "version": schedule.version,
        "effective_from": schedule.effective_from.isoformat(),
        "approval": schedule.approval,
        "rules": [_dump_rule(rule) for rule in schedule.rules],
    }


def load_schedule(table: Mapping[str, Any]) -> RetentionSchedule:
    """Read a schedule and check it as a whole; ScheduleInvalid names every row that is wrong."""
    reasons: list[str] = []
    rules = table.get("rules")
    if not isinstance(rules, list) or not rules:
        raise ScheduleInvalid(("保管期限表没有条目",))
    read = [_load_rule(row, place, reasons) for place, row in enumerate(rules, start=1)]
    effective_from = _date(table.get("effective_from"), reasons)
    texts = {name: _text(table, name, "保管期限表", reasons=reasons) for name in ("version", "approval")}
    if reasons or effective_from is None:
        raise ScheduleInvalid(tuple(reasons))
    schedule = RetentionSchedule(
        version=texts["version"],
        effective_from=effective_from,
        approval=texts["approval"],
        rules=tuple(rule for rule in read if rule),
    )
    if faults := schedule_faults(schedule):
        raise ScheduleInvalid(faults)
    return schedule


def _dump_rule(rule: RetentionRule) -> dict[str, Any]:
    conditions = {name: _listed(getattr(rule, name)) for name in _CONDITIONS}
    return {
        **{name: getattr(rule, name) for name in _TEXTS},
        "retention": rule.retention.value if rule.retention else None,
        **{name: values for name, values in conditions.items() if values},
    }


def _listed(values: frozenset[str] | tuple[str, ...]) -> list[str]:
    texts = [str(value) for value in values]
    return sorted(texts) if isinstance(values, frozenset) else texts


def _load_rule(row: Any, place: int, reasons: list[str]) -> RetentionRule | None:
    where = f"第 {place} 行"
    if not isinstance(row, Mapping):
        reasons.append(f"{where}应为一个对象")
        return None
    before = len(reasons)
    reasons += [f"{where}有不认识的项 {name}" for name in sorted(set(map(str, row)) - _KNOWN)]
    texts: dict[str, Any] = {name: _text(row, name, where, reasons=reasons) for name in _TEXTS}
    conditions: dict[str, Any] = {
        name: _condition(row.get(name, []), kind, f"{where}的 {name}", reasons=reasons)
        for name, kind in _CONDITIONS.items()
    }
    retention = row.get("retention")
    if retention is not None and retention not in list(Retention):
        reasons.append(f"{where}的保管期限应为 Y、D30、D10 或空（不归档）")
    if len(reasons) > before:
        return None
    return RetentionRule(**texts, retention=Retention(retention) if retention else None, **conditions)


def _text(row: Mapping[str, Any], name: str, where: str, *, reasons: list[str]) -> str:
    text = row.get(name)
    if isinstance(text, str) and text.strip():
        return text
    reasons.append(f"{where}缺少 {name}")
    return ""


def _condition(
    values: Any, kind: type[StrEnum] | None, where: str, *, reasons: list[str]
) -> frozenset[Any] | tuple[Any, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
        reasons.append(f"{where} 应为文字的列表")
        return ()
    if kind and (unknown := [value for value in values if value not in list(kind)]):
        reasons.append(f"{where} 中有不认识的值 {'、'.join(unknown)}")
        return ()
    make: Callable[[Any], Any] = tuple if where.endswith("title_keywords") else frozenset
    return make(kind(value) for value in values) if kind else make(values)


def _date(text: Any, reasons: list[str]) -> date | None:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        reasons.append("生效日期应写作 2025-01-01 的形式")
        return None
