"""Putting a matter down to be supervised (登记), by a person, by an event of another service, or by an import."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.supervision import errors
from services.supervision.commands.desk import Desk, open_desk, terms_of
from services.supervision.commands.early import link_words
from services.supervision.commands.matter import Matter, Named, origin_of
from services.supervision.commands.settling import settle
from services.supervision.domain.deadlines import Limit, require_known_future
from services.supervision.domain.limits import half_days_for
from services.supervision.domain.secrecy import refuse_secret
from services.supervision.domain.states import State, Verb
from services.supervision.domain.steps import Step
from services.supervision.local_rules import LIMITS
from services.supervision.models import Task, TaskParty
from services.supervision.queries.ground import Ground
from services.supervision.queries.people import is_below, name_of, organ_of
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import find_unit, get_post, get_unit
from shared.events.supervision import TaskRegistered, TaskSource
from shared.ids import new_id

# A matter of a meeting or a paper says itself who has to do it; without that it is not complete.
_NEED_LEAD = frozenset({TaskSource.MEETING})


def register_task(session: Session, actor: Actor, clock: Clock, *, matter: Matter) -> Task:
    """Register a matter by hand (登记); it waits to be proposed (拟办).

    Raises Problem for a date that is over or in an unknown year, a unit or post that is not in force, and a decision
    of a meeting without a lead. What answered the document that it comes from is linked, if it was told before.
    """
    unit_id = own_organ(session, actor)
    check_matter(session, clock, matter=matter, unit_id=unit_id)
    desk = add_task(session, actor, clock, matter=matter, unit_id=unit_id)
    desk.task.officer_post_id = actor.post_id
    link_words(desk)
    desk.give_next(Step.PROPOSE)
    settle(desk)
    return desk.task


def revise_task(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    task_id: UUID,
    matter: Matter,
    expected_revision: int | None,
) -> Task:
    """Change what was registered, before it is proposed."""
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.REVISE)
    desk.require_staff(Verb.REVISE)
    task = desk.task
    if expected_revision is not None and expected_revision != task.revision:
        raise errors.changed_by_another(task.title)
    matter = _still_from(task, matter)
    check_matter(session, clock, matter=matter, unit_id=task.unit_id)
    _describe(desk, matter)
    set_parties(desk, lead=matter.lead, assistants=matter.assistants)
    task.terms = terms_of(task)
    desk.show_anew()
    desk.note(Verb.REVISE, title=task.title)
    settle(desk)
    return task


def _still_from(task: Task, matter: Matter) -> Matter:
    """What it came from is no matter of wording: by that another service, an import or a leader knows it again."""
    came_from_elsewhere = task.origin_id is not None or bool(task.external_ref)
    return replace(
        matter,
        source=TaskSource(task.source) if came_from_elsewhere else matter.source,
        cause=task.cause,
        external_ref=task.external_ref,
        parent_id=task.parent_id,
        follows_id=task.follows_id,
    )


def check_matter(
    session: Session, clock: Clock, *, matter: Matter, unit_id: UUID, ground: Ground | None = None
) -> None:
    """Refuse what a person may not register."""
    refuse_secret(matter.title, matter.content, matter.instruction, matter.instructor_name)
    if matter.origin:
        refuse_secret(matter.origin.title, matter.origin.number)
    if matter.lead is None and matter.source in _NEED_LEAD:
        raise errors.lead_missing(matter.title)
    if matter.limit.on is not None:
        ground = ground or Ground(session, now=clock.now())
        calendar = ground.calendar(matter.lead.unit_id if matter.lead else unit_id)
        require_known_future(calendar, matter.limit.on, today=clock.today())
    check_parties(session, unit_id, lead=matter.lead, assistants=matter.assistants)
    for post_id in (matter.instructor_post_id, matter.leader_post_id):
        if post_id:
            get_post(session, post_id)


def check_parties(
    session: Session, organ_id: UUID, *, lead: Named | None, assistants: Sequence[Named]
) -> None:
    """Refuse units that are not in force, not the supervising organ's to give work to, or named twice."""
    named = [*([lead] if lead else []), *assistants]
    seen: set[UUID] = set()
    for party in named:
        unit = get_unit(session, party.unit_id)
        if party.unit_id in seen:
            raise errors.party_twice(unit.name)
        seen.add(party.unit_id)
        if not is_below(session, unit.id, organ_id):
            raise errors.unit_not_below(unit.name)
        if party.post_id:
            get_post(session, party.post_id)


