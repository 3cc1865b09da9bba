"""Paragraph styles (样式) of a Word document with what each has from those that it is based on, read once."""

from dataclasses import dataclass

from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree


@dataclass(frozen=True)
class Style:
    """What a paragraph has by its style: `alignment` as Word writes it, `numbering` the list's id and the level."""

    name: str = ""
    alignment: str = ""
    numbering: tuple[str, str] | None = None


_PLAIN = Style()
_ON = frozenset({"1", "true", "on"})


class Styles:
    """The styles of one document by their ids."""

    def __init__(self, document: Document) -> None:
        elements = list(document.styles.element.iterchildren(qn("w:style")))
        self._own = {each.get(qn("w:styleId")): each for each in reversed(elements)}
        paragraphs = [each for each in elements if each.get(qn("w:type")) == "paragraph"]
        self._paragraphs = {each.get(qn("w:styleId")) for each in paragraphs}
        defaults = [each for each in paragraphs if each.get(qn("w:default")) in _ON]
        # The last one counts, as the format says.
        self._default = defaults[-1].get(qn("w:styleId")) if defaults else None
        self._known: dict[str | None, Style] = {}

    def style_of(self, paragraph: etree._Element) -> Style:
        """What the paragraph has by the style that it names, by the default style if that one is not there."""
        named = value_of(paragraph.find(qn("w:pPr")), "w:pStyle")
        if not named:
            return _PLAIN
        return self._resolve(named if named in self._paragraphs else self._default)

    def _resolve(self, style_id: str | None) -> Style:
        """A style over those that it is based on; a circle of them ends where it closes."""
        way: dict[str | None, etree._Element] = {}
        while style_id in self._own and style_id not in self._known and style_id not in way:
            way[style_id] = self._own[style_id]
            style_id = value_of(way[style_id], "w:basedOn")
        style = self._known.get(style_id, _PLAIN)
        for each, element in reversed(way.items()):
            style = self._known[each] = _over(element, style)
        return style


def alignment_of(properties: etree._Element | None) -> str:
    """How these properties of a paragraph set it: center, left, both; empty when they do not say."""
    return value_of(properties, "w:jc")


def numbering_of(properties: etree._Element | None) -> tuple[str, str] | None:
    """The list and the level in which these properties of a paragraph place it."""
    numbered = None if properties is None else properties.find(qn("w:numPr"))
    return None if numbered is None else (value_of(numbered, "w:numId"), value_of(numbered, "w:ilvl"))


def value_of(element: etree._Element | None, tag: str) -> str:
    """The value of that child, empty when there is none."""
    found = None if element is None else element.find(qn(tag))
    return "" if found is None else found.get(qn("w:val")) or ""


def _over(element: etree._Element, base: Style) -> Style:
    properties = element.find(qn("w:pPr"))
    return Style(
        name=value_of(element, "w:name"),
        alignment=alignment_of(properties) or base.alignment,
        numbering=numbering_of(properties) or base.numbering,
    )
