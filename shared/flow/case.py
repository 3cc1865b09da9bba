"""One flow under lock: its row, its items and its engine state, and the few moves that all verbs are made of.

Every change of an item goes through here, so that each is told as an event and none is told twice.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.auth.actor import Actor
from shared.clock import Clock
from shared.events.base import Event
from shared.events.work import (
    CancelCause,
    ItemRole,
    WorkItemCancelled,
    WorkItemOpened,
    WorkItemRead,
    WorkItemReopened,
    WorkSubject,
)
from shared.flow.acts import Act, ActVerb, Assignee, Choice, ItemCard
from shared.flow.arrivals import Arrival
from shared.flow.catalog import definition_of
from shared.flow.definitions import Definition
from shared.flow.engine import Run
from shared.flow.errors import (
    instance_ended,
    instance_not_found,
    item_closed,
    item_is_reading,
    item_not_found,
)
from shared.flow.models import FlowInstance, FlowStatus, ItemStatus, WorkItem
from shared.flow.people import Acting, units_of
from shared.flow.steps import Step
from shared.ids import new_id
from shared.messaging.outbox import record_all


class Case:
    """A flow and its items inside one transaction; made by `lock_case` and `lock_case_of_item`."""

    def __init__(self, session: Session, actor: Actor, clock: Clock, *, instance: FlowInstance) -> None:
        self.session = session
        self.actor = actor
        self.clock = clock
        self.now: datetime = clock.now()
        self.instance = instance
        self.items: list[WorkItem] = []
        self.opened: list[WorkItem] = []
        self.closed: list[WorkItem] = []
        self.run: Run | None = None
        self._untold: list[Event] = []
        self._gathers = False

    @property
    def definition(self) -> Definition:
        """The version of the flow that it runs on; LookupError for work that has none (`duties`)."""
        if self.instance.definition_id is None:
            raise LookupError(f"work {self.instance.id} follows no flow")
        return definition_of(self.session, self.instance.definition_id)

    @property
    def running(self) -> Run:
        """The engine's state; loaded when it is first needed. Raises `flow.instance_ended`."""
        if self.instance.status != FlowStatus.RUNNING:
            raise instance_ended()
        if self.run is None:
            self.run = Run.load(self.definition, self.instance.state["run"])
        return self.run

    def keep_state(self) -> None:
        """Write the engine's state back to the row."""
        if self.run is not None:
            self.instance.state = {**self.instance.state, "run": self.run.to_json()}

    @property
    def choices(self) -> dict[str, Choice]:
        """Who was chosen for steps that are still to come."""
        return {step: Choice.from_json(kept) for step, kept in self.instance.state["choices"].items()}

    def keep_choices(self, choices: Mapping[str, Choice]) -> None:
        """Remember who was chosen, until the step comes."""
        kept = {step: choice.to_json() for step, choice in choices.items()}
        self.instance.state = {**self.instance.state, "choices": kept}

    def step_of(self, item: WorkItem) -> Step:
        return self.definition.steps[item.step_id]

    def siblings_of(self, item: WorkItem) -> list[WorkItem]:
        """All items of the same arrival at the same step, the item itself included."""
        return [other for other in self.items if other.arrival_id == item.arrival_id]

    def open_items(self) -> list[WorkItem]:
        """The items that still have to be done; copies to read are not among them."""
        return [
            item for item in self.items if item.status == ItemStatus.OPEN and item.role != ItemRole.READER
        ]

    def tell(self, *events: Event) -> None:
        """Record events within the flow's chain, in that order."""
        self._untold.extend(events)
        if not self._gathers:
            self._record()

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """What is told inside is recorded at the end, at once; not at all when that is not reached."""
        self._gathers = True
        yield
        self._gathers = False
        self._record()

    def _record(self) -> None:
        told, self._untold = self._untold, []
        record_all(self.session, self.actor, told, correlation_id=self.instance.correlation_id)

    def give_out(self, assignees: Iterable[Assignee], arrival: Arrival) -> list[WorkItem]:
        """Give each post an item. Raises Problem for a post that is not in force."""
        wanted = list(assignees)
        units = units_of(self.session, [assignee.post_id for assignee in wanted])
        made = [self._new_item(assignee, arrival, unit_id=units[assignee.post_id]) for assignee in wanted]
        self.session.add_all(made)
        self.items.extend(made)
        self.opened.extend(made)
        self.tell(*map(self._opened, made))
        return made

    def _new_item(self, assignee: Assignee, arrival: Arrival, *, unit_id: UUID) -> WorkItem:
        return WorkItem(
            id=new_id(),
            instance_id=self.instance.id,
            subject_id=self.instance.subject_id,
            step_id=arrival.step_id,
            step_name=arrival.step_name,
            task_id=arrival.task_id,
            arrival_id=arrival.id,
            post_id=assignee.post_id,
            unit_id=unit_id,
            role=assignee.role.value,
            status=ItemStatus.OPEN.value,
            work_kind=arrival.work_kind,
            title=self.instance.title,
            number=self.instance.number,
            urgency=self.instance.urgency,
            sender_person_id=self.actor.person_id,
            sender_name=self.actor.person_name,
            sender_post_id=self.actor.post_id,
            received_at=self.now,
            deadline=arrival.deadline,
            opinion="",
            outcome="",
            acted_person_name="",
            reminders=0,
            opened_by_item_id=arrival.opened_by,
        )

    def _opened(self, item: WorkItem) -> WorkItemOpened:
        return WorkItemOpened(
            work_item_id=item.id,
            work_id=self.instance.id,
            subject_of_work=self.subject(),
            step_id=item.step_id,
            step=item.step_name,
            role=ItemRole(item.role),
            work_kind=item.work_kind,
            post_id=item.post_id,
            unit_id=item.unit_id,
            sender_name=item.sender_name,
            sender_post_id=item.sender_post_id,
            received_at=item.received_at,
            deadline=item.deadline,
        )

    def subject(self) -> WorkSubject:
        """What the flow is about, as events carry it."""
        return WorkSubject(
            system=self.session.info["service"],
            kind=self.instance.subject_kind,
            id=self.instance.subject_id,
            title=self.instance.title,
            number=self.instance.number,
            document_kind=self.instance.document_kind,
            urgency=self.instance.urgency,
            link=self.instance.link,
        )

    def close(self, item: WorkItem, status: ItemStatus, acting: Acting, *, opinion: str = "") -> None:
        """End an item by its holder's act; the verb tells which."""
        item.status = status.value
        item.done_at = self.now
        item.read_at = item.read_at or self.now
        item.opinion = opinion
        item.acted_person_id = acting.actor.person_id
        item.acted_person_name = acting.actor.person_name
        item.acted_post_id = acting.actor.post_id
        item.for_person_id = acting.for_person_id
        item.for_post_id = acting.for_post_id
        self.closed.append(item)

    def note_reading(self, item: WorkItem, acting: Acting) -> bool:
        """Note that the holder has seen the item; False when that was noted before."""
        if item.read_at is not None:
            return False
        item.read_at = self.now
        self.tell(
            WorkItemRead(
                work_item_id=item.id, subject_id=item.subject_id, by=acting.as_doer(), read_at=self.now
            )
        )
        return True

    def cancel(self, items: Iterable[WorkItem], *, cause: CancelCause, by: UUID | None) -> None:
        """End open items that nobody has to do any more."""
        for item in items:
            item.status = ItemStatus.CANCELLED.value
            item.done_at = self.now
            item.closed_by_item_id = by
            self.closed.append(item)
            self.tell(
                WorkItemCancelled(
                    work_item_id=item.id, subject_id=item.subject_id, cause=cause, cancelled_at=self.now
                )
            )

    def reopen(self, item: WorkItem) -> None:
        """Give an item back to its holder as it was before it was done."""
        item.status = ItemStatus.OPEN.value
        item.done_at = None
        item.outcome = ""
        item.acted_person_id = item.acted_post_id = item.for_person_id = item.for_post_id = None
        item.acted_person_name = ""
        item.closed_by_item_id = None
        self.opened.append(item)
        self.tell(WorkItemReopened(work_item_id=item.id, subject_id=item.subject_id, reopened_at=self.now))

    def act(self, verb: ActVerb, acting: Acting, *, item: WorkItem | None = None, **facts: Any) -> Act:
        """The facts of what was done, for the service's history."""
        return Act(
            verb=verb,
            at=self.now,
            instance_id=self.instance.id,
            subject_id=self.instance.subject_id,
            person_id=acting.actor.person_id,
            person_name=acting.actor.person_name,
            post_id=acting.actor.post_id,
            unit_id=acting.actor.unit_id,
            for_person_id=acting.for_person_id,
            for_post_id=acting.for_post_id,
            item_id=item.id if item else None,
            role=ItemRole(item.role) if item else None,
            step_id=item.step_id if item else "",
            step_name=item.step_name if item else "",
            opened=tuple(card_of(opened) for opened in self.opened),
            closed=tuple(card_of(closed) for closed in self.closed),
            ended=self.instance.status != FlowStatus.RUNNING,
            **facts,
        )


