"""One open stream of server-sent events (HTML Living Standard §9.2): changes, counts, and the end of access."""

import json
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from services.mobile import queries
from services.mobile.push.hub import Hub
from services.mobile.push.subscription import Subscription
from services.mobile.queries.feed import FeedRow
from services.mobile.queries.inbox import box_of
from services.mobile.queries.viewer import Viewer
from shared.clock import Clock
from shared.db import Database
from shared.errors import Problem

_log = logging.getLogger("yiwang.mobile.push")

# A proxy or a telephone network drops a connection that is silent for long.
HEARTBEAT_SECONDS = 15.0
# How soon other posts and delegations are noticed. The end of access is noticed sooner: the hub watches for it.
CHECK_SECONDS = 5.0
RECONNECT_MILLISECONDS = 3000

DumpCard = Callable[[Any], dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Access:
    """Why a stream may go on: `check` finds the person's reach anew, or raises Problem when access has ended.

    It ends at `expires_at`, or when one of the `revocable` ids (session, person, tenure) is revoked.
    """

    viewer: Viewer
    check: Callable[[Session], Viewer]
    expires_at: datetime
    revocable: frozenset[UUID]


class InboxStream:
    """An iterator of frames; the server closes it when the reader has gone.

    Frames: `counts` (first, and whenever they differ), `opened`, `changed`, `closed` (with an id to resume from),
    `reset` (read the lists anew: too much was missed, or the person's posts are others now), `ended` (access is over).
    """

    def __init__(
        self,
        hub: Hub,
        database: Database,
        clock: Clock,
        *,
        access: Access,
        dump_card: DumpCard,
        last_event_id: str,
    ) -> None:
        self._hub = hub
        self._database = database
        self._clock = clock
        self._access = access
        self._dump_card = dump_card
        # The place is taken by the first step: an answer that nobody reads, as to HEAD, must not hold one.
        hub.check_room(access.viewer.person_id)
        self._taken: Subscription | None = None
        self._frames: deque[bytes] = deque([f"retry: {RECONNECT_MILLISECONDS}\n\n".encode()])
        self._counts: dict[str, int] = {}
        self._last_event_id = last_event_id
        self._over = False
        self._checked_at = self._sent_at = monotonic()

    def __iter__(self) -> "InboxStream":
        return self

    def __next__(self) -> bytes:
        while not self._frames:
            if self._over or (self._taken and self._taken.ended):
                self.close()
                raise StopIteration
            self._advance()
        self._sent_at = monotonic()
        return self._frames.popleft()

    def close(self) -> None:
        """Give back the place; repeating it changes nothing."""
        self._over = True
        if self._taken:
            self._hub.unsubscribe(self._taken)

    @property
    def _subscription(self) -> Subscription:
        assert self._taken is not None
        return self._taken

    def _advance(self) -> None:
        """Wait for the next thing to say, and put it among the frames."""
        try:
            if self._taken is None:
                self._begin()
                return
            rows, dropped = self._subscription.take(self._until_next_check())
            if dropped:
                self._say_reset()
            elif rows:
                self._say_changes(rows)
            if self._subscription.in_doubt or self._until_next_check() == 0:
                self._check()
        except Problem as problem:
            self._frames.append(frame("ended", {"code": problem.code, "title": problem.title}))
            self._over = True
        except SQLAlchemyError as error:
            # The reader comes back by itself and resumes.
            _log.warning("a stream ended: %s", type(error).__name__)
            self._over = True
        if not self._frames and monotonic() - self._sent_at >= HEARTBEAT_SECONDS:
            self._frames.append(b": still here\n\n")

    def _begin(self) -> None:
        """Say what was missed since the last event that the reader has got, and the counts."""
        access = self._access
        self._taken = self._hub.subscribe(access.viewer, revocable=access.revocable)
        start = self._subscription.position
        missed: Sequence[FeedRow] | None = []
        if self._last_event_id:
            after = int(self._last_event_id) if _is_position(self._last_event_id) else start + 1
            with self._database.transaction() as session:
                missed = queries.list_changes(session, self._subscription.viewer, after=after, upto=start)
        if missed is None:
            self._frames.append(frame("reset", {}))
        elif missed:
            self._say_changes(missed)
        self._say_counts(event_id=start, always=True)

    def _say_changes(self, rows: Sequence[FeedRow]) -> None:
        """The latest of each item's changes, in order, with the item as it looks now."""
        latest = {row.item_id: row for row in rows}
        viewer, now = self._subscription.viewer, self._clock.now()
        with self._database.transaction() as session:
            for row in sorted(latest.values(), key=lambda row: row.position):
                card = queries.find_item(session, viewer, row.item_id, now=now)
                box = box_of(card, viewer) if card else None
                data = {
                    "item_id": str(row.item_id),
                    "box": box.value if box else None,
                    "item": self._dump_card(card) if card else None,
                }
                self._frames.append(frame(row.kind, data, event_id=row.position))
        self._say_counts()

    def _say_counts(self, *, event_id: int | None = None, always: bool = False) -> None:
        with self._database.transaction() as session:
            counts = queries.count_boxes(session, self._subscription.viewer, now=self._clock.now())
        if always or counts != self._counts:
            self._counts = counts
            self._frames.append(frame("counts", counts, event_id=event_id))

    def _say_reset(self) -> None:
        self._frames.append(frame("reset", {}))
        self._say_counts(always=True)

    def _check(self) -> None:
        """Whether the person may still listen, and to which posts; Problem when not."""
        self._checked_at = monotonic()
        self._subscription.in_doubt = False
        with self._database.transaction() as session:
            viewer = self._access.check(session)
        if viewer != self._subscription.viewer:
            self._subscription.viewer = viewer
            self._say_reset()

    def _until_next_check(self) -> float:
        usual = self._checked_at + CHECK_SECONDS - monotonic()
        left = (self._access.expires_at - self._clock.now()).total_seconds()
        return max(0.0, min(usual, left))


def frame(event: str, data: dict[str, Any], *, event_id: int | None = None) -> bytes:
    """One server-sent event; its data is one line of JSON."""
    identified = "" if event_id is None else f"id: {event_id}\n"
    return f"{identified}event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def _is_position(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
