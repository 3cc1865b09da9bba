"""The error report as a workbook, for the person who has to mend the files."""

from collections.abc import Iterable

from services.identity.importing.findings import Finding
from shared.workbook import Column, workbook_bytes

_COLUMNS: tuple[Column[Finding], ...] = (
    Column("文件", 32, lambda finding: finding.file),
    Column("行", 8, lambda finding: finding.row or None),
    Column("列", 20, lambda finding: finding.column),
    Column("问题", 90, lambda finding: finding.message),
)


def error_report(findings: Iterable[Finding]) -> bytes:
    """An XLSX with one line per error; whatever a file or column was named stays a text."""
    return workbook_bytes("导入问题", columns=_COLUMNS, rows=findings)
