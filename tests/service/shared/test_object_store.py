"""The content store on an S3-compatible store, in a plain process and in one whose threads are green."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.errors import Problem
from shared.files import CHUNK, BlobStore, StoreAway
from shared.object_store import PART
from shared.web.failures import problem_of
from tests.support.object_store import StoredObjects, running_object_store
from tests.support.processes import RunningProgram

TEXT = "text/plain"


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> Iterator[StoredObjects]:
    with running_object_store() as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def store(stored: StoredObjects) -> BlobStore:
    return BlobStore("s3://bucket/blobs", skip_instance_cache=True)


@pytest.mark.parametrize("size", [0, 1, CHUNK, 2 * PART, 2 * PART + 5])
def test_content_of_any_size_comes_back_as_it_was(store: BlobStore, stored: StoredObjects, size: int) -> None:
    content = b"0123456789abcdef" * (size // 16) + b"x" * (size % 16)
    ref = store.put(content, media_type=TEXT, name="a")
    assert ref.size == size
    assert store.put(content, media_type=TEXT, name="again").digest == ref.digest
    assert store.exists(ref.digest)
    assert b"".join(store.chunks(ref.digest)) == content
    code = ref.digest.removeprefix("sha256:")
    assert set(stored.objects) == {f"/bucket/blobs/{code[:2]}/{code[2:4]}/{code}"}
    assert stored.parts == {}


def test_a_package_is_opened_without_reading_all_of_it(store: BlobStore, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("large", b"x" * 3 * PART)
        package.writestr("small", "正文")
    ref = store.put(path.read_bytes(), media_type="application/zip", name="a.zip")
    with store.open(ref.digest) as stream, zipfile.ZipFile(stream) as package:
        assert package.read("small").decode() == "正文"


def test_what_is_not_there_is_told_as_such(store: BlobStore) -> None:
    missing = "sha256:" + "0" * 64
    assert not store.exists(missing)
    with pytest.raises(Problem) as refused:
        store.read(missing)
    assert refused.value.code == "files.content_missing"


@pytest.mark.parametrize("code", ["AccessDenied", "SlowDownForever"])
def test_a_store_that_refuses_is_not_one_that_has_nothing(
    store: BlobStore, stored: StoredObjects, code: str
) -> None:
    ref = store.put(b"x", media_type=TEXT, name="a")
    stored.refusing = code
    for ask in (store.exists, store.read):
        with pytest.raises(StoreAway, match="object store"):
            ask(ref.digest)
    with pytest.raises(StoreAway, match="object store") as refused:
        store.put(b"y", media_type=TEXT, name="b")
    answered = problem_of(refused.value)
    assert (answered.status, answered.code) == (503, "files.store_away")
    with pytest.raises(OSError, match="object store"):
        store.check_writable()
    stored.refusing = ""
    store.check_writable()
    assert store.read(ref.digest) == b"x"


def test_a_store_that_is_away_keeps_a_process_from_being_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    with running_object_store() as gone:
        environment = gone.environment
    for name, value in {**environment, "AWS_MAX_ATTEMPTS": "1"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(OSError, match="cannot be asked"):
        BlobStore("s3://bucket/blobs", skip_instance_cache=True).check_writable()


def test_green_and_native_threads_use_it_at_once(stored: StoredObjects, tmp_path: Path) -> None:
    command = ["python", "-m", "tests.support.object_store_process"]
    with RunningProgram(command, tmp_path / "store.log", environment=stored.environment) as program:
        assert program.wait_for_line("all well") == "all well: True"
    assert len(stored.objects) == 11
