"""Closed documents and what became of them: the queue of filing, the gaps, and the lists behind the rate."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.archives import errors
from services.archives.domain.closing import SYSTEM_LABELS, SYSTEM_OF, directions_of
from services.archives.domain.gaps import NOT_TRIED
from services.archives.models import (
    ArchiveRecord,
    ClosedDocument,
    FilingState,
    NotFiledDecision,
    RetentionRuling,
)
from services.archives.queries.periods import within_days
from services.archives.queries.visibility import kept_by
from shared.auth import Actor
from shared.directory import list_units
from shared.web import Page, make_page, read_cursor


def lock_due(session: Session, *, now: datetime) -> ClosedDocument | None:
    """The waiting document whose turn it is, locked; those that others hold are passed over."""
    return session.scalars(
        sa.select(ClosedDocument)
        .where(ClosedDocument.state == FilingState.WAITING, ClosedDocument.next_attempt_at <= now)
        .order_by(ClosedDocument.next_attempt_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()


def lock_closed(session: Session, actor: Actor, document_id: UUID) -> ClosedDocument:
    """A closed document whose archives the actor keeps, held until the transaction ends; Problem 404."""
    wanted = sa.select(ClosedDocument).where(
        ClosedDocument.document_id == document_id, kept_by(session, actor, ClosedDocument.owner_unit_id)
    )
    found = session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise errors.closed_not_found(document_id)
    return found


def find_ruling(session: Session, document_id: UUID) -> RetentionRuling | None:
    """The ruling that holds for a document, if a person made one."""
    return next(iter(list_rulings(session, [document_id]).get(document_id, [])), None)


def list_rulings(session: Session, document_ids: Iterable[UUID]) -> dict[UUID, list[RetentionRuling]]:
    """What persons ruled on these documents, the latest first, by document."""
    rows = sa.select(RetentionRuling).where(RetentionRuling.document_id.in_(document_ids))
    found: dict[UUID, list[RetentionRuling]] = {}
    for row in session.scalars(rows.order_by(RetentionRuling.at.desc(), RetentionRuling.id.desc())):
        found.setdefault(row.document_id, []).append(row)
    return found


def get_number(session: Session, document_id: UUID) -> str:
    """The archival number of a filed document."""
    number = sa.select(ArchiveRecord.number).where(ArchiveRecord.document_id == document_id)
    return session.scalars(number).one()


def show_closed(session: Session, closed: ClosedDocument) -> dict[str, Any]:
    """One closed document that is not filed, as the list shows it."""
    return next(_shown(session, [(closed, None, None, _decision(session, closed))]))


def _decision(session: Session, closed: ClosedDocument) -> NotFiledDecision | None:
    return session.get(NotFiledDecision, closed.document_id)


def list_gaps(session: Session, actor: Actor, *, query: Mapping[str, Any]) -> Page[dict[str, Any]]:
    """Every closed document of the actor's units without a record or decision, the longest closed first."""
    return list_closed(session, actor, query={**query, "state": FilingState.WAITING})


def list_closed(session: Session, actor: Actor, *, query: Mapping[str, Any]) -> Page[dict[str, Any]]:
    """Closed documents of the actor's units with their record, decision or reason, by the day of closing."""
    wanted = (
        sa.select(ClosedDocument, ArchiveRecord.id, ArchiveRecord.number, NotFiledDecision)
        .outerjoin(ArchiveRecord, ArchiveRecord.document_id == ClosedDocument.document_id)
        .outerjoin(NotFiledDecision, NotFiledDecision.document_id == ClosedDocument.document_id)
        .where(*_conditions(session, actor, query))
    )
    if query.get("after"):
        closed_at, last_id = read_cursor(query["after"], datetime, UUID)
        place = sa.tuple_(ClosedDocument.closed_at, ClosedDocument.document_id)
        wanted = wanted.where(place > (closed_at, last_id))
    limit = query["limit"]
    ordered = wanted.order_by(ClosedDocument.closed_at, ClosedDocument.document_id)
    rows = list(session.execute(ordered.limit(limit + 1)))
    page = make_page(rows, limit, lambda row: (row[0].closed_at, row[0].document_id))
    return Page(list(_shown(session, page.items)), page.next)


def known_documents(session: Session, document_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the documents whose closing has arrived here."""
    wanted = sa.select(ClosedDocument.document_id).where(ClosedDocument.document_id.in_(document_ids))
    return set(session.scalars(wanted))


def _conditions(session: Session, actor: Actor, query: Mapping[str, Any]) -> list[sa.ColumnElement[bool]]:
    conditions = [
        kept_by(session, actor, ClosedDocument.owner_unit_id),
        *within_days(ClosedDocument.closed_at, query, name="closed"),
    ]
    if query.get("unit_id"):
        conditions.append(ClosedDocument.owner_unit_id == query["unit_id"])
    if query.get("system"):
        conditions.append(ClosedDocument.direction.in_(directions_of(query["system"])))
    if query.get("state"):
        conditions.append(ClosedDocument.state == query["state"])
    return conditions


def _shown(session: Session, rows: Sequence[Any]) -> Iterator[dict[str, Any]]:
    units = list_units(session, {row[0].owner_unit_id for row in rows})
    names = {unit_id: unit.name for unit_id, unit in units.items()}
    rulings = list_rulings(session, [row[0].document_id for row in rows])
    for row in rows:
        yield {**_view(*row, names=names), "rulings": rulings.get(row[0].document_id, [])}


def _view(
    closed: ClosedDocument,
    record_id: UUID | None,
    number: str | None,
    decision: NotFiledDecision | None,
    *,
    names: Mapping[UUID, str],
) -> dict[str, Any]:
    waiting = closed.state == FilingState.WAITING
    return {
        **{column.key: getattr(closed, column.key) for column in sa.inspect(ClosedDocument).columns},
        "system": SYSTEM_OF[closed.direction],
        "system_label": SYSTEM_LABELS[SYSTEM_OF[closed.direction]],
        "owner_unit_name": names.get(closed.owner_unit_id, ""),
        "reasons": (closed.reasons or [NOT_TRIED]) if waiting else [],
        "next_attempt_at": closed.next_attempt_at if waiting else None,
        "record_id": record_id,
        "archival_number": number,
        # A decision that was overruled is history, which the rulings tell.
        "decision": decision if closed.state == FilingState.NOT_FILED else None,
    }
