"""The letter and the minutes stand where GB/T 9704-2012 §10 says, within 1.5 mm."""

from dataclasses import replace

import pytest

from services.documents.rendering import render
from tests.unit.rendering import pages
from tests.unit.rendering.samples import LETTER, MINUTES, PACKAGED, text_of

LEFT, RIGHT, TOP, BOTTOM = 28.0, 184.0, 37.0, 262.0
CHARACTER = 156 / 28


def near(value: float) -> object:
    return pytest.approx(value, abs=1.5)


def test_a_letter_has_its_mark_30_mm_under_the_edge_of_the_page_and_a_double_rule_4_mm_below() -> None:
    mark, thick, thin, *_ = pages.red_bands(render(LETTER, PACKAGED))
    assert mark.top == near(30)
    assert (mark.left + mark.right) / 2 == near((LEFT + RIGHT) / 2)
    assert thick.top - mark.bottom == near(4)
    assert thick.height > thin.height
    for rule in (thick, thin):
        assert rule.left == near(20)
        assert rule.right == near(190)


def test_a_letter_has_another_double_rule_20_mm_above_the_foot_of_its_first_page_only() -> None:
    pdf = render(replace(LETTER, body=(text_of(1200),)), PACKAGED)
    *_, thin, thick = pages.red_bands(pdf)
    assert thin.top < thick.top
    assert thin.height < thick.height
    assert 297 - thick.bottom == near(20)
    assert thick.right - thick.left == near(170)
    assert pages.red_bands(pdf, 1) == []


def test_a_letter_has_its_number_flush_right_under_the_double_rule() -> None:
    pdf = render(LETTER, PACKAGED)
    thin = pages.red_bands(pdf)[2]
    number = pages.line_with(pages.lines(pdf)[0], "青水函")
    assert number.right == near(RIGHT)
    assert number.top - thin.bottom == near(16 * pages.MM * 7 / 8)


def test_a_letter_has_copy_number_and_urgency_on_the_left_where_its_number_stands() -> None:
    page = pages.lines(render(replace(LETTER, copy_number="000007", urgency="加急"), PACKAGED))[0]
    assert pages.line_with(page, "000007").text == "000007青水函〔2024〕7号"
    assert pages.line_with(page, "加急").left == near(LEFT)


def test_the_first_page_of_a_letter_has_no_number_and_the_second_has() -> None:
    first, second = pages.texts(render(replace(LETTER, body=(text_of(700),)), PACKAGED))
    assert "—" not in "".join(first)
    assert second[-1] == "—2—"


def test_the_imprint_of_a_letter_has_no_rules_and_no_printer() -> None:
    pdf = render(replace(LETTER, printed_by="青山市水利局办公室"), PACKAGED)
    last = pages.lines(pdf)[-1]
    assert pages.rules(pdf, len(pages.lines(pdf)) - 1) == []
    assert pages.line_with(last, "抄送：市应急管理局。").bottom == near(BOTTOM)
    assert not any("水利局办公室" in line.text for line in last)


def test_minutes_have_their_mark_35_mm_under_the_edge_of_the_type_area() -> None:
    mark, rule = pages.red_bands(render(MINUTES, PACKAGED))
    assert mark.top == near(TOP + 35)
    assert rule.right - rule.left == near(156)


def test_minutes_say_who_issued_them_and_when_above_the_rule() -> None:
    pdf = render(MINUTES, PACKAGED)
    issued = pages.line_with(pages.lines(pdf)[0], "2024年3月5日")
    assert issued.text == "青山市人民政府办公室2024年3月5日"
    assert issued.left == near(LEFT + CHARACTER)
    assert issued.right == near(RIGHT - CHARACTER)
    assert pages.red_bands(pdf)[1].top - issued.bottom == near(4)


def test_minutes_list_who_took_part_and_wrap_after_the_colon() -> None:
    page = next(page for page in pages.lines(render(MINUTES, PACKAGED)) if "出席：" in str(page))
    present = pages.line_with(page, "出席：")
    wrapped = page[page.index(present) + 1]
    assert present.left == near(LEFT + 2 * CHARACTER)
    assert wrapped.left == pytest.approx(present.starts[3], abs=0.2)
    assert pages.line_with(page, "请假：").text == "请假：吴十"
    assert pages.line_with(page, "列席：").text == "列席：市政协办公室郑十一"


def test_minutes_are_not_signed_after_the_text() -> None:
    assert pages.whole_text(render(MINUTES, PACKAGED)).count("2024年3月5日") == 1
