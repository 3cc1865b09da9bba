"""Reading what units filled in: filings, the values behind them, corrections, and a form's data of a period."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs.domain.reporting import FormState, PeriodKind, read_period
from services.affairs.errors import report_forms as errors
from services.affairs.models import FieldCorrection, FieldValue, ReportFiling, ReportForm, ReportFormField
from services.affairs.queries.report_forms import get_form, keeps_forms_of, list_form_fields, list_form_units
from services.affairs.queries.visibility import acting_posts
from shared.auth import Actor
from shared.directory import get_organ, list_line
from shared.flow.models import ItemStatus, WorkItem
from shared.permissions import Permission
from shared.web.paging import Page, make_page, read_cursor

_COLUMNS = [column.key for column in sa.inspect(ReportFiling).columns]


def own_units(session: Session, actor: Actor) -> list[UUID]:
    """The actor's unit and those above it up to its organ."""
    units: list[UUID] = []
    for unit in list_line(session, actor.unit_id) if actor.unit_id else []:
        units.append(unit.id)
        if unit.issues_documents:
            break
    return units


def fills_for(session: Session, actor: Actor, unit_id: UUID) -> bool:
    """Whether the actor is staff that fills forms for that unit."""
    return actor.may(Permission.AFFAIRS_HANDLE) and unit_id in own_units(session, actor)


