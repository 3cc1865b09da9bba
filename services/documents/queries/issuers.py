"""Which organs issue a document, and whose leaders may therefore sign it."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.models import Document
from shared.directory import DirectoryUnit, get_organ, list_posts


def list_issuers(session: Session, document: Document) -> list[DirectoryUnit]:
    """The organ that the document belongs to, and those that issue it jointly (联合行文)."""
    joint = [UUID(unit["unit_id"]) for unit in document.elements.get("co_issuers", [])]
    return [get_organ(session, unit_id) for unit_id in (document.owner_unit_id, *joint)]


def check_signers(session: Session, document: Document, post_ids: Collection[UUID]) -> None:
    """Refuse posts of organs that do not issue the document; Problem 422.

    The flow lets signers be chosen from anywhere, because it does not know who issues jointly.
    """
    issuers = {organ.id: organ.name for organ in list_issuers(session, document)}
    for card in list_posts(session, list(post_ids)).values():
        if get_organ(session, card.unit_id).id not in issuers:
            raise errors.signer_of_no_issuer(card.label, issuers=list(issuers.values()))
