"""Calls for topics (征集议题): opened to units with a closing day, and closed when it is over."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.meetings import errors
from services.meetings.commands.duties import begin_call_work, give
from services.meetings.commands.history import grant_sight, keep_act
from services.meetings.domain.secrecy import refuse_secret
from services.meetings.domain.steps import Step
from services.meetings.errors import topics as topic_errors
from services.meetings.models import TopicCall
from services.meetings.queries.visibility import lock_call, organ_of
from shared.auth import Actor
from shared.clock import LOCAL_ZONE, Clock
from shared.directory import get_organ, get_unit, list_holders
from shared.flow.duties import cancel_duties, close_work
from shared.ids import new_id
from shared.permissions import Permission

_END_OF_DAY = time(23, 59, 59)
_AT_ONCE = 50


def open_call(session: Session, actor: Actor, clock: Clock, *, call: Mapping[str, Any]) -> TopicCall:
    """Call for topics until the end of the closing day; those who work on meetings in the units get a copy to read."""
    own = get_unit(session, organ_of(session, actor))
    closes_at = datetime.combine(call["closes_on"], _END_OF_DAY, LOCAL_ZONE)
    if closes_at <= clock.now():
        raise topic_errors.closes_in_past(call["closes_on"])
    refuse_secret(call["title"], call.get("note", ""))
    organs = [get_organ(session, unit_id) for unit_id in dict.fromkeys(call["unit_ids"])]
    made = TopicCall(
        id=new_id(),
        unit_id=own.id,
        unit_name=own.name,
        meeting_kind=call["meeting_kind"],
        title=call["title"],
        note=call.get("note", ""),
        unit_ids=[organ.id for organ in organs],
        state="open",
        correlation_id=actor.correlation_id,
        opened_at=clock.now(),
        opened_by_name=actor.person_name,
        closes_at=closes_at,
    )
    session.add(made)
    session.flush()
    grant_sight(session, made.id, [own.id], reason="staff")
    grant_sight(session, made.id, [own.id, *made.unit_ids], reason="submitters")
    begin_call_work(session, actor, clock, made)
    posts = [
        card.post_id
        for organ in organs
        for card in list_holders(session, organ.id, Permission.MEETINGS_ORGANISE)
        if card.post_id != actor.post_id
    ]
    give(session, actor, clock, made.id, Step.CALLED_FOR, posts=posts, deadline=closes_at, to_read=True)
    keep_act(session, actor, made.id, at=clock.now(), verb="open_call", step="征集议题")
    return made


def close_call(session: Session, actor: Actor, clock: Clock, *, call_id: UUID) -> TopicCall:
    """Take no more topics in answer to a call; closing again changes nothing."""
    call = lock_call(session, actor, call_id, now=clock.now())
    if not actor.is_system and organ_of(session, actor) != call.unit_id:
        raise errors.not_organiser(call.title)
    if call.state == "open":
        call.state, call.closed_at = "closed", clock.now()
        cancel_duties(session, actor, clock, subject_id=call.id)
        close_work(session, actor, clock, subject_id=call.id)
        keep_act(session, actor, call.id, at=clock.now(), verb="close_call", step="征集截止")
    return call


def close_due_calls(session: Session, actor: Actor, clock: Clock) -> int:
    """Close the calls whose closing day is over; says how many, a bounded number at once."""
    due = sa.select(TopicCall.id).where(TopicCall.state == "open", TopicCall.closes_at <= clock.now())
    ids = session.scalars(due.order_by(TopicCall.closes_at).limit(_AT_ONCE)).all()
    for call_id in ids:
        close_call(session, actor, clock, call_id=call_id)
    return len(ids)
