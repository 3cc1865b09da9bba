"""Writing the history of topics and meetings, and giving sight of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.meetings.domain.secrecy import refuse_secret
from services.meetings.models import MeetingAct, Sight
from shared.auth import Actor
from shared.events.documents import Doer
from shared.flow.acts import Act
from shared.history import absent_name, columns_of_actor, doer_of
from shared.ids import new_id


def keep_act(
    session: Session,
    actor: Actor,
    subject_id: UUID,
    *,
    at: datetime,
    verb: str,
    step: str,
    outcome: str = "",
    opinion: str = "",
    duty: Act | None = None,
    details: dict[str, Any] | None = None,
) -> Doer:
    """Add one act to a subject's history, and say who did it as events name it.

    `duty` is the work item that was done by it: it says on whose behalf. Problem 422 for a secrecy mark.
    """
    if not actor.is_system:
        refuse_secret(opinion)
    behalf = duty.for_post_id if duty else None
    name = absent_name(session, behalf)
    session.add(
        MeetingAct(
            id=new_id(),
            subject_id=subject_id,
            at=at,
            verb=verb,
            step=step,
            outcome=outcome,
            opinion=opinion,
            **columns_of_actor(actor),
            on_behalf_post_id=behalf,
            on_behalf_name=name,
            details=details or {},
        )
    )
    return doer_of(actor, on_behalf_of=name)


def grant_sight(session: Session, subject_id: UUID, holders: Iterable[UUID], *, reason: str = "post") -> None:
    """Let posts, or staff or submitters of organs, see a subject from now on; repeating it changes nothing."""
    rows = [
        {"subject_id": subject_id, "holder_id": holder, "reason": reason} for holder in dict.fromkeys(holders)
    ]
    if rows:
        session.execute(insert(Sight).values(rows).on_conflict_do_nothing())
