"""Packing one filed item: from a dossier and its blobs to one sealed file, the same bytes for the same
facts.
"""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

import bagit

from services.archives.domain.archival_number import Template
from services.archives.domain.check_rules import FOLDERS, Subject
from services.archives.domain.checks import CheckResult, run_checks
from services.archives.domain.dossier import Content, ContentRole, contents_in_order, missing_facts
from services.archives.domain.filing import Filing, PackedFile
from services.archives.domain.metadata import write_metadata
from services.archives.packaging.bag import METADATA, write_tag_files
from services.archives.packaging.digests import Fixity, copy_measured, measure_stream
from services.archives.packaging.formats import look_into
from services.archives.packaging.names import extension_of, packed_name, safe_name
from services.archives.packaging.sealed import seal
from shared.clock import LOCAL_ZONE
from shared.events.dossier import Dossier, to_json

REPORT = "data/检测报告.json"
FACTS = "data/归档数据.json"
REPORT_FORMAT = "yiwang-checks/1"
MEDIA_TYPE = "application/zip"


class Blobs(Protocol):
    """Where contents are opened by their digest ("sha256:…")."""

    def open(self, digest: str) -> BinaryIO: ...


class PackagingRefused(Exception):
    """The item cannot be packed; `reasons` says in Chinese why, one line each."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("；".join(self.reasons))


@dataclass(frozen=True, kw_only=True)
class Register:
    """What the register of archives knows before packing: whether the number is taken, and the item before
    this one.
    """

    number_taken: bool
    previous_item: int


@dataclass(frozen=True, kw_only=True)
class Package:
    """A sealed package: its file, its own fixity, that of every file inside, and what the four checks
    found.
    """

    path: Path
    fixity: Fixity
    files: dict[str, Fixity]
    contents: tuple[PackedFile, ...]
    checks: tuple[CheckResult, ...]
    metadata: bytes


def build_package(
    dossier: Dossier,
    filing: Filing,
    *,
    blobs: Blobs,
    folder: Path,
    template: Template,
    register: Register | None = None,
) -> Package:
    """Pack the item into `<folder>/<archival number>.zip`.

    PackagingRefused when facts are missing, a blob is not what the dossier says, or the item is not to be
    filed. Nothing is left behind in the folder when it fails. Contents are streamed; none is held in memory
    as a whole.
    """
    _require_complete(dossier, filing)
    with tempfile.TemporaryDirectory(dir=folder, prefix="packing-") as scratch:
        name = safe_name(filing.number)
        bag = Path(scratch) / name
        bag.mkdir()
        contents, payload = _pack_contents(dossier, blobs, bag=bag)
        metadata = write_metadata(dossier, filing, files=contents)
        subject = Subject(
            dossier=dossier,
            filing=filing,
            files=contents,
            metadata=metadata,
            template=template,
            number_taken=register.number_taken if register else None,
            previous_item=register.previous_item if register else None,
        )
        checks = run_checks(subject)
        written = {METADATA: metadata, FACTS: to_json(dossier), REPORT: check_report(filing, checks)}
        payload |= {path: _write(bag / path, content) for path, content in written.items()}
        tags = write_tag_files(bag, dossier, filing=filing, payload=payload)
        _confirm(bag)
        sealed = seal(bag, Path(scratch) / "sealed.zip", at=filing.filed_at)
        path = folder / f"{name}.zip"
        sealed.replace(path)
    with path.open("rb") as stream:
        fixity = measure_stream(stream)
    return Package(
        path=path, fixity=fixity, files=payload | tags, contents=contents, checks=checks, metadata=metadata
    )


def check_report(filing: Filing, checks: Sequence[CheckResult]) -> bytes:
    """The report of the four checks (四性检测报告) as JSON."""
    rows = [
        {
            "编号": check.code,
            "名称": check.name,
            "类别": check.category.value,
            "检测对象": check.object,
            "检测目的": check.purpose,
            "检测依据": check.basis,
            "检测结果": check.result.value,
            "备注": check.note,
        }
        for check in checks
    ]
    report = {
        "格式": REPORT_FORMAT,
        "档号": filing.number,
        "检测环节": "归档",
        "检测时间": filing.filed_at.astimezone(LOCAL_ZONE).isoformat(timespec="seconds"),
        "检测程序": filing.software,
        "结果": rows,
    }
    return json.dumps(report, ensure_ascii=False, indent=1).encode() + b"\n"


def _require_complete(dossier: Dossier, filing: Filing) -> None:
    reasons = list(missing_facts(dossier))
    if not filing.retention.to_be_filed:
        reasons.append(filing.retention.explanation)
    if reasons:
        raise PackagingRefused(reasons)


def _pack_contents(
    dossier: Dossier, blobs: Blobs, *, bag: Path
) -> tuple[tuple[PackedFile, ...], dict[str, Fixity]]:
    contents, payload = [], {}
    for content in contents_in_order(dossier):
        relative = f"{FOLDERS[content.role]}/{_name_of(content)}"
        payload[relative] = fixity = _fetch(content, blobs, target=bag / relative)
        contents.append(
            PackedFile(
                order=content.order,
                role=content.role,
                title=content.title,
                path=relative,
                source_name=content.blob.name,
                media_type=content.blob.media_type,
                size=fixity.size,
                declared_digest=content.blob.digest,
                declared_size=content.blob.size,
                digests=fixity.digests(),
                format=look_into(bag / relative, content.blob.media_type),
            )
        )
    return tuple(contents), payload


def _name_of(content: Content) -> str:
    if content.role is ContentRole.PROCESSING_SHEET:
        return f"处理单{extension_of(safe_name(content.blob.name)) or '.pdf'}"
    return packed_name(content.order, content.blob.name)


def _fetch(content: Content, blobs: Blobs, *, target: Path) -> Fixity:
    """Copy one content into the bag; what differs from the dossier is never packed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with blobs.open(content.blob.digest) as source, target.open("xb") as copy:
        fixity = copy_measured(source, copy)
    if f"sha256:{fixity.sha256}" != content.blob.digest or fixity.size != content.blob.size:
        raise PackagingRefused(
            [f"{content.role.value}“{content.blob.name}”在存储中的内容与登记的摘要或大小不符，可能已损坏"]
        )
    return fixity


def _write(path: Path, content: bytes) -> Fixity:
    path.write_bytes(content)
    with path.open("rb") as stream:
        return measure_stream(stream)


def _confirm(bag: Path) -> None:
    """Have the bag read back from the disk by an implementation that did not write it."""
    try:
        bagit.Bag(str(bag)).validate()
    except bagit.BagError as error:
        raise PackagingRefused([f"信息包写入后核对不符：{error}"]) from error
