"""The numbers that Word sets by itself (一、 （一） 1.), which are not part of the stored text."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree

_DIGITS = "〇一二三四五六七八九"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_HUNDRED = 100


def han_count(number: int) -> str:
    """A number up to 99 in Han figures: 十二, 二十; larger ones digit by digit."""
    if not 0 < number < _HUNDRED:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十") + (
        _DIGITS[ones] if ones else ""
    )


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def _letter(number: int) -> str:
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


class Numbers:
    """Counts through one document's numbered paragraphs, in the order in which they are asked for."""

    def __init__(self, document: Document) -> None:
        self._styles = document.styles
        parts = [rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")]
        root = parts[0].element if parts else None
        self._lists = {} if root is None else {num.get(qn("w:numId")): num for num in root.iter(qn("w:num"))}
        self._patterns = (
            {} if root is None else {a.get(qn("w:abstractNumId")): a for a in root.iter(qn("w:abstractNum"))}
        )
        self._counts: dict[tuple[str, int], int] = {}
        self._started: set[tuple[str, int]] = set()

    def number_of(self, paragraph: etree._Element) -> str:
        """The number in front of this paragraph, or an empty text."""
        list_id, level = self._membership(paragraph)
        entry = self._lists.get(list_id)
        if entry is None:
            return ""
        pattern_id = _value(entry, "w:abstractNumId")
        levels = {int(each.get(qn("w:ilvl"))): each for each in self._patterns[pattern_id].iter(qn("w:lvl"))}
        if level not in levels:
            return ""
        self._count(entry, list_id, pattern_id, level, int(_value(levels[level], "w:start") or 1))
        if _value(levels[level], "w:numFmt") in {"bullet", "none"}:
            return ""
        return self._spell(pattern_id, levels, level)

    def _count(self, entry: etree._Element, list_id: str, pattern_id: str, level: int, start: int) -> None:
        for override in entry.iter(qn("w:lvlOverride")):
            restart = _value(override, "w:startOverride")
            if int(override.get(qn("w:ilvl"))) == level and restart and (list_id, level) not in self._started:
                start = int(restart)
                self._counts.pop((pattern_id, level), None)
        self._started.add((list_id, level))
        self._counts[pattern_id, level] = self._counts.get((pattern_id, level), start - 1) + 1
        for deeper in range(level + 1, 9):
            self._counts.pop((pattern_id, deeper), None)

    def _spell(self, pattern_id: str, levels: dict[int, etree._Element], level: int) -> str:
        text = _value(levels[level], "w:lvlText")
        for place in range(level + 1):
            if place in levels and f"%{place + 1}" in text:
                count = self._counts.get((pattern_id, place), int(_value(levels[place], "w:start") or 1))
                text = text.replace(
                    f"%{place + 1}", _FORMATS.get(_value(levels[place], "w:numFmt"), str)(count)
                )
        return text

    def _membership(self, paragraph: etree._Element) -> tuple[str, int]:
        """The list and level that the paragraph, or else its style, belongs to."""
        for properties in self._properties(paragraph):
            numbered = properties.find(qn("w:numPr"))
            if numbered is not None:
                return _value(numbered, "w:numId"), int(_value(numbered, "w:ilvl") or 0)
        return "", 0

    def _properties(self, paragraph: etree._Element) -> Iterator[etree._Element]:
        if paragraph.pPr is not None:
            yield paragraph.pPr
        style = self._styles.get_by_id(paragraph.style, 1) if paragraph.style else None
        while style is not None:
            if style.element.pPr is not None:
                yield style.element.pPr
            style = style.base_style


def _value(element: etree._Element, tag: str) -> str:
    found = element.find(qn(tag))
    return "" if found is None else found.get(qn("w:val")) or ""
