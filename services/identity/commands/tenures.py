"""Taking and leaving posts (任免)."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.identity.commands.delegations import end_delegations_of
from services.identity.commands.telling import tell
from services.identity.models import Tenure
from shared.auth import Actor
from shared.clock import Clock
from shared.events.identity import TenureBegan, TenureEnded
from shared.ids import new_id


def begin_tenure(session: Session, actor: Actor, clock: Clock, *, person_id: UUID, post_id: UUID) -> Tenure:
    """A person takes a post."""
    tenure = Tenure(id=new_id(), person_id=person_id, post_id=post_id, began_at=clock.now(), ended_at=None)
    session.add(tenure)
    tell(session, actor, TenureBegan(tenure_id=tenure.id, person_id=person_id, post_id=post_id))
    return tenure


def end_tenure(session: Session, actor: Actor, clock: Clock, *, tenure: Tenure) -> None:
    """A person leaves a post: tokens for it are void, and what was delegated in it ends."""
    now = clock.now()
    tenure.ended_at = now
    event = TenureEnded(tenure_id=tenure.id, person_id=tenure.person_id, post_id=tenure.post_id, ended_at=now)
    tell(session, actor, event)
    end_delegations_of(session, actor, clock, person_id=tenure.person_id, post_id=tenure.post_id)
