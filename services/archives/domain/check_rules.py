"""The single rules of the four checks: each looks at a package about to be sealed and tells what is wrong,
in Chinese.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from services.archives.domain.activities import missing_activities
from services.archives.domain.archival_number import CATEGORIES, ArchivalNumberInvalid, Template
from services.archives.domain.dossier import ContentRole, missing_facts
from services.archives.domain.filing import Filing, PackedFile
from services.archives.domain.metadata_reader import MetadataInvalid, missing_minimum, read_metadata
from shared.clock import local_date
from shared.events.dossier import Dossier

FIRST_YEAR = 1949
_STRANGE = frozenset({"Cc", "Cf", "Co", "Cn"})
MAX_LENGTHS = {"题名": 1000, "文件编号": 100}
FOLDERS = {
    ContentRole.ORIGINAL: "data/正文",
    ContentRole.FINAL_TEXT: "data/正文",
    ContentRole.ATTACHMENT: "data/附件",
    ContentRole.VERSION: "data/过程稿",
    ContentRole.PROCESSING_SHEET: "data",
}


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is checked. `number_taken` and `previous_item` come from the register; None where nobody asked
    it.
    """

    dossier: Dossier
    filing: Filing
    files: tuple[PackedFile, ...]
    metadata: bytes
    template: Template
    number_taken: bool | None = None
    previous_item: int | None = None

    @cached_property
    def read(self) -> dict[str, Any] | MetadataInvalid:
        """The metadata read back, or why it cannot be."""
        try:
            return read_metadata(self.metadata)
        except MetadataInvalid as error:
            return error

    @property
    def record(self) -> dict[str, Any]:
        """The 文件实体 of the metadata; empty when the metadata cannot be read."""
        found: dict[str, Any] = self.read.get("文件实体", {}) if isinstance(self.read, dict) else {}
        return found

    @property
    def documents(self) -> list[dict[str, Any]]:
        """The 文档 entries of the metadata."""
        found: list[dict[str, Any]] = self.record.get("文档", [])
        return found


@dataclass(frozen=True)
class Faults:
    """What a rule found: nothing wrong when `faults` is empty; `note` goes into the remarks."""

    faults: tuple[str, ...] = ()
    note: str = ""
    tested: bool = True


def _faults(found: Iterable[str], note: str = "") -> Faults:
    return Faults(tuple(found), note)


def digests_recorded(subject: Subject) -> Faults:
    recorded = {
        entry["路径"]: {digest["@算法"]: digest["#text"] for digest in entry["固化信息"]["摘要"]}
        for entry in subject.documents
    }
    names = {"sha256": "SHA-256", "sha512": "SHA-512", "sm3": "SM3"}
    return _faults(
        f"{file.path} 的 {title} 摘要与元数据不一致"
        for file in subject.files
        for name, title in names.items()
        if recorded.get(file.path, {}).get(title) != file.digests[name]
    )


def too_long(subject: Subject) -> Faults:
    described = subject.record.get("内容描述", {})
    return _faults(
        f"{name}超过 {limit} 字"
        for name, limit in MAX_LENGTHS.items()
        if len(described.get(name, "")) > limit
    )


def schema_faults(subject: Subject) -> Faults:
    return _faults(subject.read.reasons if isinstance(subject.read, MetadataInvalid) else ())


def outside_value_range(subject: Subject) -> Faults:
    series = subject.filing.parts.series
    faults = [] if series.category in CATEGORIES else [f"档案门类代码 {series.category} 不在规定范围内"]
    if series.retention is not subject.filing.retention.retention:
        faults.append("档号中的保管期限与鉴定结果不一致")
    return _faults(faults)


def implausible_dates(subject: Subject) -> Faults:
    dossier, filing = subject.dossier, subject.filing
    faults = []
    if not FIRST_YEAR <= filing.year.year <= local_date(filing.filed_at).year:
        faults.append(f"年度 {filing.year.year} 不合理")
    if dossier.closed_at > filing.filed_at:
        faults.append("办结时间晚于归档时间")
    if dossier.signed_on and dossier.signed_on > local_date(dossier.closed_at):
        faults.append("签发日期晚于办结日期")
    late = [act for act in dossier.acts if act.at > filing.filed_at]
    faults += [f"“{act.step or act.verb}”的办理时间晚于归档时间" for act in late]
    return _faults(faults)


def strange_characters(subject: Subject) -> Faults:
    dossier = subject.dossier
    texts = {"题名": dossier.title, "文件编号": dossier.number or "", "责任者": dossier.issuer.name}
    return _faults(f"{name}含有不可见或无法显示的字符" for name, text in texts.items() if _is_strange(text))


def _is_strange(text: str) -> bool:
    # A title may be broken into lines for its layout; that is not a strange character.
    joined = text.replace("\n", "")
    return any(unicodedata.category(char) in _STRANGE or char == "\ufffd" for char in joined)


def number_form(subject: Subject) -> Faults:
    filing = subject.filing
    try:
        parsed = subject.template.parse(filing.number)
    except ArchivalNumberInvalid as error:
        return _faults(error.reasons)
    if parsed != filing.parts or parsed.series.year != filing.year.year:
        return _faults(["档号与全宗、年度、保管期限、机构、件号不一致"])
    return _faults(())


