"""Going back: returning to an earlier step (退回), and taking back what one has done (撤回)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.commands import steps
from services.documents.commands.work.choosing import check_posts, choice_of
from services.documents.commands.work.keeping import follow, keep, open_case
from shared.auth import Actor
from shared.clock import Clock
from shared.flow import verbs
from shared.flow.acts import Act


def return_item(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    document_id: UUID,
    item_id: UUID,
    step_id: str,
    reason: str,
    post_ids: Sequence[UUID] = (),
) -> Act:
    """Return a document to an earlier step, with the reason; open siblings are cancelled (退回)."""
    document, item = open_case(session, actor, clock, document_id=document_id, item_id=item_id)
    if document.number and document.direction == "dispatch":
        raise errors.numbered_not_returned(document.title, document.number)
    check_posts(session, document, step_id=step_id, post_ids=post_ids)
    choice = choice_of({"post_ids": post_ids}) if post_ids else None
    act = verbs.return_to_step(
        session, actor, clock, item_id=item.id, step_id=step_id, reason=reason, choice=choice
    )
    session.flush()
    steps.undo_approval(session, document)
    keep(session, actor, document, act, details={"to_step": step_id})
    follow(session, document)
    return act


def withdraw_item(session: Session, actor: Actor, clock: Clock, *, document_id: UUID, item_id: UUID) -> Act:
    """Take back what one has done while nobody has touched what came of it (撤回)."""
    document, item = open_case(session, actor, clock, document_id=document_id, item_id=item_id)
    if steps.is_lasting(document, item.step_id):
        raise errors.not_withdrawable(document.title, item.step_name)
    act = verbs.withdraw(session, actor, clock, item_id=item.id)
    session.flush()
    steps.undo_approval(session, document)
    keep(session, actor, document, act)
    follow(session, document)
    return act
