"""An official layout as the templates read it, and every text in it for the check of glyphs."""

from collections.abc import Sequence
from datetime import date
from itertools import chain, repeat
from typing import Any

from services.documents.rendering.headings import Level, split_heading
from services.documents.rendering.layout import AttachedText, Block, OfficialLayout, Table
from services.documents.rendering.title import break_title, width
from shared.typesetting import Piece, Role, breakable, clean, lines

_HEADING_ROLES = {Level.FIRST: Role.HEI, Level.SECOND: Role.KAI}
LONGEST_MARK = 22.0


class Sheet:
    """Takes texts on their way to the page: cleans each, and remembers it for the check of glyphs."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []

    def text(self, field: str, place: str, role: Role, text: str) -> str:
        """One stretch of text, cleaned, and breakable where a line could not hold it."""
        cleaned = clean(text)
        if cleaned:
            self.pieces.append(Piece(field, place, role, cleaned))
        return breakable(cleaned)

    def cell(self, field: str, place: str, role: Role, text: str) -> str:
        """The text of a table's cell: on one line as far as it goes, breakable in any longer word."""
        return breakable(self.text(field, place, role, clean_lines(text).replace("\n", " ")), longest=8)

    def texts(self, field: str, place: str, role: Role, texts: Sequence[str]) -> list[str]:
        """Several texts of one kind, cleaned, without the empty ones."""
        cleaned = [
            self.text(f"{field}.{at}", f"{place}第 {at + 1} 项", role, text) for at, text in enumerate(texts)
        ]
        return [text for text in cleaned if text]


def chinese_date(day: date) -> str:
    """The date as it is printed: Arabic numerals, full year, no leading zeros (GB/T 9704-2012 §7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def joined(names: Sequence[str]) -> str:
    """Names in one line: 、 between units of one kind; ， when a name itself stands for a kind (各县区…)."""
    mark = "，" if any("、" in name or name.startswith("各") for name in names) else "、"
    return mark.join(names)


def layout_data(layout: OfficialLayout) -> tuple[dict[str, Any], list[Piece]]:
    """The layout's data for the templates, and its texts with their roles."""
    sheet = Sheet()
    data = _head_data(sheet, layout) | _foot_data(sheet, layout)
    data["blocks"] = _blocks(sheet, "body", "正文", layout.body)
    data["attachment_names"] = [
        name.rstrip("。；;，,、.")
        for name in sheet.texts("attachment_names", "附件说明", Role.FANGSONG, layout.attachment_names)
    ]
    data["attachments"] = [
        _attachment(sheet, at, attached, total=len(layout.attachments))
        for at, attached in enumerate(layout.attachments)
    ]
    data["author"] = joined([clean(name) for name in layout.signatories or layout.mark])
    return data, sheet.pieces


def _head_data(sheet: Sheet, layout: OfficialLayout) -> dict[str, Any]:
    names = [*layout.signatories, *layout.mark]
    title = clean_lines(layout.title)
    sheet.text("title", "标题", Role.XIAOBIAOSONG, title)
    mark = sheet.texts("mark", "发文机关标志", Role.XIAOBIAOSONG, layout.mark)
    suffix = sheet.text("mark_suffix", "发文机关标志", Role.XIAOBIAOSONG, layout.mark_suffix)
    return {
        "mark": mark,
        "mark_lines": _mark_lines(mark, suffix),
        "mark_suffix": suffix,
        "number": sheet.text("number", "发文字号", Role.FANGSONG, layout.number),
        "copy_number": sheet.text("copy_number", "份号", Role.FANGSONG, layout.copy_number),
        "urgency": sheet.text("urgency", "紧急程度", Role.HEI, layout.urgency),
        "signers": sheet.texts("signers", "签发人", Role.KAI, layout.signers),
        "title": list(break_title(title, names=names)),
        "title_text": title.replace("\n", ""),
        "recipients": joined(sheet.texts("recipients", "主送机关", Role.FANGSONG, layout.recipients)),
    }


