"""The numbers that Word sets by itself (一、 （一） 1.), which are not part of the stored text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree

from services.documents.intake.bounds import LONGEST_NUMBER, MOST_DIGITS
from services.documents.intake.word_styles import Styles, numbering_of, value_of

_DIGITS = "〇一二三四五六七八九"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_HUNDRED = 100
_LEVELS = range(9)
# Beyond these Word itself does not count: MMMCMXCIX, and thirty times the same letter.
_MOST_ROMAN, _MOST_LETTERS = 3999, 30 * 26


def han_count(number: int) -> str:
    """A number up to 99 in Han figures: 十二, 二十; larger ones digit by digit."""
    if not 0 < number < _HUNDRED:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十") + (
        _DIGITS[ones] if ones else ""
    )


def _roman(number: int) -> str:
    if number > _MOST_ROMAN:
        return str(number)
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def _letter(number: int) -> str:
    if number > _MOST_LETTERS:
        return str(number)
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _circled(number: int) -> str:
    return chr(0x2460 + number - 1) if 1 <= number <= 20 else str(number)


_FORMATS: Mapping[str, Callable[[int], str]] = MappingProxyType(
    {
        "chineseCounting": han_count,
        "chineseCountingThousand": han_count,
        "taiwaneseCountingThousand": han_count,
        "japaneseCounting": han_count,
        "ideographDigital": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
        "ideographTraditional": lambda number: _STEMS[(number - 1) % 10],
        "ideographZodiac": lambda number: _BRANCHES[(number - 1) % 12],
        "decimalEnclosedCircle": _circled,
        "decimalEnclosedCircleChinese": _circled,
        "decimalZero": lambda number: f"{number:02}",
        "lowerLetter": _letter,
        "upperLetter": lambda number: _letter(number).upper(),
        "lowerRoman": _roman,
        "upperRoman": lambda number: _roman(number).upper(),
        "bullet": lambda number: "",
        "none": lambda number: "",
    }
)


@dataclass(frozen=True)
class _Level:
    """How one level of a list counts."""

    start: int
    format: str
    text: str


@dataclass(frozen=True)
class _List:
    """A list by its pattern, and from where it counts anew on which level."""

    pattern_id: str
    restarts: Mapping[int, int]


class Numbers:
    """Counts through one document's numbered paragraphs, in the order in which they are asked for."""

    def __init__(self, document: Document, styles: Styles) -> None:
        self._styles = styles
        parts = [rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")]
        root = parts[0].element if parts else None
        lists = () if root is None else root.iter(qn("w:num"))
        patterns = () if root is None else root.iter(qn("w:abstractNum"))
        self._list_elements = {each.get(qn("w:numId")): each for each in lists}
        self._pattern_elements = {each.get(qn("w:abstractNumId")): each for each in patterns}
        # Each is read once, by the first paragraph that is in it, and not again for every paragraph.
        self._lists: dict[str, _List] = {}
        self._patterns: dict[str, Mapping[int, _Level]] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._started: set[tuple[str, int]] = set()

    def number_of(self, paragraph: etree._Element) -> str:
        """The number in front of this paragraph, or an empty text."""
        list_id, level = self._membership(paragraph)
        if list_id not in self._list_elements:
            return ""
        entry = self._list(list_id)
        levels = self._levels(entry.pattern_id)
        if level not in levels:
            return ""
        self._count(entry, list_id, level, levels[level].start)
        if levels[level].format in {"bullet", "none"}:
            return ""
        return self._spell(entry.pattern_id, levels, level)

    def _list(self, list_id: str) -> _List:
        if list_id not in self._lists:
            element = self._list_elements[list_id]
            restarts = {
                _figure(override.get(qn("w:ilvl"))): _figure(restart)
                for override in element.iter(qn("w:lvlOverride"))
                if (restart := value_of(override, "w:startOverride"))
            }
            self._lists[list_id] = _List(value_of(element, "w:abstractNumId"), restarts)
        return self._lists[list_id]

    def _levels(self, pattern_id: str) -> Mapping[int, _Level]:
        if pattern_id not in self._patterns:
            levels = {
                _figure(each.get(qn("w:ilvl"))): _Level(
                    _figure(value_of(each, "w:start") or "1"),
                    value_of(each, "w:numFmt"),
                    value_of(each, "w:lvlText")[:LONGEST_NUMBER],
                )
                for each in self._pattern_elements[pattern_id].iter(qn("w:lvl"))
            }
            self._patterns[pattern_id] = {place: levels[place] for place in _LEVELS if place in levels}
        return self._patterns[pattern_id]

    def _count(self, entry: _List, list_id: str, level: int, start: int) -> None:
        if level in entry.restarts and (list_id, level) not in self._started:
            start = entry.restarts[level]
            self._counts.pop((entry.pattern_id, level), None)
        self._started.add((list_id, level))
        self._counts[entry.pattern_id, level] = self._counts.get((entry.pattern_id, level), start - 1) + 1
        for deeper in _LEVELS[level + 1 :]:
            self._counts.pop((entry.pattern_id, deeper), None)

    def _spell(self, pattern_id: str, levels: Mapping[int, _Level], level: int) -> str:
        text = levels[level].text
        for place in _LEVELS[: level + 1]:
            if place in levels and f"%{place + 1}" in text:
                count = self._counts.get((pattern_id, place), levels[place].start)
                text = text.replace(f"%{place + 1}", _FORMATS.get(levels[place].format, str)(count))
        return text

    def _membership(self, paragraph: etree._Element) -> tuple[str, int]:
        """The list and level that the paragraph, or else its style, belongs to."""
        found = numbering_of(paragraph.pPr) or self._styles.style_of(paragraph).numbering
        return (found[0], _figure(found[1] or "0")) if found else ("", 0)


def _figure(text: str) -> int:
    """A number as the file states it; ValueError for one that no Word writes."""
    if len(text) > MOST_DIGITS:
        raise ValueError(text[:MOST_DIGITS])
    return int(text)
