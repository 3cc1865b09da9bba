"""Finds the title and the first page of a text that came without any structure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from services.documents.domain.elements import dates_written_in, take_title_apart

# What fits on a standard page: 22 lines of 28 characters (GB/T 9704-2012).
_LINES, _CHARACTERS = 22, 28
_LONGEST_TITLE_LINE = 50
_LONGEST_TITLE = 120
_MOST_TITLE_LINES = 4
_HEAD_LINES = 12

_NUMBERED = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、]|第[一二三四五六七八九十]+[章节条]"
)
_HEAD = re.compile(
    r".{1,30}文件$|.*[〔\[（(]\d{4}[〕\]）)]第?\d+号.*|(?:签发人|份号|紧急程度|密级)[:：]?.*|特\s*急|加\s*急|\d{6}|★.*"
)
_NO_TITLE_END = re.compile(r"[。；，、：:;,.!！?？]$")
_BRACKETED = re.compile(r"[（(].*[）)]$")
_ISSUES = re.compile(r"现将《(?P<paper>.{1,100}?)》(?:\S{0,8}?)(?P<how>印发|转发|下发)")


class TitleSource(StrEnum):
    """How sure the title is: marked as such, the first lines, told by the text, or only the file's name."""

    STYLE = "style"
    FIRST_LINES = "first_lines"
    TOLD = "told"
    FILE_NAME = "file_name"


@dataclass(frozen=True)
class Line:
    """One paragraph as a file shows it; `is_title` when the file marks it as the title or centres it at the top."""

    text: str
    is_title: bool = False


@dataclass(frozen=True)
class Outline:
    """The title, where it came from, and the paragraphs that remain."""

    title: str
    source: TitleSource
    paragraphs: tuple[str, ...]


def find_outline(lines: Sequence[Line], *, name: str) -> Outline:
    """Title and paragraphs; what stands above the title (发文机关标志, 发文字号) is dropped with it."""
    kept = [line for line in lines if line.text.strip()]
    for source, find in ((TitleSource.STYLE, _marked_title), (TitleSource.FIRST_LINES, _leading_title)):
        begin, end = find(kept)
        if end > begin:
            title = "".join(line.text.strip() for line in kept[begin:end])
            return Outline(title, source, tuple(line.text.strip() for line in kept[end:]))
    paragraphs = tuple(line.text.strip() for line in kept)
    for paragraph in paragraphs[:_HEAD_LINES]:
        if told := _ISSUES.search(paragraph):
            return Outline(f"关于{told['how']}《{told['paper']}》的通知", TitleSource.TOLD, paragraphs)
    return Outline(PurePosixPath(name.replace("\\", "/")).stem, TitleSource.FILE_NAME, paragraphs)


def first_page(texts: Sequence[str]) -> tuple[str, ...]:
    """The lines that fit on the first page of a standard layout."""
    room, page = _LINES, []
    for text in texts:
        if room <= 0:
            break
        page.append(text[: room * _CHARACTERS])
        room -= max(1, -(-len(text) // _CHARACTERS))
    return tuple(page)


def _marked_title(lines: Sequence[Line]) -> tuple[int, int]:
    """The run of title lines near the top, without the head of the page."""
    head = lines[:_HEAD_LINES]
    begin = next(
        (at for at, line in enumerate(head) if line.is_title and not _HEAD.fullmatch(line.text.strip())), 0
    )
    end = begin
    while end < len(lines) and end - begin < _MOST_TITLE_LINES and lines[end].is_title:
        if _HEAD.fullmatch(lines[end].text.strip()) or _is_date(lines[end].text):
            break
        end += 1
    return begin, end if len("".join(line.text for line in lines[begin:end])) <= _LONGEST_TITLE else begin


def _leading_title(lines: Sequence[Line]) -> tuple[int, int]:
    """The short first lines without an end mark; a further line belongs to them until the title is complete."""
    begin = next((at for at, line in enumerate(lines) if not _HEAD.fullmatch(line.text.strip())), len(lines))
    end, title = begin, ""
    for line in lines[begin : begin + _MOST_TITLE_LINES]:
        text = line.text.strip()
        if not _may_be_title(text) or (_is_complete(title) and not _BRACKETED.fullmatch(text)):
            break
        title, end = title + text, end + 1
        if _BRACKETED.fullmatch(text):
            break
    # Several short lines without a kind of document are a list and not a title: then only the first one is.
    return begin, end if _is_complete(title) else min(end, begin + 1)


def _may_be_title(text: str) -> bool:
    if len(text) > _LONGEST_TITLE_LINE or _NO_TITLE_END.search(text):
        return False
    return not (_NUMBERED.match(text) or _is_date(text) or "".join(text.split()) in {"前言", "目录", "附件"})


def _is_complete(title: str) -> bool:
    return bool(take_title_apart(title).kind_word)


def _is_date(text: str) -> bool:
    plain = "".join(text.split())
    return any(len(written.quote) == len(plain) for written in dates_written_in(plain))
