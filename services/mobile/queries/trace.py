"""The trace of a piece of work: every event of its chain, across services, for those who may know of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.mobile import errors
from services.mobile.domain.sentences import Rank, complete
from services.mobile.domain.wording import NARROW_KINDS
from services.mobile.models import InboxItem, StartedWork, TraceEntry
from services.mobile.queries.boxes import shown_to
from services.mobile.queries.cards import PostName, person_names, post_names
from services.mobile.queries.viewer import Viewer
from shared.auth import Actor
from shared.directory import DirectoryPost, administers_everything, list_administered
from shared.web.paging import make_page, read_cursor

SYSTEM_NAME = "系统"


@dataclass(frozen=True, kw_only=True)
class TraceLine:
    """One event of a chain, as a person reads it."""

    id: UUID
    at: datetime
    correlation_id: UUID
    causation_id: UUID | None
    service: str
    key: str
    rank: str
    about_id: UUID
    subject_id: UUID
    step: str
    sentence: str
    person_id: UUID | None
    person_name: str
    post: PostName | None
    on_behalf_of: str
    to_post: PostName | None


@dataclass(frozen=True, kw_only=True)
class TracedSubject:
    """A document or other matter in the chain: one lane of its timeline."""

    id: UUID
    system: str
    subject_kind: str
    title: str
    number: str
    link: str


@dataclass(frozen=True, kw_only=True)
class Trace:
    """A page of a chain, oldest first, and the matters that it is about."""

    correlation_ids: Sequence[UUID]
    subjects: Sequence[TracedSubject]
    items: Sequence[TraceLine]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who asks for a trace; an auditor (审计管理员) reads what the units administered had a part in, too."""

    viewer: Viewer
    auditor: Actor | None
    details: bool
    after: str | None
    limit: int


def get_trace_of_subject(session: Session, reader: Reader, subject_id: UUID) -> Trace:
    """The chain in which something was told about that document or other matter. Problem 404."""
    chains = sa.select(TraceEntry.correlation_id).where(TraceEntry.about_id == subject_id).distinct()
    return _get(session, reader, sorted(session.scalars(chains)))


def get_trace_of_chain(session: Session, reader: Reader, correlation_id: UUID) -> Trace:
    """The chain of that correlation id. Problem 404."""
    return _get(session, reader, [correlation_id])


def _get(session: Session, reader: Reader, chains: Sequence[UUID]) -> Trace:
    in_chain = TraceEntry.correlation_id.in_(chains)
    if not chains or not session.scalar(sa.select(sa.exists().where(in_chain))):
        raise errors.chain_not_found()
    wanted = sa.select(TraceEntry).where(in_chain)
    if reader.auditor is None or not administers_everything(session, reader.auditor):
        parts = _parts_of(session, reader.viewer, chains)
        if reader.auditor is not None:
            parts |= _overseen(session, reader.auditor, chains)
        if not parts:
            raise errors.chain_not_found()
        wide = sa.literal(bool(parts - _narrow(session, parts)))
        headline = sa.and_(wide, TraceEntry.rank == Rank.MILESTONE.value)
        wanted = wanted.where(sa.or_(headline, TraceEntry.about_id.in_(parts)))
    if not reader.details:
        wanted = wanted.where(TraceEntry.rank != Rank.DETAIL.value)
    if reader.after is not None:
        moment, last_id = read_cursor(reader.after, datetime, UUID)
        place = sa.tuple_(sa.literal(moment, TraceEntry.at.type), sa.literal(last_id, TraceEntry.id.type))
        wanted = wanted.where(sa.tuple_(TraceEntry.at, TraceEntry.id) > place)
    rows = session.scalars(wanted.order_by(TraceEntry.at, TraceEntry.id).limit(reader.limit + 1)).all()
    page = make_page(rows, reader.limit, lambda row: (row.at, row.id)) if rows else None
    entries = list(page.items) if page else []
    return Trace(
        correlation_ids=chains,
        subjects=_subjects(session, {entry.about_id for entry in entries}),
        items=_lines(session, entries),
        next=page.next if page else None,
    )


