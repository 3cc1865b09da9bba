"""A list of documents as a workbook (XLSX), for whoever has to hand one in."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from shared.offload import offload
from shared.workbook import Column, workbook_bytes

MOST_ROWS = 10_000
_DIRECTIONS = {"dispatch": "发文", "incoming": "收文"}
_COLUMNS: tuple[Column[dict[str, Any]], ...] = (
    Column("类别", 8, lambda row: _DIRECTIONS[row["direction"]]),
    Column("发文字号", 24, itemgetter("number")),
    Column("收文编号", 18, itemgetter("incoming_number")),
    Column("来文字号", 24, itemgetter("source_number")),
    Column("标题", 60, itemgetter("title")),
    Column("文种", 8, itemgetter("kind")),
    Column("紧急程度", 10, itemgetter("urgency")),
    Column("来文单位", 30, itemgetter("sender_name")),
    Column("拟稿人", 12, itemgetter("drafter_name")),
    Column("状态", 12, itemgetter("state_label")),
    Column("起草或收到时间", 18, itemgetter("created_at")),
    Column("核发时间", 18, itemgetter("issued_at")),
    Column("办结时间", 18, itemgetter("closed_at")),
)


def workbook_of(rows: Sequence[dict[str, Any]]) -> bytes:
    """The documents, one to a row."""
    return offload(_write, rows)


def _write(rows: Sequence[dict[str, Any]]) -> bytes:
    return workbook_bytes("公文", columns=_COLUMNS, rows=rows)
