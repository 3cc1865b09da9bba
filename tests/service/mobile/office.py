"""An office whose work mobile follows: people in posts, and the events that their work would tell."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.mobile import commands, queries
from services.mobile.queries.viewer import Viewer
from shared.auth import Actor
from shared.clock import FixedClock
from shared.db import Database
from shared.directory import keep
from shared.events import documents, identity, work
from shared.events.base import Envelope, Event, example_of
from shared.ids import new_id
from shared.permissions import Permission
from tests.support.api import SignedIn

NOW = datetime.now(UTC).replace(microsecond=0)
Doer = work.Doer


class Office:
    """Tells events as the services would, each with the next sequence of its subject, and lets mobile follow them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = FixedClock(NOW)
        self.sequences: Counter[UUID] = Counter()
        self.told: list[Envelope] = []

    def person(self, name: str = "王明", *, posts: int = 1, title: str = "科员") -> SignedIn:
        """A new person who holds that many new posts, in the directory; signed in in the first of them."""
        made = SignedIn(name=name, permissions=frozenset({Permission.MOBILE_USE}))
        self.keep(identity.PersonRegistered(person_id=made.person_id, name=name))
        for place in range(posts):
            post_id = made.post_id if place == 0 else new_id()
            self.post(post_id, title=title if place == 0 else f"{title}{place + 1}")
            self.appoint(made, post_id)
        return made

    def post(self, post_id: UUID, *, title: str = "科员") -> None:
        event = replace(example_of(identity.PostCreated), post_id=post_id, title=title)
        self.keep(event, example_of(identity.UnitRegistered))

    def appoint(self, person: SignedIn, post_id: UUID) -> UUID:
        tenure_id = person.tenure_id if post_id == person.post_id else new_id()
        self.keep(identity.TenureBegan(tenure_id=tenure_id, person_id=person.person_id, post_id=post_id))
        return tenure_id

    def delegate(
        self, absent: SignedIn, deputy: SignedIn, *, kinds: Iterable[str] = (), days: float = 7
    ) -> UUID:
        made = identity.DelegationGranted(
            delegation_id=new_id(),
            from_person_id=absent.person_id,
            from_post_id=absent.post_id,
            to_person_id=deputy.person_id,
            to_post_id=deputy.post_id,
            work_kinds=tuple(kinds),
            starts_at=NOW - timedelta(days=1),
            ends_at=NOW + timedelta(days=days),
        )
        self.keep(made)
        return made.delegation_id

    def keep(self, *events: Event) -> None:
        with self.database.transaction() as session:
            for event in events:
                keep(session, event)

    def envelope(
        self, event: Event, *, chain: UUID | None = None, service: str = "", **facts: Any
    ) -> Envelope:
        """The event as it would arrive, next in the order of its subject."""
        self.sequences[event.subject] += 1
        sequence = self.sequences[event.subject]
        made = Envelope(
            id=new_id(),
            service=service or event.producers[-1],
            time=NOW + timedelta(seconds=len(self.told)),
            sequence=sequence,
            actor_id=facts.get("actor_id"),
            correlation_id=chain or new_id(),
            causation_id=facts.get("causation_id"),
            event=event,
        )
        self.told.append(made)
        return made

    def tell(self, *events: Event, chain: UUID | None = None) -> list[Envelope]:
        """Let mobile follow these events, each in its own transaction."""
        envelopes = [self.envelope(event, chain=chain) for event in events]
        self.follow(*envelopes)
        return envelopes

    def follow_at_once(self, *envelopes: Envelope) -> None:
        """The same in a single transaction, where only the outcome matters."""
        with self.database.transaction() as session:
            for envelope in envelopes:
                follow(session, envelope, self.clock)

    def follow(self, *envelopes: Envelope) -> None:
        for envelope in envelopes:
            with self.database.transaction() as session:
                follow(session, envelope, self.clock)

    def viewer(self, person: SignedIn) -> Viewer:
        actor = Actor(correlation_id=new_id(), person_id=person.person_id, post_id=person.post_id)
        with self.database.transaction() as session:
            return queries.viewer_of(session, actor, now=NOW)


