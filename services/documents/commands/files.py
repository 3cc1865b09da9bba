"""Files of a draft: its original and its attachments (附件)."""

from typing import IO
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.commands.changing import note_change, require_changeable
from services.documents.commands.history import keep_act
from services.documents.commands.soundness import refuse_secret
from services.documents.intake import ReadDocument, admit_attachment, read_document
from services.documents.models import Document, DocumentFile
from services.documents.queries.documents import get_file, list_files
from services.documents.queries.visibility import lock_document
from shared.auth import Actor
from shared.clock import Clock
from shared.events.documents import Blob
from shared.files import BlobRef, BlobStore, file_too_large
from shared.ids import new_id
from shared.offload import offload

PDF = "application/pdf"
MOST_ATTACHMENTS = 50
LARGEST_FILE = 50 * 1024 * 1024


def read_own_file(stream: IO[bytes], *, name: str) -> ReadDocument:
    """Title and paragraphs of a person's own file, not kept; Problem for what cannot be read or is secret."""
    return offload(read_document, read_bounded(stream), name=name)


def attach_file(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    document_id: UUID,
    blobs: BlobStore,
    stream: IO[bytes],
    name: str,
    title: str = "",
) -> DocumentFile:
    """Add an attachment to a dispatch on its way; its type is told by its content."""
    document = lock_document(session, actor, document_id, now=clock.now())
    require_changeable(session, actor, clock, document=document)
    attached = list_files(session, document.id, role="attachment")
    if len(attached) >= MOST_ATTACHMENTS:
        raise errors.too_many_files(MOST_ATTACHMENTS)
    data = read_bounded(stream)
    refuse_secret(title, [])
    kind = offload(admit_attachment, data, name=name)
    blob = blobs.put(data, media_type=kind.media_type, name=name)
    kept = keep_file(
        session,
        actor,
        clock,
        document_id=document.id,
        role="attachment",
        blob=blob,
        title=title or name.rpartition(".")[0] or name,
        position=len(attached) + 1,
    )
    _name_attachments(document, [*attached, kept])
    keep_act(session, actor, document, at=clock.now(), verb="attach", step="附件", details={"name": name})
    note_change(document)
    return kept


def remove_attachment(
    session: Session, actor: Actor, clock: Clock, *, document_id: UUID, file_id: UUID
) -> None:
    """Take an attachment off a dispatch on its way; the history keeps that it was there."""
    document = lock_document(session, actor, document_id, now=clock.now())
    require_changeable(session, actor, clock, document=document)
    removed = get_file(session, document.id, file_id)
    if removed.role != "attachment":
        raise errors.file_not_found(file_id)
    removed.removed_at = clock.now()
    session.flush()
    remaining = list_files(session, document.id, role="attachment")
    for position, kept in enumerate(remaining, start=1):
        kept.position = position
    _name_attachments(document, remaining)
    keep_act(
        session, actor, document, at=clock.now(), verb="detach", step="附件", details={"name": removed.name}
    )
    note_change(document)


def keep_file(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    document_id: UUID,
    role: str,
    blob: BlobRef,
    title: str,
    position: int = 1,
) -> DocumentFile:
    """Keep that a document has a file with this content."""
    kept = DocumentFile(
        id=new_id(),
        document_id=document_id,
        role=role,
        position=position,
        title=title,
        name=blob.name,
        digest=blob.digest,
        size=blob.size,
        media_type=blob.media_type,
        added_at=clock.now(),
        added_by_person_id=actor.person_id,
        added_by_name=actor.person_name,
    )
    session.add(kept)
    session.flush()
    return kept


def replace_file(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    document_id: UUID,
    role: str,
    blob: BlobRef,
    title: str,
) -> DocumentFile:
    """Keep the one file of that role anew; the one before stays as removed."""
    session.execute(
        sa.update(DocumentFile)
        .where(DocumentFile.document_id == document_id, DocumentFile.role == role)
        .where(DocumentFile.removed_at.is_(None))
        .values(removed_at=clock.now())
    )
    return keep_file(session, actor, clock, document_id=document_id, role=role, blob=blob, title=title)


def read_bounded(stream: IO[bytes]) -> bytes:
    """All of an uploaded file; Problem 413 over the limit."""
    data = stream.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise file_too_large(LARGEST_FILE)
    return data


def told(blob: BlobRef) -> Blob:
    """A content reference as events carry it."""
    return Blob(digest=blob.digest, size=blob.size, media_type=blob.media_type, name=blob.name)


def ref_of(file: DocumentFile) -> BlobRef:
    """The content of a document's file."""
    return BlobRef(digest=file.digest, size=file.size, media_type=file.media_type, name=file.name)


def _name_attachments(document: Document, attached: list[DocumentFile]) -> None:
    """The attachment note (附件说明) names the attachments in order."""
    document.elements = {**document.elements, "attachment_names": [file.title for file in attached]}
