"""Reading topics: what the rules say of one, and its advice."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.meetings.domain.limits import Finding, TopicFacts, check_topic
from services.meetings.local_rules import TOPIC_RULES
from services.meetings.models import Topic, TopicAdvice
from services.meetings.queries.checks import papers_of
from services.meetings.queries.meetings import rule


def list_advice(session: Session, topic_id: UUID) -> list[TopicAdvice]:
    """What units were asked and answered, oldest first."""
    wanted = sa.select(TopicAdvice).where(TopicAdvice.topic_id == topic_id)
    return list(session.scalars(wanted.order_by(TopicAdvice.asked_at, TopicAdvice.id)))


def topic_findings(session: Session, topic: Topic, *, day: date) -> list[Finding]:
    """What the rules of the organ say against the topic as it stands."""
    advice = list_advice(session, topic.id)
    latest = {one.unit_id: one for one in advice if one.given_at}
    involved = {UUID(unit["unit_id"]): unit["unit_name"] for unit in topic.units_involved}
    facts = TopicFacts(
        coordinated=topic.coordinated,
        coordination=topic.coordination,
        missing=[name for unit_id, name in involved.items() if unit_id not in latest],
        disagreeing=[one.unit_name for one in latest.values() if one.stance == "disagree"],
        waiting=[one.unit_name for one in advice if one.given_at is None],
        papers=papers_of(session, [topic.id]),
    )
    return check_topic(facts, rule(session, TOPIC_RULES, topic.unit_id, day))
