"""Whether the fonts can draw a text."""

from collections.abc import Iterable

from shared.typesetting import errors
from shared.typesetting.fonts import FontBook
from shared.typesetting.roles import Role
from shared.typesetting.text import Piece


def check_glyphs(book: FontBook, pieces: Iterable[Piece]) -> None:
    """Refuse the text when a character has no glyph in the chain of its role (a box must never be printed)."""
    missing: dict[str, None] = {}
    positions: dict[str, list[str]] = {}
    judged: dict[tuple[Role, str], bool] = {}
    for piece in pieces:
        for at, character in enumerate(piece.text, 1):
            key = (piece.role, character)
            if key not in judged:
                judged[key] = _needs_no_glyph(character) or book.covers(*key)
            if judged[key]:
                continue
            missing[character] = None
            where = f"{piece.place}第 {at} 字“{character}”（U+{ord(character):04X}）字体中没有"
            positions.setdefault(piece.field, []).append(where)
    if missing:
        raise errors.missing_glyphs(list(missing), positions)


def _needs_no_glyph(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
