"""The local rules in force: which retention schedule holds for a unit, and how a fonds numbers its items."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.archives import errors
from services.archives.domain.archival_number import DEFAULT_TEMPLATE
from services.archives.domain.filing import archive_division
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


def setting_of(session: Session, unit: DirectoryUnit) -> FondsSetting:
    """How the unit's fonds numbers its items; the defaults, not yet stored, when nobody set anything."""
    key = _key_of(unit)
    return session.get(FondsSetting, key) or _usual_setting(key)


def _key_of(unit: DirectoryUnit) -> tuple[str, str]:
    return archive_division(unit.division_code), unit.fonds_code or ""


def _usual_setting(key: tuple[str, str]) -> FondsSetting:
    return FondsSetting(
        division_code=key[0],
        fonds_code=key[1],
        revision=0,
        template=DEFAULT_TEMPLATE,
        category="WS",
        name="",
        archive_name="",
        archive_code="",
        default_unit_code=DEFAULT_CODE,
        unit_codes={},
    )


def get_kept_fonds(session: Session, actor: Actor, fonds_code: str, *, division: str | None) -> DirectoryUnit:
    """The unit of a fonds that the actor keeps. Problem 404 when there is none, 409 when several archives have one of
    that number and no division is named."""
    found = {
        archive_division(unit.division_code): unit
        for unit in list_kept_fonds(session, actor, fonds_code=fonds_code)
        if division in (None, archive_division(unit.division_code))
    }
    if not found:
        raise errors.fonds_not_found(fonds_code)
    if len(found) > 1:
        raise errors.fonds_ambiguous(fonds_code, {place: unit.name for place, unit in found.items()})
    return next(iter(found.values()))


def list_fonds(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """Every fonds that the actor keeps, with its unit and setting; two queries whatever their number."""
    units = list_kept_fonds(session, actor)
    key = sa.tuple_(FondsSetting.division_code, FondsSetting.fonds_code)
    rows = session.scalars(sa.select(FondsSetting).where(key.in_([_key_of(unit) for unit in units])))
    settings = {(row.division_code, row.fonds_code): row for row in rows}
    return [_view(unit, settings.get(_key_of(unit)) or _usual_setting(_key_of(unit))) for unit in units]


def show_fonds(session: Session, unit: DirectoryUnit) -> dict[str, Any]:
    """A fonds with its unit and setting."""
    return _view(unit, setting_of(session, unit))


def _view(unit: DirectoryUnit, setting: FondsSetting) -> dict[str, Any]:
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
