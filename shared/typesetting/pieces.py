"""Texts on their way to a page: cleaned, and remembered for the check of glyphs."""

from shared.typesetting.roles import Role
from shared.typesetting.text import Piece, breakable, lines


class Pieces:
    """Gathers every text that comes from people."""

    def __init__(self) -> None:
        self.all: list[Piece] = []

    def text(self, field: str, place: str, value: str, role: Role = Role.FANGSONG) -> str:
        """One stretch of text, its lines kept but for empty ones, breakable where a line could not hold it."""
        shown = [line for line in lines(value) if line]
        if shown:
            self.all.append(Piece(field, place, role, "".join(shown)))
        return breakable("\n".join(shown))
