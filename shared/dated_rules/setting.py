"""Setting a rule from a day on."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.auth.actor import Actor
from shared.clock import Clock
from shared.dated_rules import errors
from shared.dated_rules.looking import FOR_ALL, list_versions
from shared.dated_rules.models import RuleVersion
from shared.dated_rules.tables import RuleTable


def set_rule(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    table: RuleTable,
    value: Mapping[str, Any],
    valid_from: date,
    reason: str,
    subject: str = FOR_ALL,
    expected_revision: int | None = None,
) -> RuleVersion:
    """Let a rule say this from a day on, until a later day that another version is from; what was set stays on record.

    `value` is in JSON form. Problem 422 says what does not fit the rule's schema, 412 that somebody was faster than
    `expected_revision` (0: nobody set it yet).
    """
    if faults := table.schema().validate(value):
        raise errors.value_invalid(table, faults)
    stated = {"value": dict(value), "valid_from": valid_from, "reason": reason, "subject": subject}
    return _add(session, actor, clock, table=table, stated=stated, expected_revision=expected_revision)


def lift_rule(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    table: RuleTable,
    valid_from: date,
    reason: str,
    subject: str = FOR_ALL,
    expected_revision: int | None = None,
) -> RuleVersion:
    """Let a subject's own rule end on a day: from then on it is as for all, or as shipped.

    Problem 422 when the subject has none of its own.
    """
    own = [row for row in list_versions(session, table, subject=subject) if row.valid_from <= valid_from]
    latest = max(own, key=lambda row: (row.valid_from, row.revision), default=None)
    if latest is None or latest.value is None:
        raise errors.nothing_to_lift(table)
    stated = {"value": None, "valid_from": valid_from, "reason": reason, "subject": subject}
    return _add(session, actor, clock, table=table, stated=stated, expected_revision=expected_revision)


def _add(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    table: RuleTable,
    stated: Mapping[str, Any],
    expected_revision: int | None,
) -> RuleVersion:
    last = _last_revision(session, table, stated["subject"])
    if expected_revision is not None and expected_revision != last:
        raise errors.changed_by_another(table)
    row = RuleVersion(
        rule=table.name,
        revision=last + 1,
        set_at=clock.now(),
        person_id=actor.person_id,
        person_name=actor.person_name,
        **stated,
    )
    session.add(row)
    session.flush()
    return row


def _last_revision(session: Session, table: RuleTable, subject: str) -> int:
    """The last revision; until this transaction ends, nobody else can add the next one."""
    lock = sa.func.hashtextextended(f"rule_version {table.name} {subject}", 0)
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(lock)))
    last = sa.select(sa.func.max(RuleVersion.revision)).where(
        RuleVersion.rule == table.name, RuleVersion.subject == subject
    )
    return session.scalar(last) or 0
