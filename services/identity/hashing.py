"""Hashing passwords with argon2id, wherever the caller wants the work to be done."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from argon2 import PasswordHasher, Type
from argon2.exceptions import Argon2Error, InvalidHashError

from services.identity.domain.passwords import normalised, readable_password

# RFC 9106 §4 leaves the choice; these are the least that OWASP's cheat sheet names for argon2id.
MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1

Run = Callable[..., Any]


def here(work: Callable[..., Any], *arguments: Any) -> Any:
    """Do the work in the calling thread."""
    return work(*arguments)


class PasswordKeeper:
    """Makes and checks password digests; `run(work, *arguments)` decides where the work is done.

    Hashing takes some 25 ms of a core, so a process that serves many people gives `run` a pool of threads.
    """

    def __init__(self, run: Run = here) -> None:
        self._run = run
        self._hasher = PasswordHasher(
            time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, type=Type.ID
        )

    def digest(self, password: str) -> str:
        """The digest to store; salt and parameters are in it."""
        made: str = self._run(self._hasher.hash, normalised(password))
        return made

    def digests(self, passwords: Sequence[str]) -> list[str]:
        """The digests of many passwords, on all cores at once."""
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(self._hasher.hash, map(normalised, passwords)))

    def matches(self, digest: str | None, password: str) -> bool:
        """Whether the password is the one of that digest; the same work is done where there is no digest."""
        matched: bool = self._run(self._verify, digest or _nobodys_digest(self._hasher), normalised(password))
        return matched and digest is not None

    def _verify(self, digest: str, password: str) -> bool:
        try:
            return self._hasher.verify(digest, password)
        except (Argon2Error, InvalidHashError):
            return False


_nobody: list[str] = []


def _nobodys_digest(hasher: PasswordHasher) -> str:
    """A digest that no password is checked against in earnest; made once, on the first need of it."""
    if not _nobody:
        _nobody.append(hasher.hash(readable_password()))
    return _nobody[0]
