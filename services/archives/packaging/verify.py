"""Verifying a sealed package: every digest is computed anew, and every difference is told by file.

Follows RFC 8493 §3 (a bag is valid when complete and every checksum agrees) without unpacking anything to
disk, and compares SM3 and the digest of the package as a whole besides.
"""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from services.archives.packaging.agreement import compare
from services.archives.packaging.bag import METADATA
from services.archives.packaging.digests import TITLES, Fixity, Measure, measure_stream, pieces
from services.archives.packaging.reading import (
    ZIP_FAILURES,
    Directory,
    Finding,
    Limits,
    PackageUnreadable,
    open_package,
    opened,
)


@dataclass(frozen=True, kw_only=True)
class VerifiedFile:
    """One file of the package: its fixity as computed now (None when unreadable), and whether nothing is
    wrong.
    """

    path: str
    fixity: Fixity | None
    sound: bool


@dataclass(frozen=True, kw_only=True)
class VerificationReport:
    """What verifying found; `package` is the fixity of the whole as computed now."""

    package: Fixity
    findings: tuple[Finding, ...]
    files: tuple[VerifiedFile, ...]

    @property
    def sound(self) -> bool:
        return not self.findings


def verify_package(
    source: Path | BinaryIO, *, expected: Fixity | None = None, limits: Limits | None = None
) -> VerificationReport:
    """Recompute all digests of a package.

    `source` is a path or a seekable stream. `expected` is the fixity recorded at filing: only it can tell a
    package that was rewritten consistently. A damaged package is a finding, never an exception.
    """
    bounds = limits or Limits()
    with opened(source) as stream:
        package = measure_stream(stream)
        findings = _whole_package(package, expected)
        stream.seek(0)
        try:
            archive, directory = open_package(stream, bounds)
        except PackageUnreadable as error:
            return VerificationReport(package=package, findings=(*findings, *error.findings), files=())
        with archive:
            measured, texts, damaged = _read_all(archive, directory, limits=bounds)
    findings += damaged
    findings += compare(measured, texts, damaged={finding.path for finding in damaged})
    concerned = {finding.path for finding in findings}
    files = tuple(
        VerifiedFile(path=path, fixity=measured.get(path), sound=path not in concerned)
        for path in directory.entries
    )
    return VerificationReport(package=package, findings=tuple(findings), files=files)


def _whole_package(found: Fixity, expected: Fixity | None) -> list[Finding]:
    if expected is None or found == expected:
        return []
    names = [title for name, title in TITLES.items() if found.digests()[name] != expected.digests()[name]]
    sizes = "" if found.size == expected.size else f"，大小应为 {expected.size} 字节，实为 {found.size} 字节"
    message = f"信息包整体与归档时登记的不符（{'、'.join(names) or '大小'}{sizes}），内容已被改动"
    return [Finding(code="package_changed", path="", message=message)]


def _read_all(
    archive: zipfile.ZipFile, directory: Directory, *, limits: Limits
) -> tuple[dict[str, Fixity], dict[str, bytes], list[Finding]]:
    """Fixity of every file, the bytes of the tag files and the metadata, and what could not be read."""
    measured: dict[str, Fixity] = {}
    texts: dict[str, bytes] = {}
    damaged: list[Finding] = []
    for path, entry in directory.entries.items():
        keep = _is_text(path)
        if keep and entry.file_size > limits.tag_file:
            damaged.append(
                Finding(
                    code="too_large",
                    path=path,
                    message=f"{path}：超过 {limits.tag_file} 字节的上限，不予读取",
                )
            )
            continue
        try:
            measured[path], kept = _read_one(archive, entry, keep=keep)
        except (*ZIP_FAILURES, OSError) as error:
            damaged.append(_damage(path, error))
            continue
        if keep:
            texts[path] = kept
    return measured, texts, damaged


def _is_text(path: str) -> bool:
    return not path.startswith("data/") or path == METADATA


def _read_one(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, keep: bool) -> tuple[Fixity, bytes]:
    measure, kept = Measure(), io.BytesIO()
    with archive.open(entry) as stream:
        for piece in pieces(stream):
            measure.update(piece)
            if keep:
                kept.write(piece)
    fixity = measure.fixity()
    if fixity.size != entry.file_size:
        raise EOFError
    return fixity, kept.getvalue()


def _damage(path: str, error: Exception) -> Finding:
    if isinstance(error, zipfile.BadZipFile) and "CRC" in str(error):
        return Finding(code="damaged", path=path, message=f"{path}：内容已损坏（ZIP 校验和不符）")
    return Finding(code="unreadable", path=path, message=f"{path}：不能读取，可能被截断或已损坏")
