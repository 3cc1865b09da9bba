"""The content store: content is kept once, whole or not at all, by however many at once."""

import errno
import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from werkzeug.wrappers import Request

from shared.errors import Problem
from shared.files import CHUNK, BlobStore, StoreAway
from shared.web.failures import problem_of
from shared.web.reading import read_form

TEXT = "text/plain"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


@pytest.fixture
def store(folder: Path) -> BlobStore:
    return BlobStore(folder.as_uri())


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


class BreaksOff:
    """A stream that fails after its first piece."""

    def __init__(self, error: Exception) -> None:
        self._pieces = iter([b"x" * CHUNK])
        self._error = error

    def read(self, size: int = -1) -> bytes:
        for piece in self._pieces:
            return piece
        raise self._error


def test_what_was_put_is_read_again_piece_by_piece(store: BlobStore) -> None:
    content = b"a" * CHUNK + b"b"
    ref = store.put(content, media_type=TEXT, name="正文.txt")
    assert (ref.size, ref.name, ref.media_type) == (CHUNK + 1, "正文.txt", TEXT)
    assert store.exists(ref.digest)
    assert store.read(ref.digest) == content
    assert [len(piece) for piece in store.chunks(ref.digest)] == [CHUNK, 1]


@pytest.mark.parametrize(
    "digest",
    ["sha256:" + "0" * 64, "", "sha256:", "sha256:../../etc/passwd", "md5:" + "0" * 64, "sha256:" + "A" * 64],
)
def test_a_content_that_is_not_there_is_told_before_the_first_piece(store: BlobStore, digest: str) -> None:
    for ask in (store.open, store.read, store.chunks):
        with pytest.raises(Problem) as refused:
            ask(digest)
        assert (refused.value.status, refused.value.code) == (404, "files.content_missing")


def test_the_same_content_is_kept_once_by_many_at_once(store: BlobStore, folder: Path) -> None:
    content = b"the same for all" * 10_000
    with ThreadPoolExecutor(8) as pool:
        refs = set(pool.map(lambda _: store.put(content, media_type=TEXT, name="a").digest, range(40)))
    assert len(refs) == len(kept(folder)) == 1
    assert store.read(refs.pop()) == content


def test_content_over_the_limit_is_refused_and_not_kept(store: BlobStore, folder: Path) -> None:
    with pytest.raises(Problem) as refused:
        store.put(b"x" * (CHUNK + 1), media_type=TEXT, name="a", limit=CHUNK)
    assert refused.value.status == 413
    assert kept(folder) == []


@pytest.mark.parametrize("error", [OSError(errno.EIO, "broken"), RuntimeError("gone")])
def test_a_stream_that_breaks_off_leaves_nothing(store: BlobStore, folder: Path, error: Exception) -> None:
    with pytest.raises(type(error)):
        store.put(BreaksOff(error), media_type=TEXT, name="a")  # type: ignore[arg-type]
    assert kept(folder) == []


def test_a_folder_that_cannot_be_entered_is_a_store_that_is_away(tmp_path: Path) -> None:
    """As when its disk is not mounted where it was; the readers of packages know it as a failure of a file."""
    (tmp_path / "blobs").write_text("no folder")
    store = BlobStore((tmp_path / "blobs").as_uri())
    with pytest.raises(StoreAway) as refused:
        store.put(b"x", media_type=TEXT, name="a")
    assert isinstance(refused.value, OSError)
    assert problem_of(refused.value).code == "files.store_away"


def test_many_processes_may_ask_at_once_whether_they_can_write(store: BlobStore, folder: Path) -> None:
    def ask(_: int) -> None:
        store.check_writable()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(400)))
    assert kept(folder) == []


@contextmanager
def files_no_longer_than(size: int) -> Iterator[None]:
    """This process can write no longer file meanwhile, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_an_upload_for_which_this_machine_has_no_room_is_not_the_senders_mistake() -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    body = head + b"x" * 2 * CHUNK + b"\r\n--b--\r\n"
    request = Request.from_values(method="POST", data=body, content_type="multipart/form-data; boundary=b")
    with files_no_longer_than(CHUNK), pytest.raises(Problem) as refused:
        read_form(request, limit=4 * CHUNK, timeout=5)
    assert (refused.value.status, refused.value.code) == (507, "files.storage_full")
