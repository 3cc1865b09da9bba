"""What a department provides (部门出具) is asked of that department by a work item, never of the applicant."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs import errors
from services.affairs.commands.desk import Desk, open_desk
from services.affairs.commands.files import take_file
from services.affairs.commands.pausing import each_by_itself, is_awake
from services.affairs.domain.materials import MaterialSource, MaterialState, Provider
from services.affairs.domain.secrecy import refuse_secret
from services.affairs.domain.states import ENDED_STATES, CaseState
from services.affairs.domain.steps import WORK_KIND
from services.affairs.local_rules import PROVISION
from services.affairs.means import Means
from services.affairs.models import AffairsFile, Case, CaseMaterial
from services.affairs.queries.asked import get_asked
from services.affairs.queries.visibility import lock_case
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import find_unit, list_holders
from shared.events.affairs import MATERIAL_KIND
from shared.flow import duties
from shared.flow.acts import Act, Assignee, Subject
from shared.flow.models import FlowInstance, FlowStatus
from shared.ids import new_id
from shared.permissions import Permission

PROVIDE_STEP = "provide_material"
_STEP_NAME = "出具材料"
_DATA = "text/plain"
_TIMER = "see_to_departments"


def ask_departments(desk: Desk) -> None:
    """Open a work item for each material that a department has to provide and nobody has in hand yet.

    Each is a piece of work of its own beside the case, because it goes on through acceptance and handling. Repeating it
    asks nobody twice; a department without anybody to ask is tried again by the timer.
    """
    for row in _awaited(desk.session, desk.case.id):
        posts = _providers(desk.session, row)
        if not posts or duties.has_work(desk.session, subject_id=row.id):
            continue
        unit = find_unit(desk.session, row.department_unit_id) if row.department_unit_id else None
        assert unit is not None, "who is asked belongs to a unit"
        duties.open_work(
            desk.session,
            desk.actor,
            desk.clock,
            subject=_subject(desk, row),
            unit_id=unit.id,
            name="部门出具材料",
            correlation_id=desk.case.correlation_id,
        )
        row.due_at = desk.days_ahead_if_known(PROVISION)
        duties.give_duty(
            desk.session,
            desk.actor,
            desk.clock,
            subject_id=row.id,
            duty=duties.Duty(
                step_id=PROVIDE_STEP, step_name=_STEP_NAME, work_kind=WORK_KIND, deadline=row.due_at
            ),
            assignees=[Assignee(post_id) for post_id in posts],
        )
        desk.session.flush()


def provide_material(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    material_id: UUID,
    means: Means,
    file_id: UUID | None = None,
    data: str = "",
    opinion: str = "",
) -> CaseMaterial:
    """The department's answer: a file that was uploaded, or the data in words. Problem when it has not that to do."""
    desk, row = _asked_row(session, actor, clock, material_id=material_id)
    desk.refuse_own_case()
    refuse_secret(data, where="出具的数据")
    if (file_id is None) is not bool(data):
        raise errors.application_invalid({"file_id": ["请上传材料文件，或填写数据，二者取一"]})
    _fulfil(desk, row, outcome="provided", label="已出具", opinion=opinion)
    file = _file_of(desk, row, means=means, file_id=file_id, data=data)
    row.file_id = file.id
    row.state = MaterialState.PRESENT.value
    row.source = MaterialSource.DEPARTMENT.value
    row.source_id, row.source_title = actor.unit_id, actor.unit_name
    row.given_at, row.given_by_name = desk.now, actor.person_name
    desk.note(PROVIDE_STEP, step=_STEP_NAME, outcome=row.name, opinion=opinion, code=row.code)
    session.flush()
    return row


def decline_material(
    session: Session, actor: Actor, clock: Clock, *, material_id: UUID, reason: str
) -> CaseMaterial:
    """The department has no such thing, and says why: the material is missing, and the window decides what follows."""
    desk, row = _asked_row(session, actor, clock, material_id=material_id)
    desk.refuse_own_case()
    _fulfil(desk, row, outcome="declined", label="不能出具", opinion=reason)
    row.state = MaterialState.MISSING.value
    row.check_note = reason
    row.checked_at, row.checked_by_name = desk.now, actor.person_name
    desk.note(PROVIDE_STEP, step=_STEP_NAME, outcome=f"不能出具“{row.name}”", opinion=reason, code=row.code)
    session.flush()
    return row


