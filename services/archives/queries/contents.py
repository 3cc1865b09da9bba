"""Reading a package that was filed: the whole, or one file of it without unpacking."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import IO

from services.archives import errors
from services.archives.models import ArchiveRecord
from services.archives.packaging import PackageUnreadable, open_file
from services.archives.queries.records import get_file
from shared.errors import Problem
from shared.files import CHUNK, BlobStore
from shared.web import Download


def download_package(record: ArchiveRecord, *, blobs: BlobStore) -> Download:
    """The sealed package as it is; Problem 409 when it is gone."""
    package = record.package
    if not blobs.exists(package["digest"]):
        raise errors.package_unreadable(record.number, ["信息包不在存储中"])
    return Download(
        chunks=blobs.chunks(package["digest"]),
        media_type=package["media_type"],
        name=package["name"],
        size=package["size"],
    )


def download_file(record: ArchiveRecord, path: str, *, blobs: BlobStore) -> Download:
    """One file of the package; Problem 404 when it has none of that path, 409 when the package is damaged or gone."""
    file = get_file(record, path)
    opened = ExitStack()
    try:
        stream = opened.enter_context(blobs.open(record.package["digest"]))
        entry = opened.enter_context(open_file(stream, path))
    except PackageUnreadable as error:
        opened.close()
        told = [finding.message for finding in error.findings]
        raise errors.package_unreadable(record.number, told) from error
    except (Problem, KeyError, OSError) as error:
        opened.close()
        raise errors.package_unreadable(record.number, ["信息包不在存储中，或包内缺少这个文件"]) from error
    name = path.rpartition("/")[2]
    return Download(
        chunks=_chunks(entry, opened), media_type=file["media_type"], name=name, size=file["size"]
    )


def _chunks(entry: IO[bytes], opened: ExitStack) -> Iterator[bytes]:
    with opened:
        while piece := entry.read(CHUNK):
            yield piece
