"""What the rules on meetings and topics say."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.meetings.domain.limits import (
    MeetingFacts,
    Paper,
    TopicFacts,
    check_meeting,
    check_topic,
    late_papers,
    unacknowledged,
)
from services.meetings.local_rules import LIMITS, TOPIC_RULES

# Nine in the morning on the office's clock.
NINE = datetime(2026, 11, 5, 1, tzinfo=UTC)
LIMIT = LIMITS.load(LIMITS.default or {})
RULES = TOPIC_RULES.load(TOPIC_RULES.default or {})


def found(hours: float, **facts: Any) -> list[str]:
    stated = {"kind": "专题会", "grade": "", "people": 10, **facts}
    held = MeetingFacts(starts_at=NINE, ends_at=NINE + timedelta(hours=hours), **stated)
    return [one.code for one in check_meeting(held, LIMIT)]


@pytest.mark.parametrize(
    ("hours", "facts", "codes"),
    [
        (2, {}, []),
        (4, {}, []),
        (8, {}, ["length"]),
        (27, {"grade": "四类"}, []),
        (34, {"grade": "四类"}, ["grade_days"]),
        (34, {"grade": "二类"}, []),
        (27, {"grade": "四类", "conveys_only": True}, ["grade_days"]),
        (2, {"grade": "四类", "people": 51}, ["grade_people"]),
        (2, {"grade": "三类", "people": 150}, []),
        (2, {"speech_minutes": 61}, ["speech"]),
        (2, {"subordinate_principals": 2}, ["subordinate_principals"]),
        (2, {"subordinate_principals": 2, "kind": "全体会"}, []),
        (2, {"places": 10}, []),
        (2, {"places": 9}, ["room_capacity"]),
    ],
)
def test_length_and_attendance(hours: float, facts: dict[str, Any], codes: list[str]) -> None:
    assert found(hours, **facts) == codes


def topic(**facts: Any) -> TopicFacts:
    paper = Paper(file_id="1", title="方案", characters=3000, added_at=NINE)
    stated: dict[str, Any] = {
        "coordinated": "agreed",
        "coordination": "已一致",
        "missing": (),
        "disagreeing": (),
        "waiting": (),
        "papers": (paper,),
    }
    return TopicFacts(**{**stated, **facts})


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({}, []),
        ({"coordinated": "pending"}, ["uncoordinated"]),
        ({"coordinated": "disputed", "disagreeing": ("财政局",)}, ["uncoordinated"]),
        ({"disagreeing": ("财政局",)}, ["uncoordinated"]),
        ({"waiting": ("财政局",)}, ["uncoordinated"]),
        ({"missing": ("财政局",), "coordination": " "}, ["uncoordinated"]),
        ({"papers": ()}, ["no_paper"]),
        ({"papers": (Paper(file_id="2", title="长", characters=3001, added_at=NINE),)}, ["paper_length"]),
    ],
)
def test_what_a_topic_must_bring_along(facts: dict[str, Any], codes: list[str]) -> None:
    assert [one.code for one in check_topic(topic(**facts), RULES)] == codes


@pytest.mark.parametrize(("rule", "refuses"), [("warn", [False]), ("refuse", [True]), ("ignore", [])])
def test_the_rule_says_what_becomes_of_an_uncoordinated_topic(rule: str, refuses: list[bool]) -> None:
    said = check_topic(topic(coordinated="pending"), {**RULES, "uncoordinated": rule})
    assert [one.refuses for one in said] == refuses


def test_a_late_paper_is_acknowledged_by_its_own_key() -> None:
    papers = [
        Paper(file_id=str(day), title="", characters=1, added_at=NINE - timedelta(days=day)) for day in (1, 3)
    ]
    late = late_papers(papers, starts_at=NINE, days=2)
    assert [one.key for one in late] == ["paper_late:1"]
    assert list(unacknowledged(late, ["paper_late"])) == ["paper_late:1"]
    assert unacknowledged(late, ["paper_late:1"]) == {}
