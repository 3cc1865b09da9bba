"""The catalogue of filed items (归档文件目录) as a workbook, with the columns of DA/T 22-2015."""

import io
from collections.abc import Iterable, Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = {
    "档号": "number",
    "文号": "document_number",
    "责任者": "issuer",
    "题名": "title",
    "日期": "dated",
    "密级": "secrecy",
    "页数": "pages",
    "备注": "note",
}
_WIDTHS = (8, 32, 24, 32, 64, 12, 10, 8, 24)


def write_catalogue(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The workbook's bytes; every text stays a text, also one that looks like a formula."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("归档文件目录")
    for place, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEFGHI"[place]].width = width
    sheet.freeze_panes = "A2"
    sheet.append(["序号", *COLUMNS])
    for place, row in enumerate(rows, start=1):
        sheet.append([place, *(_cell(sheet, row[name]) for name in COLUMNS.values())])
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def _cell(sheet: Any, value: Any) -> Any:
    if value is None or isinstance(value, int):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", str(value)))
    cell.data_type = "s"
    return cell
