"""The catalogue and lists of cases as workbooks (XLSX)."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from shared.offload import offload
from shared.workbook import Column, workbook_bytes

MOST_ROWS = 10_000
_OUTCOMES = {"granted": "准予", "refused": "不予批准", "withdrawn": "申请人撤回"}
_CHANNELS = {"web": "网", "phone": "掌", "window": "窗"}
_DELIVERIES = {"online": "网上送达", "window": "窗口领取"}
_APPLICANTS = {"unit": "单位", "person": "个人"}


def _yes(value: Any) -> str:
    return "" if value is None else "是" if value else "否"


_MATTERS: tuple[Column[dict[str, Any]], ...] = (
    Column("事项编码", 18, itemgetter("code")),
    Column("主项", 24, itemgetter("parent_name")),
    Column("事项名称", 40, itemgetter("name")),
    Column("责任单位", 30, itemgetter("unit_name")),
    Column("承办处室", 24, itemgetter("office_name")),
    Column("联办单位", 40, lambda row: "、".join(part["unit_name"] for part in row["joint"])),
    Column("申请对象", 12, lambda row: "、".join(_APPLICANTS[name] for name in row["applicants"])),
    Column("行使层级", 12, itemgetter("level")),
    Column("设定依据", 50, lambda row: "；".join(row["basis"])),
    Column("受理条件", 50, lambda row: "；".join(row["conditions"])),
    Column("办件类型", 10, lambda row: "即办件" if row["instant"] else "承诺件"),
    Column("原时限（工作日）", 16, itemgetter("legal_days")),
    Column("承诺时限（工作日）", 18, itemgetter("promised_days")),
    Column("原材料数", 10, itemgetter("original_materials")),
    Column("材料", 60, lambda row: "；".join(material["name"] for material in row["materials"])),
    Column("原跑动次数", 12, itemgetter("original_trips")),
    Column("跑动次数", 10, itemgetter("trips")),
    Column("办理形式", 12, lambda row: "、".join(_CHANNELS[name] for name in row["channels"])),
    Column("结果名称", 24, itemgetter("result_name")),
    Column("送达方式", 20, lambda row: "、".join(_DELIVERIES[name] for name in row["delivery"])),
    Column("收费", 16, itemgetter("fee")),
    Column("咨询电话", 20, itemgetter("contact")),
    Column("监督电话", 20, itemgetter("supervision_contact")),
    Column("高频", 8, lambda row: _yes(row["high_frequency"])),
    Column("涉密", 8, lambda row: _yes(row["confidential"])),
    Column("版本", 8, itemgetter("version")),
    Column("生效日", 14, lambda row: str(row["effective_on"] or "")),
)
_CASES: tuple[Column[dict[str, Any]], ...] = (
    Column("办件编号", 18, itemgetter("number")),
    Column("事项", 40, itemgetter("matter_name")),
    Column("办理单位", 30, itemgetter("unit_name")),
    Column("申请单位", 30, itemgetter("applicant_unit_name")),
    Column("申请人", 12, itemgetter("applicant_name")),
    Column("渠道", 8, lambda row: _CHANNELS[row["channel"]]),
    Column("状态", 12, itemgetter("state_label")),
    Column("申请时间", 18, itemgetter("applied_at")),
    Column("受理时间", 18, itemgetter("accepted_at")),
    Column("承诺期限", 18, itemgetter("due_at")),
    Column("办结时间", 18, itemgetter("decided_at")),
    Column("结果", 12, lambda row: _OUTCOMES.get(row["outcome"] or "", "")),
    Column("按期", 8, lambda row: _yes(row["in_time"])),
    Column("跑动次数", 10, itemgetter("trips")),
    Column("评价", 8, itemgetter("score")),
)


def matters_workbook(rows: Sequence[dict[str, Any]]) -> bytes:
    """The catalogue, one matter to a row."""
    return offload(_write_matters, rows)


def cases_workbook(rows: Sequence[dict[str, Any]]) -> bytes:
    """Cases, one to a row."""
    return offload(_write_cases, rows)


def _write_matters(rows: Sequence[dict[str, Any]]) -> bytes:
    return workbook_bytes("事项清单", columns=_MATTERS, rows=rows)


def _write_cases(rows: Sequence[dict[str, Any]]) -> bytes:
    return workbook_bytes("办件", columns=_CASES, rows=rows)
