"""Word of a document's answer or closing that comes before the demand of which a task is made.

Services tell each in its own time; whichever comes first, the task that is made says the same in the end.
"""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.supervision.models import EarlyWord
from shared.clock import Clock
from shared.events.origin import Origin

# Of most documents nobody demands anything; what was not asked for by then never will be.
_KEPT = timedelta(days=90)


def remember_word(
    session: Session,
    clock: Clock,
    *,
    origin_id: UUID,
    kind: str,
    of: Origin,
    answered_by_id: UUID | None = None,
) -> None:
    """Keep what was told of an item of which there is no task yet; repeating it changes nothing."""
    session.execute(sa.delete(EarlyWord).where(EarlyWord.told_at < clock.now() - _KEPT))
    row = {
        "origin_id": origin_id,
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


def take_words(session: Session, origin_id: UUID) -> list[EarlyWord]:
    """What was told of the item before its task was made, the answer before the closing; it is not kept any longer."""
    wanted = sa.delete(EarlyWord).where(EarlyWord.origin_id == origin_id).returning(EarlyWord)
    return sorted(session.scalars(wanted), key=lambda word: (word.kind == "origin_closed", word.told_at))


def item_of(word: EarlyWord) -> Origin:
    """The document that was told of."""
    return Origin(
        system=word.system,
        kind=word.item_kind,
        id=word.item_id,
        title=word.title,
        number=word.number,
        link=word.link,
    )
