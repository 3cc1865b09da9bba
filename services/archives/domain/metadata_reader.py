"""Reading an item's metadata back: safely, checked against the schema that we ship, as plain dictionaries."""

from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from services.archives.domain.metadata import NAMESPACE

MAX_BYTES = 64 * 1024 * 1024
_SCHEMA = Path(__file__).with_name("metadata.xsd")
# Elements that may occur more than once are always read as lists, so that a reader need not ask how many
# there are.
_REPEATED = frozenset(
    {"责任者", "主送", "抄送", "附注", "文档", "摘要", "机构人员实体", "业务实体", "实体关系"}
)
_MINIMUM = {
    "题名": ("文件实体", "内容描述", "题名"),
    "文件编号": ("文件实体", "内容描述", "文件编号"),
    "责任者": ("文件实体", "内容描述", "责任者"),
    "日期": ("文件实体", "内容描述", "日期"),
    "机构或问题": ("文件实体", "档号", "机构或问题"),
    "保管期限": ("文件实体", "档号", "保管期限"),
    "密级": ("文件实体", "内容描述", "密级"),
}
_MINIMUM_OF_FILES = ("格式信息", "计算机文件名", "计算机文件大小", "文档创建程序")
# Letters may come without a number, and a small fonds may have no internal units.
_MAY_BE_ABSENT = frozenset({"文件编号", "机构或问题"})


class MetadataInvalid(ValueError):
    """The metadata is not what we write; `reasons` says in Chinese where."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("；".join(reasons))
        self.reasons = reasons


def read_metadata(content: bytes) -> dict[str, Any]:
    """The metadata as nested dictionaries: element names as keys, attributes as `@name`, repeated elements
    as lists.

    Nothing outside the text is ever loaded, and a document type declaration is refused. MetadataInvalid
    when it is no XML or breaks the schema.
    """
    if len(content) > MAX_BYTES:
        raise MetadataInvalid(f"元数据超过 {MAX_BYTES // 1024 // 1024} MB")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise MetadataInvalid(f"元数据不是有效的 XML：{error}") from error
    if root.getroottree().docinfo.doctype:
        raise MetadataInvalid("元数据中不允许有文档类型声明（DOCTYPE）")
    schema = _schema()
    if not schema.validate(root):
        raise MetadataInvalid(
            *(f"元数据第 {item.line} 行不符合规则：{item.message}" for item in schema.error_log)
        )
    read: dict[str, Any] = _plain(root)
    return read


def minimum_metadata(metadata: dict[str, Any]) -> dict[str, Any]:
    """The minimum that GB/T 18894-2016 asks for, with one row per file and one per activity; None where
    absent.
    """
    found = {name: _at(metadata, path) for name, path in _MINIMUM.items()}
    agents = {
        agent["机构人员标识符"]: agent["机构人员名称"] for agent in metadata["机构人员实体块"]["机构人员实体"]
    }
    found["文件"] = [
        {name: _text(file["电子属性"].get(name)) for name in _MINIMUM_OF_FILES}
        for file in metadata["文件实体"]["文档"]
    ]
    found["业务行为"] = [
        {
            "业务行为": act["业务行为"],
            "行为时间": act["行为时间"],
            "机构人员名称": agents.get(act["机构人员标识符"]),
        }
        for act in metadata["业务实体块"]["业务实体"]
    ]
    return found


def missing_minimum(metadata: dict[str, Any]) -> tuple[str, ...]:
    """The names of the minimum metadata that are absent or empty, for files and activities with their
    place.
    """
    found = minimum_metadata(metadata)
    missing = [name for name in _MINIMUM if not found[name] and name not in _MAY_BE_ABSENT]
    for table in ("文件", "业务行为"):
        missing += [
            f"{table}第{place}项·{name}"
            for place, row in enumerate(found[table], start=1)
            for name, text in row.items()
            if not text
        ]
    return tuple(missing)


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(_SCHEMA)))


def _plain(element: etree._Element) -> Any:
    attributes = {f"@{name}": text for name, text in element.attrib.items()}
    if len(element) == 0:
        text = element.text or ""
        return {**attributes, "#text": text} if attributes else text
    found: dict[str, Any] = dict(attributes)
    for child in element:
        name = str(child.tag).removeprefix(f"{{{NAMESPACE}}}")
        if name in _REPEATED:
            found.setdefault(name, []).append(_plain(child))
        else:
            found[name] = _plain(child)
    return found


def _at(metadata: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        metadata = metadata.get(name) if isinstance(metadata, dict) else None
    return metadata


def _text(value: Any) -> Any:
    return value.get("#text") if isinstance(value, dict) else value
