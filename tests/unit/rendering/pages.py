"""Measuring set pages: lines of text by their character boxes, and bands of one colour by their ink, in millimetres."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pdfplumber
import pypdfium2
from PIL import Image, ImageChops

MM = 25.4 / 72
PAGE_HEIGHT = 297.0
DPI = 200
# Official Chinese fonts have their baseline at this share of the character's height from its foot.
FOOT = 0.12


@dataclass(frozen=True)
class Line:
    """A line of text: its characters, and the box around them, from the page's upper left corner."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    starts: tuple[float, ...]


@dataclass(frozen=True)
class Band:
    """Rows of pixels with ink of one colour, without a gap."""

    top: float
    bottom: float
    left: float
    right: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


def lines(pdf: bytes) -> list[list[Line]]:
    """The lines of every page, from the top down."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return [_page_lines(page.chars) for page in document.pages]


def texts(pdf: bytes) -> list[list[str]]:
    """The text of every line of every page."""
    return [[line.text for line in page] for page in lines(pdf)]


def whole_text(pdf: bytes) -> str:
    """All text, without the ends of lines."""
    return "".join(line for page in texts(pdf) for line in page)


def line_with(page: list[Line], part: str) -> Line:
    """The one line of the page that holds that text."""
    (found,) = [line for line in page if part in line.text]
    return found


def red_bands(pdf: bytes, page: int = 0) -> list[Band]:
    """The red ink of a page, from the top down."""
    return _bands(pdf, page, (_full, _faint, _faint))


def blue_bands(pdf: bytes, page: int = 0) -> list[Band]:
    """The blue ink of a page, from the top down."""
    return _bands(pdf, page, (_faint, _faint, _full))


def rules(pdf: bytes, page: int) -> list[tuple[float, float, float]]:
    """The horizontal black lines of a page: distance from the top, length and thickness."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        found = [
            line for line in document.pages[page].lines if line["stroking_color"] in (0, (0,), (0, 0, 0))
        ]
        return sorted(
            (line["top"] * MM, (line["x1"] - line["x0"]) * MM, line["linewidth"] * MM)
            for line in found
            if line["x1"] - line["x0"] > 1
        )


def _full(value: int) -> bool:
    return value > 150


def _faint(value: int) -> bool:
    return value < 110


def _page_lines(chars: list[dict[str, Any]]) -> list[Line]:
    upright = [char for char in chars if char["text"].strip()]
    upright.sort(key=lambda char: (-round(char["matrix"][5], 1), char["matrix"][4]))
    return [_line(list(group)) for _, group in groupby(upright, key=lambda char: round(char["matrix"][5], 1))]


def _line(chars: list[dict[str, Any]]) -> Line:
    # A condensed mark scales the text space, so its real size is the matrix's.
    size = round(chars[0]["size"], 2)
    foot = PAGE_HEIGHT - (chars[0]["matrix"][5] - FOOT * size) * MM
    starts = tuple(char["matrix"][4] * MM for char in chars)
    right = max(char["x1"] for char in chars) * MM
    text = "".join(char["text"] for char in chars)
    return Line(text, starts[0], right, foot - size * MM, foot, size, starts)


def _bands(pdf: bytes, page: int, is_ink: Sequence[Callable[[int], bool]]) -> list[Band]:
    image = pypdfium2.PdfDocument(pdf)[page].render(scale=DPI / 72).to_pil().convert("RGB")
    mask = _mask(image, is_ink)
    inked = [mask.crop((0, row, mask.width, row + 1)).getbbox() is not None for row in range(mask.height)]
    bands, row = [], 0
    for has_ink, run in groupby(inked):
        begin, row = row, row + len(list(run))
        if has_ink:
            left, _, right, _ = mask.crop((0, begin, mask.width, row)).getbbox() or (0, 0, 0, 0)
            bands.append(Band(*(pixels * 25.4 / DPI for pixels in (begin, row, left, right))))
    return bands


def _mask(image: Image.Image, is_ink: Sequence[Callable[[int], bool]]) -> Image.Image:
    """Where every channel of the image satisfies its condition."""
    channels = [
        channel.point([255 * holds(value) for value in range(256)], "1")
        for channel, holds in zip(image.split(), is_ink, strict=True)
    ]
    return ImageChops.logical_and(ImageChops.logical_and(channels[0], channels[1]), channels[2])
