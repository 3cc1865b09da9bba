"""An S3-compatible object store as a file system of fsspec.

s3fs drives its own event loop from a thread, which cannot be where threads are green: in a patched process its first
call fails. botocore blocks on sockets, and green sockets let others go on meanwhile.
"""

import errno
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from fsspec.spec import AbstractBufferedFile, AbstractFileSystem

# The parts of a large object; S3 takes none below 5 MB but the last.
PART = 8 * 1024 * 1024
_MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
_CONFIG = Config(
    connect_timeout=5,
    read_timeout=30,
    retries={"mode": "standard", "max_attempts": 3},
    # Not every compatible store knows the checksums that newer clients add; contents are checked by their digest.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


class ObjectStoreFileSystem(AbstractFileSystem):
    """Paths are `bucket/key`. Where, and with which credentials, the usual AWS variables say (`AWS_ENDPOINT_URL`, …).

    What fails raises OSError: FileNotFoundError, PermissionError, or EIO with the store's own code.
    """

    protocol = "s3"

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._clients: dict[int, Any] = {}

    @property
    def client(self) -> Any:
        """One client for each native thread; the green threads of one may share it."""
        thread = threading.get_native_id()
        if thread not in self._clients:
            self._clients[thread] = botocore.session.get_session().create_client("s3", config=_CONFIG)
        return self._clients[thread]

    def ask(self, operation: str, path: str, **arguments: Any) -> Any:
        """One request about the object at that path."""
        bucket, _, key = self._strip_protocol(path).partition("/")
        with _told_as_os_error(path):
            return getattr(self.client, operation)(Bucket=bucket, Key=key, **arguments)

    def info(self, path: str, **options: Any) -> dict[str, Any]:
        found = self.ask("head_object", path)
        return {"name": self._strip_protocol(path), "size": found["ContentLength"], "type": "file"}

    def exists(self, path: str, **options: Any) -> bool:
        """Whether it is there; a store that cannot be asked is an error, not a no."""
        try:
            self.info(path)
        except FileNotFoundError:
            return False
        return True

    def makedirs(self, path: str, exist_ok: bool = False) -> None:
        """An object store has no folders to make."""

    def pipe_file(self, path: str, value: bytes, mode: str = "overwrite", **options: Any) -> None:
        self.ask("put_object", path, Body=value)

    def rm_file(self, path: str) -> None:
        self.ask("delete_object", path)

    def mv(self, path1: str, path2: str, **options: Any) -> None:
        bucket, _, key = self._strip_protocol(path1).partition("/")
        self.ask("copy_object", path2, CopySource={"Bucket": bucket, "Key": key})
        self.rm_file(path1)

    def _open(self, path: str, mode: str = "rb", **options: Any) -> "ObjectFile":
        return ObjectFile(self, path, mode, block_size=PART)


class ObjectFile(AbstractBufferedFile):
    """One object, read by ranges as they are wanted, or written whole or in parts."""

    _upload: str | None = None

    def _fetch_range(self, start: int, end: int) -> bytes:
        got = self.fs.ask("get_object", self.path, Range=f"bytes={start}-{end - 1}")
        with _told_as_os_error(self.path):
            content: bytes = got["Body"].read()
        return content

    def _initiate_upload(self) -> None:
        self._parts: list[dict[str, Any]] = []
        if self.buffer.tell() >= self.blocksize:
            self._upload = self.fs.ask("create_multipart_upload", self.path)["UploadId"]

    def _upload_chunk(self, final: bool = False) -> bool:
        content = self.buffer.getvalue()
        if self._upload is None:
            self.fs.ask("put_object", self.path, Body=content)
            return True
        if content:
            number = len(self._parts) + 1
            asked = {"UploadId": self._upload, "PartNumber": number, "Body": content}
            sent = self.fs.ask("upload_part", self.path, **asked)
            self._parts.append({"PartNumber": number, "ETag": sent["ETag"]})
        if final:
            parts = {"Parts": self._parts}
            self.fs.ask("complete_multipart_upload", self.path, UploadId=self._upload, MultipartUpload=parts)
        return True


@contextmanager
def _told_as_os_error(path: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _MISSING:
            raise FileNotFoundError(errno.ENOENT, "not in the object store", path) from error
        if code in ("403", "AccessDenied"):
            raise PermissionError(errno.EACCES, "refused by the object store", path) from error
        raise OSError(errno.EIO, f"the object store said {code}", path) from error
    except BotoCoreError as error:
        raise OSError(errno.EIO, f"the object store cannot be asked: {type(error).__name__}", path) from error
