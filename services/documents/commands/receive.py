"""Entering by hand (收文登记) what came from outside the suite, on paper or from another system."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.commands.arriving import begin_incoming
from services.documents.commands.files import keep_file, read_bounded
from services.documents.commands.soundness import refuse_secret, refuse_secret_words
from services.documents.domain.kinds import get_kind
from services.documents.domain.states import IncomingState
from services.documents.intake import admit_attachment, read_document
from services.documents.models import Document
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import get_organ
from shared.errors import Problem
from shared.files import BlobStore
from shared.ids import new_id
from shared.offload import offload

# Why a file gives no text although it may well be the document: it is a scan, or of a type that only shows pages.
_WITHOUT_TEXT = frozenset({"documents.file_without_text", "documents.file_type_refused"})


@dataclass(frozen=True, kw_only=True)
class _Received:
    """What could be read of the file."""

    title: str
    paragraphs: Sequence[str]
    media_type: str


def receive_external(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    blobs: BlobStore,
    stream: IO[bytes],
    name: str,
    facts: Mapping[str, Any],
) -> Document:
    """Enter a document that came from outside the suite; its file is read, kept and refused when it is secret."""
    if actor.unit_id is None:
        raise errors.needs_a_post()
    data = read_bounded(stream)
    refuse_secret(facts.get("title", ""), [])
    refuse_secret_words(facts)
    read = offload(_read, data, name=name, title=facts.get("title", ""))
    organ = get_organ(session, actor.unit_id)
    blob = blobs.put(data, media_type=read.media_type, name=name)
    document = Document(
        id=new_id(),
        direction="incoming",
        state=IncomingState.ARRIVED,
        correlation_id=actor.correlation_id,
        owner_unit_id=organ.id,
        office_unit_id=actor.unit_id,
        kind=get_kind(facts["kind"]).name,
        title=read.title,
        urgency=facts.get("urgency", ""),
        elements=_elements(facts),
        facts={},
        terms=[],
        created_at=clock.now(),
        dated=facts.get("dated"),
        sender_name=facts["sender_name"],
        source_number=facts.get("source_number") or None,
        received_as=facts.get("received_as", "addressee"),
    )
    begin_incoming(session, actor, clock, document=document, body=read.paragraphs)
    keep_file(session, actor, clock, document_id=document.id, role="rendered", blob=blob, title="正本")
    return document


def _elements(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of an outside document beside its columns: where its sender stands, and the day it asks for."""
    asked = facts.get("answer_by")
    day = {"answer_by": asked.isoformat()} if asked else {}
    return {"sender_relation": facts["sender_relation"], **day}


def _read(data: bytes, *, name: str, title: str) -> _Received:
    """The file's text; with a title given by hand, a scan or a picture will do as well."""
    try:
        read = read_document(data, name=name)
    except Problem as problem:
        if not title or problem.code not in _WITHOUT_TEXT:
            raise
        kind = admit_attachment(data, name=name)
        return _Received(title=title, paragraphs=(), media_type=kind.media_type)
    return _Received(title=title or read.title, paragraphs=read.paragraphs, media_type=read.media_type)
