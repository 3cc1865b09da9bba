"""What happens by itself: cases fall overdue, the times to complete and to rate end, owed materials lapse."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs.commands.clock import end_completion
from services.affairs.commands.desk import Desk
from services.affairs.commands.materials import conclude_if_done
from services.affairs.commands.pausing import each_by_itself, is_awake
from services.affairs.commands.revoke import break_promise
from services.affairs.domain.materials import MaterialState
from services.affairs.domain.states import CaseState, CaseVerb
from services.affairs.domain.steps import DutyStep
from services.affairs.domain.timing import StopCause
from services.affairs.local_rules import RATING
from services.affairs.means import Means
from services.affairs.models import Case, CaseMaterial, ClockStop
from services.affairs.queries.cases import list_materials
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import find_unit, get_organ
from shared.events.affairs import CaseOverdue
from shared.flow import duties
from shared.flow.models import ItemStatus, WorkItem

MOST_AT_ONCE = 100
# Setting a record takes a while, and the timer's transaction is open for so long.
MOST_RECORDS_AT_ONCE = 20


def find_overdue(session: Session, actor: Actor, clock: Clock) -> int:
    """Tell once of every case that was not decided by its promised date, with the unit whose part is late."""
    ids = session.scalars(overdue_cases(clock.now())).all()
    return _each(session, actor, clock, "find_overdue", ids, _fall_overdue)


def overdue_cases(now: datetime) -> sa.Select[Any]:
    """The cases that fell overdue unseen, the longest first. In the words of the index, which holds no others."""
    unseen = sa.text("affairs_case.state = 'handling'")
    late = sa.select(Case.id).where(
        unseen,
        Case.stopped_at.is_(None),
        Case.overdue_at.is_(None),
        Case.due_at < now,
        is_awake("find_overdue", Case.id, now=now),
    )
    return late.order_by(Case.due_at).limit(MOST_AT_ONCE)


def end_completions(session: Session, actor: Actor, clock: Clock) -> int:
    """Let the clock of cases run again whose applicant did not complete in time what was asked for."""
    over = sa.exists().where(
        WorkItem.subject_id == ClockStop.case_id,
        WorkItem.step_id == DutyStep.COMPLETE.value,
        WorkItem.status == ItemStatus.OPEN,
        # Without a date where the calendar was not loaded when it was asked for.
        sa.or_(WorkItem.deadline < clock.now(), WorkItem.deadline.is_(None)),
    )
    waiting = (
        sa.select(ClockStop.case_id)
        .join(Case, Case.id == ClockStop.case_id)
        .where(
            ClockStop.ended_at.is_(None),
            ClockStop.cause == StopCause.COMPLETION.value,
            Case.state == CaseState.HANDLING.value,
            over,
            is_awake("end_completions", ClockStop.case_id, now=clock.now()),
        )
    )
    ids = session.scalars(waiting.limit(MOST_AT_ONCE)).all()
    return _each(session, actor, clock, "end_completions", ids, end_completion)


def lapse_materials(session: Session, actor: Actor, clock: Clock, *, means: Means) -> int:
    """Revoke what was granted on a promise that owed materials would come, when they did not."""
    lapsed = (
        sa.select(CaseMaterial.case_id)
        .join(Case, Case.id == CaseMaterial.case_id)
        .where(
            CaseMaterial.state == MaterialState.DEFERRED.value,
            CaseMaterial.due_at < clock.now(),
            Case.state.in_([CaseState.HANDLING, CaseState.DECIDED, CaseState.DELIVERED]),
            sa.or_(Case.outcome.is_(None), Case.outcome == "granted"),
            is_awake("lapse_materials", Case.id, now=clock.now()),
        )
        .distinct()
    )
    ids = session.scalars(lapsed.limit(MOST_AT_ONCE)).all()
    return _each(session, actor, clock, "lapse_materials", ids, lambda desk: _lapse(desk, means))


def conclude_unrated(session: Session, actor: Actor, clock: Clock, *, means: Means) -> int:
    """Conclude delivered cases that nobody rated in time; set the date where it could not be counted before."""
    _date_undated(session, actor, clock)
    over = sa.select(Case.id).where(
        Case.state == CaseState.DELIVERED.value,
        Case.rate_by < clock.now(),
        sa.not_(_owing()),
        is_awake("conclude_unrated", Case.id, now=clock.now()),
    )
    ids = session.scalars(over.order_by(Case.rate_by).limit(MOST_RECORDS_AT_ONCE)).all()
    return _each(
        session, actor, clock, "conclude_unrated", ids, lambda desk: conclude_if_done(desk, means=means)
    )


def _owing() -> sa.ColumnElement[bool]:
    owed = sa.select(CaseMaterial.id).where(
        CaseMaterial.case_id == Case.id,
        CaseMaterial.state.in_([MaterialState.DEFERRED, MaterialState.DECLARED]),
    )
    return sa.and_(Case.outcome == "granted", owed.exists())


def _date_undated(session: Session, actor: Actor, clock: Clock) -> None:
    undated = sa.select(Case.id).where(Case.state == CaseState.DELIVERED.value, Case.rate_by.is_(None))
    awake = undated.where(is_awake("date_rating", Case.id, now=clock.now()))
    ids = session.scalars(awake.limit(MOST_AT_ONCE)).all()
    _each(session, actor, clock, "date_rating", ids, _date_rating)


def _date_rating(desk: Desk) -> bool:
    desk.case.rate_by = desk.days_ahead_if_known(RATING)
    if desk.case.rate_by is not None and desk.has_work:
        duties.move_deadline(
            desk.session,
            desk.actor,
            desk.clock,
            subject_id=desk.case.id,
            step_ids=[DutyStep.RATE.value],
            deadline=desk.case.rate_by,
        )
    return desk.case.rate_by is not None


def _each(
    session: Session,
    actor: Actor,
    clock: Clock,
    timer: str,
    ids: Sequence[UUID],
    act: Callable[[Desk], bool | None],
) -> int:
    """Each case by itself, under its lock and on its own chain."""

    def see_to(case_id: UUID) -> bool:
        locked = sa.select(Case).where(Case.id == case_id).with_for_update()
        case = session.scalars(locked.execution_options(populate_existing=True)).one()
        return act(Desk(session, actor, clock, case=case)) is not False

    return each_by_itself(session, clock, timer=timer, ids=ids, see_to=see_to)


def _fall_overdue(desk: Desk) -> None:
    case = desk.case
    if case.state != CaseState.HANDLING or case.overdue_at is not None or case.due_at is None:
        return
    tell_overdue(desk, late=_late_unit(desk), due_at=case.due_at)


def tell_overdue(desk: Desk, *, late: tuple[UUID, str], due_at: datetime) -> None:
    """Note on the case that it is late and by which organ (id and name); supervision takes it up."""
    case, (late_unit_id, late_unit_name) = desk.case, late
    case.overdue_at = desk.now
    desk.note(CaseVerb.FALL_OVERDUE, opinion=f"超过承诺时限；未办完的单位：{late_unit_name}")
    desk.tell(
        CaseOverdue(
            case_id=case.id,
            unit_id=case.unit_id,
            late_unit_id=late_unit_id,
            late_unit_name=late_unit_name,
            title=case.title,
            number=case.number,
            due_at=due_at,
            found_at=desk.now,
        )
    )


def _late_unit(desk: Desk) -> tuple[UUID, str]:
    """The organ whose part is open longest past its own date; the one that handles the case when none is."""
    parts = [
        item
        for item in duties.list_duties(desk.session, subject_id=desk.case.id)
        if item.role != "reader" and item.step_id not in (DutyStep.SUPPLY, DutyStep.COMPLETE)
    ]
    latest: datetime = desk.now
    late = min(parts, key=lambda item: (item.deadline or latest, item.received_at, item.id), default=None)
    unit = find_unit(desk.session, late.unit_id) if late is not None else None
    if unit is None:
        return desk.case.unit_id, desk.case.unit_name
    organ = get_organ(desk.session, unit.id)
    return organ.id, organ.name


def _lapse(desk: Desk, means: Means) -> None:
    for row in list_materials(desk.session, desk.case.id):
        if row.state != MaterialState.DEFERRED or row.due_at is None or row.due_at >= desk.now:
            continue
        row.state = MaterialState.LAPSED.value
        desk.session.flush()
        break_promise(desk, row, note=f"容缺材料逾期未补交：{row.name}")
    rows = list_materials(desk.session, desk.case.id)
    if all(row.state != MaterialState.DEFERRED for row in rows):
        desk.drop(DutyStep.SUPPLY)
    conclude_if_done(desk, means=means)