def _foot_data(sheet: Sheet, layout: OfficialLayout) -> dict[str, Any]:
    attendance = (("出席", "present"), ("请假", "excused"), ("列席", "observing"))
    return {
        "signatories": sheet.texts("signatories", "发文机关署名", Role.FANGSONG, layout.signatories),
        "seals": [list(seal) for seal in layout.seals],
        "date": chinese_date(layout.issued_on) if layout.issued_on else "",
        "note": sheet.text("note", "附注", Role.FANGSONG, layout.note).strip("（）()"),
        "attendance": [
            {
                "label": label,
                "names": joined(sheet.texts(field, label, Role.FANGSONG, getattr(layout, field))),
            }
            for label, field in attendance
            if getattr(layout, field)
        ],
        "copies_to": joined(sheet.texts("copies_to", "抄送机关", Role.FANGSONG, layout.copies_to)),
        "printed_by": sheet.text("printed_by", "印发机关", Role.FANGSONG, layout.printed_by),
        "printed_on": chinese_date(layout.printed_on) if layout.printed_on else "",
    }


def clean_lines(text: str) -> str:
    """Several lines, each cleaned, the empty ones left out."""
    return "\n".join(line for line in lines(text) if line)


def _mark_lines(mark: Sequence[str], suffix: str) -> list[str]:
    """One authority's mark, on two lines when it would otherwise become too small; nothing for joint issue."""
    if len(mark) != 1:
        return []
    whole = mark[0] + suffix
    return list(break_title(whole, full_line=max(LONGEST_MARK, width(whole) / 2 + 2)))


def _attachment(sheet: Sheet, at: int, attached: AttachedText, *, total: int) -> dict[str, Any]:
    field, place = f"attachments.{at}", f"附件 {at + 1} "
    title = clean_lines(attached.title)
    sheet.text(f"{field}.title", f"{place}标题", Role.XIAOBIAOSONG, title)
    return {
        "label": f"附件{at + 1}" if total > 1 else "附件",
        "title": list(break_title(title)),
        "blocks": _blocks(sheet, f"{field}.blocks", f"{place}正文", attached.blocks),
    }


def _blocks(sheet: Sheet, field: str, place: str, blocks: Sequence[Block]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for at, block in enumerate(blocks):
        where, stands = f"{field}.{at}", f"{place}第 {at + 1} 段"
        if isinstance(block, Table):
            found.append(_table(sheet, where, stands, block))
        else:
            found += [_paragraph(sheet, where, stands, line) for line in lines(block)]
    return found


def _paragraph(sheet: Sheet, field: str, place: str, line: str) -> dict[str, Any]:
    level, heading, rest = split_heading(line)
    if level is None:
        return {"kind": "text", "text": sheet.text(field, place, Role.FANGSONG, rest)}
    return {
        "kind": "heading",
        "role": _HEADING_ROLES[level].value,
        "heading": sheet.text(field, place, _HEADING_ROLES[level], heading),
        "text": sheet.text(field, place, Role.FANGSONG, rest),
    }


def _table(sheet: Sheet, field: str, place: str, table: Table) -> dict[str, Any]:
    columns = max((len(row) for row in table.rows), default=0)
    rows = [
        [
            sheet.cell(f"{field}.{at}.{cell}", f"{place}表格第 {at + 1} 行第 {cell + 1} 格", role, text)
            for cell, text in enumerate((*row, *[""] * (columns - len(row))))
        ]
        for at, (role, row) in enumerate(
            zip(chain([Role.HEI], repeat(Role.FANGSONG)), table.rows, strict=False)
        )
    ]
    longest = [max((width(row[cell]) for row in rows), default=1.0) for cell in range(columns)]
    return {
        "kind": "table",
        "caption": sheet.text(f"{field}.caption", f"{place}表题", Role.HEI, table.caption),
        "rows": rows,
        # Columns share the width by their longest cell, within reason, so that a long cell wraps first.
        "widths": [min(max(length, 2.0), 16.0) + 1.2 for length in longest],
    }
