"""A small S3-compatible store for tests: one bucket in memory, and only what the content store asks of it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

_XML = '<?xml version="1.0"?><{0} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{1}</{0}>'


@dataclass
class StoredObjects:
    """What the store has: objects by path, and parts of unfinished uploads. It refuses everything while `refusing`."""

    url: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    parts: dict[str, dict[int, bytes]] = field(default_factory=dict)
    refusing: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """How a process is told to use it."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "tests",
            "AWS_SECRET_ACCESS_KEY": "tests",
            "AWS_EC2_METADATA_DISABLED": "true",
        }


@contextmanager
def running_object_store() -> Iterator[StoredObjects]:
    """The store, answering on a free port meanwhile."""
    stored = StoredObjects()

    class Handler(_Handler):
        store = stored

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stored.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield stored
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store: StoredObjects

    def do_HEAD(self) -> None:
        self._find()

    def do_GET(self) -> None:
        self._find()

    def do_PUT(self) -> None:
        content = self._body()
        if self._refused():
            return
        if copied := self.headers.get("x-amz-copy-source"):
            self.store.objects[self._path] = self.store.objects["/" + copied.lstrip("/")]
            self._answer(200, _XML.format("CopyObjectResult", "<ETag>x</ETag>").encode())
        elif upload := self._query.get("uploadId"):
            self.store.parts[upload][int(self._query["partNumber"])] = content
            self._answer(200)
        else:
            self.store.objects[self._path] = content
            self._answer(200)

    def do_POST(self) -> None:
        self._body()
        if self._refused():
            return
        if upload := self._query.get("uploadId"):
            parts = self.store.parts.pop(upload)
            self.store.objects[self._path] = b"".join(parts[number] for number in sorted(parts))
            self._answer(200, _XML.format("CompleteMultipartUploadResult", "<ETag>x</ETag>").encode())
        else:
            upload = f"upload-{len(self.store.parts)}"
            self.store.parts[upload] = {}
            told = f"<UploadId>{upload}</UploadId>"
            self._answer(200, _XML.format("InitiateMultipartUploadResult", told).encode())

    def do_DELETE(self) -> None:
        if not self._refused():
            self.store.objects.pop(self._path, None)
            self._answer(204)

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing."""

    @property
    def _path(self) -> str:
        return urlsplit(self.path).path

    @property
    def _query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _refused(self) -> bool:
        if self.store.refusing:
            told = f"<Code>{self.store.refusing}</Code>"
            self._answer(
                403 if self.store.refusing == "AccessDenied" else 400, _XML.format("Error", told).encode()
            )
        return bool(self.store.refusing)

    def _find(self) -> None:
        if self._refused():
            return
        content = self.store.objects.get(self._path)
        if content is None:
            self._answer(404, _XML.format("Error", "<Code>NoSuchKey</Code>").encode())
            return
        if wanted := self.headers.get("Range"):
            first, _, last = wanted.removeprefix("bytes=").partition("-")
            self._answer(206, content[int(first) : int(last) + 1])
            return
        self._answer(200, content)

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("ETag", '"x"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
