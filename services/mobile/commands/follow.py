"""Following work and its subjects: items come, change and go, and so does the feed of changes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.mobile.commands.feed import Changed, tell_changes
from services.mobile.commands.merging import lock_subject, merge
from services.mobile.domain.boxes import ChangeKind, State
from services.mobile.domain.changes import (
    WORK_EVENTS,
    Change,
    change_of_item,
    change_of_work,
)
from services.mobile.models import InboxItem, StartedWork, SubjectFacts
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
    document_id = event.document_id
    named = merge(session, SubjectFacts, document_id, sequence=envelope.sequence, groups={group: facts})
    if named is not None:
        _rename(session, document_id, _known_names(named), now=clock.now())


def _follow_item(session: Session, envelope: Envelope, *, now: datetime) -> None:
    change = change_of_item(envelope.event)
    item_id = envelope.subject
    losing = _actors_of(session, item_id) if isinstance(envelope.event, WorkItemReopened) else []
    groups = {change.group: _with_names(session, change, envelope), **change.beside}
    item = merge(session, InboxItem, item_id, sequence=envelope.sequence, groups=groups)
    if item is None or item.received_at is None:
        return
    came_late = change.kind is ChangeKind.OPENED and item.state != State.OPEN
    changed = Changed(
        item_id=item_id,
        kind=ChangeKind.CLOSED if came_late else change.kind,
        post_id=item.post_id,
        persons=[item.acted_person_id, item.for_person_id, *losing],
    )
    tell_changes(session, [changed], now=now)


def _follow_started(session: Session, envelope: Envelope, *, now: datetime) -> None:
    change = change_of_work(envelope.event)
    work_id = envelope.subject
    groups = {change.group: _with_names(session, change, envelope), **change.beside}
    work = merge(session, StartedWork, work_id, sequence=envelope.sequence, groups=groups)
    if work is None or work.person_id is None:
        return
    changed = Changed(item_id=work_id, kind=change.kind, is_work=True, persons=[work.person_id])
    tell_changes(session, [changed], now=now)


def _with_names(session: Session, change: Change, envelope: Envelope) -> dict[str, Any]:
    """The change's facts on their chain; an opening one under the name that its subject has by now."""
    facts = {**change.facts, "correlation_id": envelope.correlation_id}
    if "title" not in facts:
        return facts
    facts.update(_known_names(lock_subject(session, facts["subject_id"])))
    return {**facts, "terms": _terms_of(facts)}


def _known_names(subject: sa.Row[Any]) -> Mapping[str, str]:
    names = {"title": subject.title, "urgency": subject.urgency, "number": subject.number}
    return {name: value for name, value in names.items() if value is not None}


def _rename(session: Session, subject_id: UUID, names: Mapping[str, str], *, now: datetime) -> None:
    # A session that lives long, as in a replay, may hold rows that `merge` has written past it since.
    fresh = {"populate_existing": True}
    wanted_items = sa.select(InboxItem).where(InboxItem.subject_id == subject_id)
    wanted_works = sa.select(StartedWork).where(StartedWork.subject_id == subject_id)
    items = session.scalars(wanted_items, execution_options=fresh).all()
    works = session.scalars(wanted_works, execution_options=fresh).all()
    changed = [
        Changed(
            item_id=item.id,
            kind=ChangeKind.CHANGED,
            post_id=item.post_id,
            persons=[item.acted_person_id, item.for_person_id],
        )
        for item in items
        if _takes_names(item, names)
    ]
    changed += [
        Changed(item_id=work.id, kind=ChangeKind.CHANGED, is_work=True, persons=[work.person_id])
        for work in works
        if _takes_names(work, names)
    ]
    tell_changes(session, changed, now=now)


def _takes_names(row: InboxItem | StartedWork, names: Mapping[str, str]) -> bool:
    """Whether the row is shown to somebody and looks different under these names."""
    if row.opened_sequence == 0 or all(getattr(row, name) == value for name, value in names.items()):
        return False
    for name, value in names.items():
        setattr(row, name, value)
    row.terms = _terms_of(vars(row))
    return True


def _actors_of(session: Session, item_id: UUID) -> list[UUID | None]:
    """Who has it among what they did, and will not any more once it is open again."""
    actors = sa.select(InboxItem.acted_person_id, InboxItem.for_person_id).where(InboxItem.id == item_id)
    row = session.execute(actors.with_for_update()).first()
    return list(row) if row else []


def _terms_of(facts: Mapping[str, Any]) -> list[str]:
    return bigrams(*(facts.get(name) for name in _SEARCHED))