def card_of(item: WorkItem) -> ItemCard:
    """The item as an act names it."""
    return ItemCard(
        item_id=item.id,
        step_id=item.step_id,
        step_name=item.step_name,
        post_id=item.post_id,
        unit_id=item.unit_id,
        role=ItemRole(item.role),
    )


def lock_case(session: Session, actor: Actor, clock: Clock, *, instance_id: UUID) -> Case:
    """The flow, locked until the transaction ends, with what others committed meanwhile.

    Raises `flow.instance_not_found`.
    """
    fresh = {"populate_existing": True}
    locked = sa.select(FlowInstance).where(FlowInstance.id == instance_id).with_for_update()
    instance = session.scalars(locked, execution_options=fresh).one_or_none()
    if instance is None:
        raise instance_not_found()
    case = Case(session, actor, clock, instance=instance)
    # Only now, behind the lock, does this statement see what whoever held it before has committed.
    items = sa.select(WorkItem).where(WorkItem.instance_id == instance_id)
    ordered = items.order_by(WorkItem.received_at, WorkItem.id)
    case.items = list(session.scalars(ordered, execution_options=fresh))
    return case


def lock_case_of_item(
    session: Session, actor: Actor, clock: Clock, *, item_id: UUID
) -> tuple[Case, WorkItem]:
    """The flow of an item, locked, and the item as it is now. Raises `flow.item_not_found`."""
    owner = session.scalar(sa.select(WorkItem.instance_id).where(WorkItem.id == item_id))
    if owner is None:
        raise item_not_found()
    case = lock_case(session, actor, clock, instance_id=owner)
    return case, next(item for item in case.items if item.id == item_id)


def require_open(item: WorkItem) -> None:
    """Refuse an item that is no longer open, or that is only to be read. Raises Problem."""
    if item.role == ItemRole.READER:
        raise item_is_reading(item.step_name)
    if item.status != ItemStatus.OPEN:
        raise item_closed(item.status)
