"""Word of a document's answer or closing that comes before the task that comes from the document.

Services tell each in its own time, and people register when they do; whichever comes first, the task says the same in
the end.
"""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.supervision.commands.desk import Desk
from services.supervision.commands.links import add_link, note_closing_of, note_reply_of
from services.supervision.models import EarlyWord
from services.supervision.queries.people import is_below
from shared.auth import Actor
from shared.clock import Clock
from shared.events.origin import Origin

# The cause of a task that a demand for an answer led to.
DEMANDED = "answer_demanded"
# Of most documents there never is a task; where there was none by then, none will be.
_KEPT = timedelta(days=90)


def hold_item(session: Session, system: str, item_id: UUID, cause: str) -> None:
    """Wait for a task that is being made of that item for that cause at this moment."""
    lock = sa.func.hashtextextended(f"task {system} {item_id} {cause}", 0)
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(lock)))


def hold_document(session: Session, document_id: UUID) -> None:
    """Wait for whoever takes up that document, or word of it, at this moment."""
    hold_item(session, "documents", document_id, DEMANDED)


def remember_word(
    session: Session,
    clock: Clock,
    *,
    origin_id: UUID,
    unit_id: UUID,
    kind: str,
    of: Origin,
    answered_by_id: UUID | None = None,
) -> None:
    """Keep what a unit's document told of an item, for tasks to come; repeating it changes nothing."""
    session.execute(sa.delete(EarlyWord).where(EarlyWord.told_at < clock.now() - _KEPT))
    row = {
        "origin_id": origin_id,
        "unit_id": unit_id,
        "kind": kind,
        "item_id": of.id,
        "system": of.system,
        "item_kind": of.kind,
        "title": of.title,
        "number": of.number,
        "link": of.link,
        "answered_by_id": answered_by_id,
        "told_at": clock.now(),
    }
    session.execute(insert(EarlyWord).values(row).on_conflict_do_nothing())


def link_words(desk: Desk) -> None:
    """Note on a new task what was told of the document that it comes from, the answer before the closing.

    Whoever registers may name any document: only of those of units that the supervising organ looks after it is said.
    """
    session, task = desk.session, desk.task
    if task.origin_id is None or task.origin_system != "documents":
        return
    hold_document(session, task.origin_id)
    told = session.scalars(sa.select(EarlyWord).where(EarlyWord.origin_id == task.origin_id))
    # It is the suite that knows it, whoever registers.
    own = Desk(session, Actor.system(task.correlation_id), desk.clock, task=task, ground=desk.ground)
    for word in sorted(told, key=lambda word: (word.kind == "origin_closed", word.told_at)):
        if not is_below(session, word.unit_id, task.unit_id):
            continue
        item = _item_of(word)
        if add_link(own, kind=word.kind, of=item):
            if word.kind == "reply":
                note_reply_of(own, item)
            else:
                note_closing_of(own, answered_by_id=word.answered_by_id)


def _item_of(word: EarlyWord) -> Origin:
    return Origin(
        system=word.system,
        kind=word.item_kind,
        id=word.item_id,
        title=word.title,
        number=word.number,
        link=word.link,
    )
