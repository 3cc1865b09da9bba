"""What single stories count as: facts from their events in order, and the entries that come of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.mobile.domain.counting import Entry, changes_of, counted_as
from shared.calendar_days import noticed_days
from shared.events import affairs, supervision
from shared.events.base import Envelope, Event, example_of
from shared.events.meetings import Party
from shared.ids import new_id
from shared.workdays import WorkCalendar
from shared.working_time import WorkingTime
from tests.service.mobile.happenings import at, told

TIME = WorkingTime(WorkCalendar(national={row.day: row.kind for row in noticed_days()}))
ITEM = new_id()
LEAD, OTHER = new_id(), new_id()


def counted(kind: str, story: Sequence[Event]) -> list[Entry]:
    """The entries of the one item of that kind, after all these events."""
    facets: dict[str, tuple[int, Any]] = {}
    for sequence, event in enumerate(story, start=1):
        envelope = Envelope(
            id=new_id(), service=event.producers[0], time=at(date(2026, 11, 20)), sequence=sequence,
            actor_id=None, correlation_id=ITEM, causation_id=None, event=event,
        )  # fmt: skip
        for change in changes_of(envelope):
            if change.kind == kind and facets.get(change.facet, (change.rank - 1,))[0] < change.rank:
                facets[change.facet] = (change.rank, change.facts)
    return counted_as(kind, {name: facts for name, (_, facts) in facets.items()}, TIME)


def settled(story: Sequence[Event]) -> list[tuple[date, int, int]]:
    """From which day the task counts among those that had to be done, and whether in time or late."""
    return [
        (made.from_day, made.measures.get("in_time", 0), made.measures.get("late", 0))
        for made in counted("task", story)
        if made.population == "tasks_settled"
    ]


def age_on(story: Sequence[Event], day: date) -> int:
    """The half days that the task, open on that day, has taken by then."""
    [now] = [
        made.measures for made in counted("task", story)
        if made.population == "tasks_open" and made.from_day <= day < (made.until_day or date.max)
    ]  # fmt: skip
    return now.get("running", 0) * (TIME.at(day) or 0) - now.get("started", 0) + now["used"]


def assigned(*, day: int = 2, due: int = 16, lead: Any = LEAD) -> supervision.TaskAssigned:
    event: supervision.TaskAssigned = told(
        supervision.TaskAssigned, task_id=ITEM, lead=Party(unit_id=lead, unit_name="某单位"),
        assigned_at=at(date(2026, 11, day)), due_at=at(date(2026, 11, due), 23),
    )  # fmt: skip
    return event


def reported(*, day: int, in_time: bool = True) -> Event:
    event: Event = told(
        supervision.TaskClosureAsked, task_id=ITEM, in_time=in_time, asked_at=at(date(2026, 11, day))
    )
    return event


def sent_back(*, day: int) -> Event:
    event: Event = told(supervision.TaskSentBack, task_id=ITEM, sent_back_at=at(date(2026, 11, day)))
    return event


def closed(*, day: int, in_time: bool = True) -> Event:
    event: Event = told(
        supervision.TaskClosed, task_id=ITEM, lead_unit_id=LEAD, origin=None, in_time=in_time,
        closed_at=at(date(2026, 11, day)),
    )  # fmt: skip
    return event


def test_a_task_reported_in_time_is_not_late_while_it_waits_for_its_review() -> None:
    assert settled([assigned(due=16)]) == [(date(2026, 11, 17), 0, 1)]
    waiting = [assigned(due=16), reported(day=13)]
    assert settled(waiting) == []
    assert settled([*waiting, closed(day=19)]) == [(date(2026, 11, 19), 1, 0)]


def test_a_task_reported_too_late_is_late_from_the_day_after_it_was_due() -> None:
    waiting = [assigned(due=16), reported(day=18, in_time=False)]
    assert settled(waiting) == [(date(2026, 11, 17), 0, 1)]
    assert settled([*waiting, closed(day=19, in_time=False)]) == [(date(2026, 11, 19), 0, 1)]


def test_a_task_that_is_sent_back_runs_on_as_if_it_had_not_been_reported() -> None:
    back = [assigned(due=16), reported(day=5), sent_back(day=10)]
    assert settled(back) == [(date(2026, 11, 17), 0, 1)]
    assert age_on(back, date(2026, 11, 12)) == age_on([assigned()], date(2026, 11, 12)) == 16
    again = [*back, reported(day=13)]
    assert settled(again) == []
    assert age_on(again, date(2026, 11, 20)) == 18


def test_the_time_of_a_task_ends_with_its_report_and_not_with_its_closing() -> None:
    waiting = [assigned(day=2), reported(day=6)]
    assert age_on(waiting, date(2026, 11, 4)) == 4
    assert age_on(waiting, date(2026, 11, 6)) == age_on(waiting, date(2026, 11, 18)) == 8
    [done] = [
        made.measures
        for made in counted("task", [*waiting, closed(day=18)])
        if made.population == "tasks_settled"
    ]
    assert (done["closed"], done["half_days"]) == (1, 8)


def test_a_task_that_was_given_back_is_late_for_nobody_until_it_has_a_new_date() -> None:
    returned: Event = told(
        supervision.TaskReturned, task_id=ITEM, unit_id=LEAD, returned_at=at(date(2026, 11, 6))
    )
    given_back = [assigned(due=16), returned]
    assert settled(given_back) == []
    anew = [*given_back, assigned(day=9, due=18, lead=OTHER)]
    assert settled(anew) == [(date(2026, 11, 19), 0, 1)]
    assert {made.unit_id for made in counted("task", anew)} == {OTHER}


def test_a_withdrawn_case_is_not_among_those_that_came_to_their_end() -> None:
    def ended(outcome: affairs.CaseOutcome) -> set[str]:
        example: affairs.CaseApplied = example_of(affairs.CaseApplied)
        case_id = example.case_id
        decided: Event = told(affairs.CaseDecided, case_id=case_id, outcome=outcome)
        concluded: Event = told(affairs.CaseConcluded, case_id=case_id)
        return {made.population for made in counted("case", [example, decided, concluded])}

    assert "cases_concluded" in ended(affairs.CaseOutcome.GRANTED)
    assert "cases_concluded" not in ended(affairs.CaseOutcome.WITHDRAWN)


def test_of_the_versions_in_force_on_a_day_the_one_with_the_newest_number_counts() -> None:
    def published(version: int, day: int, trips: int) -> Event:
        event: Event = told(
            affairs.MatterPublished, matter_id=ITEM, version=version, trips=trips,
            effective_on=date(2026, 11, day),
        )  # fmt: skip
        return event

    ahead_and_then_today = [published(1, 1, 3), published(2, 16, 2), published(3, 2, 1)]
    in_force = [
        (made.from_day, made.until_day, made.measures["one_trip"])
        for made in counted("matter", ahead_and_then_today)
    ]
    assert in_force == [
        (date(2026, 11, 1), date(2026, 11, 2), 0),
        (date(2026, 11, 2), date(9999, 12, 31), 1),
    ]
