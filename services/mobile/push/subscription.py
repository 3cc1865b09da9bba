"""What waits for one stream: the changes that concern its person, in order, and whether to look at its access."""

import threading
from collections import deque
from collections.abc import Sequence
from uuid import UUID

from services.mobile.queries.feed import FeedRow
from services.mobile.queries.viewer import Viewer

# A stream that reads more slowly than this many changes come is told to read its inbox anew.
MOST_WAITING = 500


class Subscription:
    """Filled by the hub, emptied by one stream; `position` is where the feed stood when it began."""

    def __init__(self, viewer: Viewer, *, revocable: frozenset[UUID], position: int) -> None:
        self.position = position
        self.viewer = viewer
        # The session, person and tenure whose end ends the access.
        self.revocable = revocable
        self.in_doubt = False
        self._came = threading.Condition()
        self._rows: deque[FeedRow] = deque()
        self._overflown = False
        self._ended = False

    @property
    def person_id(self) -> UUID:
        return self.viewer.person_id

    @property
    def ended(self) -> bool:
        return self._ended

    def offer(self, rows: Sequence[FeedRow]) -> None:
        """Take what concerns the person."""
        concerned = [row for row in rows if row.concerns(self.viewer)]
        if not concerned:
            return
        with self._came:
            self._rows.extend(concerned)
            if len(self._rows) > MOST_WAITING:
                self._rows.clear()
                self._overflown = True
            self._came.notify()

    def take(self, within: float) -> tuple[list[FeedRow], bool]:
        """What has come, waiting that long for something; and whether something was dropped."""
        with self._came:
            if not (self._rows or self._overflown or self._ended or self.in_doubt):
                self._came.wait(within)
            rows, dropped = list(self._rows), self._overflown
            self._rows.clear()
            self._overflown = False
            return rows, dropped

    def doubt(self) -> None:
        """Wake the stream so that it looks at once whether access has ended."""
        with self._came:
            self.in_doubt = True
            self._came.notify()

    def end(self) -> None:
        """Wake the stream so that it ends."""
        with self._came:
            self._ended = True
            self._came.notify()
