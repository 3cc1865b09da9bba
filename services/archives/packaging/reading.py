"""Opening a sealed package without trusting it: nothing is unpacked to disk, and nothing is read beyond its
bounds.
"""

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

GIB = 1024**3
MIB = 1024**2

_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1
_DRIVE = re.compile(r"[A-Za-z]:")
# What the zip reader raises on bytes that were never, or are no longer, a proper zip file; a compression or a version
# that it does not know is a RuntimeError too.
ZIP_FAILURES = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OverflowError,
    RuntimeError,
    struct.error,
    UnicodeError,
    ValueError,
)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The most that is read from one package: number of files, bytes in all, and bytes of one tag file."""

    files: int = 20_000
    total: int = 64 * GIB
    tag_file: int = 64 * MIB


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong: a stable code, the path that it concerns (empty for the whole), a Chinese
    sentence.
    """

    code: str
    path: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Directory:
    """The table of contents of a package: entries by their path below the package's folder."""

    folder: str
    entries: dict[str, zipfile.ZipInfo]


class PackageUnreadable(Exception):
    """The package cannot be read safely; `findings` says why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        super().__init__("；".join(finding.message for finding in findings))


@contextmanager
def opened(source: Path | BinaryIO) -> Iterator[BinaryIO]:
    """The package as a seekable stream; a stream that was given is left open."""
    if isinstance(source, Path):
        with source.open("rb") as stream:
            yield stream
        return
    source.seek(0)
    yield source


@contextmanager
def open_file(source: Path | BinaryIO, path: str, *, limits: Limits | None = None) -> Iterator[IO[bytes]]:
    """One file of a package as a stream, by its path such as `data/正文/001-通知.pdf`.

    PackageUnreadable when the package is damaged or unsafe, KeyError when it has no such file. The zip
    checksum is compared when the end is reached (zipfile.BadZipFile).
    """
    with opened(source) as stream:
        archive, directory = open_package(stream, limits or Limits())
        with archive, archive.open(directory.entries[path]) as entry:
            yield entry


def open_package(stream: BinaryIO, limits: Limits) -> tuple[zipfile.ZipFile, Directory]:
    """The zip and its table of contents, checked before anything is read; PackageUnreadable with all
    reasons.
    """
    try:
        archive = zipfile.ZipFile(stream)
    except ZIP_FAILURES as error:
        broken = Finding(
            code="not_a_package", path="", message="不是完整的 ZIP 文件，可能被截断或文件头已损坏"
        )
        raise PackageUnreadable((broken,)) from error
    if findings := tuple(_unsafe(archive, limits)):
        archive.close()
        raise PackageUnreadable(findings)
    folder = archive.infolist()[0].filename.partition("/")[0]
    entries = {entry.filename.removeprefix(f"{folder}/"): entry for entry in archive.infolist()}
    return archive, Directory(folder=folder, entries=entries)


def _unsafe(archive: zipfile.ZipFile, limits: Limits) -> Iterator[Finding]:
    entries = archive.infolist()
    if not entries:
        yield Finding(code="empty", path="", message="信息包是空的")
        return
    if len(entries) > limits.files:
        yield Finding(code="too_many_files", path="", message=f"包内文件超过 {limits.files} 个，不予读取")
        return
    if sum(entry.file_size for entry in entries) > limits.total:
        yield Finding(
            code="too_large", path="", message=f"解开后超过 {limits.total // MIB} MB 的上限，不予读取"
        )
    folders = {entry.filename.partition("/")[0] for entry in entries}
    if len(folders) > 1:
        yield Finding(code="several_folders", path="", message="包内应只有一个以档号命名的文件夹")
    seen: set[str] = set()
    for entry in entries:
        yield from _unsafe_entry(entry, seen)


def _unsafe_entry(entry: zipfile.ZipInfo, seen: set[str]) -> Iterator[Finding]:
    shown = _shown(entry.filename)
    faults = {
        "unsafe_path": (_leads_astray(entry.filename), "路径不安全，可能指向包外"),
        "link": (stat.S_ISLNK(entry.external_attr >> 16), "是链接，不是文件"),
        "encrypted": (bool(entry.flag_bits & _ENCRYPTED), "已加密，归档信息包不得加密"),
        "compression": (entry.compress_type not in _METHODS, "使用了不允许的压缩算法"),
        # Two names that differ only in case or composition would overwrite each other on some systems.
        "duplicate": (_folded(entry.filename) in seen, "在包内重名"),
    }
    seen.add(_folded(entry.filename))
    for code, (found, message) in faults.items():
        if found:
            yield Finding(code=code, path=shown, message=f"{shown}：{message}")


def _leads_astray(name: str) -> bool:
    parts = name.split("/")
    return (
        "\\" in name
        or _DRIVE.match(name) is not None
        or len(parts) < 2
        or any(part in ("", ".", "..") for part in parts)
        or any(unicodedata.category(char) in ("Cc", "Cs") for char in name)
    )


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _shown(name: str) -> str:
    return "".join(char if char.isprintable() else "�" for char in name)[:300]
