"""Reading the registry of report forms (一表同享): the dictionary, the forms, what is collected already."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs.domain.reporting import Collected, FieldKind, FieldRule, FormState, PeriodKind, overlaps
from services.affairs.errors import report_forms as errors
from services.affairs.models import ReportForm, ReportFormField, ReportFormUnit, SharedField
from services.affairs.queries.visibility import acting_posts
from shared.auth import Actor
from shared.directory import DirectoryUnit, get_organ, list_holders, list_line
from shared.flow.models import ItemStatus, WorkItem
from shared.permissions import Permission
from shared.web.paging import Page, make_page, read_cursor

_COLUMNS = [column.key for column in sa.inspect(ReportForm).columns]


def page_fields(session: Session, *, query: Mapping[str, Any]) -> Page[SharedField]:
    """The dictionary by code; `q` finds in codes and names."""
    rows = sa.select(SharedField)
    if query["q"]:
        words = f"%{_escaped(query['q'])}%"
        rows = rows.where(sa.or_(SharedField.name.ilike(words), SharedField.code.ilike(words)))
    if query.get("after"):
        rows = rows.where(SharedField.code > read_cursor(query["after"], str)[0])
    found = session.scalars(rows.order_by(SharedField.code).limit(query["limit"] + 1)).all()
    return make_page(found, query["limit"], lambda row: (row.code,))


def list_rules(session: Session, codes: Collection[str]) -> dict[str, FieldRule]:
    """What the dictionary says of those fields, by code."""
    rows = session.scalars(sa.select(SharedField).where(SharedField.code.in_(codes)))
    return {
        row.code: FieldRule(
            code=row.code, name=row.name, kind=FieldKind(row.kind), choices=tuple(row.choices)
        )
        for row in rows
    }


def get_form(session: Session, form_id: UUID, *, lock: bool = False) -> ReportForm:
    """The form; Problem 404 when there is none."""
    wanted = sa.select(ReportForm).where(ReportForm.id == form_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    form = session.scalars(wanted).one_or_none()
    if form is None:
        raise errors.form_not_found(form_id)
    return form


def keeps_forms_of(session: Session, actor: Actor, unit_id: UUID) -> bool:
    """Whether the actor keeps the report forms of that organ."""
    if actor.unit_id is None or not actor.may(Permission.AFFAIRS_FORMS_MANAGE):
        return False
    return get_organ(session, actor.unit_id).id == unit_id


def list_form_fields(session: Session, form_id: UUID) -> list[dict[str, Any]]:
    """The fields of a form in its order, with what the dictionary says of them."""
    rows = session.execute(
        sa.select(ReportFormField, SharedField)
        .join(SharedField, SharedField.code == ReportFormField.field_code)
        .where(ReportFormField.form_id == form_id)
        .order_by(ReportFormField.position)
    )
    return [
        {
            "code": field.code,
            "name": field.name,
            "kind": field.kind,
            "measure": field.measure,
            "choices": field.choices,
            "note": field.note,
            "required": asked.required,
        }
        for asked, field in rows
    ]


def list_form_units(session: Session, form_id: UUID) -> list[ReportFormUnit]:
    """The units that must fill a form."""
    rows = sa.select(ReportFormUnit).where(ReportFormUnit.form_id == form_id)
    return list(session.scalars(rows.order_by(ReportFormUnit.position)))


def find_overlaps(
    session: Session, *, field_codes: Collection[str], unit_ids: Collection[UUID]
) -> list[dict[str, Any]]:
    """What those fields would ask of those units once more: forms in force, and those that wait for a decision."""
    rows = session.execute(
        sa.select(ReportForm, ReportFormField.field_code, SharedField.name, ReportFormUnit.unit_id)
        .join(ReportFormField, ReportFormField.form_id == ReportForm.id)
        .join(SharedField, SharedField.code == ReportFormField.field_code)
        .join(ReportFormUnit, ReportFormUnit.form_id == ReportForm.id)
        .where(ReportForm.state.in_([FormState.IN_FORCE.value, FormState.HELD.value]))
        .where(ReportFormField.field_code.in_(field_codes), ReportFormUnit.unit_id.in_(unit_ids))
        .order_by(ReportFormField.field_code, ReportForm.id)
    )
    units: dict[tuple[str, UUID], set[UUID]] = {}
    named: dict[tuple[str, UUID], tuple[ReportForm, str]] = {}
    for form, code, name, unit_id in rows:
        units.setdefault((code, form.id), set()).add(unit_id)
        named[(code, form.id)] = (form, name)
    collected = [
        Collected(
            field_code=code,
            field_name=named[(code, form_id)][1],
            form_id=form_id,
            form_name=named[(code, form_id)][0].name,
            form_unit_name=named[(code, form_id)][0].unit_name,
            unit_ids=frozenset(asked),
        )
        for (code, form_id), asked in units.items()
    ]
    return overlaps(field_codes, unit_ids, collected)


def show_form(session: Session, actor: Actor, form_id: UUID, *, now: datetime) -> dict[str, Any]:
    """A form with its fields and units, and whether the viewer may decide on it."""
    form = get_form(session, form_id)
    mine = sa.select(WorkItem.id).where(
        WorkItem.subject_id == form.id,
        WorkItem.status == ItemStatus.OPEN,
        WorkItem.post_id.in_(acting_posts(session, actor, now=now)),
    )
    return {
        **summary_of(form),
        "fields": list_form_fields(session, form.id),
        "units": list_form_units(session, form.id),
        "may_decide": session.scalars(mine.limit(1)).first() is not None,
        "may_manage": keeps_forms_of(session, actor, form.unit_id),
    }


def summary_of(form: ReportForm) -> dict[str, Any]:
    """A form's columns, with the Chinese names of its state and period."""
    return {
        **{name: getattr(form, name) for name in _COLUMNS},
        "state_label": FormState(form.state).label,
        "period_label": PeriodKind(form.period).label,
    }


