"""Reading an import file: CSV (UTF-8 or GB18030) or XLSX with Chinese column heads, as rows of a JSON import."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from services.supervision import errors
from shared.workbook_reading import UnreadableWorkbook, sheets_of

MAX_ROWS = 2000
MAX_BYTES = 10 * 1024 * 1024
_MAX_COLUMNS = 40
_ZIP = b"PK\x03\x04"

# Head of a column, and the field that it fills.
COLUMNS = {
    "编号": "reference",
    "来源编号": "reference",
    "来源": "source",
    "标题": "title",
    "内容": "content",
    "紧急程度": "urgency",
    "主办单位": "lead",
    "办结期限": "due_on",
    "时限": "days",
    "工作日": "days",
}
_SOURCES = {"热线": "hotline", "12345热线": "hotline", "12345": "hotline", "媒体": "media"}
_NEEDED = {"reference": "编号", "title": "标题"}


def read_rows(content: bytes, *, name: str) -> list[dict[str, Any]]:
    """The rows of the file in the form of a JSON import, not yet checked; empty lines are left out.

    Raises `supervision.file_unreadable`, also for unknown or missing columns and for more than 2000 rows.
    """
    if len(content) > MAX_BYTES:
        raise errors.file_unreadable(name, f"超过 {MAX_BYTES // 1024 // 1024} MB，请分批导入")
    try:
        lines = _lines_of(content)
        head = next(lines, None)
        if head is None:
            raise UnreadableWorkbook("是空的")
        fields = _fields_of(head)
        rows = [_row(fields, line) for line in lines if any(cell.strip() for cell in line)]
    except (UnreadableWorkbook, csv.Error) as error:
        raise errors.file_unreadable(name, f"：{error}") from error
    if len(rows) > MAX_ROWS:
        raise errors.file_unreadable(name, f"超过 {MAX_ROWS} 行，请分批导入")
    return rows


def _lines_of(content: bytes) -> Iterator[list[str]]:
    if content.startswith(_ZIP):
        for _, lines in sheets_of(content, max_rows=MAX_ROWS + 2, max_columns=_MAX_COLUMNS):
            return iter(lines)
        return iter(())
    return csv.reader(io.StringIO(_text(content)))


def _text(content: bytes) -> str:
    if b"\x00" in content:
        raise UnreadableWorkbook("不是文本表格，请用 UTF-8 或 GB18030 编码的 CSV，或 .xlsx")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableWorkbook("文字编码无法识别，请用 UTF-8 或 GB18030 保存")


def _fields_of(head: Iterable[str]) -> list[str]:
    names = [name.strip() for name in head]
    unknown = [name for name in names if name and name not in COLUMNS]
    if unknown:
        raise UnreadableWorkbook(f"有不认识的列“{'、'.join(unknown)}”，可用的列：{'、'.join(COLUMNS)}")
    fields = [COLUMNS.get(name, "") for name in names]
    if missing := [label for field, label in _NEEDED.items() if field not in fields]:
        raise UnreadableWorkbook(f"缺少列“{'、'.join(missing)}”")
    return fields


def _row(fields: list[str], line: list[str]) -> dict[str, Any]:
    row = {field: cell.strip() for field, cell in zip(fields, line, strict=False) if field and cell.strip()}
    if "source" in row:
        row["source"] = _SOURCES.get(row["source"], row["source"])
    if "due_on" in row:
        # A date cell of a workbook comes with a time of day.
        row["due_on"] = row["due_on"].replace("/", "-").removesuffix("T00:00:00")
    return row
