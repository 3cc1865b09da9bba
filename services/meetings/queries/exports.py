"""Lists of topics and meetings as workbooks (XLSX)."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from shared.offload import offload
from shared.workbook import Column, workbook_bytes

_TOPICS: tuple[Column[dict[str, Any]], ...] = (
    Column("议题", 60, itemgetter("title")),
    Column("申报单位", 30, itemgetter("submitting_unit_name")),
    Column("会议类型", 10, itemgetter("meeting_kind")),
    Column("状态", 12, itemgetter("state_label")),
    Column("申报人", 12, itemgetter("submitter_name")),
    Column("申报时间", 18, itemgetter("submitted_at")),
    Column("审定时间", 18, itemgetter("approved_at")),
    Column("入库时间", 18, itemgetter("pooled_at")),
)
_MEETINGS: tuple[Column[dict[str, Any]], ...] = (
    Column("编号", 16, lambda row: row["number"] or ""),
    Column("会议名称", 60, itemgetter("title")),
    Column("主办机关", 30, itemgetter("unit_name")),
    Column("会议类型", 10, itemgetter("kind")),
    Column("类别", 8, itemgetter("grade")),
    Column("开始时间", 18, itemgetter("starts_at")),
    Column("结束时间", 18, itemgetter("ends_at")),
    Column("地点", 24, itemgetter("place")),
    Column("计划内", 8, lambda row: "是" if row["within_quota"] else "否"),
    Column("状态", 12, itemgetter("state_label")),
    Column("办结时间", 18, itemgetter("closed_at")),
)


def topics_workbook(rows: Sequence[dict[str, Any]]) -> bytes:
    """The topics, one to a row."""
    return offload(_write, "议题", _TOPICS, rows)


def meetings_workbook(rows: Sequence[dict[str, Any]]) -> bytes:
    """The meetings, one to a row."""
    return offload(_write, "会议", _MEETINGS, rows)


def _write(title: str, columns: Sequence[Column[dict[str, Any]]], rows: Sequence[dict[str, Any]]) -> bytes:
    return workbook_bytes(title, columns=columns, rows=rows)
