"""The document number (发文字号): issuing code, year and running number, such as 阜政发〔2021〕59号.

Source: GB/T 9704-2012 (hexagonal brackets, full year, no leading zero, no 第).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from services.documents import errors

_STANDARD = re.compile(r"([\u4e00-\u9fa5]{1,15})〔((?:19|20)[0-9]{2})〕([1-9][0-9]*)号")
_CODE = re.compile(r"[\u4e00-\u9fa5]{1,15}")
SERIES = "dispatch:"
_YEARS = range(1900, 2100)

# What people write instead, looked for in this order, and what to tell them.
_MISTAKES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\s"), "里有空格"),
    (re.compile(r"[\[\]［］【】()（）﹝﹞{}]"), "的年份没有用六角括号〔〕"),
    (re.compile(r"^〔|^[^〔]{16,}〔"), "的机关代字应是 1 至 15 个汉字"),
    (re.compile(r"〔(?!(?:19|20)[0-9]{2}〕)[^〕]*〕"), "的年份应写全四位数字"),
    (re.compile(r"〕第"), "的顺序号前不加“第”字"),
    (re.compile(r"〕0"), "的顺序号不编虚位（不以 0 开头）"),
    (re.compile(r"[^号]$"), "应以“号”字结尾"),
)


@dataclass(frozen=True)
class DocumentNumber:
    """One number in its three parts."""

    code: str
    year: int
    sequence: int

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise errors.bad_number(self.code, "的机关代字应是 1 至 15 个汉字")
        if self.year not in _YEARS or self.sequence < 1:
            raise errors.bad_number(str(self), "的年份或顺序号超出范围")

    def __str__(self) -> str:
        return f"{self.code}〔{self.year}〕{self.sequence}号"


def format_number(code: str, year: int, *, sequence: int) -> str:
    """The number as it is printed; raises `documents.bad_number`."""
    return str(DocumentNumber(code, year, sequence))


def parse_number(text: str) -> DocumentNumber:
    """The number taken apart; raises `documents.bad_number`, saying what is wrong with it."""
    if match := _STANDARD.fullmatch(text):
        return DocumentNumber(match[1], int(match[2]), int(match[3]))
    raise errors.bad_number(
        text, next((why for sign, why in _MISTAKES if sign.search(text)), "不合规定的形式")
    )


def is_number(text: str) -> bool:
    """Whether the text is a document number in the standard's form."""
    return _STANDARD.fullmatch(text) is not None


def series_of(code: str, year: int) -> str:
    """The name of the gap-free series from which this code's numbers of this year are taken."""
    return f"{SERIES}{code}:{year}"


def codes_of(series: Mapping[str, int], *, year: int) -> dict[str, int]:
    """How many numbers each code gave in that year, from all series by name."""
    end = f":{year}"
    return {
        name.removeprefix(SERIES).removesuffix(end): last
        for name, last in series.items()
        if name.startswith(SERIES) and name.endswith(end)
    }
