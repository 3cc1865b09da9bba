"""What the known facts of an item count as; of an item whose facts are not all known yet, as far as they go."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.mobile.domain.counting.ages import Life, open_segments, used_half_days
from services.mobile.domain.counting.facts import Change
from services.mobile.domain.figures import LASTING, PLANNED_MEETINGS
from shared.working_time import WorkingTime

Facets = Mapping[str, Mapping[str, Any]]
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An item counts in a population, for a unit, from a day on (`until` null: for the period of that day)."""

    population: str
    unit_id: UUID
    from_day: date
    until_day: date | None = None
    n: int = 1
    measures: Mapping[str, int] = field(default_factory=dict)


def counted_as(kind: str, facets: Facets, time: WorkingTime) -> list[Entry]:
    """The entries of an item of that kind with these facts."""
    return _COUNTED.get(kind, _not_counted)(facets, time)


def follows_from(kind: str, item_id: UUID, facets: Facets) -> list[Change]:
    """What an item's facts say of another item: a decided case, of its matter."""
    if kind != "case" or "applied" not in facets or "decided" not in facets or facets["decided"]["withdrawn"]:
        return []
    day = facets["decided"]["day"]
    matter_id = UUID(facets["applied"]["matter"])
    earlier_wins = -date.fromisoformat(day).toordinal()
    return [Change(kind="matter", item_id=matter_id, facet="handled", rank=earlier_wins, facts={"day": day})]


def named(facets: Facets) -> tuple[str, str]:
    """Title and number of an item: of the facets that tell one, the latest told in the order of an item's life."""
    title = number = ""
    for name in sorted(facets, key=lambda name: (_LIFE.get(name.partition(" ")[0], 0), name)):
        title = facets[name].get("title") or title
        number = facets[name].get("number") or number
    return title, number


_LIFE = {
    "begun": 1,
    "applied": 1,
    "registered": 1,
    "established": 2,
    "issued": 3,
    "closed": 4,
    "concluded": 5,
}


def _on(facets: Facets, name: str, key: str = "day") -> date | None:
    """The day that a facet tells; None when it is not known, or told to be none."""
    day = facets[name][key] if name in facets else None
    return date.fromisoformat(day) if day else None


def _unit(facets: Facets, *names: str) -> UUID | None:
    """The unit that the first known of these facets tells."""
    return next((UUID(facets[name]["unit"]) for name in names if name in facets), None)


def _not_counted(facets: Facets, time: WorkingTime) -> list[Entry]:
    return []


def _document(facets: Facets, time: WorkingTime) -> list[Entry]:
    unit = _unit(facets, "closed", "issued", "begun", "demanded")
    if unit is None:
        return []
    issued, closed = _on(facets, "issued"), _on(facets, "closed")
    entries: list[Entry] = []
    if issued:
        entries += [
            Entry(population="documents_issued", unit_id=unit, from_day=issued),
            Entry(population="documents_planned", unit_id=unit, from_day=issued, measures={"issued": 1}),
        ]
    entries += _document_ages(facets, unit, issued, closed, time)
    due = _on(facets, "demanded", "due")
    if due and "abandoned" not in facets:
        in_time = closed is not None and closed <= due
        measures = {"in_time": int(in_time), "late": int(not in_time)}
        day = closed or due + _DAY
        entries.append(Entry(population="answers_settled", unit_id=unit, from_day=day, measures=measures))
    return entries


def _document_ages(
    facets: Facets, unit: UUID, issued: date | None, closed: date | None, time: WorkingTime
) -> list[Entry]:
    begun = _on(facets, "begun")
    if begun is None:
        return []
    done = issued if facets["begun"]["dispatch"] else closed
    life = Life(begun=begun, ended=done or _on(facets, "abandoned"))
    entries = _open("documents_open", unit, life, time)
    used = used_half_days(life, time)
    if done and used is not None:
        measures = {"closed": 1, "half_days": used}
        entries.append(
            Entry(population="documents_done", unit_id=unit, from_day=max(done, begun), measures=measures)
        )
    return entries


def _open(population: str, unit: UUID, life: Life, time: WorkingTime) -> list[Entry]:
    return [
        Entry(
            population=population,
            unit_id=unit,
            from_day=made.from_day,
            until_day=made.until_day,
            measures=made.measures,
        )
        for made in open_segments(life, time)
    ]


def _marks(facets: Facets) -> list[Mapping[str, Any]]:
    """Pauses and lights in the order of their events; no pause after the report that stands, which stops the clock."""
    marks = {name: facets[name] for name in facets if name.startswith("mark ")}
    if _on(facets, "reported"):
        report = facets["reported"]
        marks = {name: mark for name, mark in marks.items() if "red" in mark or name < report["mark"]}
        marks[report["mark"]] = {"day": report["day"], "running": False}
    return [marks[name] for name in sorted(marks)]


