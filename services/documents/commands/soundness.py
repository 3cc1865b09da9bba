"""Refusing what may not go on: a secrecy mark anywhere, or a rule that blocks."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.domain.findings import Finding, blocks
from services.documents.domain.rules import Step
from services.documents.domain.secrecy import find_secrecy_mark, mark_in_element, mark_in_title
from services.documents.models import Document
from services.documents.queries.cases import list_findings
from shared.clock import Clock

FIRST_PAGE_PARAGRAPHS = 12


def require_sound(session: Session, document: Document, clock: Clock, *, step: Step) -> None:
    """Refuse to go on while a rule that binds at this step blocks the document; Problem 422 lists all of them."""
    waived = set(document.facts.get("set_aside", []))
    stopping = [
        finding
        for finding in blocks(list_findings(session, document, step=step, today=clock.today()))
        if not (finding.may_be_set_aside and finding.rule in waived)
    ]
    if stopping:
        raise errors.rules_broken(document.title, _by_field(stopping))


def _by_field(findings: Sequence[Finding]) -> dict[str, list[str]]:
    messages: dict[str, list[str]] = {}
    for finding in findings:
        article = f"（{finding.article}）" if finding.article else ""
        messages.setdefault(finding.field, []).append(finding.message + article)
    return messages


def refuse_secret(title: str, body: Sequence[str], secrecy: str) -> None:
    """Refuse a document that carries a secrecy mark; this network is not for it."""
    if mark := mark_in_title(title):
        raise errors.secret_document(mark.grade, where="标题")
    if mark := mark_in_element(secrecy):
        raise errors.secret_document(mark.grade, where="密级")
    if mark := find_secrecy_mark(body[:FIRST_PAGE_PARAGRAPHS]):
        raise errors.secret_document(mark.grade, where="正文首页")
