"""What the rules on meetings say against a topic or a meeting: warnings told before, and refusals.

Sources: 财行〔2016〕214号 (classes), 2024规定 (length, attendance, yearly number), and local rules on topics (papers of
at most 3000 characters two days ahead, no topic that was not coordinated).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from services.meetings.domain.kinds import Kind
from shared.clock import LOCAL_ZONE


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a rule says against something: a stable code, the words for a person, and whether it refuses it."""

    code: str
    message: str
    refuses: bool = False
    # What the finding is about when there are several of a kind, such as a paper's file.
    about: str = ""

    @property
    def key(self) -> str:
        """The name by which it is acknowledged."""
        return f"{self.code}:{self.about}" if self.about else self.code

    def as_json(self) -> dict[str, Any]:
        """As it stays on record."""
        return {**asdict(self), "key": self.key}


@dataclass(frozen=True, kw_only=True)
class MeetingFacts:
    """What the limits of a meeting are about."""

    kind: str
    grade: str
    starts_at: datetime
    ends_at: datetime
    people: int
    conveys_only: bool = False
    speech_minutes: int | None = None
    subordinate_principals: int = 0
    # The rooms that are booked for its beginning, and how many people they hold together.
    rooms: Sequence[str] = ()
    places: int | None = None


@dataclass(frozen=True, kw_only=True)
class TopicFacts:
    """What the rules on topics are about; advice is counted by unit, `missing` were involved and gave none."""

    coordinated: str
    coordination: str
    missing: Sequence[str]
    disagreeing: Sequence[str]
    waiting: Sequence[str]
    papers: Sequence["Paper"]


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One paper: its file, title, and length where that could be read."""

    file_id: str
    title: str
    characters: int | None
    added_at: datetime


def check_meeting(facts: MeetingFacts, limits: Mapping[str, Any]) -> list[Finding]:
    """What the limits on length and attendance say; `limits` is the rule of the day."""
    found: list[Finding] = []
    of_grade = next((row for row in limits["grades"] if row["grade"] == facts.grade), None)
    days = _days(facts)
    if of_grade:
        most_days = of_grade["conveying_days"] if facts.conveys_only else of_grade["days"]
        if days > most_days:
            found.append(
                _warn("grade_days", f"{facts.grade}会议会期不超过 {most_days:g} 天，现为 {days:g} 天")
            )
        if facts.people > of_grade["people"]:
            found.append(
                _warn(
                    "grade_people",
                    f"{facts.grade}会议不超过 {of_grade['people']} 人，现邀请 {facts.people} 人",
                )
            )
    elif days > limits["general_days"]:
        found.append(_warn("length", f"一般会议不超过 {limits['general_days']:g} 天，现安排 {days:g} 天"))
    if facts.speech_minutes and facts.speech_minutes > limits["speech_minutes"]:
        most = limits["speech_minutes"]
        found.append(_warn("speech", f"讲话或主报告不超过 {most} 分钟，现安排 {facts.speech_minutes} 分钟"))
    if facts.places is not None and facts.people > facts.places:
        held = f"{'、'.join(facts.rooms)}{'共' if len(facts.rooms) > 1 else ''}可容纳 {facts.places} 人"
        found.append(_warn("room_capacity", f"{held}，现邀请 {facts.people} 人；请换会议室，或另设会场"))
    if facts.subordinate_principals and facts.kind != Kind.PLENARY:
        found.append(
            _warn(
                "subordinate_principals",
                f"邀请了 {facts.subordinate_principals} 个下级机关主要负责人；一般不要求下级主要负责人参会，不层层陪会",
            )
        )
    return found


def check_topic(facts: TopicFacts, rules: Mapping[str, Any]) -> list[Finding]:
    """What the rules on topics say; one that was not coordinated is warned of or refused, as the rule says."""
    found: list[Finding] = []
    refuses = rules["uncoordinated"] == "refuse"
    for message in _uncoordinated(facts) if rules["uncoordinated"] != "ignore" else ():
        found.append(Finding(code="uncoordinated", message=message, refuses=refuses))
        break
    most = rules["paper_characters"]
    found.extend(
        Finding(
            code="paper_length",
            message=f"材料“{paper.title}”约 {paper.characters} 字，超过 {most} 字，请精简",
            about=paper.file_id,
        )
        for paper in facts.papers
        if paper.characters and paper.characters > most
    )
    if not facts.papers:
        found.append(_warn("no_paper", "还没有上会材料"))
    return found


def late_papers(papers: Iterable[Paper], *, starts_at: datetime, days: int) -> list[Finding]:
    """The papers that came later than so many days before the meeting."""
    limit = starts_at - timedelta(days=days)
    return [
        Finding(
            code="paper_late",
            message=f"材料“{paper.title}”未在会前 {days} 天提交，参会人员准备时间不足",
            about=paper.file_id,
        )
        for paper in papers
        if paper.added_at > limit
    ]


def unacknowledged(found: Iterable[Finding], acknowledged: Iterable[str]) -> dict[str, list[str]]:
    """The warnings that were not acknowledged, by key."""
    known = set(acknowledged)
    return {one.key: [one.message] for one in found if one.key not in known}


def _uncoordinated(facts: TopicFacts) -> Iterable[str]:
    if facts.coordinated == "pending":
        yield "议题尚未与涉及单位协调；未经充分协商的议题一般不上会"
    if facts.coordinated == "disputed":
        yield "涉及单位意见不一致；请先协调，或在协调情况中写明分歧和建议"
    if facts.waiting:
        yield f"{'、'.join(facts.waiting)}尚未反馈意见"
    if facts.coordinated == "agreed" and facts.disagreeing:
        yield f"{'、'.join(facts.disagreeing)}不同意，与“已协调一致”不符"
    if facts.missing and not facts.coordination.strip():
        yield f"涉及{'、'.join(facts.missing)}，但没有协调情况"


def _warn(code: str, message: str) -> Finding:
    return Finding(code=code, message=message)


def _days(facts: MeetingFacts) -> float:
    """The length in half days: within one day up to four hours are half a day; every day in between is a whole one."""
    begin, end = facts.starts_at.astimezone(LOCAL_ZONE), facts.ends_at.astimezone(LOCAL_ZONE)
    nights = (end.date() - begin.date()).days
    if nights == 0:
        return 0.5 if end - begin <= timedelta(hours=4) else 1.0
    first = 0.5 if begin.hour >= 12 else 1.0
    last = 0.5 if end.hour <= 12 else 1.0
    return max(0.5, math.floor((first + last + nights - 1) * 2) / 2)
