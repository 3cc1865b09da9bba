"""Following work and its subjects: items come, change and go, and so does the feed of changes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.mobile.commands.feed import tell_changes
from services.mobile.commands.merging import merge
from services.mobile.domain.boxes import ChangeKind, State
from services.mobile.domain.changes import (
    WORK_EVENTS,
    Change,
    change_of_item,
    change_of_work,
)
from services.mobile.models import InboxChange, InboxItem, StartedWork, SubjectFacts
from shared.clock import Clock
from shared.events.base import Envelope
from shared.events.documents import DocumentNumbered, DocumentRevised
from shared.events.work import WorkItemReopened
from shared.search import bigrams

# By what an item or a piece of work is found.
_SEARCHED = ("title", "number", "document_kind", "step", "sender_name", "flow")


def follow_work(session: Session, envelope: Envelope, clock: Clock) -> None:
    """Bring items, or a piece of work that somebody started, up to date with one event about it."""
    if isinstance(envelope.event, WORK_EVENTS):
        _follow_started(session, envelope, now=clock.now())
    else:
        _follow_item(session, envelope, now=clock.now())


def follow_naming(session: Session, envelope: Envelope, clock: Clock) -> None:
    """Show a document's new title, urgency or number wherever the document lies in an inbox."""
    event = envelope.event
    if isinstance(event, DocumentRevised):
        group, facts = "revised", {"title": event.title, "urgency": event.urgency}
    elif isinstance(event, DocumentNumbered):
        group, facts = "numbered", {"number": event.number}
    else:
        raise TypeError(f"{envelope.key} names no document")
    named = merge(
        session, SubjectFacts, event.document_id, group=group, sequence=envelope.sequence, facts=facts
    )
    if named is not None:
        _rename(session, named, now=clock.now())


def _follow_item(session: Session, envelope: Envelope, *, now: datetime) -> None:
    change = change_of_item(envelope.event)
    item_id = envelope.subject
    losing = _actors_of(session, item_id) if isinstance(envelope.event, WorkItemReopened) else set()
    item = merge(
        session,
        InboxItem,
        item_id,
        group=change.group,
        sequence=envelope.sequence,
        facts=_with_names(session, change, envelope),
    )
    if item is None or item.received_at is None:
        return
    is_open = item.state == State.OPEN
    kind = ChangeKind.CLOSED if change.kind is ChangeKind.OPENED and not is_open else change.kind
    persons = {item.acted_person_id, item.for_person_id} | losing
    tell_changes(
        session,
        [
            InboxChange(
                at=now, kind=kind.value, item_id=item_id, post_id=item.post_id, person_ids=_named(persons)
            )
        ],
    )


def _follow_started(session: Session, envelope: Envelope, *, now: datetime) -> None:
    change = change_of_work(envelope.event)
    work = merge(
        session,
        StartedWork,
        envelope.subject,
        group=change.group,
        sequence=envelope.sequence,
        facts=_with_names(session, change, envelope),
    )
    if work is None or work.person_id is None:
        return
    tell_changes(
        session,
        [
            InboxChange(
                at=now, kind=change.kind.value, item_id=work.id, is_work=True, person_ids=[work.person_id]
            )
        ],
    )


def _with_names(session: Session, change: Change, envelope: Envelope) -> dict[str, Any]:
    """The change's facts on their chain; an opening one under the name that its subject has by now."""
    facts = {**change.facts, "correlation_id": envelope.correlation_id}
    if "title" not in facts:
        return facts
    facts.update(_known_names(_lock_subject(session, facts["subject_id"])))
    return {**facts, "terms": _terms_of(facts)}


def _known_names(subject: SubjectFacts) -> Mapping[str, str]:
    names = {"title": subject.title, "urgency": subject.urgency, "number": subject.number}
    return {name: value for name, value in names.items() if value is not None}


def _lock_subject(session: Session, subject_id: UUID) -> SubjectFacts:
    row = insert(SubjectFacts).values(id=subject_id)
    # Writing the id over itself locks the row until commit, also when it has just been made.
    locked = row.on_conflict_do_update(index_elements=["id"], set_={"id": row.excluded.id})
    return session.scalars(
        locked.returning(SubjectFacts), execution_options={"populate_existing": True}
    ).one()


def _rename(session: Session, subject: SubjectFacts, *, now: datetime) -> None:
    names = _known_names(subject)
    items = session.scalars(sa.select(InboxItem).where(InboxItem.subject_id == subject.id)).all()
    works = session.scalars(sa.select(StartedWork).where(StartedWork.subject_id == subject.id)).all()
    rows: list[InboxItem | StartedWork] = [*items, *works]
    shown = [row for row in rows if _takes_names(row, names)]
    session.flush()
    tell_changes(
        session,
        [
            InboxChange(
                at=now,
                kind=ChangeKind.CHANGED.value,
                item_id=row.id,
                is_work=isinstance(row, StartedWork),
                post_id=row.post_id if isinstance(row, InboxItem) else None,
                person_ids=_named({row.person_id} if isinstance(row, StartedWork) else {row.acted_person_id}),
            )
            for row in shown
        ],
    )


def _takes_names(row: InboxItem | StartedWork, names: Mapping[str, str]) -> bool:
    """Whether the row is shown to somebody and looks different under these names."""
    if row.opened_sequence == 0 or all(getattr(row, name) == value for name, value in names.items()):
        return False
    for name, value in names.items():
        setattr(row, name, value)
    row.terms = _terms_of(vars(row))
    return True


def _actors_of(session: Session, item_id: UUID) -> set[UUID | None]:
    """Who has it among what they did, and will not any more once it is open again."""
    actors = sa.select(InboxItem.acted_person_id, InboxItem.for_person_id).where(InboxItem.id == item_id)
    row = session.execute(actors.with_for_update()).first()
    return set(row) if row else set()


def _named(persons: set[UUID | None]) -> list[UUID]:
    return sorted(person for person in persons if person is not None)


def _terms_of(facts: Mapping[str, Any]) -> list[str]:
    return bigrams(*(facts.get(name) for name in _SEARCHED))
