"""What a route method is given: one validated request by one known actor inside one open transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any
from uuid import UUID

from sqlalchemy.orm import Session
from werkzeug.wrappers import Request

from shared.auth import Actor
from shared.clock import Clock
from shared.config import Settings
from shared.errors import Problem, changed_meanwhile, malformed
from shared.files import BlobStore
from shared.ids import new_id

_CORRELATION_HEADER = "X-Correlation-Id"


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file of a multipart request, not yet looked at: its name is the sender's claim, its content is a stream."""

    name: str
    media_type: str
    stream: IO[bytes]


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request, checked: `body` and `query` are loaded by the route's schemas.

    The transaction of `session` is committed by the entrypoint after the method has returned.
    """

    session: Session
    actor: Actor
    clock: Clock
    settings: Settings
    blobs: BlobStore
    body: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)
    if_match: str = ""
    last_event_id: str = ""
    # An answer that goes on for long, such as a stream, has to check again whether it may.
    token: str = field(default="", repr=False)
    runtime: Any = None

    def file(self, name: str = "file") -> Upload:
        """The uploaded file of that field; Problem 400 when it is missing."""
        if name not in self.files:
            raise file_missing(name)
        return self.files[name]

    def expected_revision(self) -> int | None:
        """The revision that the caller read (`If-Match`), or None when any will do; Problem 412 for another form."""
        if self.if_match in ("", "*"):
            return None
        text = self.if_match.strip().removeprefix("W/").strip('"')
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            raise revision_unreadable()
        return int(text)


def correlation_id_of(request: Request) -> UUID:
    """The id under which a request is logged and answered: the caller's (`X-Correlation-Id`), or a new one."""
    try:
        return UUID(request.headers.get(_CORRELATION_HEADER, ""))
    except ValueError:
        return new_id()


def chain_of(request: Request, correlation_id: UUID) -> UUID:
    """The chain of whatever the request begins: never one that the caller names.

    Whoever has a part in a chain may follow all of it, so that naming another's would let the caller in.
    """
    return new_id() if _CORRELATION_HEADER in request.headers else correlation_id


def revision_tag(revision: int) -> str:
    """The entity tag of a revision (RFC 9110 §8.8.3)."""
    return f'"{revision}"'


def file_missing(name: str) -> Problem:
    """The multipart request lacks the file (400)."""
    return malformed("web.file_missing", "缺少上传文件", f"请在表单字段“{name}”中附上文件后重新提交。")


def revision_unreadable() -> Problem:
    """`If-Match` is not a tag of ours (412)."""
    return changed_meanwhile("web.revision_unreadable", "版本标识无效", "请重新打开后再修改。")
