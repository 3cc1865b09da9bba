"""The guide of a matter (办事指南): fourteen elements, made from what the catalogue says of it and from nothing else.

The elements are those of the published guides of Nanhu (名称, 责任单位, 适用依据, 提交材料, 办理时限 and the rest).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

_PROVIDERS = {"applicant": "申请人提交", "department": "部门出具", "system": "系统获取"}
_APPLICANTS = {"unit": "单位", "person": "个人"}
_CHANNELS = {"web": "网上办", "phone": "掌上办", "window": "窗口办"}
_DELIVERIES = {"online": "网上送达", "window": "窗口领取"}
_STYLE = (
    "body{font-family:serif;max-width:52em;margin:2em auto;padding:0 1em;line-height:1.7;color:#222}"
    "h1{font-size:1.5em;text-align:center}p.sub{text-align:center;color:#666}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:.4em .6em;vertical-align:top;"
    "text-align:left}table.elements>tbody>tr>th{width:9em;background:#f4f4f4}ol,ul{margin:0;padding-left:1.4em}"
)


@dataclass(frozen=True, kw_only=True)
class Guide:
    """A guide: its elements in order, each a name and its lines, and the table of materials."""

    name: str
    code: str
    unit_name: str
    version: int
    effective_on: date | None
    elements: tuple[tuple[str, tuple[str, ...]], ...]
    materials: tuple[tuple[str, ...], ...]


MATERIAL_HEADS = ("材料名称", "份数", "来源", "必要性", "容缺承诺", "说明")


def guide_of(version: Mapping[str, Any], steps: Sequence[str]) -> Guide:
    """The guide of one version of a matter, as the catalogue shows it; `steps` name its flow."""
    return Guide(
        name=version["name"],
        code=version["code"],
        unit_name=version["unit_name"],
        version=version["version"],
        effective_on=version["effective_on"],
        elements=tuple(_elements(version, steps)),
        materials=tuple(_material(row) for row in version["materials"]),
    )


def _elements(version: Mapping[str, Any], steps: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    kind = "即办件" if version["instant"] else "承诺件"
    marks = [kind, *(["高频事项"] if version["high_frequency"] else [])]
    marks += ["涉密事项"] if version["confidential"] else []
    joint = "、".join(part["unit_name"] for part in version["joint"])
    parent = f"（主项：{version['parent_name']}）" if version["parent_name"] else ""
    return [
        ("事项名称", (f"{version['name']}{parent}",)),
        ("事项编码", (f"{version['code']}（第 {version['version']} 版）",)),
        ("责任单位", _lines(version["unit_name"], version["office_name"], joint and f"联办单位：{joint}")),
        ("申请对象", (_named(version["applicants"], _APPLICANTS),)),
        ("设定依据", _lines(*version["basis"]) or ("—",)),
        ("受理条件", _lines(*version["conditions"]) or ("—",)),
        ("提交材料", ("见下表",) if version["materials"] else ("无需提交材料",)),
        ("办理流程", (" → ".join(steps),)),
        ("办件类型", ("、".join(marks),)),
        ("办理时限", _times(version)),
        ("办理形式", (f"{_named(version['channels'], _CHANNELS)}；跑动次数 {version['trips']} 次",)),
        (
            "办理结果",
            _lines(version["result_name"] or "无结果文书", _named(version["delivery"], _DELIVERIES)),
        ),
        ("收费情况", (version["fee"] or "不收费",)),
        (
            "咨询监督",
            _lines(_said("咨询", version["contact"]), _said("监督", version["supervision_contact"]))
            or ("—",),
        ),
    ]


def _times(version: Mapping[str, Any]) -> tuple[str, ...]:
    legal = f"法定时限：{version['legal_days']} 个工作日"
    if version["instant"]:
        return (f"当场办结，受理后 {version['promised_minutes']} 分钟内", legal)
    return (f"承诺时限：受理后 {version['promised_days']} 个工作日", legal)


def _material(row: Mapping[str, Any]) -> tuple[str, ...]:
    defer = [
        words for name, words in (("may_defer", "可容缺"), ("may_declare", "可告知承诺")) if row.get(name)
    ]
    valid = f"有效期 {row['valid_days']} 天" if row.get("valid_days") else ""
    return (
        row["name"],
        str(row.get("copies", 1)),
        _PROVIDERS[row.get("provided_by", "applicant")],
        "必要" if row.get("required", True) else "非必要",
        "、".join(defer) or "—",
        "；".join(_lines(row.get("note", ""), valid)) or "—",
    )


def guide_page(guide: Guide) -> str:
    """The guide as an HTML page; everything that somebody wrote is escaped."""
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{_as_list(lines)}</td></tr>'
        for name, lines in guide.elements
    )
    day = guide.effective_on.isoformat() if guide.effective_on else "未生效"
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(guide.name)} 办事指南</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(guide.name)} 办事指南</h1>"
        f'<p class="sub">{escape(guide.unit_name)}　第 {guide.version} 版　生效日期 {day}</p>'
        f'<table class="elements"><tbody>{rows}</tbody></table>{_materials_table(guide)}</body></html>'
    )


def _materials_table(guide: Guide) -> str:
    if not guide.materials:
        return ""
    heads = "".join(f'<th scope="col">{head}</th>' for head in MATERIAL_HEADS)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in guide.materials
    )
    return f"<h2>提交材料</h2><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _as_list(lines: Sequence[str]) -> str:
    if len(lines) == 1:
        return escape(lines[0])
    return "<ol>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ol>"


def _named(codes: Sequence[str], names: Mapping[str, str]) -> str:
    return "、".join(names.get(code, code) for code in codes)


def _said(name: str, words: str) -> str:
    return f"{name}：{words}" if words else ""


def _lines(*words: str) -> tuple[str, ...]:
    return tuple(word for word in words if word)
