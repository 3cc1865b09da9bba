"""Breaks off the reading of a file that costs more than any honest one, wherever in a parser the time goes."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import thread_time
from types import FrameType
from typing import Any

_LOOK_EVERY = 100


class TooMuchEffort(BaseException):
    """The time is used up; no `Exception`, for parsers swallow those and go on."""


@contextmanager
def bounded_effort(seconds: float, *, spent: Callable[[], float] = thread_time) -> Iterator[None]:
    """Let this thread compute for so many seconds in the block, then raise `TooMuchEffort`.

    Python tells the profile hook of every call, so loops in a foreign parser are reached too; a single call into C is
    not broken off and has to be bounded by its input. A profiler that is at work already keeps its place.
    """
    if sys.getprofile() is not None:
        yield
        return
    end, unseen = spent() + seconds, _LOOK_EVERY

    # Called for every call that is made, so it does as little as it can.
    def look(_frame: FrameType, _event: str, _argument: Any) -> None:
        nonlocal unseen
        unseen -= 1
        if not unseen:
            unseen = _LOOK_EVERY
            if spent() > end:
                raise TooMuchEffort

    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(None)
