"""The local rules in force: which retention schedule holds for a unit, and how a fonds numbers its items."""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.archives import errors
from services.archives.domain.filing import FondsSetting, archive_division
from services.archives.domain.retention import NoScheduleInForce, RetentionSchedule
from services.archives.domain.retention_table import load_schedule
from services.archives.local_rules import FONDS
from services.archives.models import RetentionScheduleVersion
from services.archives.queries.visibility import find_organ_id, list_kept_fonds
from shared.auth import Actor
from shared.dated_rules import Rule, list_rules_on, rule_on
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


def setting_of(session: Session, unit: DirectoryUnit, *, on: date) -> FondsSetting:
    """How the unit's fonds numbers its items on that day; the defaults when nobody set anything."""
    subject = subject_of(unit)
    return _setting(unit, rule_on(session, FONDS, on, subjects=[subject]))


def subject_of(unit: DirectoryUnit) -> str:
    """What the setting of the unit's fonds is kept under."""
    return f"{archive_division(unit.division_code)} {unit.fonds_code or ''}"


def _setting(unit: DirectoryUnit, rule: Rule) -> FondsSetting:
    return FondsSetting(
        division_code=archive_division(unit.division_code),
        fonds_code=unit.fonds_code or "",
        revision=rule.revision,
        **rule.value,
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


def list_fonds(session: Session, actor: Actor, *, on: date) -> list[dict[str, Any]]:
    """Every fonds that the actor keeps, with its unit and setting; two queries whatever their number."""
    units = list_kept_fonds(session, actor)
    rules = list_rules_on(session, FONDS, on)
    return [_view(unit, _setting(unit, rules.get(subject_of(unit), rules[""]))) for unit in units]


def show_fonds(session: Session, unit: DirectoryUnit, *, on: date) -> dict[str, Any]:
    """A fonds with its unit and setting."""
    return _view(unit, setting_of(session, unit, on=on))


def _view(unit: DirectoryUnit, setting: FondsSetting) -> dict[str, Any]:
    return {**asdict(setting), "unit_id": unit.id, "unit_name": unit.name}


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
