"""Content: files are kept under their own digest in an object store and named by reference everywhere else."""

import errno
import hashlib
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, BinaryIO

from fsspec.core import url_to_fs
from fsspec.registry import register_implementation

from shared.errors import Problem, not_found, storage_full, too_large
from shared.ids import new_id

CHUNK = 1024 * 1024
ALGORITHM = "sha256"
# By name, so that only who uses one loads it.
register_implementation("s3", "shared.object_store.ObjectStoreFileSystem", clobber=True)
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class StoreAway(OSError):
    """The store cannot be asked, or refuses: neither a lack of room nor of the content. Over HTTP it is a 503."""


@dataclass(frozen=True, kw_only=True)
class BlobRef:
    """A piece of content: `digest` ("sha256:" and 64 hex digits), `size` in bytes, media type and a name to show."""

    digest: str
    size: int
    media_type: str
    name: str


class BlobStore:
    """A content-addressed store on any fsspec address: a folder, an S3-compatible bucket.

    Putting the same content twice keeps it once; what is stored is never changed.
    """

    def __init__(self, url: str, **options: Any) -> None:
        self._fs, self._root = url_to_fs(url, **options)

    def put(
        self, content: bytes | IO[bytes], *, media_type: str, name: str, limit: int | None = None
    ) -> BlobRef:
        """Keep content; Problem 413 over `limit` bytes, 507 when the store has no room, StoreAway when it is away.

        Nothing half is kept.
        """
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        with tempfile.SpooledTemporaryFile(max_size=8 * CHUNK) as spool:
            try:
                digest, size = _copy(stream, spool, limit)
                spool.seek(0)
                with _asking_store():
                    self._keep(spool, self._path(digest), size)
            except OSError as error:
                if error.errno in NO_ROOM:
                    raise store_full(name) from error
                raise
        return BlobRef(digest=digest, size=size, media_type=media_type, name=name)

    def read(self, digest: str) -> bytes:
        """All of a content; Problem 404 when the store does not have it."""
        with self.open(digest) as stream, _asking_store():
            return stream.read()

    def open(self, digest: str) -> BinaryIO:
        """A content as a stream; the caller closes it. Problem 404 when the store does not have it, or StoreAway."""
        path = self._path(digest)
        with _asking_store():
            try:
                opened: BinaryIO = self._fs.open(path, "rb")
            except FileNotFoundError as error:
                raise content_missing(digest) from error
        return opened

    def chunks(self, digest: str) -> Iterator[bytes]:
        """A content piece by piece. Problem 404, at once and not with the first piece, when it is not there."""
        return _pieces(self.open(digest))

    def exists(self, digest: str) -> bool:
        """Whether the store has the content."""
        path = self._path(digest)
        with _asking_store():
            return bool(self._fs.exists(path))

    def check_writable(self) -> None:
        """Write and remove a small file; raises OSError when that fails. Used by readiness checks."""
        path = f"{self._root}/.writable-{new_id()}"
        self._fs.makedirs(self._root, exist_ok=True)
        self._fs.pipe_file(path, b"yiwang")
        self._fs.rm_file(path)

    def _path(self, digest: str) -> str:
        algorithm, _, code = digest.partition(":")
        if algorithm != ALGORITHM or len(code) != 64 or not set(code) <= set("0123456789abcdef"):
            raise content_missing(digest)
        return f"{self._root}/{code[:2]}/{code[2:4]}/{code}"

    def _keep(self, spool: IO[bytes], path: str, size: int) -> None:
        if self._fs.exists(path) and self._fs.size(path) == size:
            return
        self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
        # Written beside and moved into place, so that no reader ever sees a part of a file.
        partial = f"{path}.{new_id()}.part"
        try:
            with self._fs.open(partial, "wb") as target:
                while piece := spool.read(CHUNK):
                    target.write(piece)
            self._fs.mv(partial, path)
        except BaseException:
            if self._fs.exists(partial):
                self._fs.rm_file(partial)
            raise


@contextmanager
def _asking_store() -> Iterator[None]:
    """Tell a store that is away from other failures of files, whoever reads them."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise
        raise StoreAway(error.errno, error.strerror or str(error)) from error


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    with stream:
        while piece := stream.read(CHUNK):
            yield piece


def open_store(url: str) -> BlobStore:
    """The store at an fsspec address; S3 credentials come from the usual AWS variables."""
    return BlobStore(url)


def _copy(source: IO[bytes], target: IO[bytes], limit: int | None) -> tuple[str, int]:
    digest, size = hashlib.new(ALGORITHM), 0
    while piece := source.read(CHUNK):
        size += len(piece)
        if limit is not None and size > limit:
            raise file_too_large(limit)
        digest.update(piece)
        target.write(piece)
    return f"{ALGORITHM}:{digest.hexdigest()}", size


def file_too_large(limit: int) -> Problem:
    """A file is over the limit (413)."""
    return too_large(
        "files.too_large", "文件过大", f"单个文件不得超过 {limit // CHUNK} MB, 请压缩或拆分后重新上传。"
    )


def store_full(name: str) -> Problem:
    """The store has no room left (507)."""
    return storage_full(
        "files.storage_full",
        "文件存储空间不足",
        f"“{name}”未能保存, 本次操作没有生效; 请联系系统管理员扩容后重试。",
    )


def store_away() -> Problem:
    """The store cannot be reached, or refuses (503)."""
    return Problem(
        "files.store_away",
        "文件存储暂时不可用",
        status=503,
        detail="文件存储暂时无法访问, 本次没有任何改动, 请稍后重试; 如持续出现, 请联系系统管理员。",
        headers={"Retry-After": "5"},
    )


def content_missing(digest: str) -> Problem:
    """The store does not have that content (404)."""
    return not_found(
        "files.content_missing", "文件内容不存在", f"内容 {digest[:19]}… 不在存储中, 请联系系统管理员核查。"
    )
