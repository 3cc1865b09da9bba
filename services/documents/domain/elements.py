"""The elements of an official document (公文要素), as its drafter fills them in.

Source: 党政机关公文处理工作条例第九条.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from services.documents.domain.kinds import KINDS, RIDE_ON_NOTICE, Kind
from shared.text import fold_width


class Urgency(StrEnum):
    """How fast a document has to travel (紧急程度)."""

    MOST_URGENT = "特急"
    URGENT = "加急"


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Whom the receiver may call (联系人和电话)."""

    name: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class Elements:
    """The elements of one draft that rules look at; what is not known yet is empty."""

    kind: Kind
    title: str
    body: tuple[str, ...]
    mark: tuple[str, ...] = ()
    signatories: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    copies_to: tuple[str, ...] = ()
    secrecy: str = ""
    urgency: Urgency | None = None
    number: str = ""
    signers: tuple[str, ...] = ()
    attachment_names: tuple[str, ...] = ()
    dated: date | None = None
    passed_on: date | None = None
    note: str = ""
    contact: Contact | None = None

    @property
    def text(self) -> str:
        return "\n".join(self.body)


@dataclass(frozen=True, kw_only=True)
class TitleParts:
    """A title taken apart into who, about what, and which kind (机关+事由+文种); a missing part is empty."""

    issuer: str
    matter: str
    kind_word: str


_LEAP_YEAR = 2024


@dataclass(frozen=True)
class WrittenDate:
    """A date as it stands in a text; the year may be left out."""

    year: int | None
    month: int
    day: int
    quote: str = field(compare=False)

    @property
    def exists(self) -> bool:
        """Whether a calendar has that day; without a year, whether any has."""
        try:
            date(_LEAP_YEAR if self.year is None else self.year, self.month, self.day)
        except ValueError:
            return False
        return True

    def agrees_with(self, other: date) -> bool:
        return (self.month, self.day) == (other.month, other.day) and self.year in (None, other.year)


# Longest first, so that a title is never cut at the shorter of two words (命令 before 令).
_TITLE_WORDS = sorted(
    {word for kind in KINDS for word in kind.title_words} | RIDE_ON_NOTICE, key=len, reverse=True
)
_TITLE_END = re.compile(f"(?P<kind>{'|'.join(_TITLE_WORDS)})(?:[(（][^()（）]*[)）])?$")


def take_title_apart(title: str) -> TitleParts:
    """Who, about what and which kind a title names; a trailing bracket such as （试行） belongs to none of them."""
    title = "".join(title.split())
    end = _TITLE_END.search(title)
    kind_word = end["kind"] if end else ""
    head = title[: end.start()].removesuffix("的") if end else title
    issuer, about, matter = head.partition("关于")
    if about:
        return TitleParts(issuer=issuer, matter=matter, kind_word=kind_word)
    return TitleParts(issuer=head, matter="", kind_word=kind_word)


_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0}
_HAN_NUMBER = "[〇○零一二三四五六七八九十]"
_DATE = re.compile(
    rf"(?:(?P<year>(?:19|20)\d\d|{_HAN_NUMBER}{{4}})年)?"
    rf"(?P<month>\d{{1,2}}|{_HAN_NUMBER}{{1,3}})月(?P<day>\d{{1,2}}|{_HAN_NUMBER}{{1,3}})日"
)
_SIGNATURE_PARAGRAPHS = 4


def dates_written_in(text: str) -> Iterator[WrittenDate]:
    """Every date in a text, in Arabic (2023年11月27日) or Han figures (二〇二三年十一月二十七日)."""
    for match in _DATE.finditer("".join(fold_width(text).split())):
        year = _figure(match["year"]) if match["year"] else None
        yield WrittenDate(year, _figure(match["month"]), _figure(match["day"]), match[0])


def signature_dates(body: tuple[str, ...]) -> list[WrittenDate]:
    """The dates that stand alone in the last lines of a body, where an imported text carries its signature."""
    closing = ["".join(fold_width(line).split()) for line in body if line.strip()][-_SIGNATURE_PARAGRAPHS:]
    return [
        written for line in closing for written in dates_written_in(line) if written.quote == line.strip("()")
    ]


def _figure(text: str) -> int:
    if text.isascii():
        return int(text)
    if "十" not in text:
        return int("".join(str(_DIGITS[digit]) for digit in text))
    tens, _, ones = text.partition("十")
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)
