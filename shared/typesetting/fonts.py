"""Which fonts there are: the office's own folder, what the machine has installed, and the packaged one.

A family is found under any of its names, so that 仿宋_GB2312 matches whether the file calls itself that or
FangSong_GB2312. Collections (TTC, OTC) count as one face per index.

Reading fonts takes much memory, so only the press does it (see `press.py`); no service imports this module.
"""

import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import typst
from fontTools.ttLib import TTFont, TTLibError

from shared.typesetting import errors
from shared.typesetting.roles import TYPEFACES, Role
from shared.typesetting.settings import FontSettings

PACKAGED_FONTS = "noto_cjk_sans_otc"
FONT_TABLE = "fonts.toml"
_FAMILY_NAME_IDS = (1, 16)


@dataclass(frozen=True)
class Face:
    """One face of a font file: the family as the typesetter calls it, its weight, and where it is."""

    family: str
    weight: int
    path: str
    index: int

    def draws(self, character: str) -> bool:
        """Whether it has a glyph for that character."""
        at, bit = divmod(ord(character), 8)
        return bool(_coverage(self.path, self.index)[at] >> bit & 1)


class FontBook:
    """The fonts of one set of settings, and for every role the chain of faces to try."""

    def __init__(self, settings: FontSettings) -> None:
        self.fonts = typst.Fonts(
            include_system_fonts=settings.use_installed,
            include_embedded_fonts=False,
            font_paths=list(_font_folders(settings)),
        )
        faces = _upright_faces(self.fonts.fonts())
        own_names = _own_names(settings.folder)
        self._chains = {
            role: tuple(_chain([*own_names.get(role, ()), *typeface.families], typeface.weight, faces))
            for role, typeface in TYPEFACES.items()
        }

    def chain(self, role: Role) -> Sequence[Face]:
        """The faces that play the role, in the order in which they are asked for a character."""
        return self._chains[role]

    def covers(self, role: Role, character: str) -> bool:
        """Whether any face of the role's chain draws that character."""
        return any(face.draws(character) for face in self._chains[role])

    def as_data(self) -> dict[str, dict[str, object]]:
        """The chains as the templates read them: families in order and one weight by role."""
        return {
            role.value: {"families": [face.family for face in chain], "weight": TYPEFACES[role].weight}
            for role, chain in self._chains.items()
        }


def _font_folders(settings: FontSettings) -> Iterator[str]:
    if settings.folder is not None:
        yield str(settings.folder)
    yield str(files(PACKAGED_FONTS))


def _own_names(folder: Path | None) -> Mapping[Role, Sequence[str]]:
    table = folder / FONT_TABLE if folder is not None else None
    if table is None or not table.is_file():
        return {}
    try:
        rows = tomllib.loads(table.read_text("utf-8"))
        return {Role(role): _names(names) for role, names in rows.items()}
    except (ValueError, TypeError) as unreadable:
        raise errors.FontConfigurationError(f"{table}: {unreadable}") from unreadable


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(f"a list of family names is needed, not {value!r}")
    return tuple(map(str, value))


def _upright_faces(found: Sequence[typst.FontInfo]) -> dict[str, list[Face]]:
    """The faces by every name that their family has, in lower case."""
    by_name: dict[str, list[Face]] = {}
    for info in found:
        if info.style != "normal" or info.path is None:
            continue
        face = Face(info.family, info.weight, str(info.path), info.index)
        for name in {info.family.lower(), *_family_names(face.path, face.index)}:
            by_name.setdefault(name, []).append(face)
    return by_name


def _chain(names: Sequence[str], weight: int, faces: Mapping[str, Sequence[Face]]) -> Iterator[Face]:
    seen: set[str] = set()
    for name in names:
        alike = [face for face in faces.get(name.lower(), ()) if face.family not in seen]
        if not alike:
            continue
        # The typesetter takes the face of a family whose weight is nearest, so coverage is asked of that one.
        nearest = min(alike, key=lambda face: abs(face.weight - weight))
        seen.add(nearest.family)
        yield nearest


@lru_cache(maxsize=4096)
def _family_names(path: str, index: int) -> frozenset[str]:
    try:
        with TTFont(path, fontNumber=index, lazy=True) as font:
            names = font["name"].names
            return frozenset(str(n).strip().lower() for n in names if n.nameID in _FAMILY_NAME_IDS)
    except (TTLibError, OSError, KeyError, UnicodeDecodeError):
        # A damaged file is no reason to refuse every document; the typesetter's own name for it still counts.
        return frozenset()


@lru_cache(maxsize=64)
def _coverage(path: str, index: int) -> bytes:
    """One bit for each code point; as a set of numbers, a Chinese face would take a hundred times the memory."""
    bits = bytearray(-(-(sys.maxunicode + 1) // 8))
    with TTFont(path, fontNumber=index, lazy=True) as font:
        # Glyph names do not matter here, and reading them from a CFF font takes ten times as long as the rest.
        font.setGlyphOrder([str(glyph) for glyph in range(font["maxp"].numGlyphs)])
        for code_point in font.getBestCmap() or ():
            bits[code_point // 8] |= 1 << code_point % 8
    return bytes(bits)
