"""Completing an item, and with the last one needed the step."""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from shared.auth.actor import Actor
from shared.clock import Clock
from shared.events.work import CancelCause, ItemRole, WorkItemCompleted
from shared.flow.acts import Act, ActVerb, Choice
from shared.flow.case import Case, lock_case_of_item, require_open
from shared.flow.errors import outcome_invalid, variable_not_asked
from shared.flow.models import ItemStatus, WorkItem
from shared.flow.opinions import checked_opinion
from shared.flow.people import Acting, act_on, require_still_permitted
from shared.flow.progress import Moves, enter_steps, finish_if_ended, require_way_on, take_choices
from shared.flow.steps import Step, rule_holds, step_outcome


def complete_item(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    item_id: UUID,
    opinion: str = "",
    outcome: str = "",
    variables: Mapping[str, Any] | None = None,
    choices: Mapping[str, Choice] | None = None,
) -> Act:
    """Do an item: with an outcome where the step has several, and with the posts chosen for coming steps by step id.

    The step is done when its completion rule holds and no added signer is still asked; then the flow moves on.
    Raises Problem: not found, not yours, no longer open, permission lost meanwhile, wrong outcome, variables that
    the step does not ask, wrong choices, nobody to go on.
    """
    case, item = lock_case_of_item(session, actor, clock, item_id=item_id)
    require_open(item)
    acting = act_on(session, actor, item, now=case.now)
    run = case.running
    step = case.step_of(item)
    require_still_permitted(session, step, item)
    if not step.accepts_outcome(outcome):
        raise outcome_invalid(step.name, [known.label for known in step.outcomes])
    before = dict(case.instance.state)
    _require_asked(case, step, variables or {})
    run.set_variables(variables or {})
    coming = case.definition.choices_after(step.id)
    take_choices(case, coming, choices)
    case.close(item, ItemStatus.DONE, acting, opinion=checked_opinion(opinion))
    item.outcome = outcome
    with case.gathering():
        _tell_completed(case, item, acting, step.outcome_label(outcome))
        moves, ended_with = _move_on(case, item)
    moved = moves is not None
    case.instance.undo_state = before if moved else None
    case.instance.undo_item_id = item.id if moved else None
    case.keep_state()
    if moves is not None:
        require_way_on(case, coming, moves.entered)
        finish_if_ended(case)
    return _act_of(case, item, acting, moves=moves, ended_with=ended_with)


def _require_asked(case: Case, step: Step, variables: Mapping[str, Any]) -> None:
    """Refuse variables that other steps ask: which way the flow takes is theirs to say."""
    for name in variables:
        known = case.definition.variables.get(name)
        # One that is not declared at all is refused as unknown.
        if known and name not in step.asks:
            raise variable_not_asked(name, known.label, step.name)


def _act_of(case: Case, item: WorkItem, acting: Acting, *, moves: Moves | None, ended_with: str) -> Act:
    step = case.step_of(item)
    return case.act(
        ActVerb.COMPLETE,
        acting,
        item=item,
        outcome=item.outcome,
        outcome_label=step.outcome_label(item.outcome),
        opinion=item.opinion,
        completed_step=step.id if moves is not None else "",
        step_outcome=ended_with,
        entered_steps=tuple(moves.entered) if moves else (),
        skipped_steps=tuple(moves.skipped) if moves else (),
        variables=case.run.variables if case.run else {},
    )


def _move_on(case: Case, item: WorkItem) -> tuple[Moves | None, str]:
    """Complete the step when enough of its items are done; None while it is not. With it the step's outcome."""
    step = case.step_of(item)
    siblings = case.siblings_of(item)
    regular = [
        other
        for other in siblings
        if other.role != ItemRole.SIGNER and other.status in (ItemStatus.OPEN, ItemStatus.DONE)
    ]
    done = [other for other in regular if other.status == ItemStatus.DONE]
    if not rule_holds(step.completion, done=len(done), total=len(regular)):
        return None, ""
    needless = [other for other in regular if other.status == ItemStatus.OPEN]
    case.cancel(needless, cause=CancelCause.STEP_DONE, by=item.id)
    if any(other.status == ItemStatus.OPEN for other in siblings):
        return None, ""
    given = Counter(other.outcome for other in siblings if other.status == ItemStatus.DONE)
    outcome = step_outcome(step, given)
    assert item.task_id is not None
    opened = case.running.complete(item.task_id, outcome)
    return enter_steps(case, opened, opened_by=item.id), outcome


def _tell_completed(case: Case, item: WorkItem, acting: Acting, label: str) -> None:
    case.tell(
        WorkItemCompleted(
            work_item_id=item.id,
            subject_id=item.subject_id,
            by=acting.as_doer(),
            outcome=item.outcome,
            outcome_label=label,
            completed_at=case.now,
        )
    )
