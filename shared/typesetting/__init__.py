"""Setting pages: fonts with a chain per role, refusal of missing glyphs, and typst to PDF/A-2b."""

from shared.typesetting.pieces import Pieces
from shared.typesetting.roles import Role
from shared.typesetting.settings import FontSettings
from shared.typesetting.text import Piece, breakable, clean, lines
from shared.typesetting.typesetter import Typesetter, typesetter

__all__ = [
    "FontSettings",
    "Piece",
    "Pieces",
    "Role",
    "Typesetter",
    "breakable",
    "clean",
    "lines",
    "typesetter",
]
