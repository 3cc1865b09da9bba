"""An archive at work in tests: its database, directory and store, and the events that reach it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer_group

from services.archives.models import WHOLE, ArchiveRecord, ClosedDocument, FilingState
from services.archives.preparing import prepare
from services.archives.worker import ArchivesWorker
from shared.auth import Actor
from shared.clock import FixedClock
from shared.config import read_settings
from shared.directory import DirectoryUnit
from shared.events.base import Envelope, Event
from shared.events.documents import Blob, DocumentClosed
from shared.events.dossier import MEDIA_TYPE, Dossier, to_json
from shared.events.dossier import Unit as DossierUnit
from shared.files import BlobStore
from shared.ids import new_id
from shared.messaging.delivery import Tick
from shared.messaging.handling import Verdict, handle
from shared.messaging.models import OutboxEvent
from shared.messaging.subscriptions import subscriptions_of
from shared.runtime_context import Runtime
from tests.unit.archives import samples
from tests.unit.archives.samples import Store

FILED_AT = datetime(2025, 3, 20, 2, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Town:
    """A city with its office and that office's inner one, a bureau and a county; `letter` begins their 全宗号."""

    letter: str
    city: UUID
    office: UUID
    general: UUID
    bureau: UUID
    county: UUID


def new_town(letter: str = "Z") -> Town:
    return Town(letter, *(new_id() for _ in range(5)))


class Archive:
    """The archives service without a broker: events are handed in, the timer is fired by hand."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.database_url = database_url
        joined = f"{database_url}{'&' if '?' in database_url else '?'}application_name={{service}}"
        self.settings = replace(
            read_settings(),
            home=folder,
            database_url=joined,
            blob_url=(folder / "blobs").as_uri(),
            max_workers=10,
        )
        self.clock = FixedClock(FILED_AT)
        self.runtime = Runtime(settings=self.settings, clock=self.clock)
        self.store = Store(folder / "blobs")
        self.town = new_town()
        self._subscriptions = {
            event: made for made in subscriptions_of(ArchivesWorker) for event in made.events or ()
        }
        with self.transaction() as session:
            prepare(session, Actor.system(new_id()), self.runtime)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with self.runtime.database("archives").transaction() as session:
            yield session

    def settle_town(self, *, fonds: bool = True) -> None:
        """Enter the units in the local directory, as identity's events would."""
        town = self.town
        with self.transaction() as session:
            for unit in (
                a_unit(town.city, None, "萍乡市人民政府", fonds=f"{town.letter}001"),
                a_unit(
                    town.office,
                    town.city,
                    "萍乡市人民政府办公室",
                    fonds=f"{town.letter}002" if fonds else None,
                ),
                a_unit(town.general, town.office, "萍乡市人民政府办公室综合科", organ=False),
                a_unit(town.bureau, town.city, "萍乡市水利局", fonds=f"{town.letter}003"),
                a_unit(town.county, town.city, "安源区人民政府", fonds=f"{town.letter}021"),
            ):
                session.merge(unit)

    def dossier(self, *, owner: UUID | None = None, sample: Any = samples.dispatch, **facts: Any) -> Dossier:
        """A new closed document of the city's office, or of another unit."""
        owner_id = owner or self.town.office
        made: Dossier = sample(self.store)
        unit = DossierUnit(name="萍乡市人民政府办公室", unit_id=owner_id)
        return replace(made, document_id=new_id(), owner=unit, **facts)

    def closed(self, dossier: Dossier) -> DocumentClosed:
        """The event that hands the dossier over."""
        ref = self.store.blobs.put(to_json(dossier), media_type=MEDIA_TYPE, name="档案数据.json")
        assert dossier.owner.unit_id
        return DocumentClosed(
            document_id=dossier.document_id,
            owner_unit_id=dossier.owner.unit_id,
            direction=dossier.direction.value,
            kind=dossier.kind,
            title=dossier.title,
            number=dossier.number or "",
            dossier=Blob(digest=ref.digest, size=ref.size, media_type=ref.media_type, name=ref.name),
            closed_at=dossier.closed_at,
        )

    def envelope(self, event: Event, *, sequence: int = 9) -> Envelope:
        return Envelope(
            id=new_id(),
            service=event.producers[0],
            time=FILED_AT,
            sequence=sequence,
            actor_id=None,
            correlation_id=new_id(),
            causation_id=None,
            event=event,
        )

    def deliver(self, envelope: Envelope) -> Verdict:
        """Hand an event to the worker, as the consumer does."""
        subscription = self._subscriptions[type(envelope.event)]
        with self.transaction() as session:
            return handle(
                session,
                envelope,
                subscription=subscription,
                runtime=self.runtime,
                method=getattr(ArchivesWorker(), subscription.method),
            )

    def close(self, dossier: Dossier) -> UUID:
        """Close a document: its event arrives."""
        self.deliver(self.envelope(self.closed(dossier)))
        return dossier.document_id

    def tick(self) -> None:
        """Fire the timer."""
        with self.transaction() as session:
            ArchivesWorker().file_documents(
                Tick(session=session, actor=Actor.system(new_id()), runtime=self.runtime)
            )

    def pass_time(self, seconds: float) -> None:
        self.clock.at += timedelta(seconds=seconds)

    def filed(self, document_id: UUID) -> ArchiveRecord:
        with self.transaction() as session:
            wanted = sa.select(ArchiveRecord).where(ArchiveRecord.document_id == document_id)
            return session.scalars(wanted.options(undefer_group(WHOLE))).one()

    def records(self) -> list[ArchiveRecord]:
        with self.transaction() as session:
            return list(session.scalars(sa.select(ArchiveRecord).order_by(ArchiveRecord.item)))

    def gaps(self) -> dict[UUID, list[str]]:
        with self.transaction() as session:
            waiting = sa.select(ClosedDocument).where(ClosedDocument.state == FilingState.WAITING)
            return {row.document_id: row.reasons for row in session.scalars(waiting)}

    def told(self) -> list[OutboxEvent]:
        with self.transaction() as session:
            return list(session.scalars(sa.select(OutboxEvent).order_by(OutboxEvent.position)))

    def blob_path(self, digest: str) -> Path:
        code = digest.removeprefix("sha256:")
        return self.settings.home / "blobs" / code[:2] / code[2:4] / code

    def shut(self) -> None:
        self.runtime.close()


def a_unit(
    unit_id: UUID,
    parent_id: UUID | None,
    name: str,
    *,
    fonds: str | None = None,
    organ: bool = True,
    division: str = "360300",
) -> DirectoryUnit:
    return DirectoryUnit(
        id=unit_id,
        code=hashlib.sha256(name.encode()).hexdigest()[:8],
        parent_id=parent_id,
        name=name,
        short_name=name,
        kind="department",
        level="city",
        division_code=division,
        credit_code=None,
        issuing_codes=[],
        fonds_code=fonds,
        issues_documents=organ,
        position=0,
        active=True,
    )


class FullStore(BlobStore):
    """A store whose disk is full for packages."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.full = True

    def _keep(self, spool: Any, path: str, size: int) -> None:
        if self.full:
            raise OSError(28, "No space left on device")
        super()._keep(spool, path, size)