def get_filing(
    session: Session, actor: Actor, filing_id: UUID, *, now: datetime, lock: bool = False
) -> tuple[ReportFiling, ReportForm]:
    """A filing and its form, for the unit's staff, whoever has it to do, and the keepers of the form; else 404."""
    wanted = sa.select(ReportFiling).where(ReportFiling.id == filing_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    filing = session.scalars(wanted).one_or_none()
    if filing is None:
        raise errors.filing_not_found(filing_id)
    form = get_form(session, filing.form_id)
    seen = (
        actor.is_system
        or filing.unit_id in own_units(session, actor)
        or keeps_forms_of(session, actor, form.unit_id)
        or _has_item(session, actor, filing.id, now=now)
    )
    if not seen:
        raise errors.filing_not_found(filing_id)
    return filing, form


def show_filing(session: Session, actor: Actor, filing_id: UUID, *, now: datetime) -> dict[str, Any]:
    """The prefilled form: each field with its value if the unit filled it for this period, in whichever form."""
    filing, form = get_filing(session, actor, filing_id, now=now)
    values = list_values(session, [filing.unit_id], filing.period)
    names = _names_of_forms(session, values)
    fields = [
        {**field, **_filled(values.get((filing.unit_id, field["code"])), names)}
        for field in list_form_fields(session, form.id)
    ]
    open_for_viewer = _has_item(session, actor, filing.id, now=now, only_open=True)
    return {
        **summary_of(filing, form, now=now),
        "fields": fields,
        "may_fill": filing.state == "open" and open_for_viewer,
        "may_correct": fills_for(session, actor, filing.unit_id),
    }


def summary_of(filing: ReportFiling, form: ReportForm, *, now: datetime) -> dict[str, Any]:
    """A filing's columns, its form, and whether it is late."""
    return {
        **{name: getattr(filing, name) for name in _COLUMNS},
        "form_name": form.name,
        "form_unit_name": form.unit_name,
        "period_label": PeriodKind(form.period).label,
        "overdue": filing.state == "open" and filing.due_at < now,
    }


def page_filings(
    session: Session, actor: Actor, *, query: Mapping[str, Any], now: datetime
) -> Page[dict[str, Any]]:
    """The filings of the actor's unit, and those of the forms that its organ keeps; newest first."""
    rows = sa.select(ReportFiling, ReportForm).join(ReportForm, ReportForm.id == ReportFiling.form_id)
    units = own_units(session, actor)
    seen: sa.ColumnElement[bool] = ReportFiling.unit_id.in_(units)
    if actor.unit_id and actor.may(Permission.AFFAIRS_FORMS_MANAGE):
        seen = sa.or_(seen, ReportForm.unit_id == get_organ(session, actor.unit_id).id)
    rows = rows.where(seen)
    for name in ("form_id", "unit_id", "period", "state"):
        if query[name]:
            rows = rows.where(getattr(ReportFiling, name) == query[name])
    if query["overdue"] is not None:
        late = sa.and_(ReportFiling.state == "open", ReportFiling.due_at < now)
        rows = rows.where(late if query["overdue"] else sa.not_(late))
    if query.get("after"):
        rows = rows.where(ReportFiling.id < read_cursor(query["after"], UUID)[0])
    found = session.execute(rows.order_by(ReportFiling.id.desc()).limit(query["limit"] + 1)).all()
    page = make_page(found, query["limit"], lambda row: (row[0].id,))
    return Page([summary_of(filing, form, now=now) for filing, form in page.items], page.next)


def list_values(
    session: Session, unit_ids: Sequence[UUID], period: str
) -> dict[tuple[UUID, str], FieldValue]:
    """What those units filled in for a period, by unit and field."""
    rows = sa.select(FieldValue).where(FieldValue.unit_id.in_(unit_ids), FieldValue.period == period)
    return {(row.unit_id, row.field_code): row for row in session.scalars(rows)}


def list_asked(session: Session, form_id: UUID) -> list[tuple[str, bool]]:
    """The fields of a form, and whether they are required."""
    rows = sa.select(ReportFormField.field_code, ReportFormField.required)
    found = rows.where(ReportFormField.form_id == form_id).order_by(ReportFormField.position)
    return [(code, required) for code, required in session.execute(found)]


def list_corrections(
    session: Session, actor: Actor, filing_id: UUID, *, now: datetime
) -> list[FieldCorrection]:
    """The corrections of what a filing shows, newest first."""
    filing, form = get_filing(session, actor, filing_id, now=now)
    codes = [code for code, _ in list_asked(session, form.id)]
    rows = sa.select(FieldCorrection).where(
        FieldCorrection.unit_id == filing.unit_id,
        FieldCorrection.period == filing.period,
        FieldCorrection.field_code.in_(codes),
    )
    return list(session.scalars(rows.order_by(FieldCorrection.at.desc(), FieldCorrection.id.desc())))


def form_data(session: Session, actor: Actor, form_id: UUID, *, period: str, now: datetime) -> dict[str, Any]:
    """A form's data of a period, unit by unit, for its keepers: values, and who has not filled it."""
    form = get_form(session, form_id)
    if not keeps_forms_of(session, actor, form.unit_id):
        raise errors.not_your_form(form.name)
    read = read_period(period)
    if read is None or read.kind != form.period:
        raise errors.period_unknown(period)
    units = list_form_units(session, form.id)
    filings = {
        row.unit_id: row
        for row in session.scalars(
            sa.select(ReportFiling).where(ReportFiling.form_id == form.id, ReportFiling.period == period)
        )
    }
    values = list_values(session, [unit.unit_id for unit in units], period)
    fields = list_form_fields(session, form.id)
    return {
        "form_id": form.id,
        "form_name": form.name,
        "period": period,
        "state_label": FormState(form.state).label,
        "fields": fields,
        "rows": [
            {
                "unit_id": unit.unit_id,
                "unit_name": unit.unit_name,
                **_stand_of(filings.get(unit.unit_id), now=now),
                # A value shows as soon as any form has it, but only what was filed is reported.
                "values": {
                    field["code"]: values[(unit.unit_id, field["code"])].value
                    for field in fields
                    if (unit.unit_id, field["code"]) in values
                },
            }
            for unit in units
        ],
    }


def _stand_of(filing: ReportFiling | None, *, now: datetime) -> dict[str, Any]:
    if filing is None:
        return {"filing_id": None, "state": "", "due_at": None, "filed_at": None, "overdue": False}
    late = filing.state == "open" and filing.due_at < now
    return {
        "filing_id": filing.id,
        "state": filing.state,
        "due_at": filing.due_at,
        "filed_at": filing.filed_at,
        "overdue": late,
    }


def _filled(value: FieldValue | None, names: Mapping[UUID, str]) -> dict[str, Any]:
    if value is None:
        return {"value": None, "from_form": "", "filled_at": None, "filled_by_name": "", "corrected_at": None}
    return {
        "value": value.value,
        "from_form": names.get(value.form_id, ""),
        "filled_at": value.filled_at,
        "filled_by_name": value.filled_by_name,
        "corrected_at": value.corrected_at,
    }


def _names_of_forms(session: Session, values: Mapping[Any, FieldValue]) -> dict[UUID, str]:
    ids = {value.form_id for value in values.values()}
    rows = session.execute(sa.select(ReportForm.id, ReportForm.name).where(ReportForm.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _has_item(
    session: Session, actor: Actor, filing_id: UUID, *, now: datetime, only_open: bool = False
) -> bool:
    posts = acting_posts(session, actor, now=now)
    mine = sa.select(WorkItem.id).where(WorkItem.subject_id == filing_id, WorkItem.post_id.in_(posts))
    if only_open:
        mine = mine.where(WorkItem.status == ItemStatus.OPEN)
    return session.scalars(mine.limit(1)).first() is not None
