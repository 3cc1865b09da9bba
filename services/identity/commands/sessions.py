"""Ending sign-ins."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.identity import errors
from services.identity.commands.directory import require_post_in_scope
from services.identity.commands.telling import tell
from services.identity.models import Post, SignIn, Tenure
from services.identity.queries.sign_ins import get_open_sign_in, list_open_sign_ins
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import list_administered
from shared.events.identity import SessionEnded


def sign_out(session: Session, actor: Actor, clock: Clock) -> None:
    """The person ends the sign-in that the token belongs to; doing it twice is fine."""
    sign_in = session.get(SignIn, actor.session_id, with_for_update=True)
    if sign_in is not None and sign_in.ended_at is None:
        end_sign_in(session, actor, clock, sign_in=sign_in, reason="logout")


def end_session(session: Session, actor: Actor, clock: Clock, *, session_id: UUID, reason: str) -> None:
    """End one open sign-in, on whatever device; Problem 404 when it is over."""
    sign_in = get_open_sign_in(session, session_id)
    end_sign_in(session, actor, clock, sign_in=sign_in, reason=reason)


def end_session_in_scope(session: Session, actor: Actor, clock: Clock, *, session_id: UUID) -> None:
    """A security administrator ends the sign-in of somebody who acts within the scope.

    Problem 404 for one that is not listed for the actor, 403 in a post that looks after more than the actor does.
    """
    sign_in = get_open_sign_in(session, session_id)
    post = session.get_one(Post, session.get_one(Tenure, sign_in.tenure_id).post_id)
    if post.unit_id not in list_administered(session, actor):
        raise errors.session_not_found()
    require_post_in_scope(session, actor, post)
    end_sign_in(session, actor, clock, sign_in=sign_in, reason="administrator")


def end_sessions_of(
    session: Session, actor: Actor, clock: Clock, *, person_id: UUID, reason: str, keep_id: UUID | None = None
) -> int:
    """End every open sign-in of a person but one; returns how many."""
    ending = [sign_in for sign_in in list_open_sign_ins(session, person_id) if sign_in.id != keep_id]
    for sign_in in ending:
        end_sign_in(session, actor, clock, sign_in=sign_in, reason=reason)
    return len(ending)


def end_sign_in(session: Session, actor: Actor, clock: Clock, *, sign_in: SignIn, reason: str) -> None:
    """Mark a sign-in as over and make every token of it void everywhere."""
    now = clock.now()
    sign_in.ended_at, sign_in.end_reason = now, reason
    event = SessionEnded(session_id=sign_in.id, person_id=sign_in.person_id, ended_at=now, reason=reason)
    tell(session, actor, event)