def follow(session: Any, envelope: Envelope, clock: FixedClock) -> None:
    """What the worker's handlers do with an event, in one transaction."""
    commands.keep_trace(session, envelope)
    if isinstance(envelope.event, documents.DocumentRevised | documents.DocumentNumbered):
        commands.follow_naming(session, envelope, clock)
    elif envelope.key.startswith(("work.", "work_item.")):
        commands.follow_work(session, envelope, clock)


def subject(document_id: UUID | None = None, **facts: Any) -> work.WorkSubject:
    example: work.WorkSubject = example_of(work.WorkSubject)
    return replace(example, id=document_id or new_id(), number="", urgency="", **facts)


def opened(post_id: UUID, about: work.WorkSubject | None = None, **facts: Any) -> work.WorkItemOpened:
    """An item for that post, received an hour ago."""
    example: work.WorkItemOpened = example_of(work.WorkItemOpened)
    given = {"deadline": None, "received_at": NOW - timedelta(hours=1), **facts}
    return replace(
        example,
        work_item_id=given.pop("work_item_id", None) or new_id(),
        work_id=given.pop("work_id", None) or new_id(),
        subject_of_work=about or subject(),
        post_id=post_id,
        **given,
    )


def doer(person: SignedIn, absent: SignedIn | None = None) -> Doer:
    return Doer(
        person_id=person.person_id,
        person_name=person.name,
        post_id=person.post_id,
        for_person_id=absent.person_id if absent else None,
        for_post_id=absent.post_id if absent else None,
    )


def completed(
    item: work.WorkItemOpened, by: Doer, *, at: datetime = NOW, label: str = "同意"
) -> work.WorkItemCompleted:
    return work.WorkItemCompleted(
        work_item_id=item.work_item_id,
        subject_id=item.subject_of_work.id,
        by=by,
        outcome="agree",
        outcome_label=label,
        completed_at=at,
    )


def reopened(item: work.WorkItemOpened) -> work.WorkItemReopened:
    return work.WorkItemReopened(
        work_item_id=item.work_item_id, subject_id=item.subject_of_work.id, reopened_at=NOW
    )


def read(item: work.WorkItemOpened, by: Doer) -> work.WorkItemRead:
    return work.WorkItemRead(
        work_item_id=item.work_item_id, subject_id=item.subject_of_work.id, by=by, read_at=NOW
    )


def reminded(item: work.WorkItemOpened, by: Doer, times: int = 1) -> work.WorkItemReminded:
    return work.WorkItemReminded(
        work_item_id=item.work_item_id,
        subject_id=item.subject_of_work.id,
        by=by,
        reminders=times,
        note="请尽快办理",
        reminded_at=NOW,
    )


def dated(item: work.WorkItemOpened, deadline: datetime) -> work.WorkItemDeadlineMoved:
    return work.WorkItemDeadlineMoved(
        work_item_id=item.work_item_id,
        subject_id=item.subject_of_work.id,
        deadline=deadline,
        moved_at=NOW,
    )


def cancelled(item: work.WorkItemOpened) -> work.WorkItemCancelled:
    return work.WorkItemCancelled(
        work_item_id=item.work_item_id,
        subject_id=item.subject_of_work.id,
        cause=work.CancelCause.STEP_DONE,
        cancelled_at=NOW,
    )


def started(by: Doer, about: work.WorkSubject | None = None, **facts: Any) -> work.WorkStarted:
    example: work.WorkStarted = example_of(work.WorkStarted)
    return replace(
        example,
        work_id=facts.get("work_id") or new_id(),
        subject_of_work=about or subject(),
        started_by=by,
        started_at=facts.get("started_at") or NOW,
    )


def revised(
    document_id: UUID, *, title: str, urgency: str = "", version: int = 2
) -> documents.DocumentRevised:
    example: documents.DocumentRevised = example_of(documents.DocumentRevised)
    return replace(example, document_id=document_id, title=title, urgency=urgency, version=version)


def numbered(document_id: UUID, number: str) -> documents.DocumentNumbered:
    example: documents.DocumentNumbered = example_of(documents.DocumentNumbered)
    return replace(example, document_id=document_id, number=number)
