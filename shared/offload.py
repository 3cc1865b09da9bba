"""Blocking work off the hub: a cooperative process stays answerable while files are packed or digests computed."""

import os
from collections.abc import Callable
from functools import cache
from typing import Any, ParamSpec, TypeVar

from eventlet import patcher

P = ParamSpec("P")
R = TypeVar("R")


def offload(work: Callable[P, R], *arguments: P.args, **options: P.kwargs) -> R:
    """Do the work in a native thread and wait for it cooperatively; where nothing is patched, just do it.

    The work must not use a database session, nor anything else that belongs to the calling greenlet.
    """
    if not patcher.is_monkey_patched("thread"):
        return work(*arguments, **options)
    done: R = _pool().execute(work, *arguments, **options)
    return done


@cache
def _pool() -> Any:
    """Eventlet's pool with a few threads instead of twenty.

    Every thread keeps the memory that its work took: with argon2's 19 MiB in each, twenty of them held 400 MB more
    than two, and were no faster.
    """
    # Importing the pool starts nothing; its threads begin with the first piece of work.
    from eventlet import tpool

    tpool.set_num_threads(max(2, os.cpu_count() or 1))
    return tpool
