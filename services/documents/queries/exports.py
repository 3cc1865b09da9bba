"""A list of documents as a workbook (XLSX), for whoever has to hand one in."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from shared.clock import LOCAL_ZONE
from shared.offload import offload

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 10_000
_DIRECTIONS = {"dispatch": "发文", "incoming": "收文"}
_COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("发文字号", "number", 24),
    ("收文编号", "incoming_number", 18),
    ("来文字号", "source_number", 24),
    ("标题", "title", 60),
    ("文种", "kind", 8),
    ("紧急程度", "urgency", 10),
    ("来文单位", "sender_name", 30),
    ("拟稿人", "drafter_name", 12),
    ("状态", "state_label", 12),
    ("起草或收到时间", "created_at", 18),
    ("核发时间", "issued_at", 18),
    ("办结时间", "closed_at", 18),
)
# What a spreadsheet would take for a formula when it begins a cell.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def workbook_of(rows: Sequence[dict[str, Any]]) -> bytes:
    """The documents, one to a row, under a head that stays in sight."""
    return offload(_write, rows)


def _write(rows: Sequence[dict[str, Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("公文")
    sheet.freeze_panes = "A2"
    for place, (_, _, width) in enumerate(_COLUMNS):
        sheet.column_dimensions[chr(ord("B") + place)].width = width
    head = [WriteOnlyCell(sheet, label) for label in ("类别", *(label for label, _, _ in _COLUMNS))]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    for row in rows:
        sheet.append([_DIRECTIONS[row["direction"]], *(_cell(row[name]) for _, name, _ in _COLUMNS)])
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")
    text = str(value or "")
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text
