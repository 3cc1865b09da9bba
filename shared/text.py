"""Chinese text as people type it, brought to one form for comparing."""

import unicodedata

# Han characters with their extensions, and 〇, which Unicode counts among the symbols.
HAN = "〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"


def fold_width(text: str) -> str:
    """Full-width letters, figures and marks as their ordinary forms (Unicode NFKC): （１）becomes (1)."""
    return unicodedata.normalize("NFKC", text)
