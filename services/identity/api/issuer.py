"""What signing in needs beside the database: hashing in threads, and the keys."""

import os
from collections.abc import Callable
from functools import cache
from typing import Any

from eventlet.semaphore import Semaphore

from services.identity.hashing import PasswordKeeper
from services.identity.issuing import TokenIssuer
from shared.offload import offload
from shared.web import Call


def in_turn(work: Callable[..., Any], *arguments: Any) -> Any:
    """Do the work in a native thread, as many at once as there are cores to do it on.

    One more is not faster: each takes the caches from the others, and loses its own 19 MiB to them.
    """
    with _turns():
        return offload(work, *arguments)


@cache
def _turns() -> Semaphore:
    return Semaphore(len(os.sched_getaffinity(0)))


KEEPER = PasswordKeeper(in_turn)


def issuer_of(call: Call) -> TokenIssuer:
    """The process's one issuer of tokens."""
    issuer: TokenIssuer = call.runtime.resource(TokenIssuer, TokenIssuer.from_settings)
    return issuer
