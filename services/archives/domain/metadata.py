"""The metadata of a filed item as XML: the four entities of DA/T 46-2009 under their Chinese names.

Elements are keyed by name, not by number. Two things go beyond the standard and are marked as attributes or
as the element 固化信息: identifiers that tie the entities together, and the digests of every file.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from lxml import etree

from services.archives.domain.activities import FILING, activity_of
from services.archives.domain.description import dated
from services.archives.domain.dossier import ContentRole
from services.archives.domain.filing import Filing, PackedFile
from services.archives.domain.parties import Parties
from shared.clock import LOCAL_ZONE
from shared.events.dossier import Act, Dossier, LinkKind

NAMESPACE = "urn:yiwang:archives:metadata:1"
UNKNOWN_SOFTWARE = "原文件未记载"
# This network holds no classified documents, and none is taken in.
NOT_CLASSIFIED = "非涉密"

_ALGORITHMS = {"sha256": "SHA-256", "sha512": "SHA-512", "sm3": "SM3"}
_PARTY = ("机构人员标识符", "机构人员类型", "机构人员名称", "组织机构代码", "个人职位")
LINK_LABELS = {
    LinkKind.REPLIES_TO: "来文",
    LinkKind.REPLIED_BY: "复文",
    LinkKind.FORWARDS: "被转发文件",
    LinkKind.FORWARDED_BY: "转发文件",
    LinkKind.RELATED: "相关文件",
}

# A node is (name, text or list of nodes, attributes); empty text means that the element is left out.
Node = tuple[str, Any, dict[str, str]]


def write_metadata(dossier: Dossier, filing: Filing, *, files: Sequence[PackedFile]) -> bytes:
    """The XML of the item, UTF-8, indented; the same facts give the same bytes."""
    parties = Parties()
    record = _record(dossier, filing, files=files)
    business = [_business_node(act, parties, place) for place, act in enumerate(_acts(dossier), start=1)]
    business.append(_filing_node(dossier, filing, parties=parties, place=len(business) + 1))
    for unit in (dossier.issuer, *dossier.co_issuers, dossier.owner):
        parties.unit(unit)
    root = _node(
        "电子文件元数据",
        [
            record,
            _node("机构人员实体块", [_party_node(entity) for entity in parties.entities()]),
            _node("业务实体块", business),
            _node("实体关系块", list(_relations(dossier, filing, files))),
        ],
        版本="1",
    )
    return etree.tostring(_element(root), encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _record(dossier: Dossier, filing: Filing, *, files: Sequence[PackedFile]) -> Node:
    fonds = filing.fonds
    return _node(
        "文件实体",
        [
            _node("聚合层次", "件"),
            _node(
                "来源",
                [
                    _node("档案馆名称", fonds.archive_name),
                    _node("档案馆代码", fonds.archive_code),
                    _node("全宗名称", fonds.name),
                    _node("立档单位名称", fonds.unit_name),
                ],
            ),
            _node("电子文件号", str(dossier.document_id)),
            _number_node(filing),
            _description(dossier),
            _form(files),
            _node("信息系统描述", filing.software),
            _node("存储位置", [_node("当前位置", filing.number)]),
            _node("附注", filing.year.explanation),
            _node("附注", filing.retention.explanation),
            *(_document_node(file) for file in files),
        ],
        标识符="F1",
    )


def _number_node(filing: Filing) -> Node:
    series = filing.parts.series
    return _node(
        "档号",
        [
            _node("全宗号", series.fonds),
            _node("年度", str(filing.year.year)),
            _node("保管期限", filing.retention.retention.term if filing.retention.retention else None),
            _node("机构或问题", filing.unit_title or series.unit),
            _node("类别号", series.category),
            _node("室编件号", f"{filing.parts.item:04}"),
        ],
        全称=filing.number,
    )


def _description(dossier: Dossier) -> Node:
    return _node(
        "内容描述",
        [
            _node("题名", _one_line(dossier.title)),
            _node("分类号", dossier.subject_class),
            _node("文件编号", dossier.number),
            *(_node("责任者", unit.name) for unit in (dossier.issuer, *dossier.co_issuers)),
            _node("日期", dated(dossier).isoformat()),
            _node("文种", dossier.kind),
            _node("紧急程度", dossier.urgency),
            *(_node("主送", unit.name) for unit in dossier.receivers),
            *(_node("抄送", unit.name) for unit in dossier.copied),
            _node("密级", NOT_CLASSIFIED),
        ],
    )


def _form(files: Sequence[PackedFile]) -> Node:
    pages = [
        file.format.pages for file in files if file.role in (ContentRole.ORIGINAL, ContentRole.ATTACHMENT)
    ]
    # A sum that leaves out a file whose pages are not known would be a wrong number.
    counted = [count for count in pages if count is not None]
    known = len(counted) == len(pages)
    return _node(
        "形式特征",
        [
            _node("文件组合类型", "单件" if len(files) == 1 else "组合文件"),
            _node("件数", "1"),
            _node("页数", str(sum(counted)) if known and counted else None),
            _node("语种", "汉语"),
            _node("稿本", "正本"),
        ],
    )


def _document_node(file: PackedFile) -> Node:
    return _node(
        "文档",
        [
            _node("文档序号", str(file.order)),
            _node("文档主从声明", "主文档" if file.role is ContentRole.ORIGINAL else "附属文档"),
            _node("题名", _one_line(file.title)),
            _node("稿本", file.role.value),
            _node("路径", file.path),
            _node("原文件名", _one_line(file.source_name)),
            _node(
                "电子属性",
                [
                    _node("格式信息", file.format.title),
                    _node("计算机文件名", file.name),
                    _node("计算机文件大小", str(file.size), 单位="字节"),
                    _node("文档创建程序", _one_line(file.format.software or UNKNOWN_SOFTWARE)),
                ],
            ),
            _node(
                "固化信息", [_node("摘要", file.digests[key], 算法=name) for key, name in _ALGORITHMS.items()]
            ),
        ],
        标识符=f"D{file.order}",
    )


def _party_node(entity: tuple[str | None, ...]) -> Node:
    return _node("机构人员实体", [_node(name, text) for name, text in zip(_PARTY, entity, strict=True)])


def _acts(dossier: Dossier) -> list[Act]:
    return sorted(dossier.acts, key=lambda act: act.at)


def _business_node(act: Act, parties: Parties, place: int) -> Node:
    instead_of = act.on_behalf_of
    parts = (
        act.step and f"环节：{act.step}",
        act.outcome and f"结果：{act.outcome}",
        instead_of and f"代{instead_of.post or ''}{instead_of.name}办理",
        act.opinion and f"意见：{act.opinion}",
    )
    description = "；".join(part for part in parts if part)
    who = parties.person(act.person)
    return _act_node(place, who, activity_of(act), at=act.at, description=description)


def _filing_node(dossier: Dossier, filing: Filing, *, parties: Parties, place: int) -> Node:
    return _act_node(
        place,
        parties.unit(dossier.owner),
        FILING,
        at=filing.filed_at,
        basis=filing.retention.source,
        description=f"{filing.retention.explanation}；{filing.year.explanation}",
    )


def _act_node(
    place: int, party: str, activity: str, *, at: datetime, description: str, basis: str | None = None
) -> Node:
    return _node(
        "业务实体",
        [
            _node("机构人员标识符", party),
            _node("文件标识符", "F1"),
            _node("业务状态", "历史行为"),
            _node("业务行为", activity),
            _node("行为时间", at.astimezone(LOCAL_ZONE).isoformat(timespec="seconds")),
            _node("行为依据", basis),
            _node("行为描述", description),
        ],
        标识符=f"B{place}",
    )


def _relations(dossier: Dossier, filing: Filing, files: Iterable[PackedFile]) -> Iterator[Node]:
    for file in files:
        yield _relation("F1", "文件—文档", "包含", f"D{file.order}")
    for link in dossier.links:
        filed = filing.linked_numbers.get(link.document_id) if link.document_id else None
        parts = (link.number, _one_line(link.title), filed and f"档号 {filed}")
        named = "，".join(part for part in parts if part)
        yield _relation(str(link.document_id or "F1"), "文件—文件", LINK_LABELS[link.kind], named)


def _relation(entity: str, kind: str, relation: str, description: str) -> Node:
    return _node(
        "实体关系",
        [
            _node("实体标识符", entity),
            _node("关系类型", kind),
            _node("关系", relation),
            _node("关系描述", description),
        ],
    )


def _node(name: str, content: Any, /, **attributes: str) -> Node:
    return name, content, attributes


def _element(node: Node) -> etree._Element:
    name, content, attributes = node
    element = etree.Element(f"{{{NAMESPACE}}}{name}", attributes, nsmap={None: NAMESPACE})
    if isinstance(content, str):
        element.text = _legal(content)
        return element
    element.extend(_element(child) for child in content if child[1] not in (None, ""))
    return element


def _one_line(text: str) -> str:
    return "".join(text.splitlines())


def _legal(text: str) -> str:
    """The text with every line end as one newline; XML 1.0 cannot carry other control characters, U+FFFD
    shows the loss.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char if _may_stand(char) else "\ufffd" for char in lines)


def _may_stand(char: str) -> bool:
    return char in "\t\n" or (char >= " " and char not in "\ufffe\uffff")