def see_to_departments(session: Session, actor: Actor, clock: Clock, *, batch: int = 100) -> int:
    """Ask departments that had nobody to ask, and take back what an ended case needs no more. Says how many cases."""
    ended = [state.value for state in (*ENDED_STATES, CaseState.DECIDED, CaseState.DELIVERED)]
    running = sa.exists().where(
        FlowInstance.subject_id == CaseMaterial.id, FlowInstance.status == FlowStatus.RUNNING
    )
    unasked = sa.and_(Case.state.not_in(ended), sa.not_(running))
    needless = sa.and_(Case.state.in_(ended), running)
    wanted = (
        sa.select(Case.id)
        .join(CaseMaterial, CaseMaterial.case_id == Case.id)
        .where(CaseMaterial.state == MaterialState.AWAITED.value)
        .where(CaseMaterial.provided_by == Provider.DEPARTMENT.value, sa.or_(unasked, needless))
        .where(is_awake(_TIMER, Case.id, now=clock.now()))
        .distinct()
        .limit(batch)
    )

    def see_to(case_id: UUID) -> bool:
        desk = open_desk(session, actor, clock, case_id=case_id)
        if desk.case.state in ended:
            drop_departments(desk)
            return True
        ask_departments(desk)
        return all(duties.has_work(session, subject_id=row.id) for row in _awaited(session, case_id))

    return each_by_itself(session, clock, timer=_TIMER, ids=session.scalars(wanted).all(), see_to=see_to)


def drop_departments(desk: Desk) -> None:
    """Nobody has to provide anything any more for a case that is over."""
    for row in _awaited(desk.session, desk.case.id):
        if duties.has_work(desk.session, subject_id=row.id):
            duties.close_work(desk.session, desk.actor, desk.clock, subject_id=row.id, stopped=True)
            desk.session.flush()


def _awaited(session: Session, case_id: UUID) -> Sequence[CaseMaterial]:
    wanted = sa.select(CaseMaterial).where(
        CaseMaterial.case_id == case_id,
        CaseMaterial.state == MaterialState.AWAITED.value,
        CaseMaterial.provided_by == Provider.DEPARTMENT.value,
    )
    return session.scalars(wanted.order_by(CaseMaterial.position)).all()


def _providers(session: Session, row: CaseMaterial) -> list[UUID]:
    """Whoever handles affairs in the department, else whoever takes them in there."""
    if row.department_unit_id is None:
        return []
    for permission in (Permission.AFFAIRS_HANDLE, Permission.AFFAIRS_WINDOW):
        if cards := list_holders(session, row.department_unit_id, permission):
            return [card.post_id for card in cards]
    return []


def _asked_row(
    session: Session, actor: Actor, clock: Clock, *, material_id: UUID
) -> tuple[Desk, CaseMaterial]:
    """The material that is asked for, with its case held: who is asked need not see the case."""
    row = get_asked(session, actor, material_id, now=clock.now())
    held = lock_case(session, Actor.system(actor.correlation_id), row.case_id, now=clock.now())
    session.refresh(row)
    if row.state != MaterialState.AWAITED:
        raise errors.material_settled(row.name)
    return Desk(session, actor, clock, case=held), row


def _fulfil(desk: Desk, row: CaseMaterial, *, outcome: str, label: str, opinion: str) -> Act:
    act = duties.fulfil_duty(
        desk.session,
        desk.actor,
        desk.clock,
        subject_id=row.id,
        step_id=PROVIDE_STEP,
        outcome=outcome,
        outcome_label=label,
        opinion=opinion,
        alone=True,
    )
    desk.for_post_id = act.for_post_id
    duties.close_work(desk.session, desk.actor, desk.clock, subject_id=row.id)
    return act


def _file_of(desk: Desk, row: CaseMaterial, *, means: Means, file_id: UUID | None, data: str) -> AffairsFile:
    if file_id is not None:
        return take_file(desk.session, desk.actor, file_id, case=desk.case)
    blob = means.blobs.put(data.encode(), media_type=_DATA, name=f"{row.name}.txt")
    file = AffairsFile(
        id=new_id(),
        case_id=desk.case.id,
        digest=blob.digest,
        size=blob.size,
        media_type=blob.media_type,
        name=blob.name,
        uploaded_at=desk.now,
        uploaded_by_person_id=desk.actor.person_id,
        uploaded_by_name=desk.actor.person_name,
    )
    desk.session.add(file)
    desk.session.flush()
    return file


def _subject(desk: Desk, row: CaseMaterial) -> Subject:
    case = desk.case
    return Subject(
        id=row.id,
        kind=MATERIAL_KIND,
        title=f"为{case.applicant_unit_name}“{case.matter_name}”出具：{row.name}",
        link=f"/asked-materials/{row.id}",
        number=case.number,
        document_kind=case.matter_name,
    )
