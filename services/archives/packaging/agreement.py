"""Whether a package agrees with its own records: manifests, fixity record, byte count and metadata."""

import json
import re
from collections.abc import Iterator, Mapping, Set
from typing import Any

from services.archives.domain.metadata_reader import MetadataInvalid, read_metadata
from services.archives.packaging.bag import (
    BAG_INFO,
    BAGIT_TXT,
    FIXITY,
    FIXITY_FORMAT,
    MANIFEST,
    METADATA,
    TAG_MANIFEST,
)
from services.archives.packaging.digests import ALGORITHMS, TITLES, Fixity
from services.archives.packaging.reading import Finding

_LINE = re.compile(r"([0-9a-fA-F]{128})\s+\*?(\S.*)")
_OXUM = re.compile(r"^Payload-Oxum: (\d+)\.(\d+)$", re.MULTILINE)


def compare(
    measured: Mapping[str, Fixity], texts: Mapping[str, bytes], *, damaged: Set[str]
) -> list[Finding]:
    """Every difference between the files as measured and what the package's records say.

    `texts` holds the tag files and the metadata; `damaged` are paths already reported, which are not told
    twice.
    """
    found = list(_declaration(texts))
    payload = {path for path in measured if path.startswith("data/")}
    tags = set(measured) - payload - {TAG_MANIFEST}
    found += _manifest(MANIFEST, payload, measured, texts=texts, damaged=damaged)
    found += _manifest(TAG_MANIFEST, tags, measured, texts=texts, damaged=damaged)
    found += _fixity_record(payload, measured, texts=texts)
    found += _byte_count(payload, measured, texts=texts, damaged=damaged)
    found += _metadata(measured, texts)
    return _once(found)


def _once(found: list[Finding]) -> list[Finding]:
    """The same trouble seen in several records is told once for each file."""
    seen: dict[tuple[str, str], Finding] = {}
    for finding in found:
        seen.setdefault((finding.code, finding.path), finding)
    return list(seen.values())


def _declaration(texts: Mapping[str, bytes]) -> Iterator[Finding]:
    if "bagit.txt" in texts and texts["bagit.txt"] != BAGIT_TXT.encode():
        yield _wrong_record("bagit.txt", "不是 BagIt 1.0 的声明")


def _manifest(
    name: str,
    present: set[str],
    measured: Mapping[str, Fixity],
    *,
    texts: Mapping[str, bytes],
    damaged: Set[str],
) -> Iterator[Finding]:
    if name not in texts:
        if name not in damaged:
            yield Finding(code="missing", path=name, message=f"{name}：缺少此清单")
        return
    listed, faults = _listed(name, texts[name])
    yield from faults
    for path, digest in listed.items():
        if path in measured:
            if measured[path].sha512 != digest:
                yield _changed(path, f"清单 {name} ", "SHA-512")
        elif path not in damaged:
            yield Finding(code="missing", path=path, message=f"{path}：清单中有，包内缺少")
    for path in sorted(present - set(listed)):
        yield Finding(code="unexpected", path=path, message=f"{path}：包内多出，清单中没有")


def _listed(name: str, content: bytes) -> tuple[dict[str, str], list[Finding]]:
    listed: dict[str, str] = {}
    faults = []
    for place, line in enumerate(content.decode(errors="replace").split("\n")[:-1], start=1):
        match = _LINE.fullmatch(line)
        if match is None or match[2] in listed:
            faults.append(_wrong_record(name, f"第 {place} 行格式不对或重复"))
            continue
        listed[match[2]] = match[1].lower()
    return listed, faults


def _fixity_record(
    payload: set[str], measured: Mapping[str, Fixity], *, texts: Mapping[str, bytes]
) -> Iterator[Finding]:
    if FIXITY not in texts:
        return
    rows = _rows(texts[FIXITY])
    if rows is None:
        yield _wrong_record(FIXITY, "不能读取")
        return
    for path in sorted(payload):
        if path not in rows:
            yield Finding(code="unexpected", path=path, message=f"{path}：包内多出，固化信息中没有")
            continue
        wrong = [
            TITLES[name]
            for name in ALGORITHMS
            if rows[path].get(TITLES[name]) != measured[path].digests()[name]
        ]
        if wrong:
            yield _changed(path, "固化信息", "、".join(wrong))


def _rows(content: bytes) -> dict[str, dict[str, Any]] | None:
    try:
        record = json.loads(content)
        rows = {row["路径"]: row for row in record["文件"]}
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return rows if record.get("格式") == FIXITY_FORMAT else None


def _byte_count(
    payload: set[str], measured: Mapping[str, Fixity], *, texts: Mapping[str, bytes], damaged: Set[str]
) -> Iterator[Finding]:
    match = _OXUM.search(texts.get(BAG_INFO, b"").decode(errors="replace"))
    if match is None:
        if BAG_INFO in texts:
            yield _wrong_record(BAG_INFO, "缺少 Payload-Oxum（字节数和文件数）")
        return
    # A damaged file has no size to count, and has been told already.
    if any(path.startswith("data/") for path in damaged):
        return
    size, count = sum(measured[path].size for path in payload), len(payload)
    if (int(match[1]), int(match[2])) != (size, count):
        message = f"应有 {match[2]} 个文件共 {match[1]} 字节，实有 {count} 个共 {size} 字节"
        yield Finding(code="byte_count", path="", message=message)


def _metadata(measured: Mapping[str, Fixity], texts: Mapping[str, bytes]) -> Iterator[Finding]:
    if METADATA not in texts:
        return
    try:
        documents = read_metadata(texts[METADATA])["文件实体"]["文档"]
    except MetadataInvalid as error:
        yield _wrong_record(METADATA, error.reasons[0])
        return
    for document in documents:
        path = document["路径"]
        digests = {entry["@算法"]: entry["#text"] for entry in document["固化信息"]["摘要"]}
        if path in measured:
            wrong = [
                TITLES[name] for name, now in measured[path].digests().items() if digests[TITLES[name]] != now
            ]
            if wrong:
                yield _changed(path, "元数据", "、".join(wrong))


def _changed(path: str, record: str, algorithms: str) -> Finding:
    message = f"{path}：内容与{record}登记的摘要不符（{algorithms}），文件已被改动"
    return Finding(code="changed", path=path, message=message)


def _wrong_record(path: str, what: str) -> Finding:
    return Finding(code="wrong_record", path=path, message=f"{path}：{what}")
