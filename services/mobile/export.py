"""A box as a spreadsheet, for reports and meetings."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from services.mobile.domain.boxes import BOX_NAMES, Box
from services.mobile.queries.cards import ItemCard, PostName
from shared.clock import LOCAL_ZONE
from shared.web import Download

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PIECE = 64 * 1024
IN_MEMORY = 1024 * 1024

_COLUMNS: tuple[tuple[str, int, Callable[[ItemCard], str]], ...] = (
    ("标题", 60, lambda card: card.title),
    ("文号", 24, lambda card: card.number),
    ("文种", 10, lambda card: card.document_kind),
    ("紧急程度", 10, lambda card: card.urgency),
    ("环节", 14, lambda card: card.step),
    ("身份", 8, lambda card: card.role_label),
    ("岗位", 24, lambda card: _post(card.post)),
    ("代谁办理", 12, lambda card: card.on_behalf_of.person_name if card.on_behalf_of else ""),
    ("发送人", 12, lambda card: card.sender_name),
    ("收到时间", 18, lambda card: _time(card.received_at)),
    ("办理时限", 18, lambda card: _time(card.deadline)),
    ("是否超期", 10, lambda card: "超期" if card.overdue else ""),
    ("状态", 12, lambda card: card.state_label),
    ("办理结果", 16, lambda card: card.outcome),
    ("办理人", 12, lambda card: card.acted_by),
    ("办理时间", 18, lambda card: _time(card.done_at)),
    ("催办次数", 10, lambda card: str(card.reminders) if card.reminders else ""),
)


def spreadsheet(box: Box, cards: Sequence[ItemCard], *, today: str) -> Download:
    """The cards as XLSX, one line each, times on the office's wall clock."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(BOX_NAMES[box])
    sheet.freeze_panes = "A2"
    for place, (_, width, _) in enumerate(_COLUMNS):
        sheet.column_dimensions[chr(ord("A") + place)].width = width
    sheet.append([_cell(sheet, title, font=Font(bold=True)) for title, _, _ in _COLUMNS])
    for card in cards:
        sheet.append([_cell(sheet, text(card)) for _, _, text in _COLUMNS])
    # The response owns the file and closes it when it has been sent.
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    book.save(file)
    size = file.tell()
    file.seek(0)
    return Download(chunks=_pieces(file), media_type=XLSX, name=f"{BOX_NAMES[box]}-{today}.xlsx", size=size)


def _cell(sheet: Any, text: str, *, font: Font | None = None) -> Any:
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
    # A title that begins with = is a title; as a formula it would run on the reader's machine.
    cell.data_type = "s"
    if font:
        cell.font = font
    return cell


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def _post(post: PostName | None) -> str:
    return post.label if post else ""


def _time(moment: datetime | None) -> str:
    return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M") if moment else ""