def _plan(facets: Facets, time: WorkingTime) -> list[Entry]:
    plan = facets["set"]
    if plan["planned"] is None:
        return []
    return [
        Entry(
            population="documents_planned",
            unit_id=UUID(plan["unit"]),
            from_day=date.fromisoformat(plan["day"]),
            measures={"planned": plan["planned"], "plans": 1},
        )
    ]


def _receipt(facets: Facets, time: WorkingTime) -> list[Entry]:
    unit = _unit(facets, "delivered", "signed_for", "returned")
    days = [day for name in ("delivered", "signed_for", "returned") if (day := _on(facets, name))]
    if unit is None:
        return []
    signed, returned = "signed_for" in facets, "returned" in facets
    measures = {"signed": int(signed), "returned": int(returned)}
    return [Entry(population="receipts", unit_id=unit, from_day=days[0], measures=measures)]


def _meeting(facets: Facets, time: WorkingTime) -> list[Entry]:
    unit, day = _unit(facets, "called"), _on(facets, "dated")
    if unit is None or day is None or "cancelled" in facets:
        return []
    called = facets["called"]
    first, last = date(called["year"], 1, 1), date(called["year"], 12, 31)
    counts_on = min(max(day, first), last)
    held = Entry(
        population="meetings_called", unit_id=unit, from_day=day, measures={"over": int(called["over"])}
    )
    planned = [
        Entry(population=f"{PLANNED_MEETINGS}:{head}", unit_id=unit, from_day=counts_on)
        for head in dict.fromkeys(called["heads"])
    ]
    return [held, *planned]


def _decision(facets: Facets, time: WorkingTime) -> list[Entry]:
    unit, day = _unit(facets, "recorded"), _on(facets, "recorded")
    if unit is None or day is None:
        return []
    settled = "closed" in facets or "waived" in facets
    return [Entry(population="decisions", unit_id=unit, from_day=day, measures={"settled": int(settled)})]


def _feedback(facets: Facets, time: WorkingTime) -> list[Entry]:
    told = facets["told"]
    return [
        Entry(
            population="feedback",
            unit_id=UUID(told["unit"]),
            from_day=date.fromisoformat(told["day"]),
            measures={"in_time": int(told["in_time"])},
        )
    ]


def _filing(facets: Facets, time: WorkingTime) -> list[Entry]:
    unit, day = _unit(facets, "closed"), _on(facets, "closed")
    filed = "filed" in facets
    if unit is None or day is None or ("excluded" in facets and not filed):
        return []
    populations = ("filing", f"filing:{facets['closed']['system']}")
    return [
        Entry(population=name, unit_id=unit, from_day=day, measures={"filed": int(filed)})
        for name in populations
    ]


def _task(facets: Facets, time: WorkingTime) -> list[Entry]:
    unit = _unit(facets, "closed", "assigned", "signed", "concluded")
    if unit is None:
        return []
    entries: list[Entry] = []
    begun, closed, cancelled = (_on(facets, name) for name in ("begun", "closed", "cancelled"))
    life = Life(begun=begun, ended=closed or cancelled, marks=_marks(facets)) if begun else None
    if begun:
        flags = {name: int(name in facets) for name in ("extended", "returned", "sent_back")}
        entries.append(Entry(population="tasks_assigned", unit_id=unit, from_day=begun, measures=flags))
    if signed := _on(facets, "signed"):
        in_time = {"in_time": int(facets["signed"]["in_time"])}
        entries.append(Entry(population="tasks_signed", unit_id=unit, from_day=signed, measures=in_time))
    if life:
        entries += _open("tasks_open", unit, life, time)
    entries += _task_settled(facets, unit, life, time)
    concluded = _on(facets, "concluded")
    if concluded and facets["concluded"]["score"] is not None:
        satisfied = {"satisfied": int(facets["concluded"]["score"] >= 4)}
        entries.append(Entry(population="tasks_rated", unit_id=unit, from_day=concluded, measures=satisfied))
    return entries


def _task_settled(facets: Facets, unit: UUID, life: Life | None, time: WorkingTime) -> list[Entry]:
    closed, due = _on(facets, "closed"), _on(facets, "due")
    if closed:
        in_time = facets["closed"]["in_time"]
        used = used_half_days(life, time) if life else None
        measures = {"in_time": int(in_time), "late": int(not in_time)}
        if used is not None:
            measures |= {"closed": 1, "half_days": used}
        return [Entry(population="tasks_settled", unit_id=unit, from_day=closed, measures=measures)]
    if _on(facets, "reported"):
        # Its clock stands because the task is done: late is what was reported too late.
        in_time = facets["reported"]["in_time"]
        return [] if in_time else _late("tasks_settled", unit, due, ended="cancelled" in facets)
    return _overdue("tasks_settled", facets, unit, due, ended="cancelled" in facets)


def _overdue(population: str, facets: Facets, unit: UUID, due: date | None, *, ended: bool) -> list[Entry]:
    """An open item counts as late from the day after it was due, unless its clock stands still."""
    stands = [mark["running"] for mark in _marks(facets) if "running" in mark][-1:] == [False]
    return _late(population, unit, due, ended=ended or stands)


