"""Scores come from events alone, and every point names the events that took it off."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.supervision.domain.scoring import rank, score_units
from services.supervision.domain.scoring_facts import Fact, Found, Period, Sheet
from services.supervision.domain.scoring_rules import Item, forbidden_in_reason, forbidden_in_row
from services.supervision.scoring_table import SCORING, rules_of
from shared.dated_rules import Rule
from shared.ids import new_id

UNIT, OTHER, TASK = new_id(), new_id(), new_id()
FIRST, LAST = date(2026, 7, 1), date(2026, 9, 30)
JULY = datetime(2026, 7, 6, 2, tzinfo=UTC)
AFTER = datetime(2026, 10, 8, 2, tzinfo=UTC)


def fact(key: str, *, at: datetime = JULY, unit: UUID = UNIT, task: UUID = TASK, **data: Any) -> Fact:
    return Fact(event_id=new_id(), key=f"task.{key}.v1", task_id=task, unit_id=unit, at=at, data=data)


def found(code: Item, points: int, **changes: Any) -> Found:
    facts = {
        "finding_id": new_id(),
        "event_id": new_id(),
        "code": code,
        "unit_id": UNIT,
        "task_id": None,
        "points": Decimal(points),
        "reason": "半年报告没有数据",
        "on": date(2026, 7, 31),
        "at": JULY,
    }
    return Found(**{**facts, **changes})


def sheet(*facts: Fact, findings: tuple[Found, ...] = (), until: datetime = AFTER, **rules: Any) -> Sheet:
    """The sheet of the unit under the default rules, or under changed ones."""
    assert SCORING.default is not None
    value = SCORING.load({**SCORING.default, **rules})
    period = Period(first=FIRST, last=LAST, until=until)
    sheets = score_units(facts, findings, rules=rules_of(Rule(value=value)), period=period)
    return next(one for one in sheets if one.unit_id == UNIT)


def taken(of: Sheet) -> dict[str, Decimal]:
    return {line.code.value: line.points for line in of.lines}


def test_a_unit_without_fault_keeps_the_base() -> None:
    assert sheet(fact("signed_for", in_time=True), fact("planned", goals=3)).score == 100


@pytest.mark.parametrize(
    ("event", "code", "points"),
    [
        (fact("signed_for", in_time=False), "signed_late", 2),
        (fact("fed_back", in_time=False), "feedback_late", 2),
        (fact("closed", in_time=False), "closed_late", 5),
        (fact("sent_back"), "sent_back", 3),
        (fact("slip_issued", colour="orange"), "orange_slip", 3),
        (fact("slip_issued", colour="red"), "red_slip", 5),
        (fact("planned", goals=0), "plan_without_goals", 5),
    ],
)
def test_an_event_takes_its_rows_points_off_and_is_named(event: Fact, code: str, points: int) -> None:
    made = sheet(event, fact("planned", goals=3, at=JULY - timedelta(hours=1)))
    assert taken(made) == {code: points}
    assert [cause.event_id for cause in made.lines[0].causes] == [event.event_id]
    assert made.score == 100 - points


def test_a_blue_slip_and_what_came_in_time_take_nothing() -> None:
    assert sheet(fact("slip_issued", colour="blue"), fact("fed_back", in_time=True)).lines == ()


def test_a_missing_plan_counts_when_its_time_is_over_within_the_period() -> None:
    signed = fact("signed_for", in_time=True)
    assert taken(sheet(signed)) == {"plan_missing": 10}
    assert sheet(signed, until=JULY + timedelta(days=14)).lines == ()
    assert sheet(signed, fact("planned", goals=2, at=JULY + timedelta(days=14))).lines == ()
    assert taken(sheet(signed, fact("planned", goals=2, at=JULY + timedelta(days=28)))) == {
        "plan_missing": 10
    }
    assert sheet(signed, fact("closure_asked", at=JULY + timedelta(days=3), in_time=True)).lines == ()
    late = fact("signed_for", at=datetime(2026, 9, 28, tzinfo=UTC), in_time=True)
    assert sheet(late).lines == ()


def test_feedback_that_was_missed_counts_once_for_a_task_with_all_its_events() -> None:
    missed = [fact("feedback_missed", at=JULY + timedelta(days=day), due_at=str(day)) for day in (1, 8, 15)]
    elsewhere = fact("feedback_missed", task=new_id(), due_at="1")
    made = sheet(*missed, elsewhere)
    assert [line.points for line in made.lines] == [10, 10]
    assert {len(line.causes) for line in made.lines} == {1, 3}


def test_feedback_that_came_after_all_is_late_and_not_missing() -> None:
    due = (JULY + timedelta(days=1)).isoformat()
    missed = fact("feedback_missed", at=JULY + timedelta(days=2), due_at=due)
    late = fact("fed_back", at=JULY + timedelta(days=3), in_time=False, due_at=due)
    assert taken(sheet(missed)) == {"feedback_missing": 10}
    assert taken(sheet(missed, late)) == {"feedback_late": 2}
    assert taken(sheet(missed, late, until=JULY + timedelta(days=2, hours=1))) == {"feedback_missing": 10}
    again = fact(
        "feedback_missed", at=JULY + timedelta(days=20), due_at=(JULY + timedelta(days=19)).isoformat()
    )
    assert taken(sheet(missed, late, again)) == {"feedback_missing": 10, "feedback_late": 2}


def test_a_colour_of_slip_costs_once_for_one_date_whoever_issued_it() -> None:
    first, then = "2026-07-17T15:59:59+00:00", "2026-07-31T15:59:59+00:00"
    slips = [
        fact("slip_issued", at=JULY + timedelta(days=day), colour=colour, due_at=due)
        for day, colour, due in (
            (1, "orange", first),
            (12, "orange", first),
            (15, "red", first),
            (27, "orange", then),
        )
    ]
    made = sheet(*slips)
    assert [(line.code.value, int(line.points)) for line in made.lines] == [
        ("orange_slip", 3),
        ("orange_slip", 3),
        ("red_slip", 5),
    ]
    assert [cause.event_id for cause in made.lines[0].causes] == [slip.event_id for slip in slips[:2]]
    elsewhere = fact("slip_issued", task=new_id(), colour="orange", due_at=first)
    assert len(sheet(*slips[:2], elsewhere).lines) == 2


def test_a_colour_that_was_issued_before_the_period_costs_nothing_more_for_that_date() -> None:
    due = "2026-07-10T15:59:59+00:00"
    before = fact("slip_issued", at=datetime(2026, 6, 29, tzinfo=UTC), colour="red", due_at=due)
    assert sheet(before, fact("slip_issued", colour="red", due_at=due)).lines == ()


def test_the_leaders_rating_counts_in_the_measure_of_its_mean() -> None:
    made = sheet(fact("rated", score=5), fact("rated", score=3), fact("rated", score=3))
    assert taken(made) == {"leader_rating": Decimal("5.33")}
    assert len(made.lines[0].causes) == 3
    assert sheet(fact("rated", score=5)).lines == ()


def test_events_outside_of_the_period_or_after_the_day_asked_for_count_nothing() -> None:
    inside = fact("sent_back")
    before = fact("sent_back", at=datetime(2026, 6, 30, 15, 59, 59, tzinfo=UTC))
    after = fact("sent_back", at=datetime(2026, 9, 30, 16, 0, 1, tzinfo=UTC))
    assert len(sheet(inside, before, after).lines) == 1
    later = fact("sent_back", at=JULY + timedelta(days=10))
    assert len(sheet(inside, later, until=JULY + timedelta(days=5)).lines) == 1


def test_a_rows_limit_leaves_the_later_lines_without_points_but_on_the_sheet() -> None:
    signed = [fact("signed_for", task=new_id(), in_time=True) for _ in range(3)]
    made = sheet(*signed)
    assert [line.points for line in made.lines] == [10, 0, 0]
    assert [line.reduced for line in made.lines] == [False, True, True]
    assert "上限10分" in made.lines[1].text


def test_a_score_is_never_below_zero() -> None:
    assert sheet(*(fact("closed", in_time=False) for _ in range(30))).score == 0


def test_findings_count_for_their_day_and_only_once_recorded() -> None:
    made = sheet(
        fact("assigned"),
        findings=(
            found(Item.REPORT_EMPTY, 7),
            found(Item.REPORT_MISSING, 10, on=date(2026, 10, 1)),
            found(Item.MEETING_ABSENT, 5, at=AFTER + timedelta(days=1)),
            found(Item.FEEDBACK_EMPTY, 5, unit_id=OTHER),
        ),
    )
    assert taken(made) == {"report_empty": 7}


def test_a_row_that_a_locality_left_out_is_not_scored() -> None:
    rows = [{"code": "red_slip", "title": "红单", "points": 1}]
    made = sheet(fact("slip_issued", colour="red"), fact("sent_back"), rows=rows)
    assert taken(made) == {"red_slip": 1}


def test_the_same_facts_in_any_order_give_the_same_sheet() -> None:
    facts = [fact("sent_back", at=JULY + timedelta(days=day), task=new_id()) for day in range(5)]
    assert sheet(*facts) == sheet(*reversed(facts))


def test_equal_scores_share_a_place_and_the_next_is_left_out() -> None:
    scores = {new_id(): Decimal(score) for score in (90, 100, 95, 95)}
    assert list(rank(scores).values()) == [4, 1, 2, 2]


@pytest.mark.parametrize(
    "title", ["开会次数", "发文数量", "拍照留痕", "台账不全", "填表不及时", "会议次数少"]
)
def test_what_must_not_be_scored_is_refused_as_a_row(title: str) -> None:
    assert forbidden_in_row(title)
    assert SCORING.default is not None
    rows = [{"code": "report_empty", "title": title, "points": 5}]
    assert "减负" in str(SCORING.schema().validate({**SCORING.default, "rows": rows}))


def test_an_ordinary_row_or_reason_is_not_taken_for_a_forbidden_one() -> None:
    assert not forbidden_in_row("未参加督查工作会议")
    assert not forbidden_in_reason("未按市政府发文要求报送半年报告")
    assert forbidden_in_reason("现场没有拍照留痕") == "拍照"


def test_one_row_stands_once_in_the_rules() -> None:
    assert SCORING.default is not None
    rows = [{"code": "sent_back", "title": "退回", "points": 1}] * 2
    assert SCORING.schema().validate({**SCORING.default, "rows": rows})
