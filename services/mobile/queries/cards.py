"""What a person is shown of an item: its row, and the names of the posts and people around it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.mobile.domain.boxes import ROLE_NAMES, STATE_NAMES, State
from services.mobile.models import InboxItem, StartedWork
from services.mobile.queries.viewer import Viewer
from shared.directory import DirectoryPerson, DirectoryPost, DirectoryUnit


@dataclass(frozen=True, kw_only=True)
class PostName:
    """A post as an item names it, also when it has been abolished since."""

    id: UUID
    title: str = ""
    unit_name: str = ""

    @property
    def label(self) -> str:
        return self.unit_name + self.title


@dataclass(frozen=True, kw_only=True)
class OnBehalf:
    """For whom an item is done, or was done; `acting_post_id` is the post in which to act."""

    person_id: UUID
    person_name: str
    acting_post_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class WorkingStep:
    """Where a started piece of work is now."""

    step: str
    post: PostName
    deadline: datetime | None
    overdue: bool
    read: bool


@dataclass(frozen=True, kw_only=True)
class ItemCard:
    """One line of an inbox."""

    id: UUID
    is_work: bool
    system: str
    subject_id: UUID
    subject_kind: str
    document_kind: str
    title: str
    number: str
    urgency: str
    link: str
    correlation_id: UUID
    state: State
    step_id: str = ""
    step: str = ""
    role: str = ""
    flow: str = ""
    post: PostName | None = None
    sender_name: str = ""
    sender_post: PostName | None = None
    received_at: datetime | None = None
    deadline: datetime | None = None
    overdue: bool = False
    read_at: datetime | None = None
    done_at: datetime | None = None
    answered_at: datetime | None = None
    outcome: str = ""
    acted_person_id: UUID | None = None
    acted_by: str = ""
    for_person_id: UUID | None = None
    on_behalf_of: OnBehalf | None = None
    reminders: int = 0
    reminded_at: datetime | None = None
    reminder_note: str = ""
    current_steps: Sequence[WorkingStep] = field(default_factory=tuple)

    @property
    def state_label(self) -> str:
        return STATE_NAMES[self.state]

    @property
    def role_label(self) -> str:
        return ROLE_NAMES.get(self.role, "")


def cards_of_items(
    session: Session, viewer: Viewer, items: Sequence[InboxItem], *, now: datetime
) -> list[ItemCard]:
    """Cards in the order of the items; two more queries, whatever their number."""
    posts = post_names(session, {post for item in items for post in (item.post_id, item.sender_post_id)})
    standings = {item.id: viewer.standing_for(item.post_id, item.work_kind) for item in items}
    absent = {item.for_person_id for item in items} | {
        standing.for_person_id for standing in standings.values() if standing
    }
    people = person_names(session, absent)
    return [_card(item, posts, people, standings[item.id], now=now) for item in items]


def cards_of_works(session: Session, works: Sequence[StartedWork], *, now: datetime) -> list[ItemCard]:
    """Cards of started work, each with the steps that are open now."""
    open_items = session.scalars(
        sa.select(InboxItem)
        .where(InboxItem.work_id.in_([work.id for work in works]), InboxItem.state == State.OPEN.value)
        .where(InboxItem.role != "reader")
        .order_by(InboxItem.received_at, InboxItem.id)
    ).all()
    held = {work.post_id for work in works} | {item.post_id for item in open_items}
    posts = post_names(session, held)
    steps: dict[UUID, list[WorkingStep]] = defaultdict(list)
    for item in open_items:
        if item.work_id and item.post_id:
            steps[item.work_id].append(
                WorkingStep(
                    step=item.step,
                    post=posts[item.post_id],
                    deadline=item.deadline,
                    overdue=_is_overdue(item, now),
                    read=item.read_at is not None,
                )
            )
    return [_work_card(work, posts, steps[work.id]) for work in works]


def post_names(session: Session, post_ids: Collection[UUID | None]) -> dict[UUID, PostName]:
    """Every one of these posts by name; nameless when the directory has never heard of it."""
    wanted = {post_id for post_id in post_ids if post_id is not None}
    rows = session.execute(
        sa.select(DirectoryPost.id, DirectoryPost.title, DirectoryUnit.short_name)
        .outerjoin(DirectoryUnit, DirectoryUnit.id == DirectoryPost.unit_id)
        .where(DirectoryPost.id.in_(wanted))
    ).all()
    named = {key: PostName(id=key, title=title, unit_name=unit or "") for key, title, unit in rows}
    return {post_id: named.get(post_id) or PostName(id=post_id) for post_id in wanted}


def person_names(session: Session, person_ids: Collection[UUID | None]) -> dict[UUID, str]:
    """The names of these people, as far as the directory knows them."""
    wanted = {person_id for person_id in person_ids if person_id is not None}
    if not wanted:
        return {}
    named = sa.select(DirectoryPerson.id, DirectoryPerson.name).where(DirectoryPerson.id.in_(wanted))
    return {row.id: row.name for row in session.execute(named)}


def _card(
    item: InboxItem, posts: dict[UUID, PostName], people: dict[UUID, str], standing: Any, *, now: datetime
) -> ItemCard:
    behalf = None
    if item.for_person_id:
        behalf = OnBehalf(person_id=item.for_person_id, person_name=people.get(item.for_person_id, ""))
    elif standing and item.state == State.OPEN:
        behalf = OnBehalf(
            person_id=standing.for_person_id,
            person_name=people.get(standing.for_person_id, ""),
            acting_post_id=standing.acting_post_id,
        )
    return ItemCard(
        **_subject(item),
        is_work=False,
        state=State(item.state),
        step_id=item.step_id,
        step=item.step,
        role=item.role,
        post=posts[item.post_id] if item.post_id else None,
        sender_name=item.sender_name,
        sender_post=posts[item.sender_post_id] if item.sender_post_id else None,
        received_at=item.received_at,
        deadline=item.deadline,
        overdue=_is_overdue(item, now),
        # Whoever has done it has seen it.
        read_at=item.read_at or (item.done_at if item.acted_person_id else None),
        done_at=item.done_at,
        answered_at=item.answered_at,
        outcome=item.outcome,
        acted_person_id=item.acted_person_id,
        acted_by=item.acted_person_name,
        for_person_id=item.for_person_id,
        on_behalf_of=behalf,
        reminders=item.reminders,
        reminded_at=item.reminded_at,
        reminder_note=item.reminder_note,
    )


def _work_card(work: StartedWork, posts: dict[UUID, PostName], steps: list[WorkingStep]) -> ItemCard:
    return ItemCard(
        **_subject(work),
        is_work=True,
        state=State(work.state),
        flow=work.flow,
        step="、".join(dict.fromkeys(step.step for step in steps)),
        post=posts[work.post_id] if work.post_id else None,
        received_at=work.started_at,
        overdue=any(step.overdue for step in steps),
        done_at=work.ended_at,
        current_steps=steps,
    )


def _subject(row: InboxItem | StartedWork) -> dict[str, Any]:
    names = (
        "id",
        "system",
        "subject_id",
        "subject_kind",
        "document_kind",
        "title",
        "number",
        "urgency",
        "link",
        "correlation_id",
    )
    return {name: getattr(row, name) for name in names}


def _is_overdue(item: InboxItem, now: datetime) -> bool:
    return item.deadline is not None and item.deadline < (item.done_at or now)
