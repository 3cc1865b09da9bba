"""Which posts have to do with a task: its supervisors, its leader, who receives it, who leads the unit."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.supervision.domain.steps import ASKED_BY, STEP_PERMISSIONS, Step
from services.supervision.models import Task
from services.supervision.queries.scope import GENERAL_OFFICE
from shared.directory import (
    DirectoryUnit,
    PostCard,
    find_unit,
    get_organ,
    list_holders,
    list_line,
    list_posts,
    looks_after,
)
from shared.errors import Problem
from shared.permissions import Permission


def supervising_organ(session: Session, unit_id: UUID, *, parties: Sequence[UUID] = ()) -> UUID:
    """The organ whose supervisors look after a unit's matters: its own, else the nearest above that has any.

    It looks after those who have to do the work too, or else it could not give it to them: after all `parties`, the
    lead first, or at least after the lead. A government's supervisors sit in its general office (督查室), so that is
    looked at beside each organ of the line. Without any the unit itself, which the directory may not know yet.
    """
    found = list(_supervising_organs(session, unit_id))
    for needed in (parties, parties[:1]):
        for organ in found:
            if all(is_below(session, party, organ) for party in needed):
                return organ
    return found[0] if found else organ_of(session, unit_id)


def _supervising_organs(session: Session, unit_id: UUID) -> Iterator[UUID]:
    """The organs on a unit's line, or general offices beside it, that have supervisors; the nearest first."""
    for unit in list_line(session, unit_id):
        if not unit.issues_documents:
            continue
        offices = sa.select(DirectoryUnit.id).where(
            DirectoryUnit.parent_id == unit.id, DirectoryUnit.kind == GENERAL_OFFICE, DirectoryUnit.active
        )
        for organ in (unit.id, *session.scalars(offices.order_by(DirectoryUnit.position))):
            if list_holders(session, organ, Permission.SUPERVISION_REGISTER):
                yield organ


def organ_of(session: Session, unit_id: UUID) -> UUID:
    """The organ that a unit belongs to, or the unit itself when the directory does not know it yet."""
    try:
        return get_organ(session, unit_id).id
    except Problem:
        return unit_id


def name_of(session: Session, unit_id: UUID) -> str:
    """The unit's name, empty when the directory does not know it yet."""
    unit = find_unit(session, unit_id)
    return unit.name if unit else ""


def receiving_posts(session: Session, unit_id: UUID) -> list[PostCard]:
    """The posts of a unit and its inner offices that take tasks (承办督查事项), held by somebody."""
    return list_holders(session, unit_id, Permission.SUPERVISION_HANDLE)


def unit_leaders(session: Session, unit_id: UUID) -> list[UUID]:
    """The first leader of the unit's organ (单位负责人), if it has one."""
    found = list_holders(session, organ_of(session, unit_id), Permission.SUPERVISION_APPROVE)
    return [card.post_id for card in found[:1]]


def supervising_leader(session: Session, task: Task) -> list[UUID]:
    """The leader of a task, else the first of its supervising organ."""
    held = _held(session, [task.leader_post_id])
    return held or unit_leaders(session, task.unit_id)


def posts_for(session: Session, task: Task, step: Step, *, but: UUID | None = None) -> list[UUID]:
    """The posts that get a step of a task; none when nobody is there to do it.

    What is to be decided goes to another one than `but`, the post that asks for it.
    """
    found = _CHOOSERS[step](session, task)
    if step not in ASKED_BY or but is None:
        return found
    permission = STEP_PERMISSIONS[step]
    others = [post_id for post_id in found if post_id != but]
    return others or [
        card.post_id for card in list_holders(session, task.unit_id, permission) if card.post_id != but
    ]


def is_below(session: Session, unit_id: UUID, organ_id: UUID) -> bool:
    """Whether a unit is one that an organ looks after (`scope.list_scope`); an organ not known yet is not judged."""
    return find_unit(session, organ_id) is None or looks_after(session, organ_id, unit_id)


def _officers(session: Session, task: Task) -> list[UUID]:
    found = [card.post_id for card in list_holders(session, task.unit_id, Permission.SUPERVISION_REGISTER)]
    return _narrowed(found, task.officer_post_id)


def _reviewers(session: Session, task: Task) -> list[UUID]:
    """A part of a task is looked after by whoever split it, whatever else that post may do."""
    splitter = _held(session, [task.officer_post_id]) if task.parent_id else []
    return splitter or _officers(session, task)


def _approvers(session: Session, task: Task) -> list[UUID]:
    return [card.post_id for card in list_holders(session, task.unit_id, Permission.SUPERVISION_APPROVE)]


def _leaders(session: Session, task: Task) -> list[UUID]:
    return _narrowed(_approvers(session, task), task.leader_post_id)


def _extenders(session: Session, task: Task) -> list[UUID]:
    return _reviewers(session, task) if task.parent_id else _leaders(session, task)


def _receivers(session: Session, task: Task) -> list[UUID]:
    if task.lead_unit_id is None:
        return []
    found = [card.post_id for card in receiving_posts(session, task.lead_unit_id)]
    return _narrowed(found, task.lead_post_id)


def _handlers(session: Session, task: Task) -> list[UUID]:
    return _held(session, [task.holder_post_id]) or _receivers(session, task)


def _raters(session: Session, task: Task) -> list[UUID]:
    """The leader of the supervising organ, and whoever gave the instruction unless it is of the lead unit."""
    instructors = _held(session, [task.instructor_post_id])
    if task.lead_unit_id:
        own = {
            card.post_id
            for card in list_posts(session, instructors).values()
            if _is_of_lead(session, task, card)
        }
        instructors = [post_id for post_id in instructors if post_id not in own]
    return list(dict.fromkeys([*_leaders(session, task), *instructors]))


def _is_of_lead(session: Session, task: Task, card: PostCard) -> bool:
    assert task.lead_unit_id is not None
    lead = organ_of(session, task.lead_unit_id)
    return lead != organ_of(session, task.unit_id) and organ_of(session, card.unit_id) == lead


_CHOOSERS = {
    Step.PROPOSE: _officers,
    Step.APPROVE: _approvers,
    Step.ASSIGN: _officers,
    Step.SIGN_FOR: _receivers,
    Step.HANDLE: _handlers,
    Step.DECIDE_RETURN: _reviewers,
    Step.DECIDE_EXTENSION: _extenders,
    Step.REVIEW: _reviewers,
    Step.SHOW: _leaders,
    Step.RATE: _raters,
}


def _narrowed(found: list[UUID], wanted: UUID | None) -> list[UUID]:
    return [wanted] if wanted in found else found


def _held(session: Session, post_ids: Sequence[UUID | None]) -> list[UUID]:
    cards = list_posts(session, [post_id for post_id in post_ids if post_id])
    return [card.post_id for card in cards.values() if card.person_ids]
