"""Fixity (固化信息): the size and the three digests of a file, taken while it is read once."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Protocol

from cryptography.hazmat.primitives import hashes

CHUNK = 1024 * 1024
ALGORITHMS = ("sha256", "sha512", "sm3")
TITLES = {"sha256": "SHA-256", "sha512": "SHA-512", "sm3": "SM3"}


class Hasher(Protocol):
    """What all digest implementations have in common."""

    def update(self, data: bytes, /) -> None: ...

    def hexdigest(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Fixity:
    """Size in bytes and digests in lower-case hex."""

    size: int
    sha256: str
    sha512: str
    sm3: str

    def digests(self) -> dict[str, str]:
        return {"sha256": self.sha256, "sha512": self.sha512, "sm3": self.sm3}


class _Sm3:
    """SM3 (GB/T 32905) from the bundled OpenSSL, for machines whose own OpenSSL was built without it."""

    def __init__(self) -> None:
        self._hash = hashes.Hash(hashes.SM3())

    def update(self, data: bytes) -> None:
        self._hash.update(data)

    def hexdigest(self) -> str:
        return self._hash.copy().finalize().hex()


def new_sm3() -> Hasher:
    """An SM3 hasher from whichever library has it."""
    try:
        return hashlib.new("sm3")
    except ValueError:
        return _Sm3()


class Measure:
    """Takes in a content piece by piece and tells its fixity at the end."""

    def __init__(self) -> None:
        self._size = 0
        self._sha256: Hasher = hashlib.sha256()
        self._sha512: Hasher = hashlib.sha512()
        self._sm3 = new_sm3()

    def update(self, piece: bytes) -> None:
        self._size += len(piece)
        self._sha256.update(piece)
        self._sha512.update(piece)
        self._sm3.update(piece)

    def fixity(self) -> Fixity:
        return Fixity(
            size=self._size,
            sha256=self._sha256.hexdigest(),
            sha512=self._sha512.hexdigest(),
            sm3=self._sm3.hexdigest(),
        )


def copy_measured(source: IO[bytes], target: IO[bytes]) -> Fixity:
    """Copy a stream and measure what was copied, one piece in memory at a time."""
    measure = Measure()
    for piece in pieces(source):
        measure.update(piece)
        target.write(piece)
    return measure.fixity()


def measure_stream(source: IO[bytes]) -> Fixity:
    """The fixity of a stream from where it stands."""
    measure = Measure()
    for piece in pieces(source):
        measure.update(piece)
    return measure.fixity()


def pieces(source: IO[bytes]) -> Iterator[bytes]:
    """A stream piece by piece."""
    while piece := source.read(CHUNK):
        yield piece
