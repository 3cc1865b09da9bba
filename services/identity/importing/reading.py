"""Reading a CSV or XLSX file into rows of text; what cannot be read is said with its place."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from services.identity.domain.directory import Table
from services.identity.importing.columns import COLUMNS, HEADERS, table_of
from services.identity.importing.findings import Finding
from shared.workbook_reading import UnreadableWorkbook, sheets_of

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 50
MAX_CELL = 500

# A spreadsheet would take text that begins like this for a formula; no field of ours ever does.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Row:
    """One row: where it stands, its filled cells by field, and the fields whose cells cannot be taken as they are."""

    file: str
    number: int
    table: Table
    cells: dict[str, str]
    unread: frozenset[str] = frozenset()


@dataclass
class Reading:
    """What came out of the files: rows, and what was wrong with reading them."""

    rows: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def __add__(self, other: "Reading") -> "Reading":
        return Reading(self.rows + other.rows, self.findings + other.findings)


def read_rows(name: str, content: bytes) -> Reading:
    """The rows of one file; its kind is told by its content, its table by its headers.

    CSV in UTF-8 (with or without BOM) or GB 18030, or XLSX with one table per sheet.
    """
    reading = Reading()
    if len(content) > MAX_BYTES:
        reading.findings.append(Finding(name, 0, "", f"文件超过{MAX_BYTES // 1024 // 1024} MB"))
        return reading
    try:
        for sheet, lines in _tables(name, content):
            _read_table(sheet, lines, reading)
    except UnreadableWorkbook as error:
        reading.findings.append(Finding(name, 0, "", str(error)))
    except csv.Error as error:
        reading.findings.append(Finding(name, 0, "", f"CSV 格式有误,无法读取({error})"))
    return reading


def _tables(name: str, content: bytes) -> Iterator[tuple[str, Iterable[list[str]]]]:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableWorkbook("这是旧版 .xls 文件或加密的表格,请另存为 .xlsx 或 CSV 后再导入")
    if content.startswith(b"PK\x03\x04"):
        for title, lines in sheets_of(content, max_rows=MAX_ROWS + 2, max_columns=MAX_COLUMNS + 1):
            yield f"{name} {title}", lines
        return
    yield name, csv.reader(io.StringIO(_text(content), newline=""), strict=True)


def _text(content: bytes) -> str:
    if b"\0" in content:
        raise UnreadableWorkbook("文件不是文本表格,请用 UTF-8 或 GB18030 编码的 CSV,或 .xlsx")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableWorkbook("文字编码无法识别,请用 UTF-8 或 GB18030 保存")


def _read_table(sheet: str, lines: Iterable[list[str]], reading: Reading) -> None:
    numbered = enumerate(lines, start=1)
    header_row = next(((number, cells) for number, cells in numbered if any(map(str.strip, cells))), None)
    if header_row is None:
        reading.findings.append(Finding(sheet, 0, "", "表是空的"))
        return
    number, cells = header_row
    headers = [cell.strip().removesuffix("*") for cell in cells]
    table = table_of(headers)
    if table is None:
        keys = "、".join(columns[0].header for columns in COLUMNS.values())
        reading.findings.append(Finding(sheet, number, "", f"表头中没有{keys}之一,无法判断是哪张表"))
        return
    wrong = _header_findings(sheet, number, table, headers)
    reading.findings.extend(wrong)
    if not wrong:
        _read_body(sheet, table, headers, numbered, reading)


def _header_findings(sheet: str, number: int, table: Table, headers: list[str]) -> list[Finding]:
    known = HEADERS[table]
    found = [
        Finding(sheet, number, header, "不认识的列") for header in headers if header and header not in known
    ]
    found += [Finding(sheet, number, header, "列重复") for header in known if headers.count(header) > 1]
    found += [
        Finding(sheet, number, header, "缺少这一列")
        for header, column in known.items()
        if column.required and header not in headers
    ]
    return found


def _read_body(
    sheet: str,
    table: Table,
    headers: list[str],
    numbered: Iterable[tuple[int, list[str]]],
    reading: Reading,
) -> None:
    for number, cells in numbered:
        if not any(map(str.strip, cells)):
            continue
        if number > MAX_ROWS + 1:
            reading.findings.append(Finding(sheet, number, "", f"行数超过{MAX_ROWS},请分开导入"))
            return
        filled: dict[str, str] = {}
        unread: set[str] = set()
        for place, cell in enumerate(cells):
            text = cell.strip()
            if not text:
                continue
            header = headers[place] if place < len(headers) else ""
            said = _cell_complaint(cell, header)
            if said:
                reading.findings.append(Finding(sheet, number, header or f"第{place + 1}", said))
                unread |= {HEADERS[table][header].field} if header else set()
            else:
                filled[HEADERS[table][header].field] = text
        reading.rows.append(Row(sheet, number, table, filled, frozenset(unread)))


def _cell_complaint(cell: str, header: str) -> str | None:
    if not header:
        return "这一格没有对应的表头"
    if cell.startswith(FORMULA_STARTS) or cell.strip().startswith(FORMULA_STARTS):
        return "内容不能以 = + - @ 开头(可能被当作公式)"
    if len(cell) > MAX_CELL:
        return f"内容超过{MAX_CELL}个字符"
    if any(ord(character) < 32 or ord(character) == 127 for character in cell.strip()):
        return "内容含有换行或控制字符"
    return None
