"""Filling report forms (一表同享): a field once per unit and period, whichever form asked first."""

import logging
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs.commands.pausing import each_by_itself, is_awake
from services.affairs.domain.reporting import (
    FormState,
    Period,
    PeriodKind,
    due_on,
    field_fault,
    missing_fields,
    periods_due,
)
from services.affairs.domain.secrecy import refuse_secret, texts_in
from services.affairs.domain.steps import WORK_KIND
from services.affairs.domain.timing import end_of_day
from services.affairs.errors import report_forms as errors
from services.affairs.models import FieldCorrection, FieldValue, ReportFiling, ReportForm, ReportFormUnit
from services.affairs.queries.report_filings import fills_for, get_filing, list_asked, list_values
from services.affairs.queries.report_forms import list_rules
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
_ONE_UNIT_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


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


def file_report(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    filing_id: UUID,
    values: Mapping[str, Any],
    for_post_id: UUID | None = None,
) -> ReportFiling:
    """File a form for its period: only what no form has asked before is taken, the rest is there.

    Raises Problem for values that do not hold, required ones that are missing, and a value that differs from what the
    unit filled in before, which is corrected and not filled in twice. Other forms that need no more are filed with it.
    """
    filing, form = get_filing(session, actor, filing_id, now=clock.now())
    # Always before any row: filing one form may file the unit's others.
    _lock_unit(session, filing.unit_id, filing.period)
    filing, form = get_filing(session, actor, filing_id, now=clock.now(), lock=True)
    if filing.state != "open":
        raise errors.filing_settled(form.name)
    refuse_secret(*texts_in(dict(values)), where="填报的数据")
    asked = list_asked(session, form.id)
    known = {
        code: value for (_, code), value in list_values(session, [filing.unit_id], filing.period).items()
    }
    new = _checked(session, asked=dict(asked), known=known, values=values)
    filing.asked = len(new)
    for code, value in new.items():
        session.add(
            FieldValue(
                unit_id=filing.unit_id,
                period=filing.period,
                field_code=code,
                value=value,
                form_id=form.id,
                filled_at=clock.now(),
                filled_by_name=actor.person_name,
            )
        )
    session.flush()
    duties.fulfil_duty(
        session,
        actor,
        clock,
        subject_id=filing.id,
        step_id=FILL_STEP,
        outcome="filed",
        outcome_label="已报送",
        alone=True,
        for_post_id=for_post_id,
    )
    _close(session, actor, clock, filing=filing, by=actor.person_name, asked=asked)
    _file_what_is_complete(session, actor, clock, unit_id=filing.unit_id, period=filing.period)
    return filing


def correct_value(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    filing_id: UUID,
    field_code: str,
    value: Any,
    reason: str,
) -> FieldValue:
    """Correct a value of one's own unit; it shows in every form that has it, and the old one stays on record."""
    filing, form = get_filing(session, actor, filing_id, now=clock.now())
    if not fills_for(session, actor, filing.unit_id):
        raise errors.not_your_unit()
    _lock_unit(session, filing.unit_id, filing.period)
    refuse_secret(*texts_in(value), reason, where="更正的内容")
    if field_code not in dict(list_asked(session, form.id)):
        raise errors.value_not_found(field_code)
    rule = list_rules(session, [field_code])[field_code]
    row = session.get(FieldValue, (filing.unit_id, filing.period, field_code), populate_existing=True)
    if row is None:
        raise errors.value_not_found(rule.name)
    if fault := field_fault(rule, value):
        raise errors.values_invalid({"value": [fault]})
    if _same(row.value, value):
        raise errors.value_unchanged(rule.name)
    session.add(
        FieldCorrection(
            id=new_id(),
            unit_id=filing.unit_id,
            period=filing.period,
            field_code=field_code,
            before=row.value,
            after=value,
            reason=reason,
            at=clock.now(),
            person_id=actor.person_id,
            person_name=actor.person_name,
            post_id=actor.post_id,
        )
    )
    row.value = value
    row.corrected_at = clock.now()
    session.flush()
    return row


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
    _lock_unit(session, unit.unit_id, period.name)
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
    if _is_complete(session, filing):
        # Other forms have asked for all of it: there is nothing left for anybody to do.
        _close(
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


def _close(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    filing: ReportFiling,
    by: str,
    asked: list[tuple[str, bool]],
) -> None:
    if filing.work_id:
        duties.close_work(session, actor, clock, subject_id=filing.id)
        filing.work_id = None
    known = {code for _, code in list_values(session, [filing.unit_id], filing.period)}
    filing.state = "filed"
    filing.filed_at = clock.now()
    filing.filed_by_name = by
    filing.in_time = clock.now() <= filing.due_at
    filing.reused = len(known & {code for code, _ in asked}) - filing.asked
    session.flush()


def _file_what_is_complete(
    session: Session, actor: Actor, clock: Clock, *, unit_id: UUID, period: str
) -> None:
    """File the unit's other forms of the period for which nothing is left to ask."""
    still_open = sa.select(ReportFiling).where(
        ReportFiling.unit_id == unit_id, ReportFiling.period == period, ReportFiling.state == "open"
    )
    for filing in session.scalars(still_open.order_by(ReportFiling.id).with_for_update()).all():
        if _is_complete(session, filing):
            asked = list_asked(session, filing.form_id)
            _close(session, actor, clock, filing=filing, by="系统（数据已采集）", asked=asked)


def _is_complete(session: Session, filing: ReportFiling) -> bool:
    known = {code for _, code in list_values(session, [filing.unit_id], filing.period)}
    return {code for code, _ in list_asked(session, filing.form_id)} <= known


def _checked(
    session: Session,
    *,
    asked: Mapping[str, bool],
    known: Mapping[str, FieldValue],
    values: Mapping[str, Any],
) -> dict[str, Any]:
    """The values that are new; Problem 422 with everything that is wrong."""
    rules = list_rules(session, asked)
    faults: dict[str, list[str]] = {}
    new: dict[str, Any] = {}
    for code, value in values.items():
        if code not in asked:
            faults[f"values.{code}"] = ["本报表没有这个字段"]
        elif code in known:
            if not _same(known[code].value, value):
                faults[f"values.{code}"] = [f"“{rules[code].name}”本期已经填过，不必再填；数据有误的请更正"]
        elif value is not None:
            if fault := field_fault(rules[code], value):
                faults[f"values.{code}"] = [fault]
            new[code] = value
    for code in missing_fields(list(asked.items()), {*known, *new}):
        faults.setdefault(f"values.{code}", []).append(f"“{rules[code].name}”必填")
    if faults:
        raise errors.values_invalid(faults)
    return new


def _same(before: Any, after: Any) -> bool:
    """JSON does not tell 1 from 1.0, but it does tell 1 from true."""
    return isinstance(before, bool) is isinstance(after, bool) and bool(before == after)


def _lock_unit(session: Session, unit_id: UUID, period: str) -> None:
    session.execute(_ONE_UNIT_AT_A_TIME, {"name": f"report {unit_id} {period}"})
