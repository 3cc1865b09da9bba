"""Taking turns: the events of one aggregate are handled one after the other, in the order in which they came."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from eventlet.semaphore import Semaphore


class Turns:
    """A lock for each key that somebody holds or waits for; first come, first served."""

    def __init__(self) -> None:
        self._locks: dict[Hashable, tuple[Semaphore, int]] = {}

    @contextmanager
    def at(self, key: Hashable) -> Iterator[None]:
        """Inside, nobody else in this process is at the same key."""
        lock, waiting = self._locks.get(key, (Semaphore(1), 0))
        self._locks[key] = (lock, waiting + 1)
        try:
            with lock:
                yield
        finally:
            _, waiting = self._locks[key]
            if waiting == 1:
                del self._locks[key]
            else:
                self._locks[key] = (lock, waiting - 1)
