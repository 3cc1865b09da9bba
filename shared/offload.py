"""Blocking work off the hub: a cooperative process stays answerable while files are packed or digests computed."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from eventlet import patcher

P = ParamSpec("P")
R = TypeVar("R")


def offload(work: Callable[P, R], *arguments: P.args, **options: P.kwargs) -> R:
    """Do the work in a native thread and wait for it cooperatively; where nothing is patched, just do it.

    The work must not use a database session, nor anything else that belongs to the calling greenlet.
    """
    if not patcher.is_monkey_patched("thread"):
        return work(*arguments, **options)
    # Importing the pool starts nothing; its threads begin with the first piece of work.
    from eventlet import tpool

    done: R = tpool.execute(work, *arguments, **options)
    return done
