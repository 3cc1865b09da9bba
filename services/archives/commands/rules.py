"""Changing the local rules of filing: a new version of the retention schedule, and how a fonds numbers its items."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.archives import errors
from services.archives.domain.archival_number import CATEGORIES, ArchivalNumberInvalid, Template
from services.archives.domain.retention_defaults import SHIPPED_SCHEDULES
from services.archives.domain.retention_table import ScheduleInvalid, dump_schedule, load_schedule
from services.archives.domain.unit_code import is_unit_code
from services.archives.local_rules import FONDS, FondsRuleSchema
from services.archives.models import RetentionScheduleVersion
from services.archives.queries.rules import setting_of, subject_of
from services.archives.queries.visibility import find_organ_id
from shared.auth import Actor
from shared.clock import Clock
from shared.dated_rules import set_rule
from shared.directory import DirectoryUnit
from shared.ids import new_id


def ship_schedule(session: Session, actor: Actor, clock: Clock) -> None:
    """Put the schedules in force that every installation has, unless they are there."""
    for schedule in SHIPPED_SCHEDULES:
        table = dump_schedule(schedule)
        row = insert(RetentionScheduleVersion).values(
            id=new_id(),
            unit_id=None,
            version=table["version"],
            effective_from=schedule.effective_from,
            approval=table["approval"],
            rules=table["rules"],
            put_at=clock.now(),
            put_by_name=actor.person_name,
        )
        session.execute(row.on_conflict_do_nothing())


def put_schedule(
    session: Session, actor: Actor, clock: Clock, *, table: Mapping[str, Any]
) -> RetentionScheduleVersion:
    """Put a new version in force for the actor's organ and those below it, with the archive authority's consent.

    Problem 422 names every faulty row, 409 when the version or its first day is in use. Decisions made stay.
    """
    try:
        schedule = load_schedule(table)
    except ScheduleInvalid as error:
        raise errors.schedule_invalid(error.reasons) from error
    organ_id = find_organ_id(session, actor)
    if organ_id is None:
        raise errors.no_organ()
    same = sa.or_(
        RetentionScheduleVersion.version == schedule.version,
        RetentionScheduleVersion.effective_from == schedule.effective_from,
    )
    if session.scalar(sa.select(sa.exists().where(RetentionScheduleVersion.unit_id == organ_id, same))):
        raise errors.schedule_exists(schedule.version, schedule.effective_from.isoformat())
    row = RetentionScheduleVersion(
        id=new_id(),
        unit_id=organ_id,
        version=schedule.version,
        effective_from=schedule.effective_from,
        approval=schedule.approval,
        rules=dump_schedule(schedule)["rules"],
        put_at=clock.now(),
        put_by_name=actor.person_name,
    )
    session.add(row)
    session.flush()
    return row


def set_fonds(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    unit: DirectoryUnit,
    wanted: Mapping[str, Any],
    expected_revision: int | None,
    reason: str = "",
) -> None:
    """Change how the fonds numbers its items from today on; numbers that were given stay.

    Problem 422 when numbers could not be formed, 412 when somebody else was faster.
    """
    setting = setting_of(session, unit, on=clock.today())
    if expected_revision is not None and expected_revision != setting.revision:
        raise errors.changed_by_another()
    if faults := _faults(wanted):
        raise errors.fonds_invalid(faults)
    before = {name: getattr(setting, name) for name in FondsRuleSchema().fields}
    set_rule(
        session,
        actor,
        clock,
        table=FONDS,
        subject=subject_of(unit),
        value={**before, **wanted},
        valid_from=clock.today(),
        reason=reason,
        expected_revision=setting.revision,
    )


def _faults(wanted: Mapping[str, Any]) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    if "template" in wanted:
        try:
            Template(wanted["template"])
        except ArchivalNumberInvalid as error:
            faults["template"] = list(error.reasons)
    if "category" in wanted and wanted["category"] not in CATEGORIES:
        faults["category"] = [f"档案门类代码应为下列之一：{'、'.join(CATEGORIES)}"]
    codes = {**wanted.get("unit_codes", {})}
    if "default_unit_code" in wanted:
        codes["default_unit_code"] = wanted["default_unit_code"]
    for name, code in codes.items():
        if not is_unit_code(code):
            field = name if name == "default_unit_code" else "unit_codes"
            faults.setdefault(field, []).append(f"“{code}”应为 1–20 个大写字母、数字或汉字")
    return faults
