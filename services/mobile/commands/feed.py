"""Adding to the feed of changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.mobile.domain.boxes import ChangeKind
from services.mobile.models import InboxChange

_FEED: Any = InboxChange.__table__
_TELL = sa.insert(_FEED)


@dataclass(frozen=True, kw_only=True)
class Changed:
    """What happened to one item or piece of work, and in whose inboxes: a post's, and those of persons by name."""

    item_id: UUID
    kind: ChangeKind
    is_work: bool = False
    post_id: UUID | None = None
    persons: Iterable[UUID | None] = ()


def tell_changes(session: Session, changes: Sequence[Changed], *, now: datetime) -> None:
    """Tell open streams and those that resume later.

    The last write of its transaction: from here on the feed's lock is held, and nothing may be waited for.
    """
    session.flush()
    if not changes:
        return
    rows = [
        {
            "at": now,
            "kind": change.kind.value,
            "item_id": change.item_id,
            "is_work": change.is_work,
            "post_id": change.post_id,
            "person_ids": sorted({person for person in change.persons if person is not None}),
        }
        for change in changes
    ]
    session.execute(_TELL, rows)
