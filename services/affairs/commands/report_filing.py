"""Filling report forms (一表同享): a field once per unit and period, whichever form asked first."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.affairs.commands.report_opening import FILL_STEP
from services.affairs.commands.report_settling import close_filing, file_what_is_complete, lock_unit
from services.affairs.domain.reporting import field_fault, missing_fields
from services.affairs.domain.secrecy import refuse_secret, texts_in
from services.affairs.errors import report_forms as errors
from services.affairs.models import FieldCorrection, FieldValue, ReportFiling
from services.affairs.queries.report_filings import fills_for, get_filing, list_asked, list_values
from services.affairs.queries.report_forms import list_rules
from shared.auth import Actor
from shared.clock import Clock
from shared.flow import duties
from shared.ids import new_id


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
    lock_unit(session, filing.unit_id, filing.period)
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
    close_filing(session, actor, clock, filing=filing, by=actor.person_name, asked=asked)
    file_what_is_complete(session, actor, clock, unit_id=filing.unit_id, period=filing.period)
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
    lock_unit(session, filing.unit_id, filing.period)
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
