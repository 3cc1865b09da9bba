"""Delegation for an absence: granting it and taking it back."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.identity import errors
from services.identity.commands.telling import lock_directory, tell
from services.identity.domain.delegations import DelegationFacts, WorkKind, delegation_complaints
from services.identity.domain.roles import Role
from services.identity.models import Delegation, Post
from services.identity.queries.people import get_post, list_open_tenures
from services.identity.queries.sign_ins import list_delegations, list_delegations_with_units
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import get_organ, list_lines
from shared.events.identity import DelegationEnded, DelegationGranted
from shared.ids import new_id


def grant_delegation(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    receiver_post_id: UUID,
    receiver_id: UUID | None,
    kinds: Iterable[WorkKind],
    starts_at: datetime,
    ends_at: datetime,
) -> Delegation:
    """The acting post's holder lets the holder of another post do some kinds of work for a while.

    `receiver_id` names the person where several hold the post. Problem 422 says which rule is broken.
    """
    assert actor.person_id is not None, "a delegation is granted by a person"
    assert actor.post_id is not None, "in a post"
    lock_directory(session)
    giver_post = get_post(session, actor.post_id)
    facts = DelegationFacts(
        giver_id=actor.person_id,
        giver_post_id=actor.post_id,
        receiver_id=_receiver(session, receiver_post_id, receiver_id),
        receiver_post_id=receiver_post_id,
        starts_at=starts_at,
        ends_at=ends_at,
        kinds=frozenset(kinds),
    )
    now = clock.now()
    existing = list_delegations(session, [facts.giver_id, facts.receiver_id], now=now)
    complaints = delegation_complaints(
        facts,
        map(_facts, existing),
        giver_roles=[Role(name) for name in giver_post.roles],
        same_organ=_same_organ(session, giver_post, get_post(session, receiver_post_id)),
        now=now,
    )
    if complaints:
        raise errors.delegation_refused(_by_field(complaints))
    return _keep(session, actor, facts, now=now)


def end_delegation(session: Session, actor: Actor, clock: Clock, *, delegation_id: UUID) -> Delegation:
    """The giver takes a delegation back before its time."""
    delegation = session.get(Delegation, delegation_id, with_for_update=True)
    if delegation is None or delegation.giver_id != actor.person_id:
        raise errors.delegation_not_found()
    now = clock.now()
    if delegation.ended_at is not None or delegation.ends_at <= now:
        raise errors.delegation_over()
    _end(session, actor, delegation, now=now)
    return delegation


def end_delegations_of(
    session: Session, actor: Actor, clock: Clock, *, person_id: UUID, post_id: UUID | None = None
) -> None:
    """End what a person has given or received, when the person or the person's holding of a post ends."""
    now = clock.now()
    for delegation in list_delegations(session, [person_id], now=now):
        parts = (
            (delegation.giver_id, delegation.giver_post_id),
            (delegation.receiver_id, delegation.receiver_post_id),
        )
        if any(who == person_id and post_id in (None, post) for who, post in parts):
            _end(session, actor, delegation, now=now)


def end_delegations_across_organs(session: Session, actor: Actor, clock: Clock) -> int:
    """End those between posts of two organs, granted before that was refused or with a unit that has been moved since;
    returns how many."""
    now = clock.now()
    found = list_delegations_with_units(session, now=now)
    lines = list_lines(session, {unit_id for _, *units in found for unit_id in units})
    organs = {
        unit_id: next((unit.id for unit in line if unit.issues_documents), None)
        for unit_id, line in lines.items()
    }
    across = [
        delegation for delegation, giver, receiver in found if organs.get(giver) != organs.get(receiver)
    ]
    for delegation in across:
        _end(session, actor, delegation, now=now)
    return len(across)


def _same_organ(session: Session, one: Post, other: Post) -> bool:
    """Whether two posts are of one organ (机关), its inner offices included."""
    return get_organ(session, one.unit_id).id == get_organ(session, other.unit_id).id


def _receiver(session: Session, post_id: UUID, person_id: UUID | None) -> UUID:
    get_post(session, post_id)
    holders = [tenure.person_id for tenure in list_open_tenures(session, post_id=post_id)]
    if person_id is not None and person_id in holders:
        return person_id
    if person_id is None and len(holders) == 1:
        return holders[0]
    said = "该岗位目前空缺" if not holders else "请指明受托人:该岗位不止一人,或所选人员不在该岗位任职"
    raise errors.delegation_refused({"receiver_post_id": [said]})


def _keep(session: Session, actor: Actor, facts: DelegationFacts, *, now: datetime) -> Delegation:
    kinds = sorted(kind.value for kind in facts.kinds)
    delegation = Delegation(
        id=new_id(),
        giver_id=facts.giver_id,
        giver_post_id=facts.giver_post_id,
        receiver_id=facts.receiver_id,
        receiver_post_id=facts.receiver_post_id,
        kinds=kinds,
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
        granted_at=now,
        ended_at=None,
    )
    session.add(delegation)
    event = DelegationGranted(
        delegation_id=delegation.id,
        from_person_id=facts.giver_id,
        from_post_id=facts.giver_post_id,
        to_person_id=facts.receiver_id,
        to_post_id=facts.receiver_post_id,
        work_kinds=tuple(kinds),
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
    )
    tell(session, actor, event)
    return delegation


def _end(session: Session, actor: Actor, delegation: Delegation, *, now: datetime) -> None:
    delegation.ended_at = now
    tell(session, actor, DelegationEnded(delegation_id=delegation.id, ended_at=now))


def _facts(delegation: Delegation) -> DelegationFacts:
    return DelegationFacts(
        giver_id=delegation.giver_id,
        giver_post_id=delegation.giver_post_id,
        receiver_id=delegation.receiver_id,
        receiver_post_id=delegation.receiver_post_id,
        starts_at=delegation.starts_at,
        ends_at=delegation.ends_at,
        kinds=frozenset(WorkKind(name) for name in delegation.kinds),
    )


def _by_field(complaints: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    by_field: dict[str, list[str]] = defaultdict(list)
    for field, said in complaints:
        by_field[field].append(said)
    return by_field
