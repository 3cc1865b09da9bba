"""Reading an XLSX workbook within bounds: it is a compressed archive of XML that a stranger may have made."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import openpyxl

MAX_PARTS = 500
MAX_UNPACKED = 100 * 1024 * 1024
# What a workbook without tricks may begin with; a document type would allow entities.
_PROLOGUE = 4096


class UnreadableWorkbook(Exception):
    """The file cannot be read; the text says why, in Chinese."""


def sheets_of(
    content: bytes, *, max_rows: int, max_columns: int
) -> Iterator[tuple[str, Iterable[list[str]]]]:
    """Title and rows of every sheet that has anything in it; rows end at `max_rows`."""
    _refuse_tricks(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except Exception as error:
        # openpyxl raises whatever the broken part happens to cause: KeyError, ParseError and more.
        raise UnreadableWorkbook("表格文件已损坏,无法读取") from error
    try:
        for sheet in book.worksheets:
            # The recorded size of a sheet may be wrong, and openpyxl would trust it.
            sheet.reset_dimensions()
            rows = _rows(sheet, max_rows=max_rows, max_columns=max_columns)
            first = next(rows, None)
            if first is not None:
                yield sheet.title, _with_first(first, rows)
    finally:
        book.close()


def _refuse_tricks(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise UnreadableWorkbook("表格文件解开后过大,请分开导入")
            for part in parts:
                with archive.open(part) as opened:
                    if b"<!DOCTYPE" in opened.read(_PROLOGUE).upper():
                        raise UnreadableWorkbook("表格文件含有不允许的内容(DOCTYPE)")
    # A password, or a compression that the zip reader does not know, is a RuntimeError.
    except (zipfile.BadZipFile, RuntimeError, EOFError) as error:
        raise UnreadableWorkbook("表格文件已损坏或已加密,无法读取") from error


def _rows(sheet: Any, *, max_rows: int, max_columns: int) -> Iterator[list[str]]:
    try:
        for cells in sheet.iter_rows(max_row=max_rows, max_col=max_columns):
            yield [_text(cell) for cell in cells]
    except UnreadableWorkbook:
        raise
    except Exception as error:
        raise UnreadableWorkbook(f"工作表“{sheet.title}”已损坏,无法读取") from error


def _with_first(first: list[str], rest: Iterator[list[str]]) -> Iterator[list[str]]:
    yield first
    yield from rest


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        # Kept as it is, so that the reader says at this very cell that formulas are not taken.
        return f"={str(value).removeprefix('=')}"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
