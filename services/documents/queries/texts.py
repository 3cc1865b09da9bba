"""Which text somebody agreed with: title, body and attachments, told apart by their digest."""

import hashlib
import json
from uuid import UUID

from sqlalchemy.orm import Session

from services.documents.models import Document, DocumentVersion
from services.documents.queries.documents import list_files


def digest_of_text(session: Session, document: Document) -> str:
    """The digest of the present text; urgency, addressees and the like are not the text."""
    version = session.get_one(DocumentVersion, (document.id, document.version_number))
    attached = [[kept.title, kept.digest] for kept in list_files(session, document.id, role="attachment")]
    text = json.dumps([version.title, version.body, attached], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def split_agreement(session: Session, document: Document) -> tuple[set[UUID], set[UUID]]:
    """The organs that agreed with the present text, and those that agreed with one that has been changed since."""
    agreed = {UUID(organ) for organ in document.facts.get("agreed", [])}
    if not agreed:
        return set(), set()
    texts, present = document.facts.get("agreed_texts", {}), digest_of_text(session, document)
    lapsed = {organ for organ in agreed if texts.get(str(organ)) != present}
    return agreed - lapsed, lapsed
