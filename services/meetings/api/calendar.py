"""Routes for calendars: invitation files, and private addresses that calendar programs read."""

import hashlib
from typing import Any
from uuid import UUID

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from services.meetings.commands.calendar import make_feed, revoke_feed
from services.meetings.domain.calendar_text import MEDIA_TYPE
from services.meetings.errors import sign_in as sign_in_errors
from services.meetings.queries.calendar import digest_of, feed_of, get_feed, invitation_file, list_feeds
from services.meetings.schemas import sign_in as shapes
from shared.config import Settings
from shared.permissions import Permission
from shared.web import PUBLIC, SIGNED_IN, Call, Download, Page, route

FEED = "/calendar"
_WINDOW_MINUTES = 5
_READS_PER_WINDOW = 30


class FeedLimiter:
    """How often one address may be read in this process; guesses count against their source (`shared.web.rates`)."""

    def __init__(self, _settings: Settings) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._limit = RateLimitItemPerMinute(_READS_PER_WINDOW, _WINDOW_MINUTES)

    def check(self, digest: str) -> None:
        """Count a reading of that address; Problem 429."""
        if not self._limiter.hit(self._limit, digest):
            raise sign_in_errors.feed_read_too_often(_WINDOW_MINUTES * 60)


class CalendarRoutes:
    """An address needs no sign-in, since calendar programs have none: its secret opens it until it is revoked."""

    @route(
        "GET",
        "/meetings/<uuid:meeting_id>/invitation-file",
        permission=Permission.MEETINGS_READ,
        downloads=MEDIA_TYPE,
    )
    def show_invitation_file(self, call: Call, meeting_id: UUID) -> Download:
        """本人会议邀请的日历文件 (.ics)"""
        content = invitation_file(call.session, call.actor, call.clock, meeting_id=meeting_id)
        return Download(chunks=[content], media_type=MEDIA_TYPE, name="会议邀请.ics", size=len(content))

    @route("GET", "/calendar-feeds", permission=SIGNED_IN, page_of=shapes.FeedSchema)
    def list_feeds(self, call: Call) -> Page[Any]:
        """本人的日历订阅地址"""
        person_id = call.actor.person_id
        return Page(list_feeds(call.session, person_id) if person_id else [], None)

    @route(
        "POST",
        "/calendar-feeds",
        permission=SIGNED_IN,
        body=shapes.FeedFormSchema,
        returns=shapes.NewFeedSchema,
        status=201,
        secret=True,
    )
    def make_feed(self, call: Call) -> dict[str, Any]:
        """生成日历订阅地址, 只显示一次"""
        feed, key = make_feed(call.session, call.actor, call.clock, name=call.body["name"])
        told = {"id": feed.id, "name": feed.name, "made_at": feed.made_at}
        return {**told, "key": key, "path": f"{FEED}?key={key}"}

    @route("DELETE", "/calendar-feeds/<uuid:feed_id>", permission=SIGNED_IN)
    def revoke_feed(self, call: Call, feed_id: UUID) -> None:
        """停用日历订阅地址"""
        revoke_feed(call.session, call.actor, call.clock, feed_id=feed_id)

    # The secret is in the query, which no log of the suite keeps, and not in the path.
    @route("GET", FEED, permission=PUBLIC, query=shapes.FeedQuery, downloads=MEDIA_TYPE, audited=False)
    def read_feed(self, call: Call) -> Download:
        """日历订阅, 凭地址中的密钥读取"""
        key = call.query["key"]
        feed = get_feed(call.session, key)
        call.runtime.resource(FeedLimiter, FeedLimiter).check(digest_of(key))
        content = feed_of(call.session, feed, now=call.clock.now())
        return Download(
            chunks=[content],
            media_type=MEDIA_TYPE,
            name="会议日程.ics",
            size=len(content),
            inline=True,
            etag=hashlib.sha256(content).hexdigest()[:32],
            headers={"Cache-Control": "private, no-cache"},
        )
