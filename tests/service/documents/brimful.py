"""A folder that has no room left while a test says so, and the api of documents on it.

The api runs in a process of its own, so the test says so by a file in the folder.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from services.documents.api import DocumentsApi

__all__ = ["DocumentsApi", "brimful_url", "without_room"]

PROTOCOL = "brimful"
MARK = "no-room-left"


class BrimfulFileSystem(LocalFileSystem):
    """The local file system; writing fails with ENOSPC as long as the folder is marked."""

    protocol = PROTOCOL

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(path).removeprefix(f"{PROTOCOL}://").rstrip("/")

    def _open(self, path: str, mode: str = "rb", **options: Any) -> Any:
        folder = Path(path).parents
        if "w" in mode and any((above / MARK).exists() for above in folder):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
        return super()._open(path, mode, **options)


fsspec.register_implementation(PROTOCOL, BrimfulFileSystem, clobber=True)


def brimful_url(folder: Path) -> str:
    return f"{PROTOCOL}://{folder}"


@contextmanager
def without_room(folder: Path) -> Iterator[None]:
    """No room in the folder meanwhile."""
    mark = folder / MARK
    folder.mkdir(parents=True, exist_ok=True)
    mark.touch()
    try:
        yield
    finally:
        mark.unlink()
