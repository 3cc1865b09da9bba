"""Signature and date stand by GB/T 9704-2012 §7.3.5: with a seal, without, jointly, and never alone on a page."""

from dataclasses import replace
from datetime import date

import pytest

from services.documents.rendering import OfficialLayout, render
from shared.errors import Problem
from tests.unit.rendering import pages
from tests.unit.rendering.samples import DOCUMENT, PACKAGED, seal, text_of

RIGHT = 184.0
CHARACTER = 156 / 28
SHORT = replace(
    DOCUMENT, title="通知", body=("同意。",), copies_to=(), signatories=("青山市推进改革工作领导小组",)
)


def near(value: float) -> object:
    return pytest.approx(value, abs=1.5)


def first_page(layout: OfficialLayout) -> list[pages.Line]:
    return pages.lines(render(layout, PACKAGED))[0]


def test_unsealed_the_signature_ends_two_characters_in_and_the_date_starts_two_after_it() -> None:
    page = first_page(SHORT)
    signed, dated = pages.line_with(page, "青山市推进"), pages.line_with(page, "2024年3月5日")
    text = pages.line_with(page, "同意。")
    assert signed.right == near(RIGHT - 2 * CHARACTER)
    assert dated.left - signed.left == pytest.approx(2 * CHARACTER, abs=0.3)
    assert signed.top - text.top == near(2 * 225 / 22)
    assert dated.top - signed.top == near(225 / 22)


def test_a_date_longer_than_the_signature_ends_two_characters_in_and_moves_the_signature() -> None:
    page = first_page(replace(SHORT, signatories=("市教育局",), issued_on=date(2024, 12, 31)))
    signed, dated = pages.line_with(page, "市教育局"), pages.line_with(page, "2024年12月31日")
    assert dated.right == near(RIGHT - 2 * CHARACTER)
    assert dated.left - signed.left == pytest.approx(2 * CHARACTER, abs=0.3)


def test_a_date_without_a_signature_stands_four_characters_from_the_right() -> None:
    dated = pages.line_with(first_page(replace(SHORT, signatories=())), "2024年3月5日")
    assert dated.right == near(RIGHT - 4 * CHARACTER)


def test_the_seal_presses_signature_and_date_and_begins_within_a_line_of_the_text() -> None:
    pdf = render(replace(SHORT, signatories=("青山市教育局",), seals=(seal(),)), PACKAGED)
    page = pages.lines(pdf)[0]
    (band,) = pages.blue_bands(pdf)
    signed = pages.line_with(page, "青山市教育局")
    dated = pages.line_with(page, "2024年3月5日")
    assert dated.right == near(RIGHT - 4 * CHARACTER)
    assert (signed.left + signed.right) / 2 == near((dated.left + dated.right) / 2)
    assert (band.left + band.right) / 2 == near((dated.left + dated.right) / 2)
    assert band.bottom - band.top == near(42)
    assert 0 < band.top - pages.line_with(page, "同意。").bottom < 225 / 22
    assert band.top < signed.top < dated.bottom < band.bottom


def test_jointly_issued_every_signature_has_its_seal_and_the_date_is_under_the_last() -> None:
    names = ("市教育局", "市财政局", "市民政局", "市审计局")
    pdf = render(replace(SHORT, mark=names, signatories=names, seals=(seal(),) * 4), PACKAGED)
    page = pages.lines(pdf)[-1]
    assert pages.line_with(page, "市教育局").text == "市教育局市财政局市民政局"
    last, dated = pages.line_with(page, "市审计局"), pages.line_with(page, "2024年3月5日")
    assert dated.top > last.top
    assert (last.left + last.right) / 2 == near((dated.left + dated.right) / 2)


def test_more_or_fewer_seals_than_signatures_are_refused() -> None:
    with pytest.raises(Problem, match="seals_and_signatories_differ"):
        render(replace(SHORT, seals=(seal(), seal())), PACKAGED)


@pytest.mark.parametrize("broken", [b"GIF89a", b"\x89PNG\r\n\x1a\nno image", b""])
def test_a_seal_that_is_no_image_is_refused(broken: bytes) -> None:
    with pytest.raises(Problem) as refusal:
        render(replace(SHORT, seals=(broken,)), PACKAGED)
    assert refusal.value.status == 422


def test_the_note_stands_in_brackets_two_characters_in_under_the_date() -> None:
    page = first_page(replace(SHORT, note="此件公开发布"))
    note, dated = pages.line_with(page, "（此件公开发布）"), pages.line_with(page, "2024年3月5日")
    assert note.starts[1] == near(28 + 3 * CHARACTER)
    assert note.top - dated.top == near(225 / 22)


@pytest.mark.parametrize("count", range(1, 13))
def test_the_signature_never_stands_on_a_page_without_text(count: int) -> None:
    body = tuple(f"第{number}段。" for number in range(count))
    found = pages.lines(render(replace(SHORT, title="关于防汛工作的通知", body=body), PACKAGED))
    page = next(page for page in found if any("青山市推进" in line.text for line in page))
    assert any(line.text.endswith("段。") for line in page)


@pytest.mark.parametrize("lines", range(9 + 22 * 2 - 4, 9 + 22 * 2 + 2))
def test_nor_after_a_long_text(lines: int) -> None:
    found = pages.lines(render(replace(SHORT, body=(text_of(28 * lines - 2),)), PACKAGED))
    page = next(page for page in found if any("青山市推进" in line.text for line in page))
    assert page[0].text[0] in text_of(24)