def add_task(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    matter: Matter,
    unit_id: UUID,
    announce: bool = True,
    ground: Ground | None = None,
) -> Desk:
    """A new task of an organ, in its history and told; nobody has to do anything about it yet.

    Whoever adds many hands over the `ground` that holds for all of them.
    """
    task = Task(
        id=new_id(),
        revision=1,
        correlation_id=actor.correlation_id,
        unit_id=unit_id,
        unit_name=name_of(session, unit_id),
        state=State.REGISTERED.value,
        registered_at=clock.now(),
        registered_by_name=actor.person_name,
        light="grey",
        terms=[],
    )
    desk = Desk(session, actor, clock, task=task, ground=ground)
    _describe(desk, matter)
    task.terms = terms_of(task)
    session.add(task)
    session.flush()
    set_parties(desk, lead=matter.lead, assistants=matter.assistants)
    task.terms = terms_of(task)
    desk.note(Verb.REGISTER, opinion=matter.instruction, source=task.source)
    desk.open_work()
    if task.instructor_post_id:
        desk.grant([task.instructor_post_id], reason="instructor")
    if announce:
        desk.tell(_registered(desk, matter))
    return desk


def default_limit(desk: Desk) -> int | None:
    """How many half working days the rule gives a task of that source and urgency."""
    rows = desk.ground.rule(LIMITS, desk.task.unit_id)["rows"]
    return half_days_for(rows, source=desk.task.source, urgency=desk.task.urgency)


def set_limit(desk: Desk, limit: Limit) -> None:
    """Until when: what was asked for, else what the rule gives."""
    task = desk.task
    if limit.on is not None:
        task.due_on, task.half_days = limit.on, None
    elif limit.half_days is not None:
        task.due_on, task.half_days = None, limit.half_days
    elif task.due_on is None and task.half_days is None:
        task.half_days = default_limit(desk)


def set_parties(desk: Desk, *, lead: Named | None, assistants: Sequence[Named]) -> None:
    """Who leads and who assists, instead of whoever did before."""
    session, task = desk.session, desk.task
    session.execute(sa.delete(TaskParty).where(TaskParty.task_id == task.id))
    for position, party in enumerate([*([lead] if lead else []), *assistants]):
        session.add(
            TaskParty(
                task_id=task.id,
                unit_id=party.unit_id,
                role="lead" if party is lead else "assistant",
                unit_name=_named(session, party),
                post_id=party.post_id,
                position=position,
            )
        )
    task.lead_unit_id = lead.unit_id if lead else None
    task.lead_unit_name = _named(session, lead) if lead else ""
    task.lead_post_id = lead.post_id if lead else None
    session.flush()


def _describe(desk: Desk, matter: Matter) -> None:
    task = desk.task
    for name in ("title", "content", "urgency", "cause", "external_ref", "instruction", "instructor_name"):
        setattr(task, name, getattr(matter, name))
    for name in ("instructor_post_id", "leader_post_id", "parent_id", "follows_id"):
        setattr(task, name, getattr(matter, name))
    task.source = matter.source.value
    if matter.instructor_post_id and not matter.instructor_name:
        task.instructor_name = get_post(desk.session, matter.instructor_post_id).label
    if matter.leader_post_id:
        task.leader_name = get_post(desk.session, matter.leader_post_id).label
    task.due_on, task.half_days = None, None
    set_limit(desk, matter.limit)
    if matter.origin:
        for name in ("system", "kind", "id", "title", "number", "link"):
            setattr(task, f"origin_{name}", getattr(matter.origin, name))


def _registered(desk: Desk, matter: Matter) -> TaskRegistered:
    task = desk.task
    return TaskRegistered(
        task_id=task.id,
        unit_id=task.unit_id,
        parent_id=task.parent_id,
        title=task.title,
        source=matter.source,
        origin=origin_of(task),
        due_on=task.due_on,
        doer=desk.doer,
        registered_at=desk.now,
    )


def _named(session: Session, party: Named) -> str:
    unit = find_unit(session, party.unit_id)
    return unit.name if unit else party.unit_name


def own_organ(session: Session, actor: Actor) -> UUID:
    """The organ for which the actor registers."""
    assert actor.unit_id is not None, "whoever registers acts in a post"
    return organ_of(session, actor.unit_id)