def _parts_of(session: Session, viewer: Viewer, chains: Sequence[UUID]) -> set[UUID]:
    """The matters in these chains that the person has a part in: an item now or before, a start, or an act."""
    items = sa.select(InboxItem.subject_id).where(InboxItem.correlation_id.in_(chains), shown_to(viewer))
    started = sa.select(StartedWork.subject_id).where(
        StartedWork.correlation_id.in_(chains), StartedWork.person_id == viewer.person_id
    )
    acted = sa.select(TraceEntry.about_id).where(
        TraceEntry.correlation_id.in_(chains),
        TraceEntry.person_id == viewer.person_id,
        # To sign for what another unit sent is no part in how that unit worked on it.
        TraceEntry.rank != Rank.MILESTONE.value,
    )
    return set(session.scalars(sa.union(items, started, acted)))


def _overseen(session: Session, auditor: Actor, chains: Sequence[UUID]) -> set[UUID]:
    """The matters in these chains that a unit which the auditor administers has a part in, as a person would have."""
    units = list(list_administered(session, auditor))
    posts = sa.select(DirectoryPost.id).where(DirectoryPost.unit_id.in_(units))
    items = sa.select(InboxItem.subject_id).where(
        InboxItem.correlation_id.in_(chains), InboxItem.received_at.is_not(None), InboxItem.post_id.in_(posts)
    )
    acted = sa.select(TraceEntry.about_id).where(
        TraceEntry.correlation_id.in_(chains),
        TraceEntry.post_id.in_(posts),
        TraceEntry.rank != Rank.MILESTONE.value,
    )
    return set(session.scalars(sa.union(items, acted)))


def _narrow(session: Session, parts: Collection[UUID]) -> set[UUID]:
    """Which of these matters tell nothing of the business that they were asked for."""
    asked = sa.select(InboxItem.subject_id).where(
        InboxItem.subject_id.in_(parts), InboxItem.subject_kind.in_(NARROW_KINDS)
    )
    return set(session.scalars(asked))


def _lines(session: Session, entries: Sequence[TraceEntry]) -> list[TraceLine]:
    posts = post_names(session, {post for entry in entries for post in (entry.post_id, entry.to_post_id)})
    people = person_names(
        session, {person for entry in entries for person in (entry.person_id, entry.for_person_id)}
    )
    steps = _steps(session, {entry.subject_id for entry in entries if entry.key.startswith("work_item.")})
    return [
        TraceLine(
            id=entry.id,
            at=entry.at,
            correlation_id=entry.correlation_id,
            causation_id=entry.causation_id,
            service=entry.service,
            key=entry.key,
            rank=entry.rank,
            about_id=entry.about_id,
            subject_id=entry.subject_id,
            step=steps.get(entry.subject_id, ""),
            sentence=complete(
                entry.key,
                entry.sentence,
                step=steps.get(entry.subject_id, ""),
                to_post=posts[entry.to_post_id].label if entry.to_post_id else "",
            ),
            person_id=entry.person_id,
            person_name=entry.person_name or _name(people, entry.person_id) or SYSTEM_NAME,
            post=_post(entry, posts),
            on_behalf_of=entry.on_behalf_of or _name(people, entry.for_person_id),
            to_post=posts[entry.to_post_id] if entry.to_post_id else None,
        )
        for entry in entries
    ]


def _name(people: dict[UUID, str], person_id: UUID | None) -> str:
    return people.get(person_id, "") if person_id else ""


def _post(entry: TraceEntry, posts: dict[UUID, PostName]) -> PostName | None:
    """The post as the event named it at the time, or else as it is called now."""
    if entry.post_id is None:
        return None
    if entry.post_title:
        return PostName(id=entry.post_id, title=entry.post_title, unit_name=entry.unit_name)
    return posts[entry.post_id]


def _steps(session: Session, item_ids: Collection[UUID]) -> dict[UUID, str]:
    named = sa.select(InboxItem.id, InboxItem.step).where(InboxItem.id.in_(item_ids))
    return {row.id: row.step for row in session.execute(named)}


def _subjects(session: Session, subject_ids: Collection[UUID]) -> list[TracedSubject]:
    columns = ("subject_id", "system", "subject_kind", "title", "number", "link")
    found = [
        sa.select(*(getattr(table, name) for name in columns)).where(
            table.subject_id.in_(subject_ids), table.opened_sequence > 0
        )
        for table in (InboxItem, StartedWork)
    ]
    rows = session.execute(sa.union(*found)).all()
    unique = {row.subject_id: row for row in rows}
    return [
        TracedSubject(
            id=row.subject_id,
            system=row.system,
            subject_kind=row.subject_kind,
            title=row.title,
            number=row.number,
            link=row.link,
        )
        for row in sorted(unique.values(), key=lambda row: row.subject_id)
    ]
