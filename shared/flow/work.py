"""Reading flows and work items: lists for people, what may come next, and the diagram of where the work is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.directory import DirectoryPost
from shared.errors import Problem
from shared.events.work import ItemRole
from shared.flow.catalog import definition_of
from shared.flow.definitions import Definition
from shared.flow.diagram import draw_diagram
from shared.flow.engine import Run
from shared.flow.errors import instance_not_found, item_not_found
from shared.flow.models import FlowInstance, FlowStatus, ItemStatus, WorkItem
from shared.flow.steps import Outcome, Step, Variable, Verb


@dataclass(frozen=True, kw_only=True, slots=True)
class ComingStep:
    """A step for which the completer of an item chooses the posts.

    They must have `permission` if it names one; `usual` did the step the last time.
    """

    step_id: str
    name: str
    optional: bool
    with_lead: bool
    permission: str
    usual: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlierStep:
    """A step to which an item may be returned, and the posts that would get it."""

    step_id: str
    name: str
    post_ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemForm:
    """What whoever completes an item is asked, and what else may be done with it."""

    outcomes: tuple[Outcome, ...]
    asks: tuple[Variable, ...]
    coming: tuple[ComingStep, ...]
    earlier: tuple[EarlierStep, ...]
    verbs: frozenset[Verb]


def get_item(session: Session, item_id: UUID) -> WorkItem:
    """The item; Problem 404 when there is none."""
    item = session.get(WorkItem, item_id)
    if item is None:
        raise item_not_found()
    return item


def get_instance(session: Session, instance_id: UUID) -> FlowInstance:
    """The flow; Problem 404 when there is none."""
    instance = session.get(FlowInstance, instance_id)
    if instance is None:
        raise instance_not_found()
    return instance


def find_instance_of(session: Session, subject_id: UUID) -> FlowInstance | None:
    """The newest flow of a subject."""
    newest = sa.select(FlowInstance).where(FlowInstance.subject_id == subject_id)
    return session.scalars(newest.order_by(FlowInstance.id.desc()).limit(1)).first()


def list_items_of(session: Session, subject_id: UUID) -> list[WorkItem]:
    """All items that a subject ever had, oldest first."""
    items = sa.select(WorkItem).where(WorkItem.subject_id == subject_id)
    return list(session.scalars(items.order_by(WorkItem.received_at, WorkItem.id)))


def list_open_items(
    session: Session,
    post_ids: Collection[UUID],
    *,
    limit: int,
    before: tuple[datetime, UUID] | None = None,
) -> list[WorkItem]:
    """Open items of these posts, newest first; `before` is the last row's (received_at, id) of the page before."""
    items = sa.select(WorkItem).where(WorkItem.post_id.in_(post_ids), WorkItem.status == ItemStatus.OPEN)
    if before is not None:
        items = items.where(sa.tuple_(WorkItem.received_at, WorkItem.id) < sa.tuple_(*before))
    ordered = items.order_by(WorkItem.received_at.desc(), WorkItem.id.desc())
    return list(session.scalars(ordered.limit(limit)))


def had_item(session: Session, *, subject_id: UUID, post_ids: Collection[UUID]) -> bool:
    """Whether any of these posts has or had an item of the subject that was not taken back unread."""
    found = sa.select(WorkItem.id).where(
        WorkItem.subject_id == subject_id,
        WorkItem.post_id.in_(post_ids),
        sa.not_(sa.and_(WorkItem.status == ItemStatus.WITHDRAWN, WorkItem.acted_post_id != WorkItem.post_id)),
    )
    return session.scalars(found.limit(1)).first() is not None


def left_by_abolished_posts() -> sa.Select[UUID]:
    """The subjects of which a post that was abolished since has still something to do; copies to read do not count."""
    return (
        sa.select(WorkItem.subject_id)
        .join(DirectoryPost, DirectoryPost.id == WorkItem.post_id)
        .where(WorkItem.status == ItemStatus.OPEN, WorkItem.role != ItemRole.READER)
        .where(sa.not_(DirectoryPost.active))
    )


def form_of(session: Session, item_id: UUID) -> ItemForm:
    """What the holder of an open item is asked and may do. Raises `flow.item_not_found`."""
    item = get_item(session, item_id)
    instance = get_instance(session, item.instance_id)
    if (
        item.role == ItemRole.READER
        or instance.status != FlowStatus.RUNNING
        or instance.definition_id is None
    ):
        return ItemForm(outcomes=(), asks=(), coming=(), earlier=(), verbs=frozenset())
    definition = definition_of(session, instance.definition_id)
    step = definition.steps[item.step_id]
    run = Run.load(definition, instance.state["run"])
    done = _performers(list_items_of(session, item.subject_id), instance.id)
    coming = definition.choices_after(step.id)
    return ItemForm(
        outcomes=step.outcomes,
        asks=tuple(definition.variables[name] for name in step.asks),
        coming=tuple(_coming(found, done.get(found.id, ())) for found in coming),
        earlier=tuple(
            EarlierStep(step_id=passed.step.id, name=passed.step.name, post_ids=done[passed.step.id])
            for passed in run.passed_steps()
            if done.get(passed.step.id) and _can_return(definition, instance, item, passed.step.id)
        ),
        verbs=step.verbs - {Verb.WITHDRAW} if step.final else step.verbs,
    )


def _can_return(definition: Definition, instance: FlowInstance, item: WorkItem, step_id: str) -> bool:
    """Whether returning would be allowed, found out on a copy of the state."""
    try:
        Run.load(definition, instance.state["run"]).return_to(step_id, within=item.task_id)
    except Problem:
        return False
    return True


def _coming(step: Step, usual: tuple[UUID, ...]) -> ComingStep:
    return ComingStep(
        step_id=step.id,
        name=step.name,
        optional=step.optional,
        with_lead=step.with_lead,
        permission=step.assign.permission,
        usual=usual,
    )


def _performers(items: Sequence[WorkItem], instance_id: UUID) -> dict[str, tuple[UUID, ...]]:
    """The posts that did each step the last time."""
    latest: dict[str, tuple[UUID, list[UUID]]] = {}
    for item in items:
        if item.instance_id != instance_id or item.status != ItemStatus.DONE or item.task_id is None:
            continue
        arrival, posts = latest.get(item.step_id, (item.arrival_id, []))
        if arrival != item.arrival_id:
            posts = []
        latest[item.step_id] = (item.arrival_id, [*posts, item.post_id])
    return {step_id: tuple(dict.fromkeys(posts)) for step_id, (_, posts) in latest.items()}


def draw_flow(session: Session, instance_id: UUID) -> str:
    """The flow's diagram as SVG, with done, open and returned steps marked, in the version that it runs on."""
    instance = get_instance(session, instance_id)
    if instance.definition_id is None:
        raise instance_not_found()
    definition = definition_of(session, instance.definition_id)
    return draw_diagram(definition, Run.load(definition, instance.state["run"]).marks())
