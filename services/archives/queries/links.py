"""The items that belong to a record (关联件), with their archival numbers as far as they are filed."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.archives.domain.metadata import LINK_LABELS
from services.archives.models import ArchiveDescription, ArchiveRecord, RecordLink
from services.archives.queries.visibility import kept_by
from shared.auth import Actor
from shared.events.dossier import LinkKind

_SEEN_FROM_THERE: Mapping[LinkKind, LinkKind] = {
    LinkKind.REPLIES_TO: LinkKind.REPLIED_BY,
    LinkKind.REPLIED_BY: LinkKind.REPLIES_TO,
    LinkKind.FORWARDS: LinkKind.FORWARDED_BY,
    LinkKind.FORWARDED_BY: LinkKind.FORWARDS,
    LinkKind.RELATED: LinkKind.RELATED,
}


def numbers_of(session: Session, item_ids: Collection[UUID]) -> dict[UUID, str]:
    """The archival numbers of those items that are filed."""
    if not item_ids:
        return {}
    wanted = sa.select(ArchiveRecord.document_id, ArchiveRecord.number)
    return {row[0]: row[1] for row in session.execute(wanted.where(ArchiveRecord.document_id.in_(item_ids)))}


def list_linked(session: Session, actor: Actor, record: ArchiveRecord) -> list[dict[str, Any]]:
    """What the record named when it was filed, then what named the record; each item once.

    The record of another is named only to who keeps its archives.
    """
    shown: dict[Any, dict[str, Any]] = {}
    for place, item in enumerate([*_named_here(session, actor, record), *_naming(session, actor, record)]):
        shown.setdefault(item["item_id"] or place, item)
    return list(shown.values())


def _named_here(session: Session, actor: Actor, record: ArchiveRecord) -> Iterator[dict[str, Any]]:
    theirs = sa.and_(
        ArchiveRecord.document_id == RecordLink.linked_id,
        kept_by(session, actor, ArchiveRecord.owner_unit_id),
    )
    wanted = (
        sa.select(RecordLink, ArchiveRecord.id, ArchiveRecord.number, ArchiveRecord.direction)
        .outerjoin(ArchiveRecord, theirs)
        .where(RecordLink.record_id == record.id)
        .order_by(RecordLink.position)
    )
    for link, record_id, number, direction in session.execute(wanted):
        yield _shown(
            LinkKind(link.kind),
            item_id=link.linked_id,
            title=link.title,
            number=link.number,
            filed=(record_id, number, direction),
        )


def _naming(session: Session, actor: Actor, record: ArchiveRecord) -> Iterator[dict[str, Any]]:
    wanted = (
        sa.select(RecordLink.kind, ArchiveRecord, ArchiveDescription)
        .join(ArchiveRecord, ArchiveRecord.id == RecordLink.record_id)
        .join(ArchiveDescription, ArchiveDescription.record_id == ArchiveRecord.id)
        .where(RecordLink.linked_id == record.document_id)
        .where(kept_by(session, actor, ArchiveRecord.owner_unit_id))
        .order_by(ArchiveRecord.filed_at, ArchiveRecord.id)
    )
    for kind, other, described in session.execute(wanted):
        yield _shown(
            _SEEN_FROM_THERE[LinkKind(kind)],
            item_id=other.document_id,
            title=described.title,
            number=described.document_number,
            filed=(other.id, other.number, other.direction),
        )


def _shown(
    kind: LinkKind, *, item_id: UUID | None, title: str, number: str, filed: tuple[Any, Any, Any]
) -> dict[str, Any]:
    record_id, archival_number, direction = filed
    return {
        "kind": kind.value,
        "label": LINK_LABELS[kind],
        "item_id": item_id,
        "title": title,
        "document_number": number,
        "record_id": record_id,
        "archival_number": archival_number,
        "direction": direction,
    }
