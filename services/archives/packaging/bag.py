"""The tag files of a package: a BagIt 1.0 bag (RFC 8493) with sha-512 manifests and a fixity record beside
them.

The manifests are written here and checked by the bagit library afterwards. The library's own `make_bag`
changes the working folder of the whole process and lists tag files in the order of the disk, so a worker
that packs two documents at once could neither trust it nor get the same bytes twice.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from services.archives.domain.filing import Filing
from services.archives.packaging.digests import ALGORITHMS, TITLES, Fixity, measure_stream
from shared.clock import LOCAL_ZONE
from shared.events.dossier import Dossier

BAGIT_TXT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST = "manifest-sha512.txt"
TAG_MANIFEST = "tagmanifest-sha512.txt"
BAG_INFO = "bag-info.txt"
METADATA = "data/元数据.xml"
# bagit-py cannot validate an SM3 manifest, so SM3 stands in a record of its own, which the tag manifest
# protects.
FIXITY = "固化信息.json"
FIXITY_FORMAT = "yiwang-fixity/1"


def write_tag_files(
    folder: Path, dossier: Dossier, *, filing: Filing, payload: Mapping[str, Fixity]
) -> dict[str, Fixity]:
    """Write all tag files of the bag and return their fixity; `payload` is keyed by path below the folder."""
    texts = {
        "bagit.txt": BAGIT_TXT,
        BAG_INFO: bag_info(dossier, filing, payload=payload),
        MANIFEST: manifest(payload),
        FIXITY: fixity_record(payload),
    }
    written = {name: _write(folder / name, text) for name, text in texts.items()}
    written[TAG_MANIFEST] = _write(folder / TAG_MANIFEST, manifest(written))
    return written


def bag_info(dossier: Dossier, filing: Filing, *, payload: Mapping[str, Fixity]) -> str:
    """What the bag is, in the words of RFC 8493 §2.2.2, and when and by which program it was made."""
    total = sum(fixity.size for fixity in payload.values())
    filed_at = filing.filed_at.astimezone(LOCAL_ZONE)
    lines = {
        "Source-Organization": filing.fonds.unit_name,
        "External-Identifier": filing.number,
        "External-Description": dossier.title,
        "Internal-Sender-Identifier": str(dossier.document_id),
        "Bag-Group-Identifier": filing.parts.series.text(),
        "Bagging-Date": filed_at.date().isoformat(),
        "Filed-At": filed_at.isoformat(timespec="seconds"),
        "Closed-At": dossier.closed_at.astimezone(LOCAL_ZONE).isoformat(timespec="seconds"),
        "Bag-Software-Agent": filing.software,
        "Payload-Oxum": f"{total}.{len(payload)}",
    }
    # A line break of any kind inside a value would start a new tag.
    return "".join(f"{name}: {''.join(text.splitlines()).strip()}\n" for name, text in lines.items())


def manifest(files: Mapping[str, Fixity]) -> str:
    """The sha-512 manifest, sorted by path."""
    return "".join(f"{files[path].sha512}  {path}\n" for path in sorted(files))


def fixity_record(payload: Mapping[str, Fixity]) -> str:
    """Size and all three digests of every payload file, as JSON."""
    rows = [
        {"路径": path, "大小": payload[path].size}
        | {TITLES[name]: payload[path].digests()[name] for name in ALGORITHMS}
        for path in sorted(payload)
    ]
    record = {"格式": FIXITY_FORMAT, "文件": rows}
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def _write(path: Path, text: str) -> Fixity:
    path.write_bytes(text.encode())
    with path.open("rb") as stream:
        return measure_stream(stream)
