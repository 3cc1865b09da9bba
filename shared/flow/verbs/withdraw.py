"""Taking back what one has just sent on (撤回)."""

from uuid import UUID

from sqlalchemy.orm import Session

from shared.auth.actor import Actor
from shared.clock import Clock
from shared.events.work import WorkItemWithdrawn
from shared.flow.acts import Act, ActVerb
from shared.flow.case import Case, lock_case_of_item
from shared.flow.errors import followed_up, item_closed, not_the_last_act, verb_not_allowed
from shared.flow.models import ItemStatus, WorkItem
from shared.flow.people import Acting, act_on
from shared.flow.steps import VERB_NAMES, Verb


def withdraw(session: Session, actor: Actor, clock: Clock, *, item_id: UUID) -> Act:
    """Take back one's completed item while all that came of it is untouched: neither read nor acted on.

    The item is open again, and what its completion closed or opened is as it was before. Raises Problem: not
    yours, not done, not allowed on this step, already followed up, or others have moved the flow since.
    """
    case, item = lock_case_of_item(session, actor, clock, item_id=item_id)
    acting = act_on(session, actor, item, now=case.now)
    if item.status != ItemStatus.DONE or item.task_id is None:
        raise item_closed(item.status)
    step = case.step_of(item)
    if Verb.WITHDRAW not in step.verbs or step.final:
        raise verb_not_allowed(VERB_NAMES[Verb.WITHDRAW], item.step_name)
    if case.instance.undo_item_id == item.id:
        _undo_move(case, item, acting)
    elif not _step_still_open(case, item):
        raise not_the_last_act()
    for other in case.items:
        if other.status == ItemStatus.CANCELLED and other.closed_by_item_id == item.id:
            case.reopen(other)
    case.reopen(item)
    return case.act(ActVerb.WITHDRAW, acting, item=item)


def _undo_move(case: Case, item: WorkItem, acting: Acting) -> None:
    """Put the flow back to where it was before the item was completed."""
    # Asking for the state first refuses a flow that has ended.
    _ = case.running
    followers = [other for other in case.items if other.opened_by_item_id == item.id]
    if any(other.status != ItemStatus.OPEN or other.read_at is not None for other in followers):
        raise followed_up()
    for follower in followers:
        case.close(follower, ItemStatus.WITHDRAWN, acting)
        case.tell(
            WorkItemWithdrawn(
                work_item_id=follower.id,
                subject_id=follower.subject_id,
                by=acting.as_doer(),
                withdrawn_at=case.now,
            )
        )
    assert case.instance.undo_state is not None
    case.instance.state = case.instance.undo_state
    case.instance.undo_state = case.instance.undo_item_id = None


def _step_still_open(case: Case, item: WorkItem) -> bool:
    """Whether others are still at work on the same arrival, so that nothing has come of the item yet."""
    return any(other.status == ItemStatus.OPEN for other in case.siblings_of(item)) and any(
        waiting.task_id == item.task_id for waiting in case.running.open_steps()
    )
