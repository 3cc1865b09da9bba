"""Hours of rooms, series of times, and the codes of the sign-in screen, without a database."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import icalendar
from hypothesis import given
from hypothesis import strategies as st

from services.meetings.domain.recurrence import Repeat, occurrences
from services.meetings.domain.rooms import (
    ConflictKind,
    Obstacle,
    Slot,
    find_conflicts,
    hours_faults,
    within_hours,
)
from services.meetings.domain.rotating_code import STEP_SECONDS, code_at, step_of
from shared.clock import LOCAL_ZONE

MEETING = UUID(int=7)
OTHER = UUID(int=8)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 1, hour, minute, tzinfo=LOCAL_ZONE) + timedelta(days=day - 1)


def opens(weekday: int, first: str, last: str) -> dict[str, Any]:
    return {"weekday": weekday, "opens": first, "closes": last}


def test_a_time_lies_within_the_hours_of_its_weekday() -> None:
    hours = [opens(1, "08:00", "12:00"), opens(1, "14:00", "18:00")]
    assert within_hours(Slot(at(2, 8), at(2, 12)), hours)
    assert not within_hours(Slot(at(2, 11), at(2, 15)), hours)
    assert not within_hours(Slot(at(3, 9), at(3, 10)), hours)


def test_hours_that_touch_are_one_time_and_a_night_needs_both_days() -> None:
    assert within_hours(Slot(at(2, 11), at(2, 15)), [opens(1, "08:00", "12:00"), opens(1, "12:00", "18:00")])
    night = [opens(1, "18:00", "24:00"), opens(2, "00:00", "06:00")]
    assert within_hours(Slot(at(2, 22), at(3, 2)), night)
    assert not within_hours(Slot(at(2, 22), at(3, 7)), night)


def test_every_day_of_one_booking_counts_not_its_first_alone() -> None:
    days = Slot(at(2, 9), at(4, 12))
    open_days = [opens(weekday, "00:00", "24:00") for weekday in (1, 2, 3)]
    assert find_conflicts([days], hours=open_days, obstacles=[]) == []
    (outside,) = find_conflicts([days], hours=[open_days[0], open_days[2]], obstacles=[])
    assert outside.kind == "out_of_hours"
    repair = Obstacle(kind=ConflictKind.CLOSED, slot=Slot(at(4, 8), at(4, 18)), what="空调检修")
    (closed,) = find_conflicts([days], hours=open_days, obstacles=[repair])
    assert (closed.kind, closed.hits) == ("closed", ((days, repair.slot),))


def test_hours_that_contradict_themselves_are_told() -> None:
    assert hours_faults([opens(1, "08:00", "18:00")]) == []
    assert "周一" in hours_faults([opens(1, "18:00", "08:00")])[0]
    assert hours_faults([]) == ["至少应有一天开放"]


def test_a_weekly_series_falls_on_its_weekdays_but_for_what_is_skipped() -> None:
    repeat = Repeat(frequency="weekly", weekdays=(1, 4), count=5, skip=frozenset({date(2026, 11, 9)}))
    found = occurrences(Slot(at(2, 9), at(2, 10)), repeat, most=60)
    assert [one.starts_at.day for one in found] == [2, 5, 12, 16]
    assert repeat.text == "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TH;COUNT=5"


def test_a_series_until_a_day_includes_it_and_none_is_endless() -> None:
    until = Repeat(frequency="daily", interval=2, until=date(2026, 11, 6))
    found = occurrences(Slot(at(2, 23), at(2, 23, 30)), until, most=60)
    assert [one.starts_at.day for one in found] == [2, 4, 6]
    long = Repeat(frequency="daily", until=date(2999, 1, 1))
    assert len(occurrences(Slot(at(2, 9), at(2, 10)), long, most=60)) == 61


def test_the_text_of_a_series_is_a_recurrence_rule_that_others_read() -> None:
    text = Repeat(frequency="monthly", until=date(2027, 1, 31)).text
    read = icalendar.vRecur.from_ical(text)
    assert read["FREQ"] == ["MONTHLY"]
    assert read["UNTIL"][0].isoformat().startswith("2027-01-31T15:59:59")


@given(st.integers(min_value=0, max_value=59), st.binary(min_size=32, max_size=32))
def test_a_code_is_good_in_its_step_and_the_next_and_no_longer(second: int, secret: bytes) -> None:
    now = at(2, 9) + timedelta(seconds=second)
    shown = code_at(secret, MEETING, now)
    assert shown.begins_at <= now < shown.ends_at
    assert step_of(shown.code, secret, MEETING, now) == shown.step
    last = shown.ends_at + timedelta(seconds=STEP_SECONDS) - timedelta(microseconds=1)
    assert step_of(shown.code, secret, MEETING, last) == shown.step
    assert step_of(shown.code, secret, MEETING, shown.ends_at + timedelta(seconds=STEP_SECONDS)) is None
    assert step_of(shown.code, secret, MEETING, shown.begins_at - timedelta(seconds=1)) is None


def test_a_code_is_of_one_meeting_and_one_secret() -> None:
    shown = code_at(b"a" * 32, MEETING, at(2, 9))
    assert step_of(shown.code, b"a" * 32, OTHER, at(2, 9)) is None
    assert step_of(shown.code, b"b" * 32, MEETING, at(2, 9)) is None
    assert step_of("签到", b"a" * 32, MEETING, at(2, 9)) is None
