"""How a bundle goes on: what waits for nothing more begins, what can no longer begin ends, and one day all is done."""

import logging
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from services.affairs.commands.bundle_clock import is_late, move_due, note_overdue
from services.affairs.commands.bundle_desk import BundleDesk, open_bundle_desk
from services.affairs.commands.check import accept_part
from services.affairs.commands.desk import Desk
from services.affairs.commands.pausing import each_by_itself, is_awake
from services.affairs.commands.refusing import refuse_part
from services.affairs.domain.bundle_steps import BundleVerb
from services.affairs.domain.bundles import ENDED_PARTS, BundleState, Part, PartState, blocked_parts
from services.affairs.domain.states import ENDED_STATES, CaseState
from services.affairs.domain.steps import DECIDE, JOINT
from services.affairs.models import BundleApplication, BundlePart, Case
from services.affairs.queries.bundle_applications import stand_of
from services.affairs.queries.people import version_of
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import list_holders
from shared.errors import Problem
from shared.events.affairs import BundleFinished
from shared.flow.catalog import definition_of, get_version_id
from shared.permissions import Permission

_TIMER = "watch_bundles"
logger = logging.getLogger(__name__)
Choices = Mapping[UUID, Mapping[str, Mapping[str, Any]]]
_REFUSED = frozenset({PartState.REFUSED, PartState.WITHDRAWN, PartState.BLOCKED})


def follow_case(session: Session, actor: Actor, clock: Clock, *, case_id: UUID) -> None:
    """A case was decided, refused or resumed: if it is a bundle's, the bundle goes on. Safe to repeat."""
    bundle_id = session.scalar(sa.select(Case.bundle_id).where(Case.id == case_id))
    if bundle_id is not None:
        follow_bundle(session, actor, clock, application_id=bundle_id)


def follow_bundle(session: Session, actor: Actor, clock: Clock, *, application_id: UUID) -> bool:
    """Bring an application up to date with its cases. What cannot begin now is tried again by the timer: False."""
    desk = open_bundle_desk(session, actor, clock, application_id=application_id)
    if desk.application.state == BundleState.UNDER_WAY:
        move_due(desk)
        return settle_bundle(desk)
    if desk.application.state in (BundleState.CHECKING, BundleState.COMPLETING):
        _end_when_nothing_is_left(desk)
    return True


def watch_bundles(session: Session, actor: Actor, clock: Clock, *, batch: int = 100) -> int:
    """Note which bundles fell overdue, and let those go on in which something waits without need. Says how many.

    Each in a savepoint of its own: one that fails stands in nobody's way.
    """
    wanted = sa.select(BundleApplication.id, BundleApplication.correlation_id).where(
        BundleApplication.finished_at.is_(None),
        is_awake(_TIMER, BundleApplication.id, now=clock.now()),
        sa.or_(
            sa.and_(BundleApplication.due_at < clock.now(), BundleApplication.overdue_at.is_(None)),
            BundleApplication.id.in_(_with_unseen_ends()),
            sa.and_(
                BundleApplication.state == BundleState.UNDER_WAY.value,
                BundleApplication.id.in_(_with_needless_waits()),
            ),
        ),
    )
    found = session.execute(wanted.order_by(BundleApplication.id).limit(batch)).all()
    chains: dict[UUID, UUID] = {row.id: row.correlation_id for row in found}

    def see_to(application_id: UUID) -> bool:
        own = actor.within(chains[application_id])
        went_on = follow_bundle(session, own, clock, application_id=application_id)
        note_overdue(open_bundle_desk(session, own, clock, application_id=application_id))
        return went_on

    return each_by_itself(session, clock, timer=_TIMER, ids=list(chains), see_to=see_to)


def _with_unseen_ends() -> sa.Select[Any]:
    """Applications of which a case ended that the part does not say yet."""
    ended = [state.value for state in ENDED_STATES]
    return (
        sa.select(BundlePart.application_id)
        .join(Case, Case.id == BundlePart.case_id)
        .where(BundlePart.ended_at.is_(None), sa.or_(Case.outcome.is_not(None), Case.state.in_(ended)))
    )


def _with_needless_waits() -> sa.Select[Any]:
    """Applications in which a part waits although everything before it was granted."""
    before = aliased(BundlePart)
    still_before = sa.exists().where(
        before.application_id == BundlePart.application_id,
        before.matter_id == sa.any_(BundlePart.after),
        before.state != PartState.GRANTED.value,
    )
    return sa.select(BundlePart.application_id).where(
        BundlePart.state == PartState.WAITING.value, BundlePart.ended_at.is_(None), sa.not_(still_before)
    )


def begin_parts(desk: BundleDesk, *, choices: Choices) -> None:
    """Begin what waits for nothing; Problem when a matter finds nobody, so that whoever accepts can choose."""
    for part, case in desk.parts():
        if not part.after and case.state == CaseState.CHECKING:
            _begin(desk, part, case, choices=choices.get(part.matter_id))