def number_repeated(subject: Subject) -> Faults:
    if subject.number_taken is None:
        return Faults(note="未与档案登记簿比对", tested=False)
    return _faults(["档号已被占用"] if subject.number_taken else [])


def attributes_differ(subject: Subject) -> Faults:
    entries = {entry["路径"]: entry["电子属性"] for entry in subject.documents}
    faults = []
    for file in subject.files:
        entry = entries.get(file.path, {})
        if (entry.get("计算机文件名"), entry.get("计算机文件大小", {}).get("#text")) != (
            file.name,
            str(file.size),
        ):
            faults.append(f"{file.path} 的文件名或大小与元数据不一致")
        if file.format.detected_type and file.format.detected_type != file.media_type:
            faults.append(f"{file.path} 登记为 {file.media_type}，实为 {file.format.detected_type}")
    return _faults(faults)


def paths_differ(subject: Subject) -> Faults:
    named, packed = {entry["路径"] for entry in subject.documents}, {file.path for file in subject.files}
    missing = [f"元数据所指的 {path} 不在包内" for path in sorted(named - packed)]
    return _faults(missing + [f"{path} 没有元数据" for path in sorted(packed - named)])


def misplaced_files(subject: Subject) -> Faults:
    return _faults(
        f"{file.role.value} {file.path} 应在 {FOLDERS[file.role]} 下"
        for file in subject.files
        if file.path.rpartition("/")[0] != FOLDERS[file.role]
    )


def changed_content(subject: Subject) -> Faults:
    return _faults(
        f"{file.path} 与归档前的内容不同"
        for file in subject.files
        if file.declared_digest != f"sha256:{file.digests['sha256']}"
    )


def item_count(subject: Subject) -> Faults:
    found = subject.record.get("形式特征", {}).get("件数")
    return _faults([] if found == "1" else [f"件数应为 1，元数据为 {found}"])


def byte_count(subject: Subject) -> Faults:
    packed = sum(file.size for file in subject.files)
    declared = sum(file.declared_size for file in subject.files)
    return _faults(
        [] if packed == declared else [f"共 {packed} 字节，登记为 {declared} 字节"], f"共 {packed} 字节"
    )


def metadata_incomplete(subject: Subject) -> Faults:
    if isinstance(subject.read, MetadataInvalid):
        return _faults(["元数据不能读取"])
    return _faults(f"缺少{name}" for name in missing_minimum(subject.read))


def facts_missing(subject: Subject) -> Faults:
    return _faults(missing_facts(subject.dossier))


def activities_missing(subject: Subject) -> Faults:
    return _faults(f"办理过程中没有“{name}”的记录" for name in missing_activities(subject.dossier))


def not_contiguous(subject: Subject) -> Faults:
    orders = [file.order for file in subject.files]
    faults = [] if orders == list(range(1, len(orders) + 1)) else ["件内顺序号不连续"]
    item, previous = subject.filing.parts.item, subject.previous_item
    if previous is None:
        return _faults(faults, "件内顺序号连续；档号未与前一件比对")
    if item != previous + 1:
        faults.append(f"件号 {item} 与前一件 {previous} 不连续")
    return _faults(faults)


def content_missing(subject: Subject) -> Faults:
    faults = [f"{file.path} 是空文件" for file in subject.files if file.size == 0]
    if not any(file.role is ContentRole.ORIGINAL for file in subject.files):
        faults.append("没有正本")
    return _faults(faults)


def attachments_missing(subject: Subject) -> Faults:
    packed = sum(file.role is ContentRole.ATTACHMENT for file in subject.files)
    expected = len(subject.dossier.attachments)
    return _faults([] if packed == expected else [f"附件应有 {expected} 个，包内 {packed} 个"])


def out_of_scope(subject: Subject) -> Faults:
    decision = subject.filing.retention
    return _faults([] if decision.to_be_filed else [decision.explanation], decision.explanation)


def file_count(subject: Subject) -> Faults:
    packed, named = len(subject.files), len(subject.documents)
    return _faults([] if packed == named else [f"包内 {packed} 个文件，元数据著录 {named} 个"])


def unreadable_metadata(subject: Subject) -> Faults:
    return schema_faults(subject)


def unfit_formats(subject: Subject) -> Faults:
    originals = [file for file in subject.files if file.role is ContentRole.ORIGINAL]
    faults = (f"正本 {file.path} 不是 PDF/A 或 OFD" for file in originals if not file.format.archival)
    return _faults(faults, "PDF/A 按文件自身的声明判断")


def unopenable(subject: Subject) -> Faults:
    faults = [f"{file.path}：{file.format.problem}" for file in subject.files if file.format.opens is False]
    skipped = sum(file.format.opens is None for file in subject.files)
    return _faults(faults, f"{skipped} 个文件的格式无法由程序打开，未检测" if skipped else "")


def locked_files(subject: Subject) -> Faults:
    return _faults(f"{file.path} 有密码保护" for file in subject.files if file.format.encrypted)
