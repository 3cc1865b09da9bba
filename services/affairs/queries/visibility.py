"""Who may see which case; for everybody else it does not exist.

The person and post that applied, every post that has or had work on it (and whoever stands in for it), and the windows
of the organ that applies and of the organ that handles it. Who is only asked for one material sees that (`asked.py`).
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs import errors
from services.affairs.domain.steps import WORK_KIND
from services.affairs.models import Case, CaseAccess
from shared.auth import Actor
from shared.directory import get_organ, list_acting_posts
from shared.permissions import Permission


def acting_posts(session: Session, actor: Actor, *, now: datetime) -> list[UUID]:
    """The acting post, and the posts it stands in for in this service's work."""
    return list_acting_posts(session, actor, work_kind=WORK_KIND, now=now)


def holders_of(session: Session, actor: Actor, *, now: datetime) -> list[UUID]:
    """Under which names the actor may see cases: its person, the posts it acts in, and its organ when the post is a
    window."""
    holders = acting_posts(session, actor, now=now)
    if not holders or actor.person_id is None:
        return []
    holders.append(actor.person_id)
    if actor.unit_id and actor.may(Permission.AFFAIRS_WINDOW):
        holders.append(get_organ(session, actor.unit_id).id)
    return holders


def get_case(session: Session, actor: Actor, case_id: UUID, *, now: datetime) -> Case:
    """The case, if the actor may see it; Problem 404 otherwise."""
    return _find(session, actor, sa.select(Case), case_id, now=now)


def lock_case(session: Session, actor: Actor, case_id: UUID, *, now: datetime) -> Case:
    """The same, held until the end of the transaction, so that two people change it one after the other."""
    locked = sa.select(Case).with_for_update(of=Case).execution_options(populate_existing=True)
    return _find(session, actor, locked, case_id, now=now)


def is_window_of(session: Session, actor: Actor, unit_id: UUID) -> bool:
    """Whether the actor takes applications in for that organ."""
    if actor.unit_id is None or not actor.may(Permission.AFFAIRS_WINDOW):
        return False
    return get_organ(session, actor.unit_id).id == unit_id


def is_applicant(session: Session, actor: Actor, case: Case, *, now: datetime) -> bool:
    """Whether the actor applied, or acts in the post that did."""
    if actor.person_id is not None and actor.person_id == case.applicant_person_id:
        return True
    return case.applicant_post_id in acting_posts(session, actor, now=now)


def is_own_case(actor: Actor, case: Case) -> bool:
    """Whether the actor is the person that applied, or acts in the post that did."""
    if actor.person_id is not None and actor.person_id == case.applicant_person_id:
        return True
    return actor.post_id is not None and actor.post_id == case.applicant_post_id


def may_see(session: Session, actor: Actor, case_id: UUID, *, now: datetime) -> bool:
    """Whether the case is there for the actor."""
    if actor.is_system:
        return True
    granted = sa.select(CaseAccess.case_id).where(
        CaseAccess.case_id == case_id, CaseAccess.holder_id.in_(holders_of(session, actor, now=now))
    )
    return session.scalars(granted.limit(1)).first() is not None


def _find(session: Session, actor: Actor, wanted: sa.Select[Case], case_id: UUID, *, now: datetime) -> Case:
    if not may_see(session, actor, case_id, now=now):
        raise errors.case_not_found(case_id)
    case = session.scalars(wanted.where(Case.id == case_id)).one_or_none()
    if case is None:
        raise errors.case_not_found(case_id)
    return case
