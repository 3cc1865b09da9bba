"""The levels of a body text, recognised by their numbering (GB/T 9704-2012 §7.3.3).

一、 is set in Hei, （一） in Kai, 1. and （1） like the text itself.
"""

import re
from enum import StrEnum
from typing import NamedTuple


class Level(StrEnum):
    """The level of a heading that differs from the text in its typeface."""

    FIRST = "first"
    SECOND = "second"


class Split(NamedTuple):
    """A paragraph as its heading (of `level`, empty for none) and the text that runs on after it."""

    level: Level | None
    heading: str
    rest: str


_NUMERALS = "[一二三四五六七八九十百零〇]+"
_NUMBERING = {
    Level.FIRST: re.compile(rf"{_NUMERALS}、"),
    Level.SECOND: re.compile(rf"[（(]{_NUMERALS}[）)]"),
}
# A longer sentence after a number is a provision (一、同意……), not a heading.
LONGEST_HEADING = 56
LONGEST_RUN_IN = 32


def split_heading(paragraph: str) -> Split:
    """Which part of the paragraph is a heading: all of it, its first sentence, or nothing."""
    level = next((level for level, numbering in _NUMBERING.items() if numbering.match(paragraph)), None)
    if level is None:
        return Split(None, "", paragraph)
    first, stop, rest = paragraph.partition("。")
    if not rest:
        is_heading = len(paragraph) <= (LONGEST_RUN_IN if stop else LONGEST_HEADING)
        return Split(level, paragraph, "") if is_heading else Split(None, "", paragraph)
    if len(first) <= LONGEST_RUN_IN:
        return Split(level, first + stop, rest)
    return Split(None, "", paragraph)
