"""The verbs of the flow on a case: doing an item and what comes of it, going back, handing over, reminding."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.affairs import errors
from services.affairs.commands.choosing import choices_for
from services.affairs.commands.decide import decide_case, require_decidable
from services.affairs.commands.desk import Desk, open_desk
from services.affairs.domain.materials import MaterialState
from services.affairs.domain.steps import DECIDE, DUTY_STEPS, DutyStep
from services.affairs.means import Means
from services.affairs.queries.cases import list_materials
from services.affairs.queries.people import organ_of, version_of
from services.affairs.queries.work import get_item
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import get_post
from shared.flow import duties, verbs
from shared.flow.acts import Act
from shared.flow.case import require_open
from shared.flow.catalog import definition_of
from shared.flow.models import FlowInstance, WorkItem
from shared.flow.people import act_on


def complete_step(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    case_id: UUID,
    item_id: UUID,
    means: Means,
    request: Mapping[str, Any],
) -> Desk:
    """Do an item of the flow: opinion, outcome, and the posts for coming steps; the last one decides the case."""
    desk, item = _open(session, actor, clock, case_id=case_id, item_id=item_id)
    act_on(session, actor, item, now=desk.now)
    desk.refuse_own_case()
    require_open(item)
    outcome, opinion = request.get("outcome", ""), request.get("opinion", "")
    if item.step_id == DECIDE:
        require_decidable(desk, outcome=outcome, opinion=opinion)
        # The flow may end with this; what the applicant still owes is asked for again behind it.
        desk.drop(DutyStep.SUPPLY, DutyStep.COMPLETE)
    instance = session.get_one(FlowInstance, item.instance_id)
    coming = _coming(session, instance, item)
    act = verbs.complete_item(
        session,
        actor,
        clock,
        item_id=item.id,
        opinion=opinion,
        outcome=outcome,
        variables=request.get("variables", {}),
        choices=choices_for(desk, version_of(session, desk.case), coming, given=request.get("choices", {})),
    )
    _keep(desk, act)
    if act.completed_step == DECIDE:
        desk.case.verdict, desk.case.reason = act.step_outcome, opinion
    if act.ended:
        decide_case(desk, means=means)
    elif item.step_id == DECIDE:
        _ask_again_for_deferred(desk)
    return desk


def return_item(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    case_id: UUID,
    item_id: UUID,
    step_id: str,
    reason: str,
) -> Desk:
    """Return a case to an earlier step of its flow, with the reason (退回)."""
    desk, item = _open(session, actor, clock, case_id=case_id, item_id=item_id)
    _keep(
        desk,
        verbs.return_to_step(session, actor, clock, item_id=item.id, step_id=step_id, reason=reason),
        to_step=step_id,
    )
    return desk


def withdraw_item(session: Session, actor: Actor, clock: Clock, *, case_id: UUID, item_id: UUID) -> Desk:
    """Take back what one has done while nobody has touched what came of it (撤回)."""
    desk, item = _open(session, actor, clock, case_id=case_id, item_id=item_id)
    _keep(desk, verbs.withdraw(session, actor, clock, item_id=item.id))
    return desk


def transfer_item(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    case_id: UUID,
    item_id: UUID,
    to_post_id: UUID,
    opinion: str = "",
) -> Desk:
    """Give an item to another post (转办); a duty outside the flow stays within the organ that has it."""
    desk = open_desk(session, actor, clock, case_id=case_id)
    item = get_item(session, desk.case, item_id)
    if item.step_id not in DUTY_STEPS:
        act = verbs.transfer(session, actor, clock, item_id=item.id, to_post_id=to_post_id, opinion=opinion)
    elif item.step_id == DutyStep.RATE:
        # What an applicant thinks of it is for nobody else to say.
        raise errors.step_has_its_own_way(item.step_name)
    else:
        if organ_of(session, get_post(session, to_post_id).unit_id) != organ_of(session, item.unit_id):
            raise errors.posts_needed(item.step_id, item.step_name, [])
        act = duties.hand_over_duty(
            session,
            actor,
            clock,
            subject_id=desk.case.id,
            step_id=item.step_id,
            to_post_id=to_post_id,
            for_post_id=item.post_id,
        )
    _keep(desk, act)
    return desk


def add_signers(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    case_id: UUID,
    item_id: UUID,
    post_ids: Sequence[UUID],
    opinion: str = "",
) -> Desk:
    """Ask further posts at this step (加签)."""
    desk, item = _open(session, actor, clock, case_id=case_id, item_id=item_id)
    act = verbs.add_signer(session, actor, clock, item_id=item.id, post_ids=post_ids, opinion=opinion)
    _keep(desk, act)
    return desk


def remind_holder(
    session: Session, actor: Actor, clock: Clock, *, case_id: UUID, item_id: UUID, opinion: str = ""
) -> None:
    """Remind whoever holds an open item, and count it (催办); everybody who may see the case may."""
    desk = open_desk(session, actor, clock, case_id=case_id)
    item = get_item(session, desk.case, item_id)
    _keep(desk, verbs.remind(session, actor, clock, item_id=item.id, opinion=opinion))


def open_item(session: Session, actor: Actor, clock: Clock, *, case_id: UUID, item_id: UUID) -> None:
    """Note that the holder has looked at an item."""
    desk = open_desk(session, actor, clock, case_id=case_id)
    item = get_item(session, desk.case, item_id)
    verbs.read_item(session, actor, clock, item_id=item.id)


def _open(
    session: Session, actor: Actor, clock: Clock, *, case_id: UUID, item_id: UUID
) -> tuple[Desk, WorkItem]:
    desk = open_desk(session, actor, clock, case_id=case_id)
    item = get_item(session, desk.case, item_id)
    if item.step_id in DUTY_STEPS:
        raise errors.step_has_its_own_way(item.step_name)
    return desk, item


def _coming(session: Session, instance: FlowInstance, item: WorkItem) -> Sequence[Any]:
    if instance.definition_id is None:
        return ()
    return definition_of(session, instance.definition_id).choices_after(item.step_id)


def _keep(desk: Desk, act: Act, **details: Any) -> None:
    """One line of history for an act of the flow; whoever got an item may see the case from now on."""
    desk.for_post_id = act.for_post_id
    desk.session.flush()
    desk.let_see([card.post_id for card in act.opened], reason="work_item")
    desk.note(
        act.verb.value,
        step=act.step_name or act.verb_name,
        outcome=act.outcome_label,
        opinion=act.opinion,
        to=[str(card.post_id) for card in act.opened],
        **details,
    )


def _ask_again_for_deferred(desk: Desk) -> None:
    materials = list_materials(desk.session, desk.case.id)
    owed = [row.due_at for row in materials if row.state == MaterialState.DEFERRED and row.due_at]
    if owed:
        desk.give(DutyStep.SUPPLY, [desk.case.applicant_post_id], deadline=min(owed))
