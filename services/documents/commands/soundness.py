"""Refusing what may not go on: a secrecy mark anywhere, or a rule that blocks."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.domain.findings import Finding, blocks
from services.documents.domain.rules import Step
from services.documents.models import Document
from services.documents.queries.cases import is_set_aside, list_findings
from shared.clock import Clock
from shared.secrecy import (
    FIRST_PAGE_PARAGRAPHS,
    find_secrecy_mark,
    mark_in_element,
    mark_in_title,
)


def require_ready_for_review(session: Session, document: Document, clock: Clock) -> None:
    """Refuse to submit a draft that a rule blocks; what only rests on its wording is left to the reviewer."""
    found = list_findings(session, document, step=Step.SUBMIT, today=clock.today())
    _refuse(document, [finding for finding in blocks(found) if not finding.may_be_set_aside])


def require_sound(session: Session, document: Document, clock: Clock, *, step: Step) -> None:
    """Refuse to go on while a rule that binds at this step blocks the document; Problem 422 lists all of them."""
    found = list_findings(session, document, step=step, today=clock.today())
    _refuse(document, [finding for finding in blocks(found) if not is_set_aside(document, finding)])


def _refuse(document: Document, stopping: Sequence[Finding]) -> None:
    if not stopping:
        return
    messages: dict[str, list[str]] = {}
    for finding in stopping:
        article = f"（{finding.article}）" if finding.article else ""
        messages.setdefault(finding.field, []).append(finding.message + article)
    raise errors.rules_broken(document.title, messages)


def refuse_secret(title: str, body: Sequence[str], secrecy: str = "") -> None:
    """Refuse a document that carries a secrecy mark; this network is not for it."""
    if mark := mark_in_title(title):
        raise errors.secret_document(mark.grade, where="标题")
    if mark := mark_in_element(secrecy):
        raise errors.secret_document(mark.grade, where="密级")
    if mark := find_secrecy_mark(body[:FIRST_PAGE_PARAGRAPHS]):
        raise errors.secret_document(mark.grade, where="正文首页")
