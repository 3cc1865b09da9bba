"""What belongs to a task: documents that answer it or that it comes from, and other tasks."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from services.supervision.commands.desk import Desk
from services.supervision.domain.states import Verb
from services.supervision.models import TaskLink
from shared.events.origin import Origin


def add_link(desk: Desk, *, kind: str, of: Origin) -> bool:
    """Keep that an item belongs to the task; False when that was known."""
    row = {
        "task_id": desk.task.id,
        "kind": kind,
        "item_id": of.id,
        "system": of.system,
        "title": of.title,
        "number": of.number,
        "link": of.link,
        "noted_at": desk.now,
    }
    kept = desk.session.execute(
        insert(TaskLink).values(row).on_conflict_do_nothing().returning(TaskLink.item_id)
    )
    return kept.first() is not None


def report_of(reply: Origin) -> str:
    """What is said of a document that was issued about the task."""
    return f"已核发复文《{reply.title}》（{reply.number}）"


def note_reply_of(desk: Desk, reply: Origin) -> None:
    """One line of history for a document that was issued about the task."""
    desk.note(Verb.LINK, opinion=report_of(reply), document_id=reply.id)


def note_closing_of(desk: Desk, *, answered_by_id: UUID | None) -> None:
    """One line of history when the document that the task comes from is closed."""
    desk.note(Verb.LINK, opinion="来源公文已办结", answered_by=answered_by_id)
