"""A box as a spreadsheet, for reports and meetings."""

import tempfile
from collections.abc import Iterator, Sequence
from typing import IO, Any

from services.mobile.domain.boxes import BOX_NAMES, Box
from services.mobile.domain.figures import Figure
from services.mobile.queries.cards import ItemCard, PostName
from services.mobile.queries.figures import FigureRow
from shared.web import Download
from shared.workbook import XLSX, Column, write_workbook

PIECE = 64 * 1024
IN_MEMORY = 1024 * 1024

_COLUMNS: tuple[Column[ItemCard], ...] = (
    Column("标题", 60, lambda card: card.title),
    Column("文号", 24, lambda card: card.number),
    Column("文种", 10, lambda card: card.document_kind),
    Column("紧急程度", 10, lambda card: card.urgency),
    Column("环节", 14, lambda card: card.step),
    Column("身份", 8, lambda card: card.role_label),
    Column("岗位", 24, lambda card: _post(card.post)),
    Column("代谁办理", 12, lambda card: card.on_behalf_of.person_name if card.on_behalf_of else ""),
    Column("发送人", 12, lambda card: card.sender_name),
    Column("收到时间", 18, lambda card: card.received_at),
    Column("办理时限", 18, lambda card: card.deadline),
    Column("是否超期", 10, lambda card: "超期" if card.overdue else ""),
    Column("状态", 12, lambda card: card.state_label),
    Column("办理结果", 16, lambda card: card.outcome),
    Column("办理人", 12, lambda card: card.acted_by),
    Column("办理时间", 18, lambda card: card.done_at),
    Column("催办次数", 10, lambda card: str(card.reminders) if card.reminders else ""),
)


_FIGURE_COLUMNS: tuple[Column[FigureRow], ...] = (
    Column("标题", 60, lambda row: row.title),
    Column("编号", 24, lambda row: row.number),
    Column("单位", 30, lambda row: row.unit_name),
    Column("日期", 14, lambda row: row.day.isoformat() if row.day else ""),
    Column("止于", 14, lambda row: row.until_day.isoformat() if row.until_day else ""),
    Column("计入分子", 10, lambda row: "是" if row.counts else "否"),
    Column("数额", 10, lambda row: row.amount),
    Column("所用工作日", 12, lambda row: row.days),
)


def spreadsheet(box: Box, cards: Sequence[ItemCard], *, today: str) -> Download:
    """The cards as XLSX, one line each, times on the office's wall clock."""
    return _workbook(BOX_NAMES[box], _COLUMNS, cards, name=f"{BOX_NAMES[box]}-{today}.xlsx")


def figure_spreadsheet(figure: Figure, rows: Sequence[FigureRow], *, period: str) -> Download:
    """The items behind a figure as XLSX, one line each."""
    return _workbook(figure.name, _FIGURE_COLUMNS, rows, name=f"{figure.name}-{period}.xlsx")


def _workbook(title: str, columns: Sequence[Column[Any]], rows: Sequence[Any], *, name: str) -> Download:
    # The response owns the file and closes it when it has been sent.
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    write_workbook(file, title, columns=columns, rows=rows)
    size = file.tell()
    file.seek(0)
    return Download(chunks=_pieces(file), media_type=XLSX, name=name, size=size)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def _post(post: PostName | None) -> str:
    return post.label if post else ""
