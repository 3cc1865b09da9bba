"""What the rules say against a meeting before it is called: warnings, and how it stands to the year's plan."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.meetings.domain.kinds import COMPREHENSIVE, quota_keys
from services.meetings.domain.limits import Finding, MeetingFacts, Paper, check_meeting, late_papers
from services.meetings.local_rules import LIMITS, QUOTA, TOPIC_RULES
from services.meetings.models import Meeting, Topic
from services.meetings.queries.meetings import (
    count_called,
    list_agenda,
    list_files,
    list_invitations,
    rule,
)
from services.meetings.queries.places import list_rooms_of
from shared.clock import local_date
from shared.directory import get_organ, list_line, list_posts
from shared.permissions import Permission


@dataclass(frozen=True, kw_only=True)
class QuotaUse:
    """How one head of a year's plan stands: planned number (None without limit) and how many were called."""

    key: str
    year: int
    planned: int | None
    used: int

    @property
    def is_full(self) -> bool:
        return self.planned is not None and self.used >= self.planned


def quota_of(session: Session, meeting: Meeting) -> list[QuotaUse]:
    """How the heads that the meeting counts under stand without it."""
    day = local_date(meeting.starts_at)
    keys = quota_keys(meeting.kind, comprehensive=meeting.comprehensive)
    return [_use(session, meeting.unit_id, key, day, but=meeting.id) for key in keys]


def list_quota_use(session: Session, unit_id: UUID, *, day: date, keys: tuple[str, ...]) -> list[QuotaUse]:
    """How the organ's whole plan of that day's year stands."""
    return [_use(session, unit_id, key, day) for key in keys]


def findings_of(session: Session, meeting: Meeting) -> list[Finding]:
    """The warnings about length, attendance, rooms that are too small, and late papers."""
    day = local_date(meeting.starts_at)
    rooms = list_rooms_of(session, meeting)
    facts = MeetingFacts(
        kind=meeting.kind,
        grade=meeting.grade,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        people=max(len(list_invitations(session, meeting.id)), meeting.expected_people or 0),
        conveys_only=meeting.conveys_only,
        speech_minutes=meeting.speech_minutes,
        subordinate_principals=_subordinate_principals(session, meeting),
        rooms=[room.name for room in rooms],
        places=sum(room.capacity for room in rooms) if rooms else None,
    )
    topics = rule(session, TOPIC_RULES, meeting.unit_id, day)
    late = late_papers(
        papers_of(session, [item.topic_id for item in list_agenda(session, meeting.id) if item.topic_id]),
        starts_at=meeting.starts_at,
        days=topics["paper_days_ahead"],
    )
    return [*check_meeting(facts, rule(session, LIMITS, meeting.unit_id, day)), *late]


def papers_of(session: Session, topic_ids: list[UUID]) -> list[Paper]:
    """The papers of topics as the rules look at them."""
    return [
        Paper(file_id=str(file.id), title=file.title, characters=file.characters, added_at=file.added_at)
        for file in list_files(session, topic_ids, role="paper")
    ]


def topics_of(session: Session, meeting_id: UUID) -> dict[UUID, Topic]:
    """The topics on a meeting's agenda, by id."""
    ids = [item.topic_id for item in list_agenda(session, meeting_id) if item.topic_id]
    return {topic.id: topic for topic in session.scalars(sa.select(Topic).where(Topic.id.in_(ids)))}


def _use(session: Session, unit_id: UUID, key: str, day: date, *, but: UUID | None = None) -> QuotaUse:
    planned = rule(session, QUOTA, unit_id, day)["meetings"].get(key)
    kind = "" if key == COMPREHENSIVE else key
    used = count_called(session, unit_id, day.year, kind=kind, but=but)
    return QuotaUse(key=key, year=day.year, planned=planned, used=used)


def _subordinate_principals(session: Session, meeting: Meeting) -> int:
    """How many invited posts lead an organ below the one that holds the meeting, where the chair is not its leader.

    2024规定: whoever is not the principal does not ask for the principals of lower organs.
    """
    invited = [seat.post_id for seat in list_invitations(session, meeting.id) if seat.post_id]
    cards = list_posts(session, [*invited, meeting.chair_post_id])
    chair = cards.get(meeting.chair_post_id)
    if chair is None or Permission.DOCUMENTS_SIGN_PRINCIPAL in chair.permissions:
        return 0
    above = get_organ(session, chair.unit_id).id
    leaders = [card for card in cards.values() if Permission.DOCUMENTS_SIGN_PRINCIPAL in card.permissions]
    return sum(
        above in {unit.id for unit in list_line(session, card.unit_id)} and card.unit_id != above
        for card in leaders
    )
