"""The processing sheet as its template reads it."""

from datetime import datetime
from typing import Any

from services.documents.rendering.data import Sheet, clean_lines
from services.documents.rendering.layout import ProcessingSheet, ProcessStep
from services.documents.rendering.title import width
from shared.clock import LOCAL_ZONE
from shared.typesetting import Piece, Role

# Wider than this, an element does not fit beside another one.
HALF_A_LINE = 12.0


def sheet_data(of: ProcessingSheet) -> tuple[dict[str, Any], list[Piece]]:
    """The sheet's data for the template, and its texts with their roles."""
    sheet = Sheet()
    data = {
        "agency": sheet.text("agency", "机关名称", Role.XIAOBIAOSONG, of.agency),
        "heading": sheet.text("heading", "单据名称", Role.XIAOBIAOSONG, of.heading),
        "title": sheet.text("title", "标题", Role.FANGSONG, of.title.replace("\n", "")),
        "elements": _elements(sheet, of),
        "steps": [_step(sheet, at, step) for at, step in enumerate(of.steps)],
    }
    return data, sheet.pieces


def _elements(sheet: Sheet, of: ProcessingSheet) -> list[dict[str, Any]]:
    """The elements in pairs: one that cannot share a line gets a whole one, and so does what stands before it."""
    rows: list[dict[str, Any]] = []
    open_half: dict[str, Any] | None = None
    for at, (label, value) in enumerate(of.elements):
        element = {
            "label": sheet.text(f"elements.{at}.label", f"要素 {at + 1} 名称", Role.HEI, label),
            "value": sheet.text(f"elements.{at}.value", f"{label}", Role.FANGSONG, value),
            "wide": width(value) > HALF_A_LINE,
        }
        rows.append(element)
        if element["wide"] and open_half is not None:
            open_half["wide"] = True
        open_half = element if not element["wide"] and open_half is None else None
    if open_half is not None:
        open_half["wide"] = True
    return rows


def _step(sheet: Sheet, at: int, step: ProcessStep) -> dict[str, str]:
    place = f"办理过程第 {at + 1} 步"

    def text(field: str, name: str, value: str) -> str:
        return sheet.text(f"steps.{at}.{field}", f"{place}{name}", Role.FANGSONG, value)

    who = "\n".join(filter(None, (step.person, step.post, step.on_behalf_of and f"代 {step.on_behalf_of}")))
    return {
        "step": text("step", "环节", step.step),
        "who": _kept_lines(text, "person", "办理人", who),
        "act": text("act", "办理", step.act),
        "opinion": _kept_lines(text, "opinion", "意见", step.opinion),
        "at": local_time(step.at),
    }


def _kept_lines(text: Any, field: str, name: str, value: str) -> str:
    return "\n".join(text(field, name, line) for line in clean_lines(value).split("\n"))


def local_time(moment: datetime) -> str:
    """The moment on the office's wall clock, to the minute."""
    return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")