def _late(population: str, unit: UUID, due: date | None, *, ended: bool) -> list[Entry]:
    if due is None or ended:
        return []
    return [Entry(population=population, unit_id=unit, from_day=due + _DAY, measures={"late": 1})]


def _case(facets: Facets, time: WorkingTime) -> list[Entry]:
    unit = _unit(facets, "applied", "concluded")
    if unit is None:
        return []
    entries: list[Entry] = []
    if applied := _on(facets, "applied"):
        told = facets["applied"]
        measures = {
            "refused": int("refused" in facets),
            "facts_reused": told["reused"],
            "facts_needed": told["needed"],
        }
        entries.append(Entry(population="cases_applied", unit_id=unit, from_day=applied, measures=measures))
    if accepted := _on(facets, "accepted"):
        ended = _on(facets, "decided") or _on(facets, "refused")
        life = Life(begun=accepted, ended=ended, marks=_marks(facets))
        entries += _open("cases_open", unit, life, time)
    entries += _case_settled(facets, unit)
    entries += _case_ended(facets, unit)
    return entries


def _case_settled(facets: Facets, unit: UUID) -> list[Entry]:
    decided = _on(facets, "decided")
    if decided is None:
        return _overdue("cases_settled", facets, unit, _on(facets, "due"), ended="refused" in facets)
    told = facets["decided"]
    if told["withdrawn"]:
        return []
    early = "accepted" in facets and told["half_days"] < 2 * facets["accepted"]["promised"]
    measures = {
        "in_time": int(told["in_time"]),
        "late": int(not told["in_time"]),
        "closed": 1,
        "half_days": told["half_days"],
        "early": int(early),
    }
    return [Entry(population="cases_settled", unit_id=unit, from_day=decided, measures=measures)]


def _case_ended(facets: Facets, unit: UUID) -> list[Entry]:
    entries = []
    if rated := _on(facets, "rated"):
        satisfied = {"satisfied": int(facets["rated"]["score"] >= 4)}
        entries.append(Entry(population="cases_rated", unit_id=unit, from_day=rated, measures=satisfied))
    concluded = _on(facets, "concluded")
    if concluded and not ("decided" in facets and facets["decided"]["withdrawn"]):
        told = facets["concluded"]
        measures = {
            "one_trip": int(told["trips"] <= 1),
            "zero_trip": int(told["trips"] == 0),
            "online": int(told["online"]),
        }
        entries.append(
            Entry(population="cases_concluded", unit_id=unit, from_day=concluded, measures=measures)
        )
    return entries


def _matter(facets: Facets, time: WorkingTime) -> list[Entry]:
    """A version is in force from its day until one of a newer number is, or until the matter is withdrawn."""
    versions = [facets[name] for name in sorted(facets) if name.startswith("version ")]
    handled = _on(facets, "handled")
    entries = []
    for place, version in enumerate(versions):
        begins = date.fromisoformat(version["from"])
        ends = [date.fromisoformat(later["from"]) for later in versions[place + 1 :]]
        withdrawn = facets.get("withdrawn")
        if withdrawn and withdrawn["sequence"] > version["sequence"]:
            ends.append(date.fromisoformat(withdrawn["from"]))
        for from_day, until_day, is_handled in _split(begins, min([*ends, LASTING]), handled):
            entries.append(_in_force(version, from_day, until_day, is_handled=is_handled))
    return entries


def _split(begins: date, ends: date, handled: date | None) -> list[tuple[date, date, bool]]:
    """The time in force, before and after the matter was first handled."""
    if begins >= ends:
        return []
    if handled is None or handled >= ends:
        return [(begins, ends, False)]
    if handled <= begins:
        return [(begins, ends, True)]
    return [(begins, handled, False), (handled, ends, True)]


def _in_force(version: Mapping[str, Any], from_day: date, until_day: date, *, is_handled: bool) -> Entry:
    measures = {
        "one_trip": int(version["trips"] <= 1),
        "zero_trip": int(version["trips"] == 0),
        "online": int(version["online"]),
        "handled": int(is_handled),
        "materials_saved": version["materials_before"] - version["materials"],
        "materials_before": version["materials_before"],
        "days_saved": version["days_before"] - version["days"],
        "days_before": version["days_before"],
    }
    return Entry(
        population="matters",
        unit_id=UUID(version["unit"]),
        from_day=from_day,
        until_day=until_day,
        measures=measures,
    )


_COUNTED: dict[str, Callable[[Facets, WorkingTime], list[Entry]]] = {
    "case": _case,
    "decision": _decision,
    "document": _document,
    "feedback": _feedback,
    "filing": _filing,
    "matter": _matter,
    "meeting": _meeting,
    "plan": _plan,
    "receipt": _receipt,
    "task": _task,
}
