"""Fonts: the office's folder before all others, a chain per role, and no box for a character that none has."""

from dataclasses import replace
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from services.documents.rendering import Table, render
from shared.errors import Problem
from shared.typesetting import FontSettings, Role
from shared.typesetting.errors import FontConfigurationError
from shared.typesetting.fonts import FontBook
from tests.unit.rendering.samples import DOCUMENT, PACKAGED


def make_font(path: Path, *, family: str, chinese_family: str, characters: str) -> None:
    """A font file with square glyphs for those characters, named in English and Chinese."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 800), (900, 800), (900, 0)):
        pen.lineTo(corner)
    pen.closePath()
    square = pen.glyph()
    names = [".notdef", *(f"uni{ord(character):04X}" for character in characters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(c): f"uni{ord(c):04X}" for c in characters})
    builder.setupGlyf(dict.fromkeys(names, square))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 0)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable(
        {"familyName": {"en": family, "zh": chinese_family}, "styleName": "Regular", "psName": family}
    )
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWeightClass=400)
    builder.setupPost()
    builder.save(path)


@pytest.fixture
def office_fonts(tmp_path: Path) -> FontSettings:
    make_font(
        tmp_path / "fs.ttf",
        family="OfficeFangSong",
        chinese_family="仿宋_GB2312",
        characters="防汛工作\U0001f600",
    )
    return FontSettings(folder=tmp_path, use_installed=False)


def test_with_the_packaged_font_alone_every_role_can_be_played() -> None:
    book = FontBook(PACKAGED)
    assert {book.chain(role)[0].family for role in Role} == {"Noto Sans CJK SC"}
    assert book.covers(Role.FANGSONG, "〇")


def test_the_offices_own_font_is_found_by_its_chinese_name_and_comes_first(
    office_fonts: FontSettings,
) -> None:
    families = [face.family for face in FontBook(office_fonts).chain(Role.FANGSONG)]
    assert len(families) == 2
    assert families[1] == "Noto Sans CJK SC"


def test_what_the_offices_font_lacks_is_taken_from_the_next_of_the_chain(office_fonts: FontSettings) -> None:
    pdf = render(DOCUMENT, office_fonts)
    assert b"OfficeFangSong" in pdf
    assert b"NotoSansCJK" in pdf


def test_a_character_that_only_the_offices_font_has_can_be_set(office_fonts: FontSettings) -> None:
    assert render(replace(DOCUMENT, body=("防汛\U0001f600工作",)), office_fonts).startswith(b"%PDF")


def test_a_table_in_the_folder_names_further_families(tmp_path: Path) -> None:
    make_font(tmp_path / "own.ttf", family="TownFont", chinese_family="本市字体", characters="防汛")
    (tmp_path / "fonts.toml").write_text('kai = ["本市字体"]\n', "utf-8")
    book = FontBook(FontSettings(folder=tmp_path, use_installed=False))
    assert book.chain(Role.KAI)[0].family == "TownFont"
    assert book.chain(Role.HEI)[0].family != "TownFont"


@pytest.mark.parametrize("table", ["kai = 1", "slanted = ['a']", "kai = ["])
def test_a_table_that_cannot_be_read_is_named(tmp_path: Path, table: str) -> None:
    (tmp_path / "fonts.toml").write_text(table, "utf-8")
    with pytest.raises(FontConfigurationError, match=r"fonts\.toml"):
        FontBook(FontSettings(folder=tmp_path, use_installed=False))


def test_a_damaged_font_file_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"\x00\x01\x00\x00 no font")
    assert render(DOCUMENT, FontSettings(folder=tmp_path, use_installed=False)).startswith(b"%PDF")


def test_a_configured_folder_that_is_not_there_is_said_at_once() -> None:
    with pytest.raises(FontConfigurationError, match="YIWANG_FONT_DIR"):
        FontSettings.of("/there/is/no/such/folder")
    assert FontSettings.of("").folder is None


def test_a_character_without_a_glyph_is_refused_with_its_place() -> None:
    layout = replace(
        DOCUMENT,
        title="关于\U0001f600的通知",
        body=("正文。", "有\U0001f680字", Table(rows=(("一", "二"), ("三", "\U0001f680")))),
    )
    with pytest.raises(Problem) as refusal:
        render(layout, PACKAGED)
    problem = refusal.value
    assert (problem.status, problem.code) == (422, "typesetting.missing_glyphs")
    assert "“\U0001f600”（U+1F600）" in problem.detail
    assert problem.errors["title"] == ["标题第 3 字“\U0001f600”（U+1F600）字体中没有"]
    assert problem.errors["body.1"] == ["正文第 2 段第 2 字“\U0001f680”（U+1F680）字体中没有"]
    assert set(problem.errors) == {"title", "body.1", "body.2.1.1"}


def test_a_character_is_checked_against_the_role_that_prints_it(tmp_path: Path) -> None:
    make_font(tmp_path / "own.ttf", family="TownFont", chinese_family="楷体_GB2312", characters="\U0001f600")
    fonts = FontSettings(folder=tmp_path, use_installed=False)
    assert render(replace(DOCUMENT, signers=("王\U0001f600",)), fonts)
    with pytest.raises(Problem) as refusal:
        render(replace(DOCUMENT, note="王\U0001f600"), fonts)
    assert list(refusal.value.errors) == ["note"]