def settle_bundle(desk: BundleDesk) -> bool:
    """Take note of what ended, begin what may begin now, end what cannot any more; finish when all is done.

    False when something that waits for nothing more cannot begin.
    """
    went_on = True
    _note_ended(desk)
    _block(desk)
    granted = {part.matter_id for part, case in desk.parts() if stand_of(part, case) is PartState.GRANTED}
    for part, case in desk.parts():
        if part.after and case.state == CaseState.CHECKING and set(part.after) <= granted:
            try:
                with desk.session.begin_nested():
                    _begin(desk, part, case, choices=None)
            except Problem as problem:
                logger.warning("part %s of bundle %s cannot begin: %s", case.id, desk.application.id, problem)
                went_on = False
    _finish_when_done(desk)
    desk.session.flush()
    return went_on


def _begin(
    desk: BundleDesk, part: BundlePart, case: Case, *, choices: Mapping[str, Mapping[str, Any]] | None
) -> None:
    case_desk = desk.desk_of(case)
    accept_part(
        case_desk, opinion=f"随{desk.application.number}一并受理", choices=choices or _own_posts(case_desk)
    )
    part.state = PartState.HANDLING.value
    part.begun_at = desk.now
    desk.note(BundleVerb.BEGIN_PART, matter=case.matter_name, case=case.number)


def _own_posts(case_desk: Desk) -> dict[str, dict[str, Any]]:
    """For first steps for which the matter names nobody: the first post of its organ that may do them."""
    session, case = case_desk.session, case_desk.case
    version = version_of(session, case)
    first = definition_of(session, get_version_id(session, key=version.flow_key)).first_choices
    found: dict[str, dict[str, Any]] = {}
    for step in first:
        named = version.decider_post_ids if step.id == DECIDE else version.handler_post_ids
        if step.optional or step.id == JOINT or named:
            continue
        permission = Permission.AFFAIRS_DECIDE if step.id == DECIDE else Permission.AFFAIRS_HANDLE
        if cards := list_holders(session, case.unit_id, permission):
            found[step.id] = {"post_ids": [cards[0].post_id]}
    return found


def _note_ended(desk: BundleDesk) -> None:
    for part, case in desk.parts():
        state = stand_of(part, case)
        if part.ended_at is not None or state not in ENDED_PARTS:
            continue
        part.state = state.value
        part.ended_at = case.decided_at or case.ended_at or desk.now
        desk.note(BundleVerb.END_PART, matter=case.matter_name, case=case.number, outcome=state.label)
    desk.session.flush()


def _block(desk: BundleDesk) -> None:
    """What waits for a matter that was not granted is not accepted, and says for which."""
    parts = desk.parts()
    names = {part.matter_id: case.matter_name for part, case in parts}
    order = [Part(matter_id=part.matter_id, after=tuple(part.after)) for part, _ in parts]
    refused = {part.matter_id for part, case in parts if stand_of(part, case) in _REFUSED}
    by_matter = {part.matter_id: (part, case) for part, case in parts}
    for matter_id in blocked_parts(order, refused):
        part, case = by_matter[matter_id]
        if case.state != CaseState.CHECKING:
            continue
        stopped = refused | set(blocked_parts(order, refused))
        before = "、".join(names[earlier] for earlier in part.after if earlier in stopped)
        part.state = PartState.BLOCKED.value
        part.ended_at = desk.now
        refuse_part(desk.desk_of(case), reason=f"前置事项“{before}”未获批准，本事项不再办理")
        desk.note(BundleVerb.BLOCK_PART, matter=case.matter_name, case=case.number)


def _finish_when_done(desk: BundleDesk) -> None:
    if any(stand_of(part, case) not in ENDED_PARTS for part, case in desk.parts()):
        return
    application = desk.application
    desk.move(BundleVerb.FINISH)
    desk.end_work()
    application.finished_at = desk.now
    application.in_time = not is_late(desk)
    desk.note(BundleVerb.FINISH, in_time=application.in_time)
    desk.tell(
        BundleFinished(
            bundle_id=application.id,
            unit_id=application.unit_id,
            in_time=application.in_time,
            finished_at=desk.now,
        )
    )


def _end_when_nothing_is_left(desk: BundleDesk) -> None:
    """The applicant took back every case one by one before anything was accepted."""
    if any(stand_of(part, case) not in ENDED_PARTS for part, case in desk.parts()):
        return
    _note_ended(desk)
    desk.move(BundleVerb.WITHDRAW)
    desk.end_work(stopped=True)
    desk.application.finished_at = desk.now
    desk.application.in_time = True
    desk.note(BundleVerb.WITHDRAW)
    desk.session.flush()
