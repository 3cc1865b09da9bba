"""The catalogue of filed items (归档文件目录) as a workbook, with the columns of DA/T 22-2015."""

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

from shared.workbook import Column, workbook_bytes

Item = Mapping[str, Any]

_COLUMNS: tuple[Column[Item], ...] = (
    Column("序号", 8, itemgetter("place")),
    Column("档号", 32, itemgetter("number")),
    Column("文号", 24, itemgetter("document_number")),
    Column("责任者", 32, itemgetter("issuer")),
    Column("题名", 64, itemgetter("title")),
    Column("日期", 12, itemgetter("dated")),
    Column("密级", 10, itemgetter("secrecy")),
    Column("页数", 8, itemgetter("pages")),
    Column("备注", 24, itemgetter("note")),
)


def write_catalogue(rows: Iterable[Item]) -> bytes:
    """The workbook's bytes, the items counted from one."""
    counted = ({"place": place, **row} for place, row in enumerate(rows, start=1))
    return workbook_bytes("归档文件目录", columns=_COLUMNS, rows=counted)
