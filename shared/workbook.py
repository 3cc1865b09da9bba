"""Lists as workbooks (XLSX): what a person typed stays a text, whatever it looks like."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import IO, Any, Generic, TypeVar

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from shared.clock import LOCAL_ZONE

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Row = TypeVar("Row")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column: its head, its width in characters, and what a row has in it.

    That is a text, a number, nothing, or a moment, which is shown on the office's wall clock.
    """

    title: str
    width: int
    value: Callable[[Row], Any]


def write_workbook(
    target: IO[bytes], title: str, *, columns: Sequence[Column[Row]], rows: Iterable[Row]
) -> None:
    """One sheet of that title: the rows, one to a line, under a head that stays in sight."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    head = [_cell(sheet, column.title) for column in columns]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    for row in rows:
        sheet.append([_cell(sheet, column.value(row)) for column in columns])
    book.save(target)


def workbook_bytes(title: str, *, columns: Sequence[Column[Row]], rows: Iterable[Row]) -> bytes:
    """The same as bytes, for a list that is not long."""
    target = BytesIO()
    write_workbook(target, title, columns=columns, rows=rows)
    return target.getvalue()


def _cell(sheet: Any, value: Any) -> Any:
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        value = value.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", str(value)))
    # A title that begins with = is a title; as a formula it would run on the reader's machine. It is the type that
    # says so: an apostrophe before it would be shown, and copied.
    cell.data_type = "s"
    return cell
