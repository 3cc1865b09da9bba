"""The one clock of a bundle: it rests with its longest path; when it is over, supervision hears of what never began."""

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa

from services.affairs.commands.bundle_desk import BundleDesk
from services.affairs.commands.desk import Desk
from services.affairs.commands.watch import tell_overdue
from services.affairs.domain.bundle_steps import BundleVerb
from services.affairs.domain.bundles import ENDED_PARTS, BundleState, Part, PartState, later_by
from services.affairs.domain.states import CaseState
from services.affairs.domain.timing import add_halves, counted_halves, due_of
from services.affairs.models import Case, ClockStop
from services.affairs.queries.bundle_applications import stand_of
from shared.calendar_days import work_calendar
from shared.clock import local_date


def move_due(desk: BundleDesk) -> None:
    """Let the whole be due later by what its parts have rested until now, as far as that makes the longest path longer.

    What rests once the whole is late moves nothing: a promise is not mended by stopping the clock.
    """
    application = desk.application
    if application.accepted_at is None or application.overdue_at is not None:
        return
    parts = desk.parts()
    rested = _rested(desk, {part.matter_id: case for part, case in parts})
    if not any(rested.values()):
        return
    accepted_on = local_date(application.accepted_at)
    calendar = work_calendar(desk.session, unit_id=application.unit_id, since=accepted_on)
    promised = due_of(calendar, accepted_on, application.promised_days)
    order = [
        Part(matter_id=part.matter_id, days=part.promised_days, after=tuple(part.after)) for part, _ in parts
    ]
    application.due_at = add_halves(calendar, promised, later_by(order, rested))


def is_late(desk: BundleDesk) -> bool:
    """Whether the promise for the whole is over, with what its parts have rested."""
    application = desk.application
    if application.due_at is None or application.due_at >= desk.now:
        return False
    move_due(desk)
    return application.due_at < desk.now


def note_overdue(desk: BundleDesk) -> None:
    """Note once that the whole is late, and tell supervision of every part that may begin then and does not.

    A part that was begun has a clock of its own that tells of it; one that cannot begin has none.
    """
    application = desk.application
    if application.state != BundleState.UNDER_WAY:
        return
    if application.overdue_at is None:
        if not is_late(desk):
            return
        application.overdue_at = desk.now
        late = [case.matter_name for part, case in desk.parts() if stand_of(part, case) not in ENDED_PARTS]
        desk.note(BundleVerb.FALL_OVERDUE, late=late)
    _tell_of_waiting(desk)
    desk.session.flush()


def _tell_of_waiting(desk: BundleDesk) -> None:
    parts, due_at = desk.parts(), desk.application.due_at
    granted = {part.matter_id for part, case in parts if stand_of(part, case) is PartState.GRANTED}
    for part, case in parts:
        waits = case.state == CaseState.CHECKING and case.overdue_at is None
        if waits and due_at is not None and set(part.after) <= granted:
            tell_overdue(desk.desk_of(case), late=(case.unit_id, case.unit_name), due_at=due_at)


def _rested(desk: BundleDesk, cases: Mapping[UUID, Case]) -> dict[UUID, int]:
    """The half days that the clock of each part has stood still, by matter; one that stands counts until now."""
    by_case = {case.id: (matter_id, case) for matter_id, case in cases.items()}
    rested = dict.fromkeys(cases, 0)
    for stop in desk.session.scalars(sa.select(ClockStop).where(ClockStop.case_id.in_(by_case))):
        matter_id, case = by_case[stop.case_id]
        halves = stop.half_days
        if halves is None and case.accepted_at is not None:
            halves = counted_halves(
                Desk(desk.session, desk.actor, desk.clock, case=case).calendar,
                accepted_on=local_date(case.accepted_at),
                since=stop.began_at,
                # Withdrawn while it stood, it rests no longer.
                until=case.decided_at or desk.now,
            )
        rested[matter_id] += halves or 0
    return rested
