"""The feed of changes, for a stream that goes on where it was broken off."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.mobile.models import InboxChange
from services.mobile.queries.viewer import Viewer

MOST_RESUMED = 500


@dataclass(frozen=True, kw_only=True)
class FeedRow:
    """One change, as streams hand it round."""

    position: int
    kind: str
    item_id: UUID
    post_id: UUID | None
    person_ids: frozenset[UUID]

    def concerns(self, viewer: Viewer) -> bool:
        """Whether it is in that person's inbox."""
        return self.post_id in viewer.reach or viewer.person_id in self.person_ids


def list_feed(session: Session, *, after: int, limit: int) -> list[FeedRow]:
    """The changes after that position, of everybody, in order."""
    wanted = sa.select(InboxChange).where(InboxChange.position > after)
    return _feed_rows(session, wanted.order_by(InboxChange.position).limit(limit))


def list_changes(session: Session, viewer: Viewer, *, after: int, upto: int) -> list[FeedRow] | None:
    """The person's changes between two positions; None when there are too many or some are forgotten already."""
    if after > upto or after < _oldest(session, upto):
        return None
    concerned = sa.or_(
        InboxChange.post_id.in_(sorted(viewer.reach)),
        InboxChange.person_ids.contains([viewer.person_id]),
    )
    wanted = sa.select(InboxChange).where(
        InboxChange.position > after, InboxChange.position <= upto, concerned
    )
    rows = _feed_rows(session, wanted.order_by(InboxChange.position).limit(MOST_RESUMED + 1))
    return None if len(rows) > MOST_RESUMED else rows


def resume_point(session: Session) -> int:
    """How far the feed has come; 0 when nothing has ever changed."""
    return session.scalar(sa.select(sa.func.max(InboxChange.position))) or 0


def _oldest(session: Session, upto: int) -> int:
    """The position from which nothing is forgotten."""
    first = session.scalar(sa.select(sa.func.min(InboxChange.position)))
    return upto if first is None else first - 1


def _feed_rows(session: Session, wanted: sa.Select[InboxChange]) -> list[FeedRow]:
    return [
        FeedRow(
            position=row.position,
            kind=row.kind,
            item_id=row.item_id,
            post_id=row.post_id,
            person_ids=frozenset(row.person_ids),
        )
        for row in session.scalars(wanted)
    ]