def page_forms(session: Session, *, query: Mapping[str, Any]) -> Page[dict[str, Any]]:
    """Forms, newest first: of an organ, in a state, that ask for a field, that a unit must fill."""
    rows = sa.select(ReportForm)
    if query["unit_id"]:
        rows = rows.where(ReportForm.unit_id == query["unit_id"])
    if query["state"]:
        rows = rows.where(ReportForm.state == query["state"])
    if query["field_code"]:
        asking = sa.select(ReportFormField.form_id).where(ReportFormField.field_code == query["field_code"])
        rows = rows.where(ReportForm.id.in_(asking))
    if query["filled_by"]:
        filled = sa.select(ReportFormUnit.form_id).where(ReportFormUnit.unit_id == query["filled_by"])
        rows = rows.where(ReportForm.id.in_(filled))
    if query.get("after"):
        rows = rows.where(ReportForm.id < read_cursor(query["after"], UUID)[0])
    found = session.scalars(rows.order_by(ReportForm.id.desc()).limit(query["limit"] + 1)).all()
    page = make_page(found, query["limit"], lambda row: (row.id,))
    return Page([summary_of(row) for row in page.items], page.next)


def approvers_of(session: Session, unit_id: UUID, *, without: UUID | None) -> list[UUID]:
    """The posts that decide on a form that asks once more: the keepers of forms of the nearest organ above (or of its
    general office), else the leaders of the organ itself; never its proposer.
    """
    for unit in list_line(session, unit_id)[1:]:
        offices = sa.select(DirectoryUnit.id).where(
            DirectoryUnit.parent_id == unit.id, DirectoryUnit.kind == "general_office", DirectoryUnit.active
        )
        for organ in (unit.id, *session.scalars(offices.order_by(DirectoryUnit.position))):
            if organ != unit_id and (
                found := _holding(session, organ, Permission.AFFAIRS_FORMS_MANAGE, without)
            ):
                return found
    return _holding(session, unit_id, Permission.AFFAIRS_DECIDE, without)


def _holding(session: Session, unit_id: UUID, permission: Permission, without: UUID | None) -> list[UUID]:
    cards = list_holders(session, unit_id, permission)
    return [card.post_id for card in cards if card.post_id != without]


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
