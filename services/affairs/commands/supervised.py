"""Supervision of a case: what an applicant reports (办不成事), and what supervision tells of it."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs import errors
from services.affairs.commands.desk import SUBJECT_KIND, Desk, open_desk
from services.affairs.domain.states import ENDED_STATES, CaseState, CaseVerb
from services.affairs.models import Case, CaseAct, SupervisedTask
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import looks_after
from shared.events.affairs import CaseStuck
from shared.events.supervision import TaskRegistered

_OPEN = ("registered", "established")


def report_stuck(session: Session, actor: Actor, clock: Clock, *, case_id: UUID, complaint: str) -> Desk:
    """The applicant says that the matter could not be done; supervision takes it up."""
    desk = open_desk(session, actor, clock, case_id=case_id)
    desk.require_applicant()
    case = desk.case
    if CaseState(case.state) in ENDED_STATES:
        raise errors.wrong_state(case.number, CaseState(case.state).label, CaseVerb.REPORT_STUCK.label)
    if _is_looked_into(session, case):
        raise errors.stuck_before(case.number)
    desk.note(CaseVerb.REPORT_STUCK, opinion=complaint)
    desk.tell(
        CaseStuck(
            case_id=case.id,
            unit_id=case.unit_id,
            unit_name=case.unit_name,
            title=case.title,
            number=case.number,
            complaint=complaint,
            doer=desk.doer,
            reported_at=desk.now,
        )
    )
    return desk


def take_task(session: Session, actor: Actor, clock: Clock, *, event: TaskRegistered) -> None:
    """Supervision registered a task because of a case; told twice, it changes nothing.

    Whoever registers by hand may name any case: taken is what the suite made of one itself, and what is of an organ
    that looks after the one that handles the case.
    """
    origin = event.origin
    if origin is None or origin.system != "affairs" or origin.kind != SUBJECT_KIND:
        return
    case = session.get(Case, origin.id, with_for_update=True)
    if case is None or session.get(SupervisedTask, event.task_id) is not None:
        return
    if event.doer.person_id is not None and not looks_after(session, event.unit_id, case.unit_id):
        return
    session.add(
        SupervisedTask(
            task_id=event.task_id,
            case_id=case.id,
            title=event.title,
            state="registered",
            registered_at=event.registered_at,
        )
    )
    session.flush()
    Desk(session, actor, clock, case=case).note(
        CaseVerb.SUPERVISE, outcome="登记督办", opinion=event.title, task_id=str(event.task_id)
    )


def note_established(session: Session, *, task_id: UUID, number: str) -> None:
    """The task got its number."""
    task = session.get(SupervisedTask, task_id, with_for_update=True)
    if task is not None and task.state in _OPEN:
        task.state, task.number = "established", number


def end_task(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    task_id: UUID,
    state: str,
    outcome: str,
    ended_at: datetime,
) -> None:
    """The task was closed, rejected or cancelled; told twice, it changes nothing."""
    task = session.get(SupervisedTask, task_id, with_for_update=True)
    if task is None or task.state not in _OPEN:
        return
    task.state, task.outcome, task.ended_at = state, outcome, ended_at
    case = session.get_one(Case, task.case_id, with_for_update=True)
    Desk(session, actor, clock, case=case).note(
        CaseVerb.SUPERVISE, outcome=_ENDS[state], opinion=outcome, task_id=str(task_id)
    )


_ENDS = {"closed": "督办销号", "rejected": "不予立项", "cancelled": "督办撤销"}


def _is_looked_into(session: Session, case: Case) -> bool:
    """Whether the complaint before this one has not been answered: its task is open, or not even registered."""
    session.flush()
    reports = sa.select(sa.func.max(CaseAct.at)).where(
        CaseAct.case_id == case.id, CaseAct.verb == CaseVerb.REPORT_STUCK.value
    )
    last = session.scalar(reports)
    if last is None:
        return False
    answered = sa.select(SupervisedTask.task_id).where(
        SupervisedTask.case_id == case.id,
        SupervisedTask.registered_at >= last,
        SupervisedTask.state.not_in(_OPEN),
    )
    return session.scalars(answered.limit(1)).first() is None
