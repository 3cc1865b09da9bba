"""Settling what a unit files in a period (一表同享): one unit and period at a time, and everything that is complete."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs.models import ReportFiling
from services.affairs.queries.report_filings import list_asked, list_values
from shared.auth import Actor
from shared.clock import Clock
from shared.flow import duties

_ONE_UNIT_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


def lock_unit(session: Session, unit_id: UUID, period: str) -> None:
    """Nobody else files for that unit and period until the transaction ends."""
    session.execute(_ONE_UNIT_AT_A_TIME, {"name": f"report {unit_id} {period}"})


def close_filing(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    filing: ReportFiling,
    by: str,
    asked: list[tuple[str, bool]],
) -> None:
    """The filing is done: its work ends, and it says how much of it was there already."""
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


def file_what_is_complete(
    session: Session, actor: Actor, clock: Clock, *, unit_id: UUID, period: str
) -> None:
    """File the unit's other forms of the period for which nothing is left to ask."""
    still_open = sa.select(ReportFiling).where(
        ReportFiling.unit_id == unit_id, ReportFiling.period == period, ReportFiling.state == "open"
    )
    for filing in session.scalars(still_open.order_by(ReportFiling.id).with_for_update()).all():
        if is_complete(session, filing):
            asked = list_asked(session, filing.form_id)
            close_filing(session, actor, clock, filing=filing, by="系统（数据已采集）", asked=asked)


def is_complete(session: Session, filing: ReportFiling) -> bool:
    """Whether nothing is left to ask for it."""
    known = {code for _, code in list_values(session, [filing.unit_id], filing.period)}
    return {code for code, _ in list_asked(session, filing.form_id)} <= known
