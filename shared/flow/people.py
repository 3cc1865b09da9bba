"""Who gets a step, who may act on an item, and until when: asked of the service's local directory and calendar."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy.orm import Session

from shared.auth.actor import Actor
from shared.calendar_days import work_calendar
from shared.clock import LOCAL_ZONE, Clock
from shared.directory import (
    PostCard,
    find_delegation,
    find_unit,
    get_organ,
    list_holders,
    list_offices,
    list_posts,
)
from shared.directory.looking import list_units_of_posts, post_unknown
from shared.errors import Problem
from shared.events.work import Doer, ItemRole
from shared.flow.acts import Assignee, Choice
from shared.flow.errors import (
    assignee_twice,
    item_not_yours,
    lead_needed,
    nobody_holds,
    permission_lost,
    post_not_permitted,
    post_of_another_organ,
)
from shared.flow.models import WorkItem
from shared.flow.steps import Reach, Step
from shared.permissions import Permission

logger = logging.getLogger(__name__)

_END_OF_DAY = time(23, 59, 59)


@dataclass(frozen=True, kw_only=True, slots=True)
class Acting:
    """An actor at work on an item, possibly on behalf of another post under a delegation."""

    actor: Actor
    for_person_id: UUID | None = None
    for_post_id: UUID | None = None

    def as_doer(self) -> Doer:
        """The form that events carry."""
        return Doer(
            person_id=self.actor.person_id,
            person_name=self.actor.person_name,
            post_id=self.actor.post_id,
            for_person_id=self.for_person_id,
            for_post_id=self.for_post_id,
        )


def act_on(session: Session, actor: Actor, item: WorkItem, *, now: datetime) -> Acting:
    """The actor at work on this item: in the post that it was given to, or under a delegation in force.

    Raises `flow.item_not_yours`.
    """
    acting = find_acting(session, actor, item, now=now)
    if acting is None:
        raise item_not_yours()
    return acting


def find_acting(session: Session, actor: Actor, item: WorkItem, *, now: datetime) -> Acting | None:
    """The same, or None when the item is not the actor's to do."""
    if actor.post_id is not None and actor.post_id == item.post_id:
        return Acting(actor=actor)
    if actor.post_id is None or actor.person_id is None:
        return None
    delegation = find_delegation(
        session,
        from_post_id=item.post_id,
        to_post_id=actor.post_id,
        person_id=actor.person_id,
        work_kind=item.work_kind,
        now=now,
    )
    if delegation is None:
        return None
    return Acting(actor=actor, for_person_id=delegation.from_person_id, for_post_id=delegation.from_post_id)


def holders_of(session: Session, *, step: Step, unit_id: UUID) -> tuple[Assignee, ...]:
    """The posts of the step's unit that carry its permission. Raises `flow.nobody_holds`."""
    permission = step.assign.permission
    organ = _related_unit(session, unit_id, step.assign.unit)
    known = {member.value for member in Permission}
    if organ is None or permission not in known:
        raise nobody_holds(step.id, step.name, permission)
    found = list_holders(session, organ, Permission(permission))
    if not found:
        raise nobody_holds(step.id, step.name, permission)
    return tuple(Assignee(card.post_id) for card in found)


def _related_unit(session: Session, unit_id: UUID, relation: str) -> UUID | None:
    organ = get_organ(session, unit_id)
    if relation == "owner":
        return organ.id
    above = find_unit(session, organ.parent_id) if organ.parent_id else None
    return get_organ(session, above.id).id if above else None


def check_choice(session: Session, *, step: Step, choice: Choice, unit_id: UUID) -> None:
    """Refuse posts that are not in force, out of reach or named twice, and a missing or second lead.

    `unit_id` owns the work. Raises Problem.
    """
    post_ids = [assignee.post_id for assignee in choice.assignees]
    if len(set(post_ids)) < len(post_ids):
        raise assignee_twice(step.name)
    cards = cards_of(session, post_ids).values()
    check_reach(session, cards, reach=step.reach, step_name=step.name, unit_id=unit_id)
    for card in cards:
        check_permitted(step, card)
    roles = [assignee.role for assignee in choice.assignees]
    if any(role not in (ItemRole.LEAD, ItemRole.ASSISTANT) for role in roles):
        raise lead_needed(step.name)
    leads = roles.count(ItemRole.LEAD)
    wrong = leads != 1 if step.with_lead else leads != len(roles)
    if roles and wrong:
        raise lead_needed(step.name)


def check_reach(
    session: Session, cards: Collection[PostCard], *, reach: Reach, step_name: str, unit_id: UUID
) -> None:
    """Refuse posts of other organs than the work may be given to: whoever gets an item sees the whole inside.

    `unit_id` owns the work. Raises `flow.post_of_another_organ`.
    """
    if reach is Reach.ANYWHERE:
        return
    relations = ("owner",) if reach is Reach.OWNER else ("owner", "superior")
    organs = (_related_unit(session, unit_id, relation) for relation in relations)
    within = {office for organ in organs if organ for office in list_offices(session, organ)}
    for card in cards:
        if card.unit_id not in within:
            raise post_of_another_organ(step_name, card.label)


def check_permitted(step: Step, card: PostCard) -> None:
    """Refuse a post without the permission that the step asks for. Raises `flow.post_not_permitted`."""
    permission = step.assign.permission
    if permission and permission not in card.permissions:
        raise post_not_permitted(step.name, card.label)


def require_still_permitted(session: Session, step: Step, item: WorkItem) -> None:
    """Refuse an item whose post has lost the step's permission since it was given out.

    An added signer (加签) was asked for its word, not for the step, and never needed it. Raises
    `flow.permission_lost`.
    """
    permission = step.assign.permission
    if not permission or item.role == ItemRole.SIGNER:
        return
    card = list_posts(session, [item.post_id]).get(item.post_id)
    if card is None or permission not in card.permissions:
        raise permission_lost(step.name)


def cards_of(session: Session, post_ids: Sequence[UUID]) -> Mapping[UUID, PostCard]:
    """The posts by id; Problem 422 for one that is not in force."""
    cards = list_posts(session, post_ids)
    for post_id in post_ids:
        if post_id not in cards:
            raise post_unknown(post_id)
    return cards


def units_of(session: Session, post_ids: Sequence[UUID]) -> Mapping[UUID, UUID]:
    """The posts' units by post id; Problem 422 for one that is not in force."""
    units = list_units_of_posts(session, post_ids)
    for post_id in post_ids:
        if post_id not in units:
            raise post_unknown(post_id)
    return units


def deadline_of(
    session: Session, clock: Clock, *, step: Step, unit_id: UUID, chosen: date | None
) -> datetime | None:
    """The end of the day on which the step's working days are over, or of the day that was chosen.

    No deadline at all when the calendar of that year is not loaded: guessing it is worse, and work must go on.
    """
    day = chosen
    if day is None and step.limit_days is not None:
        try:
            today = clock.today()
            day = work_calendar(session, unit_id=unit_id, since=today).add_working_days(
                today, step.limit_days
            )
        except Problem as problem:
            logger.warning("no deadline for step %s: %s", step.id, problem.code)
    if day is None:
        return None
    return datetime.combine(day, _END_OF_DAY, LOCAL_ZONE)
