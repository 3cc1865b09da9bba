"""Answering (答复): what came in is answered by a document of one's own, or in another way that is written down."""

import sqlalchemy as sa

from services.documents import errors
from services.documents.commands.history import keep_act
from services.documents.commands.steps.case import StepCase
from services.documents.models import Document


def before_reply_is_done(case: StepCase) -> None:
    """The answer is done once a reply was issued, or once it is said how else the sender was answered."""
    issued = sa.select(Document.id).where(
        Document.reply_to_id == case.document.id, Document.issued_at.is_not(None)
    )
    if not case.opinion.strip() and case.session.scalars(issued.limit(1)).first() is None:
        raise errors.reply_missing(case.document.title)


def note_reply(case: StepCase) -> None:
    """The document that was answered says in its history by which document it was."""
    reply = case.document
    if reply.reply_to_id is None:
        return
    asked = case.session.get_one(Document, reply.reply_to_id, with_for_update=True)
    keep_act(
        case.session,
        case.actor,
        asked,
        at=case.clock.now(),
        verb="replied",
        step="答复",
        outcome=f"已发复文 {reply.number}",
        details={"document_id": str(reply.id), "number": reply.number},
        **case.on_behalf,
    )
