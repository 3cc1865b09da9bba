"""Opening report forms (一表同享): units get what they have to fill when its period is over."""

import logging
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs.commands.pausing import each_by_itself, is_awake
from services.affairs.commands.report_settling import close_filing, is_complete, lock_unit
from services.affairs.domain.reporting import FormState, Period, PeriodKind, due_on, periods_due
from services.affairs.domain.steps import WORK_KIND
from services.affairs.domain.timing import end_of_day
from services.affairs.models import ReportFiling, ReportForm, ReportFormUnit
from services.affairs.queries.report_filings import list_asked
from shared.auth import Actor
from shared.calendar_days import work_calendar
from shared.clock import Clock
from shared.directory import list_holders
from shared.errors import Problem
from shared.flow import duties
from shared.flow.acts import Assignee, Subject
from shared.ids import new_id
from shared.permissions import Permission

logger = logging.getLogger(__name__)
FILL_STEP = "fill_report"
_OPENING, _GIVING = "open_filings", "give_filings"
# How many periods a form that began earlier is asked for at once, and how many filings one tick makes.
MOST_PERIODS = 13
BATCH = 200


def open_filings(session: Session, actor: Actor, clock: Clock, *, batch: int = BATCH) -> int:
    """Give units what they have to fill now that its period is over; says how many filings were made.

    Each in a savepoint of its own: a unit whose days cannot be counted (an unknown year) stands in nobody's way, and
    its form is tried again later. Repeating it makes nothing twice.
    """
    missing = _missing(session, clock, batch=batch)
    of_form: dict[UUID, list[tuple[ReportForm, ReportFormUnit, Period]]] = {}
    for form, unit, period in missing:
        of_form.setdefault(form.id, []).append((form, unit, period))
    made = 0

    def open_all(form_id: UUID) -> bool:
        nonlocal made
        opened = [_try_opening(session, actor, clock, *one) for one in of_form[form_id]]
        made += sum(opened)
        return all(opened)

    each_by_itself(session, clock, timer=_OPENING, ids=list(of_form), see_to=open_all)
    _give_what_waits(session, actor, clock, batch=batch)
    return made


def _try_opening(
    session: Session, actor: Actor, clock: Clock, form: ReportForm, unit: ReportFormUnit, period: Period
) -> bool:
    try:
        with session.begin_nested():
            _open_filing(session, actor, clock, form=form, unit=unit, period=period)
    except Problem as problem:
        logger.warning("form %s of unit %s cannot be opened: %s", form.id, unit.unit_id, problem)
        return False
    return True


def _missing(
    session: Session, clock: Clock, *, batch: int
) -> list[tuple[ReportForm, ReportFormUnit, Period]]:
    forms = session.scalars(
        sa.select(ReportForm)
        .where(ReportForm.state == FormState.IN_FORCE.value)
        .where(is_awake(_OPENING, ReportForm.id, now=clock.now()))
        .order_by(ReportForm.id)
    ).all()
    found: list[tuple[ReportForm, ReportFormUnit, Period]] = []
    for form in forms:
        periods = periods_due(
            PeriodKind(form.period), starts_on=form.starts_on, today=clock.today(), most=MOST_PERIODS
        )
        for period in periods:
            there = sa.select(ReportFiling.unit_id).where(
                ReportFiling.form_id == form.id, ReportFiling.period == period.name
            )
            units = sa.select(ReportFormUnit).where(
                ReportFormUnit.form_id == form.id, ReportFormUnit.unit_id.not_in(there)
            )
            wanting = session.scalars(units.order_by(ReportFormUnit.position).limit(batch - len(found)))
            found += [(form, unit, period) for unit in wanting]
            if len(found) >= batch:
                return found
    return found


def _open_filing(
    session: Session, actor: Actor, clock: Clock, *, form: ReportForm, unit: ReportFormUnit, period: Period
) -> None:
    lock_unit(session, unit.unit_id, period.name)
    calendar = work_calendar(session, unit_id=unit.unit_id, since=period.last)
    due = end_of_day(due_on(calendar, period, form.due_days))
    filing = ReportFiling(
        id=new_id(),
        form_id=form.id,
        unit_id=unit.unit_id,
        unit_name=unit.unit_name,
        period=period.name,
        state="open",
        opened_at=clock.now(),
        due_at=max(due, end_of_day(clock.today())),
    )
    session.add(filing)
    session.flush()
    if is_complete(session, filing):
        # Other forms have asked for all of it: there is nothing left for anybody to do.
        close_filing(
            session, actor, clock, filing=filing, by="系统（数据已采集）", asked=list_asked(session, form.id)
        )
    else:
        _give(session, actor, clock, filing=filing, form=form)


def _give_what_waits(session: Session, actor: Actor, clock: Clock, *, batch: int) -> None:
    """Filings of units that had nobody to fill them when they were opened."""
    waiting = (
        sa.select(ReportFiling, ReportForm)
        .join(ReportForm, ReportForm.id == ReportFiling.form_id)
        .where(sa.text("report_filing.state = 'open'"), ReportFiling.work_id.is_(None))
        .where(is_awake(_GIVING, ReportFiling.id, now=clock.now()))
        .order_by(ReportFiling.id)
        .limit(batch)
    )
    found = {filing.id: (filing, form) for filing, form in session.execute(waiting).all()}

    def give(filing_id: UUID) -> bool:
        filing, form = found[filing_id]
        _give(session, actor, clock, filing=filing, form=form)
        return filing.work_id is not None

    each_by_itself(session, clock, timer=_GIVING, ids=list(found), see_to=give)


def _give(session: Session, actor: Actor, clock: Clock, *, filing: ReportFiling, form: ReportForm) -> None:
    posts = [card.post_id for card in list_holders(session, filing.unit_id, Permission.AFFAIRS_HANDLE)]
    if not posts:
        return
    subject = Subject(
        id=filing.id,
        kind="report_filing",
        title=f"{form.unit_name}《{form.name}》{filing.period}",
        link=f"/report-filings/{filing.id}",
        document_kind="报表",
    )
    filing.work_id = duties.open_work(
        session, actor, clock, subject=subject, unit_id=filing.unit_id, name="报表填报"
    )
    duty = duties.Duty(step_id=FILL_STEP, step_name="填报报表", work_kind=WORK_KIND, deadline=filing.due_at)
    duties.give_duty(
        session, actor, clock, subject_id=filing.id, duty=duty, assignees=[Assignee(post) for post in posts]
    )
