"""Refusing what may not go on: a secrecy mark anywhere, or a rule that blocks."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

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
    mark_in_texts,
    mark_in_title,
)

# What else a person types about a document; most of it is printed.
_TYPED = {
    "mark": "发文机关标志",
    "signatories": "发文机关署名",
    "note": "附注",
    "contact": "联系人",
    "present": "出席人员",
    "excused": "请假人员",
    "observing": "列席人员",
    "subject_class": "主题分类",
    "version_note": "修改说明",
    "sender_name": "来文单位",
    "source_number": "来文字号",
    "opinion": "意见",
    "reason": "理由",
}


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


def refuse_secret_words(typed: Mapping[str, Any]) -> None:
    """Refuse a secrecy mark in any of the words that were typed beside title and text, named as they were sent."""
    for field, where in _TYPED.items():
        if mark := mark_in_texts(_words(typed.get(field))):
            raise errors.secret_document(mark.grade, where=where)


def _words(typed: Any) -> Iterator[str]:
    if isinstance(typed, str):
        yield typed
    elif typed:
        for each in typed.values() if isinstance(typed, Mapping) else typed:
            yield from _words(each)
