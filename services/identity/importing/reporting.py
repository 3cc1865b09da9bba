"""The error report as a workbook, for the person who has to mend the files."""

import io
from collections.abc import Iterable

import openpyxl
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from services.identity.importing.findings import Finding
from services.identity.importing.reading import FORMULA_STARTS

_HEADERS = ("文件", "行", "列", "问题")
_WIDTHS = (32, 8, 20, 90)


def error_report(findings: Iterable[Finding]) -> bytes:
    """An XLSX with one line per error."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None, "a new workbook has a sheet"
    sheet.title = "导入问题"
    sheet.append(_HEADERS)
    for place, width in enumerate(_WIDTHS, start=1):
        sheet.cell(1, place).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = width
    for finding in findings:
        sheet.append(
            [_inert(finding.file), finding.row or "", _inert(finding.column), _inert(finding.message)]
        )
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _inert(text: str) -> str:
    """Text that no spreadsheet will run as a formula, whatever a file was named."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
