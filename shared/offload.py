"""Work that takes the processor or a disk for long: done in a thread, so that other requests go on meanwhile."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from eventlet import patcher, tpool

P = ParamSpec("P")
T = TypeVar("T")


def offload(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of `work`, run in a thread of its own where the process is cooperative, and right here elsewhere.

    The work must not use a database session or anything else that belongs to the calling greenlet.
    """
    if not patcher.is_monkey_patched("thread"):
        return work(*args, **kwargs)
    result: T = tpool.execute(work, *args, **kwargs)
    return result
