"""Private calendar addresses: made, and revoked."""

import secrets
from uuid import UUID

from sqlalchemy.orm import Session

from services.meetings import errors
from services.meetings.errors import sign_in as sign_in_errors
from services.meetings.models import CalendarFeed
from services.meetings.queries.calendar import digest_of, list_feeds
from shared.auth import Actor
from shared.clock import Clock
from shared.ids import new_id

MOST_FEEDS = 10
_SECRET_BYTES = 32


def make_feed(session: Session, actor: Actor, clock: Clock, *, name: str) -> tuple[CalendarFeed, str]:
    """A new address for the signed-in person, with its secret, which is told this once and not kept."""
    if actor.person_id is None:
        raise errors.needs_a_post()
    if len(list_feeds(session, actor.person_id)) >= MOST_FEEDS:
        raise sign_in_errors.too_many_feeds(MOST_FEEDS)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    feed = CalendarFeed(
        id=new_id(),
        person_id=actor.person_id,
        name=name,
        digest=digest_of(secret),
        made_at=clock.now(),
    )
    session.add(feed)
    session.flush()
    return feed, secret


def revoke_feed(session: Session, actor: Actor, clock: Clock, *, feed_id: UUID) -> None:
    """Let one of the person's own addresses lead nowhere from now on."""
    feed = session.get(CalendarFeed, feed_id)
    if feed is None or feed.person_id != actor.person_id or feed.revoked_at:
        raise sign_in_errors.feed_not_found()
    feed.revoked_at = clock.now()
