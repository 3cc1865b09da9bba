"""Lists of topics, calls, meetings and decisions: newest first, by filters and words, only what the reader may see."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.meetings.domain.states import MEETING_LABELS, TOPIC_LABELS
from services.meetings.models import Decision, Invitation, Meeting, Topic, TopicCall
from services.meetings.queries.places import places_of
from services.meetings.queries.views import columns_of, decision_view
from services.meetings.queries.visibility import acting_posts, is_staff, organ_of, seen_by
from shared.auth import Actor
from shared.search import found_by
from shared.web.paging import Page, make_page, read_cursor

Row = TypeVar("Row", Topic, TopicCall, Meeting, Decision)
MOST_ROWS = 10_000


def list_topics(
    session: Session, actor: Actor, *, query: Mapping[str, Any], now: datetime
) -> Page[dict[str, Any]]:
    """Topics that the actor may see."""
    page = _page(session, _topics(session, actor, query, now), Topic, query)
    return Page([topic_summary(row) for row in page.items], page.next)


def all_topics(
    session: Session, actor: Actor, *, query: Mapping[str, Any], now: datetime
) -> list[dict[str, Any]]:
    """The newest of them in one piece, for an export."""
    wanted = _topics(session, actor, query, now).order_by(Topic.id.desc()).limit(MOST_ROWS)
    return [topic_summary(row) for row in session.scalars(wanted)]


def list_calls(session: Session, actor: Actor, *, query: Mapping[str, Any], now: datetime) -> Page[TopicCall]:
    """Calls for topics that the actor may see."""
    wanted = sa.select(TopicCall).where(TopicCall.id.in_(seen_by(session, actor, now=now)))
    if query.get("state"):
        wanted = wanted.where(TopicCall.state == query["state"])
    return _page(session, wanted, TopicCall, query)


def list_meetings(
    session: Session, actor: Actor, *, query: Mapping[str, Any], now: datetime
) -> Page[dict[str, Any]]:
    """Meetings that the actor may see."""
    page = _page(session, _meetings(session, actor, query, now), Meeting, query)
    return Page(_summaries(session, page.items), page.next)


def all_meetings(
    session: Session, actor: Actor, *, query: Mapping[str, Any], now: datetime
) -> list[dict[str, Any]]:
    """The newest of them in one piece, for an export."""
    wanted = _meetings(session, actor, query, now).order_by(Meeting.id.desc()).limit(MOST_ROWS)
    return _summaries(session, session.scalars(wanted).all())


def list_all_decisions(
    session: Session, actor: Actor, *, query: Mapping[str, Any], now: datetime
) -> Page[dict[str, Any]]:
    """The decisions of meetings that the actor may see: its organ's staff all of them, others once recorded."""
    wanted = sa.select(Decision).join(Meeting, Meeting.id == Decision.meeting_id)
    wanted = wanted.where(Meeting.id.in_(seen_by(session, actor, now=now)))
    inside: sa.ColumnElement[bool] = Decision.recorded_at.is_not(None) & _in_full(session, actor, now=now)
    if is_staff(actor) and actor.post_id:
        inside = sa.or_(inside, Meeting.unit_id == organ_of(session, actor))
    wanted = wanted.where(inside)
    for name in ("lead_unit_id", "task_state", "task_light", "meeting_id"):
        if query.get(name) is not None:
            wanted = wanted.where(getattr(Decision, name) == query[name])
    if query.get("due_before"):
        wanted = wanted.where(Decision.due_on <= query["due_before"])
    if query.get("waived") is not None:
        wanted = wanted.where(Decision.waived_at.is_not(None) == query["waived"])
    page = _page(session, wanted, Decision, query)
    return Page([decision_view(row) for row in page.items], page.next)


def topic_summary(topic: Topic) -> dict[str, Any]:
    """A topic as a list shows it."""
    return {**columns_of(topic), "state_label": TOPIC_LABELS[topic.state]}


def _summaries(session: Session, meetings: Sequence[Meeting]) -> list[dict[str, Any]]:
    places = places_of(session, meetings)
    return [
        {
            **columns_of(meeting),
            "state_label": MEETING_LABELS[meeting.state],
            "place": places[meeting.id],
        }
        for meeting in meetings
    ]


def _in_full(session: Session, actor: Actor, *, now: datetime) -> sa.ColumnElement[bool]:
    """Whoever takes part sees what was decided, and who came only for some points what was decided on those."""
    posts = acting_posts(session, actor, now=now)
    seats = sa.select(Invitation.id).where(
        Invitation.meeting_id == Decision.meeting_id,
        Invitation.removed_at.is_(None),
        sa.or_(Invitation.post_id.in_(posts), Invitation.stand_in_post_id.in_(posts)),
        sa.or_(
            sa.func.cardinality(Invitation.agenda_item_ids) == 0,
            Decision.agenda_item_id == sa.any_(Invitation.agenda_item_ids),
        ),
    )
    leads = sa.or_(Meeting.chair_post_id.in_(posts), Meeting.convener_post_id.in_(posts))
    return sa.or_(leads, seats.exists())


def _topics(session: Session, actor: Actor, query: Mapping[str, Any], now: datetime) -> sa.Select[Topic]:
    wanted = sa.select(Topic).where(Topic.id.in_(seen_by(session, actor, now=now)))
    for name in ("state", "unit_id", "submitting_unit_id", "call_id", "meeting_id", "meeting_kind"):
        if query.get(name):
            wanted = wanted.where(getattr(Topic, name) == query[name])
    return _worded(wanted, Topic.terms, query)


def _meetings(session: Session, actor: Actor, query: Mapping[str, Any], now: datetime) -> sa.Select[Meeting]:
    wanted = sa.select(Meeting).where(Meeting.id.in_(seen_by(session, actor, now=now)))
    for name in ("state", "kind", "grade", "unit_id", "year"):
        if query.get(name):
            wanted = wanted.where(getattr(Meeting, name) == query[name])
    if query.get("starts_from"):
        wanted = wanted.where(Meeting.starts_at >= query["starts_from"])
    if query.get("starts_to"):
        wanted = wanted.where(Meeting.starts_at < query["starts_to"])
    if query.get("over_quota") is not None:
        wanted = wanted.where(Meeting.within_quota != query["over_quota"])
    if query.get("invited"):
        posts = acting_posts(session, actor, now=now)
        seats = sa.select(Invitation.meeting_id).where(
            Invitation.removed_at.is_(None),
            sa.or_(Invitation.post_id.in_(posts), Invitation.stand_in_post_id.in_(posts)),
        )
        wanted = wanted.where(Meeting.called_at.is_not(None), Meeting.id.in_(seats))
    return _worded(wanted, Meeting.terms, query)


def _worded(wanted: Any, terms: InstrumentedAttribute[Any], query: Mapping[str, Any]) -> Any:
    return wanted.where(found_by(terms, query["q"])) if query.get("q") else wanted


def _page(session: Session, wanted: Any, model: type[Row], query: Mapping[str, Any]) -> Page[Row]:
    """Ids are given in order of time (RFC 9562 version 7), so that they sort and page the list by themselves."""
    if query.get("after"):
        wanted = wanted.where(model.id < read_cursor(query["after"], UUID)[0])
    rows: Sequence[Row] = session.scalars(wanted.order_by(model.id.desc()).limit(query["limit"] + 1)).all()
    return make_page(rows, query["limit"], lambda row: (row.id,))
