"""The local rules in force: which retention schedule holds for a unit, and how a fonds numbers its items."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.archives import errors
from services.archives.domain.archival_number import DEFAULT_TEMPLATE
from services.archives.domain.retention import NoScheduleInForce, RetentionSchedule
from services.archives.domain.retention_table import load_schedule
from services.archives.domain.unit_code import DEFAULT_CODE
from services.archives.models import FondsSetting, RetentionScheduleVersion
from services.archives.queries.visibility import find_organ_id, list_kept_fonds
from shared.auth import Actor
from shared.directory import DirectoryUnit, list_line


def schedule_for(session: Session, unit_id: UUID, *, on: date) -> RetentionSchedule:
    """The schedule in force for a unit: its own, else that of the nearest unit above, else the shipped one.

    NoScheduleInForce when there is none on that day.
    """
    row = _row_for(session, unit_id, on=on)
    return load_schedule(table_of(row))


def show_schedule(session: Session, actor: Actor, *, on: date) -> RetentionScheduleVersion:
    """The version in force for the actor's organ on that day; Problem 404 when there is none."""
    try:
        return _row_for(session, find_organ_id(session, actor), on=on)
    except NoScheduleInForce as error:
        raise errors.no_schedule(on.isoformat()) from error


def list_schedules(session: Session, actor: Actor) -> list[RetentionScheduleVersion]:
    """Every version that holds or held for the actor's organ, newest first."""
    wanted = sa.select(RetentionScheduleVersion).where(_of_line(session, find_organ_id(session, actor)))
    return list(
        session.scalars(
            wanted.order_by(
                RetentionScheduleVersion.effective_from.desc(), RetentionScheduleVersion.put_at.desc()
            )
        )
    )


def table_of(row: RetentionScheduleVersion) -> dict[str, Any]:
    """A version as JSON values, the form in which it is edited."""
    return {
        "version": row.version,
        "effective_from": row.effective_from.isoformat(),
        "approval": row.approval,
        "rules": row.rules,
    }


def setting_of(session: Session, fonds_code: str) -> FondsSetting:
    """How the fonds numbers its items; the defaults, not yet stored, when nobody set anything."""
    return session.get(FondsSetting, fonds_code) or FondsSetting(
        fonds_code=fonds_code,
        revision=0,
        template=DEFAULT_TEMPLATE,
        category="WS",
        name="",
        archive_name="",
        archive_code="",
        default_unit_code=DEFAULT_CODE,
        unit_codes={},
    )


def get_kept_fonds(session: Session, actor: Actor, fonds_code: str) -> DirectoryUnit:
    """The unit of a fonds that the actor keeps; Problem 404 when there is none."""
    for unit in list_kept_fonds(session, actor):
        if unit.fonds_code == fonds_code:
            return unit
    raise errors.fonds_not_found(fonds_code)


def show_fonds(session: Session, unit: DirectoryUnit) -> dict[str, Any]:
    """A fonds with its unit and setting."""
    setting = setting_of(session, unit.fonds_code or "")
    columns = {column.key: getattr(setting, column.key) for column in sa.inspect(FondsSetting).columns}
    return {**columns, "unit_id": unit.id, "unit_name": unit.name}


def _row_for(session: Session, unit_id: UUID | None, *, on: date) -> RetentionScheduleVersion:
    started = list(
        session.scalars(
            sa.select(RetentionScheduleVersion)
            .where(_of_line(session, unit_id), RetentionScheduleVersion.effective_from <= on)
            .order_by(RetentionScheduleVersion.effective_from.desc())
        )
    )
    for owner in [*_line(session, unit_id), None]:
        if row := next((row for row in started if row.unit_id == owner), None):
            return row
    raise NoScheduleInForce(f"{on.isoformat()} 尚无生效的保管期限表")


def _line(session: Session, unit_id: UUID | None) -> list[UUID]:
    return [unit.id for unit in list_line(session, unit_id)] if unit_id else []


def _of_line(session: Session, unit_id: UUID | None) -> sa.ColumnElement[bool]:
    column = RetentionScheduleVersion.unit_id
    return sa.or_(column.is_(None), column.in_(_line(session, unit_id)))
