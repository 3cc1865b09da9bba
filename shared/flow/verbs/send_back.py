"""Sending the work back to an earlier step (退回)."""

from uuid import UUID

from sqlalchemy.orm import Session

from shared.auth.actor import Actor
from shared.clock import Clock
from shared.events.work import CancelCause, WorkItemReturned
from shared.flow.acts import Act, ActVerb, Choice
from shared.flow.case import Case, lock_case_of_item, require_open
from shared.flow.engine import OpenStep
from shared.flow.errors import assignee_needed, verb_not_allowed
from shared.flow.models import ItemStatus, WorkItem
from shared.flow.opinions import required_reason
from shared.flow.people import act_on, check_choice
from shared.flow.progress import open_step, performers_of
from shared.flow.steps import VERB_NAMES, Verb


def return_to_step(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    item_id: UUID,
    step_id: str,
    reason: str,
    choice: Choice | None = None,
) -> Act:
    """Return from an open item to an earlier step, with the reason (条例第二十条、第二十四条).

    It goes to the posts that did that step, unless others are chosen. Everything after it is undone, open items of
    siblings and parallel branches included. Raises Problem: not yours, no longer open, not allowed on this step,
    not an earlier step, no reason.
    """
    case, item = lock_case_of_item(session, actor, clock, item_id=item_id)
    require_open(item)
    acting = act_on(session, actor, item, now=case.now)
    if Verb.RETURN not in case.step_of(item).verbs:
        raise verb_not_allowed(VERB_NAMES[Verb.RETURN], item.step_name)
    opinion = required_reason(reason, verb=VERB_NAMES[Verb.RETURN])
    arrival = case.running.return_to(step_id, within=item.task_id)
    case.close(item, ItemStatus.RETURNED, acting, opinion=opinion)
    case.tell(
        WorkItemReturned(
            work_item_id=item.id,
            subject_id=item.subject_id,
            by=acting.as_doer(),
            to_step=arrival.step.name,
            returned_at=case.now,
        )
    )
    _cancel_undone(case, item, arrival)
    if choice is not None:
        check_choice(session, step=arrival.step, choice=choice, unit_id=case.instance.unit_id)
    wanted = choice or Choice(performers_of(case, step_id))
    if not wanted.assignees:
        raise assignee_needed(arrival.step.id, arrival.step.name)
    open_step(case, arrival, wanted, opened_by=None)
    case.instance.undo_state = case.instance.undo_item_id = None
    case.keep_state()
    return case.act(ActVerb.RETURN, acting, item=item, opinion=opinion, entered_steps=(step_id,))


def _cancel_undone(case: Case, item: WorkItem, arrival: OpenStep) -> None:
    """Siblings on the same step, and whatever was open on branches that the return has undone."""
    still_open = {waiting.task_id for waiting in case.running.open_steps()} - {arrival.task_id}
    undone = [other for other in case.open_items() if other.task_id not in still_open]
    case.cancel(undone, cause=CancelCause.RETURNED, by=item.id)
