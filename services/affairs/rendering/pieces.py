"""Texts on their way to a page: cleaned, and remembered for the check of glyphs."""

from shared.typesetting import Piece, Role, breakable, clean, lines


class Pieces:
    """Gathers every text that comes from people."""

    def __init__(self) -> None:
        self.all: list[Piece] = []

    def text(self, field: str, place: str, value: str, role: Role = Role.FANGSONG) -> str:
        """One stretch of text, its lines kept, breakable where a line could not hold it."""
        cleaned = "\n".join(clean(line) for line in value.replace("\r", "\n").split("\n"))
        shown = "\n".join(line for line in lines(cleaned) if line)
        if shown:
            self.all.append(Piece(field, place, role, shown.replace("\n", "")))
        return breakable(shown)
