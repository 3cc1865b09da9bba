"""Which rule holds on a day."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from shared.dated_rules.models import RuleVersion
from shared.dated_rules.tables import Rule, RuleTable
from shared.directory import list_line

FOR_ALL = ""


def rule_on(session: Session, table: RuleTable, day: date, *, subjects: Sequence[str] = ()) -> Rule:
    """What holds on that day: the first of `subjects` that has a rule of its own, else the one for all, else the
    shipped default."""
    wanted = (*subjects, FOR_ALL)
    found = {row.subject: row for row in session.scalars(_in_force(table, day, subjects=wanted))}
    for subject in wanted:
        row = found.get(subject)
        if row is not None and row.value is not None:
            return _rule(table, row)
    return _default(table)


def rule_for_unit(session: Session, table: RuleTable, day: date, *, unit_id: UUID) -> Rule:
    """What holds for a unit on that day: its own rule, else that of the nearest unit above that has one, else as for
    all."""
    line = [str(unit.id) for unit in list_line(session, unit_id)]
    return rule_on(session, table, day, subjects=line or (str(unit_id),))


def list_rules_on(session: Session, table: RuleTable, day: date) -> dict[str, Rule]:
    """Every subject's own rule on that day, by subject; what holds for all is always among them, under ''."""
    rows = session.scalars(_in_force(table, day))
    own = {row.subject: _rule(table, row) for row in rows if row.value is not None}
    return {FOR_ALL: _default(table), **own}


def list_versions(session: Session, table: RuleTable, *, subject: str | None = None) -> list[RuleVersion]:
    """Everything that was ever set, of one subject or of all, latest first: who, when, what, from which day on, why."""
    rows = sa.select(RuleVersion).where(RuleVersion.rule == table.name)
    if subject is not None:
        rows = rows.where(RuleVersion.subject == subject)
    latest_first = (RuleVersion.set_at.desc(), RuleVersion.subject, RuleVersion.revision.desc())
    return list(session.scalars(rows.order_by(*latest_first)))


def _in_force(
    table: RuleTable, day: date, *, subjects: Sequence[str] | None = None
) -> sa.Select[RuleVersion]:
    rows = sa.select(RuleVersion).where(RuleVersion.rule == table.name, RuleVersion.valid_from <= day)
    if subjects is not None:
        rows = rows.where(RuleVersion.subject.in_(subjects))
    latest = (RuleVersion.subject, RuleVersion.valid_from.desc(), RuleVersion.revision.desc())
    return rows.ext(distinct_on(RuleVersion.subject)).order_by(*latest)


def _rule(table: RuleTable, row: RuleVersion) -> Rule:
    return Rule(
        value=table.load(row.value or {}),
        subject=row.subject,
        revision=row.revision,
        valid_from=row.valid_from,
        source=row.reason,
        set_at=row.set_at,
        set_by_name=row.person_name,
    )


def _default(table: RuleTable) -> Rule:
    value = None if table.default is None else table.load(table.default)
    return Rule(value=value, source=table.source)
