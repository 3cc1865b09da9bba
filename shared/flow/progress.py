"""Moving a flow on: finding the posts for every step that opens, passing over optional ones, noticing the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from shared.events.work import ItemRole, WorkEnded
from shared.flow.acts import Assignee, Choice
from shared.flow.arrivals import Arrival
from shared.flow.case import Case
from shared.flow.engine import OpenStep
from shared.flow.errors import assignee_needed, step_not_chosen, step_unknown
from shared.flow.models import FlowStatus, ItemStatus, WorkItem
from shared.flow.people import check_choice, deadline_of, holders_of
from shared.flow.steps import AssignBy, Step


@dataclass(slots=True)
class Moves:
    """The steps that a move entered and those that it passed over."""

    entered: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def take_choices(case: Case, coming: Sequence[Step], choices: Mapping[str, Choice] | None) -> None:
    """Check and remember who was chosen for the coming steps. Raises Problem for a step that is none of them."""
    if not choices:
        return
    allowed = {step.id for step in coming}
    for step_id, choice in choices.items():
        step = case.definition.steps.get(step_id)
        if step is None:
            raise step_unknown(step_id)
        if step_id not in allowed:
            raise step_not_chosen(step_id, step.name)
        check_choice(case.session, step=step, choice=choice, unit_id=case.instance.unit_id)
    case.keep_choices({**case.choices, **choices})


def enter_steps(case: Case, opened: Sequence[OpenStep], *, opened_by: UUID | None) -> Moves:
    """Give out items for these steps and for those behind optional ones that nobody was chosen for."""
    moves = Moves()
    waiting = list(opened)
    while waiting:
        arrival = waiting.pop(0)
        if not enter_step(case, arrival, opened_by=opened_by):
            moves.skipped.append(arrival.step.id)
            waiting.extend(case.running.skip(arrival.task_id))
            continue
        moves.entered.append(arrival.step.id)
    return moves


def require_way_on(case: Case, coming: Sequence[Step], entered: Sequence[str]) -> None:
    """Who calls in an optional step must also have said who goes on behind it. Raises `flow.assignee_needed`."""
    named = case.choices
    for step_id in entered:
        if not case.definition.steps[step_id].optional:
            continue
        for behind in case.definition.choices_after(step_id, whoever=True):
            known = behind.optional or behind.id in named or performers_of(case, behind.id)
            if not known and behind in coming:
                raise assignee_needed(behind.id, behind.name)


def enter_step(case: Case, arrival: OpenStep, *, opened_by: UUID | None) -> list[WorkItem]:
    """Give out the items of one step; none when it is optional and nobody was chosen. Raises Problem."""
    step = arrival.step
    choice = _choice_for(case, step)
    if not choice.assignees:
        if step.optional:
            return []
        raise assignee_needed(step.id, step.name)
    return open_step(case, arrival, choice, opened_by=opened_by)


def open_step(case: Case, arrival: OpenStep, choice: Choice, *, opened_by: UUID | None) -> list[WorkItem]:
    """Give out the items of one step to these posts."""
    step = arrival.step
    deadline = deadline_of(
        case.session, case.clock, step=step, unit_id=case.instance.unit_id, chosen=choice.deadline
    )
    return case.give_out(
        choice.assignees,
        Arrival(
            step_id=step.id,
            step_name=step.name,
            task_id=arrival.task_id,
            work_kind=step.work_kind,
            deadline=deadline,
            opened_by=opened_by,
        ),
    )


def performers_of(case: Case, step_id: str) -> tuple[Assignee, ...]:
    """The posts that did a step the last time, with their roles; none when it was not done."""
    done = [
        item
        for item in case.items
        if item.step_id == step_id
        and item.status == ItemStatus.DONE
        and item.role in (ItemRole.LEAD, ItemRole.ASSISTANT)
    ]
    if not done:
        return ()
    latest = max(done, key=lambda item: (item.received_at, item.id)).arrival_id
    found = {item.post_id: ItemRole(item.role) for item in done if item.arrival_id == latest}
    return tuple(Assignee(post_id, role) for post_id, role in found.items())


def _choice_for(case: Case, step: Step) -> Choice:
    if step.assign.by is AssignBy.CHOSEN:
        return _take_choice(case, step)
    return Choice(_RULES[step.assign.by](case, step))


def _take_choice(case: Case, step: Step) -> Choice:
    """Who was chosen since the step was last entered, else who did it then (the original signer signs again)."""
    choices = case.choices
    fresh = choices.pop(step.id, None)
    if fresh is not None:
        case.keep_choices(choices)
        return fresh
    return Choice(() if step.optional else performers_of(case, step.id))


def _starter(case: Case, step: Step) -> tuple[Assignee, ...]:
    post_id = case.instance.started_by_post_id
    return (Assignee(post_id),) if post_id else ()


def _holders(case: Case, step: Step) -> tuple[Assignee, ...]:
    return holders_of(case.session, step=step, unit_id=case.instance.unit_id)


def _performers(case: Case, step: Step) -> tuple[Assignee, ...]:
    rounds = (performers_of(case, done) for done in step.assign.steps)
    found = next(filter(None, rounds), ())
    leads = tuple(assignee for assignee in found if assignee.role is ItemRole.LEAD)
    return tuple(Assignee(assignee.post_id) for assignee in leads or found)


_RULES = {AssignBy.STARTER: _starter, AssignBy.HOLDERS: _holders, AssignBy.PERFORMER: _performers}


def finish_if_ended(case: Case) -> None:
    """Close the flow when every branch has come to its end."""
    if case.running.ended:
        end_flow(case, FlowStatus.ENDED)


def end_flow(case: Case, status: FlowStatus) -> None:
    """Close the flow and tell it."""
    case.instance.status = status.value
    case.instance.ended_at = case.now
    case.tell(
        WorkEnded(
            work_id=case.instance.id,
            subject_id=case.instance.subject_id,
            stopped=status is FlowStatus.STOPPED,
            ended_at=case.now,
        )
    )
