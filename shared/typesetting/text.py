"""Plain text on its way to the page: cleaned of what cannot be seen.

Text is only ever handed to the templates as JSON strings, so nothing in it can act as markup.
"""

import re
import unicodedata
from typing import NamedTuple

from shared.typesetting.roles import Role


class Piece(NamedTuple):
    """A stretch of text with the role that sets it; `field` and `place` say where it stands in the input."""

    field: str
    place: str
    role: Role
    text: str


def clean(text: str) -> str:
    """The text as it is printed: control characters become spaces, invisible marks go, ends are trimmed.

    Direction overrides and zero-width characters are among the invisible marks: they could make the printed
    order differ from the approved one. Variation selectors stay, they choose the form of a character.
    """
    return "".join(map(_seen, text)).strip(" \u3000")


def lines(text: str) -> list[str]:
    """The paragraphs of a text, each cleaned; an empty one is a blank line."""
    return [clean(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]


def breakable(text: str, *, longest: int = 32) -> str:
    """The text with places to break inside runs of more than `longest` letters and digits.

    Such a run (a key, a file name) has no place of its own where a line may end. Shorter ones stay as they are,
    so that an address copied from the page still works.
    """
    return re.sub(
        rf"[0-9A-Za-z_.,:;%=&+#@*^$]{{{longest + 1},}}", lambda run: "\u200b".join(run.group()), text
    )


def _seen(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zs", "Zl", "Zp") and character != "\u3000":
        return " "
    if category == "Cs":
        # Half of a surrogate pair is no character and cannot even be written down.
        return "\ufffd"
    return "" if category == "Cf" else character
