"""The clock of a case in half days of working time."""

from datetime import date, datetime

import pytest

from services.affairs.domain.timing import add_halves, counted_halves, due_of, used_halves, worked_halves
from shared.clock import LOCAL_ZONE
from shared.errors import Problem
from shared.workdays import DayKind, WorkCalendar

FRIDAY, MONDAY = date(2026, 11, 6), date(2026, 11, 9)
CALENDAR = WorkCalendar(
    national={date(2026, 1, 1): DayKind.OFF},
    own={date(2026, 11, 11): DayKind.HALF},
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=LOCAL_ZONE)


@pytest.mark.parametrize(
    ("since", "until", "halves"),
    [
        (at(6, 9), at(6, 11), 0),
        (at(6, 9), at(6, 14), 1),
        (at(6, 9), at(6, 19), 2),
        (at(6, 14), at(9, 9), 1),
        (at(6, 20), at(9, 9), 0),
        (at(7, 9), at(8, 20), 0),
        (at(10, 9), at(12, 9), 3),
        (at(9, 9), at(6, 9), 0),
    ],
)
def test_working_time_between_two_moments(since: datetime, until: datetime, halves: int) -> None:
    assert worked_halves(CALENDAR, since, until) == halves


@pytest.mark.parametrize(
    ("moment", "halves", "later"),
    [
        (at(6, 23, 59), 0, at(6, 23, 59)),
        (at(6, 23, 59), 1, at(9, 12)),
        (at(9, 12), 1, datetime(2026, 11, 9, 23, 59, 59, tzinfo=LOCAL_ZONE)),
        (at(10, 23, 59), 1, datetime(2026, 11, 11, 23, 59, 59, tzinfo=LOCAL_ZONE)),
        (at(10, 23, 59), 2, at(12, 12)),
    ],
)
def test_a_date_moves_by_half_days(moment: datetime, halves: int, later: datetime) -> None:
    assert add_halves(CALENDAR, moment, halves) == later


def test_resting_and_moving_agree() -> None:
    """What is stopped and moved by the time that it rested leaves as much time as there was."""
    due, stopped = due_of(CALENDAR, FRIDAY, 5), at(10, 15)
    for resumed in (at(10, 20), at(11, 14), at(13, 10), at(16, 9)):
        rested = counted_halves(CALENDAR, accepted_on=FRIDAY, since=stopped, until=resumed)
        moved = add_halves(CALENDAR, due, rested)
        assert worked_halves(CALENDAR, resumed, moved) == worked_halves(CALENDAR, stopped, due)


def test_the_day_of_acceptance_does_not_count() -> None:
    assert counted_halves(CALENDAR, accepted_on=FRIDAY, since=at(6, 9), until=at(6, 18)) == 0
    used = used_halves(CALENDAR, accepted_on=FRIDAY, decided_at=at(9, 15), rested=[])
    assert used == 1
    assert used_halves(CALENDAR, accepted_on=FRIDAY, decided_at=at(6, 17), rested=[]) == 0


def test_beyond_the_last_known_year_nothing_is_guessed() -> None:
    with pytest.raises(Problem, match="year_not_loaded"):
        due_of(CALENDAR, date(2026, 12, 28), 10)
