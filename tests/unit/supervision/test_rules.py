"""The plain rules of supervision: deadlines, lights, set points, numbers, and the life cycle's table."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.supervision.domain.deadlines import Limit, due_after, due_by, end_of, offset_day, rested
from services.supervision.domain.lights import Amber, Goal, Standing, light_of, next_turn
from services.supervision.domain.limits import DEFAULT_LIMITS, half_days_for
from services.supervision.domain.numbers import FORM, code_of, format_number, is_form
from services.supervision.domain.points import occasion, passed, reminder_points, slip_points
from services.supervision.domain.states import ENDED, State, Verb, after, may
from shared.clock import LOCAL_ZONE
from shared.errors import Problem
from shared.workdays import DayKind, WorkCalendar

YEAR = {date(2026, 1, 1): DayKind.OFF}
PLAIN = WorkCalendar(national=YEAR)
AMBER = Amber()
MONDAY = date(2026, 11, 2)


def local(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=LOCAL_ZONE)


def standing(**changes: object) -> Standing:
    facts: dict[str, object] = {
        "state": State.WORKING,
        "signed_for": True,
        "started_on": MONDAY,
        "due_at": end_of(date(2026, 11, 30)),
        "progress": 0,
        "goals": (),
        "judged_at": local(date(2026, 11, 3)),
        **changes,
    }
    return Standing(**facts)  # type: ignore[arg-type]


def test_half_a_day_ends_at_noon_and_a_half_day_ends_a_whole_one() -> None:
    assert due_after(PLAIN, MONDAY, Decimal("0.5")) == local(date(2026, 11, 3), 12)
    with_half = WorkCalendar(national=YEAR, own={date(2026, 11, 3): DayKind.HALF})
    assert due_after(with_half, MONDAY, Decimal("0.5")) == end_of(date(2026, 11, 3))
    assert due_after(with_half, MONDAY, Decimal(1)) == local(date(2026, 11, 4), 12)


@pytest.mark.parametrize(
    ("limit", "code"),
    [
        (Limit(on=date(2026, 11, 1)), "supervision.due_in_the_past"),
        (Limit(on=date(2027, 1, 4)), "workdays.year_not_loaded"),
        (Limit(half_days=400), "workdays.year_not_loaded"),
        (Limit(), "supervision.due_missing"),
        (Limit(half_days=0), "supervision.due_missing"),
    ],
)
def test_a_limit_that_cannot_be_kept_is_refused(limit: Limit, code: str) -> None:
    with pytest.raises(Problem) as refused:
        due_by(PLAIN, limit, now=local(MONDAY))
    assert refused.value.code == code


def test_today_is_still_a_date() -> None:
    assert due_by(PLAIN, Limit(on=MONDAY), now=local(MONDAY)) == end_of(MONDAY)


@given(days=st.integers(0, 8), rests=st.integers(0, 8), half=st.booleans())
def test_a_rest_moves_a_date_by_what_was_rested(days: int, rests: int, half: bool) -> None:
    spent = Decimal(days) + (Decimal("0.5") if half else Decimal(1))
    due = due_after(PLAIN, MONDAY, spent)
    since = local(date(2026, 11, 4))
    until = local(PLAIN.add_working_days(since.date(), rests))
    assert rested(PLAIN, due, since=since, until=until) == due_after(PLAIN, MONDAY, spent + rests)


@pytest.mark.parametrize(
    ("due", "since", "until", "moved"),
    [
        # By the hour: to that hour of the next day, over a weekend too; on one day it is due as before.
        ((3, 13, 30), (2, 10, 0), (3, 10, 0), (4, 13, 30)),
        ((6, 13, 30), (5, 10, 0), (6, 15, 0), (9, 13, 30)),
        ((3, 13, 30), (2, 10, 0), (2, 16, 0), (3, 13, 30)),
        # What would have come due while it rested, on days that do not count.
        ((2, 13, 30), (2, 10, 0), (2, 15, 0), (3, 13, 30)),
        ((6, 23, 59, 59), (6, 10, 0), (7, 10, 0), (9, 23, 59, 59)),
        ((6, 12, 0), (6, 10, 0), (6, 15, 0), (9, 12, 0)),
        # Late is late.
        ((2, 13, 30), (2, 14, 0), (2, 16, 0), (2, 13, 30)),
    ],
)
def test_no_rest_makes_a_task_late(
    due: tuple[int, ...], since: tuple[int, ...], until: tuple[int, ...], moved: tuple[int, ...]
) -> None:
    at, begun, over, wanted = (november(*moment) for moment in (due, since, until, moved))
    assert rested(PLAIN, at, since=begun, until=over) == wanted


def november(day: int, hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=LOCAL_ZONE)


def test_lights_by_the_rules() -> None:
    assert light_of(standing(signed_for=False), PLAIN, AMBER) == "grey"
    assert light_of(standing(), PLAIN, AMBER) == "green"
    # Twenty working days: amber begins with the larger of three days and a fifth, which is four.
    assert light_of(standing(judged_at=local(date(2026, 11, 23))), PLAIN, AMBER) == "green"
    assert light_of(standing(judged_at=local(date(2026, 11, 24))), PLAIN, AMBER) == "amber"
    assert light_of(standing(judged_at=local(date(2026, 12, 1), 0)), PLAIN, AMBER) == "red"
    assert light_of(standing(judged_at=local(date(2026, 12, 1)), signed_for=False), PLAIN, AMBER) == "red"
    assert light_of(standing(state=State.CLOSED), PLAIN, AMBER) == "done"


def test_a_goal_counts_when_its_day_is_over() -> None:
    goals = [Goal(on=date(2026, 11, 4), progress=30)]
    assert light_of(standing(goals=goals, judged_at=local(date(2026, 11, 4))), PLAIN, AMBER) == "green"
    behind = standing(goals=goals, judged_at=local(date(2026, 11, 5)))
    assert light_of(behind, PLAIN, AMBER) == "amber"
    assert next_turn(standing(goals=goals), PLAIN, AMBER) == local(date(2026, 11, 5), 0)


@given(
    due=st.integers(1, 40), progress=st.integers(0, 100), goal_on=st.integers(0, 40), goal=st.integers(1, 100)
)
def test_between_turns_the_light_does_not_turn(due: int, progress: int, goal_on: int, goal: int) -> None:
    """The index of next moments finds every turn: judged at each hour, the light changes only at a foretold one."""
    due_at = end_of(MONDAY + timedelta(days=due))
    goals = [Goal(on=min(MONDAY + timedelta(days=goal_on), due_at.date()), progress=goal)]
    now = local(MONDAY)
    end = due_at + timedelta(days=1)

    def at(moment: datetime) -> Standing:
        return standing(due_at=due_at, progress=progress, goals=goals, judged_at=moment)

    light, turn = light_of(at(now), PLAIN, AMBER), next_turn(at(now), PLAIN, AMBER)
    while now < end:
        now += timedelta(hours=6)
        if turn is not None and now >= turn:
            light, turn = light_of(at(now), PLAIN, AMBER), next_turn(at(now), PLAIN, AMBER)
        assert light_of(at(now), PLAIN, AMBER) == light


def test_set_points_stand_on_working_days_and_short_tasks_begin_later() -> None:
    due = end_of(date(2026, 11, 10))
    offsets = [-5, -1, 0, 1]
    points = reminder_points(PLAIN, due, offsets=offsets, hour=9, since=local(date(2026, 11, 5)))
    assert [(point.name, point.at.date()) for point in points] == [
        ("due-1", date(2026, 11, 9)),
        ("due", date(2026, 11, 10)),
        ("due+1", date(2026, 11, 11)),
    ]
    last = passed(points, now=local(date(2026, 11, 10)), done=())
    assert last
    assert last.name == "due"
    assert passed(points, now=local(date(2026, 11, 10)), done={"due"}) is None
    assert occasion(-3) == "due-3"


def test_a_point_in_an_unknown_year_is_left_out_and_not_guessed() -> None:
    due = end_of(date(2026, 12, 31))
    offsets = {"blue": -1, "orange": 1, "red": 4}
    points = slip_points(PLAIN, due, offsets=offsets, hour=9, since=local(MONDAY))
    assert [point.name for point in points] == ["blue"]


def test_a_day_before_is_the_last_working_day_with_that_much_left() -> None:
    monday, friday = date(2026, 11, 9), date(2026, 11, 6)
    assert offset_day(PLAIN, monday, -1) == friday
    assert PLAIN.count_between(friday, monday) == 1


def test_default_limits_go_by_urgency_before_source() -> None:
    assert half_days_for(DEFAULT_LIMITS, source="meeting", urgency="急件") == 6
    assert half_days_for(DEFAULT_LIMITS, source="meeting", urgency="") == 40
    assert half_days_for(DEFAULT_LIMITS, source="hotline", urgency="") == 30


def test_numbers_have_their_form() -> None:
    assert format_number(FORM, code="萍督", year=2026, sequence=8) == "萍督〔2026〕8号"
    assert code_of(["萍府办发"], "萍乡市人民政府办公室") == "萍府办督"
    assert is_form(FORM)
    wrong = ("{year}-{sequence:03d}", "{sequence}号", "{year}{who}{sequence}", "{")
    assert [form for form in wrong if is_form(form)] == []


def test_what_has_ended_is_not_acted_on_and_the_refusal_says_why() -> None:
    for state in ENDED:
        assert [verb for verb in Verb if may(state, verb)] == []
    with pytest.raises(Problem) as refused:
        after("closed", Verb.CLOSE, title="归档", last="李市长已办理“销号”")
    assert refused.value.status == 409
    told = "《归档》现在处于“已销号”（李市长已办理“销号”），不能销号；请刷新后再看"
    assert refused.value.detail == told


def test_moments_are_compared_across_zones() -> None:
    assert end_of(MONDAY) == datetime(2026, 11, 2, 15, 59, 59, tzinfo=UTC)
