"""A list of tasks as a workbook (XLSX), for whoever has to hand one in."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from shared.offload import offload
from shared.workbook import Column, workbook_bytes

MOST_ROWS = 10_000
_COLUMNS: tuple[Column[dict[str, Any]], ...] = (
    Column("督办编号", 20, itemgetter("number")),
    Column("事项", 60, itemgetter("title")),
    Column("来源", 12, itemgetter("source")),
    Column("来源文号", 20, itemgetter("origin_number")),
    Column("紧急程度", 10, itemgetter("urgency")),
    Column("主办单位", 30, itemgetter("lead_unit_name")),
    Column("承办岗位", 30, itemgetter("holder_name")),
    Column("交办领导", 20, itemgetter("leader_name")),
    Column("状态", 12, itemgetter("state_label")),
    Column("亮灯", 14, itemgetter("light_label")),
    Column("进度%", 8, itemgetter("progress")),
    Column("登记时间", 18, itemgetter("registered_at")),
    Column("交办时间", 18, itemgetter("assigned_at")),
    Column("原定期限", 18, itemgetter("original_due_at")),
    Column("办结期限", 18, itemgetter("due_at")),
    Column("延期次数", 8, itemgetter("extensions")),
    Column("销号时间", 18, itemgetter("closed_at")),
    Column("评价", 6, itemgetter("score")),
)


def workbook_of(rows: Sequence[dict[str, Any]]) -> bytes:
    """The tasks, one to a row."""
    return offload(_write, rows)


def _write(rows: Sequence[dict[str, Any]]) -> bytes:
    return workbook_bytes("督查事项", columns=_COLUMNS, rows=rows)
