"""The red-headed document stands where GB/T 9704-2012 says, within 1.5 mm."""

from dataclasses import replace
from itertools import pairwise

import pytest

from services.documents.rendering import AttachedText, OfficialLayout, Table, render
from tests.unit.rendering import pages
from tests.unit.rendering.samples import DOCUMENT, PACKAGED, text_of

WITHIN = 1.5
LEFT, RIGHT, TOP, BOTTOM = 28.0, 184.0, 37.0, 262.0
CHARACTER = 156 / 28


def near(value: float) -> object:
    return pytest.approx(value, abs=WITHIN)


def set_lines(layout: OfficialLayout) -> list[list[pages.Line]]:
    return pages.lines(render(layout, PACKAGED))


def test_the_mark_starts_35_mm_under_the_edge_of_the_type_area_and_is_centred() -> None:
    mark = pages.red_bands(render(DOCUMENT, PACKAGED))[0]
    assert mark.top == near(TOP + 35)
    assert (mark.left + mark.right) / 2 == near((LEFT + RIGHT) / 2)
    assert mark.left >= LEFT
    assert mark.right <= RIGHT


def test_the_number_is_two_lines_under_the_mark_and_the_rule_4_mm_under_the_number() -> None:
    pdf = render(DOCUMENT, PACKAGED)
    mark, rule = pages.red_bands(pdf)[0], pages.red_bands(pdf)[-1]
    number = pages.line_with(pages.lines(pdf)[0], "青政发")
    line = 225 / 22
    assert number.size == 16
    assert (number.left + number.right) / 2 == near((LEFT + RIGHT) / 2)
    assert 2 * line - WITHIN <= number.top - mark.bottom <= 2 * line + 225 / 22 * 7 / 15 + WITHIN
    assert rule.top - number.bottom == near(4)
    assert rule.left == near(LEFT)
    assert rule.right == near(RIGHT)
    assert rule.height < 1


def test_the_title_is_two_lines_under_the_rule_and_centred() -> None:
    pdf = render(DOCUMENT, PACKAGED)
    rule = pages.red_bands(pdf)[-1]
    title = [line for line in pages.lines(pdf)[0] if line.size == 22]
    assert "".join(line.text for line in title) == DOCUMENT.title
    assert title[0].top - rule.bottom == near(2 * 225 / 22)
    for line in title:
        assert (line.left + line.right) / 2 == near((LEFT + RIGHT) / 2)


def test_the_receiving_units_stand_one_line_under_the_title_at_the_left_edge() -> None:
    page = set_lines(DOCUMENT)[0]
    recipients = pages.line_with(page, "各县（区）人民政府，市政府各部门")
    title = [line for line in page if line.size == 22][-1]
    assert recipients.text.endswith("：")
    assert recipients.left == near(LEFT)
    assert recipients.top - title.bottom == near(225 / 22 + 225 / 22 * 7 / 15)


def test_a_page_has_22_lines_of_28_characters_that_fill_the_type_area() -> None:
    page = set_lines(replace(DOCUMENT, body=(text_of(28 * 60),)))[1][:-1]
    assert [len(line.text) for line in page] == [28] * 22
    assert page[0].top == near(TOP)
    assert page[-1].bottom == near(BOTTOM)
    for line in page:
        assert line.left == near(LEFT)
        assert line.right == near(RIGHT)
    pitches = [below.top - line.top for line, below in pairwise(page)]
    assert pitches == [pytest.approx(16 * 15 / 8 * pages.MM, abs=0.3)] * 21


def test_a_paragraph_begins_two_characters_in() -> None:
    first = pages.line_with(set_lines(DOCUMENT)[0], "为了做好")
    assert first.left == near(LEFT + 2 * CHARACTER)
    assert len(first.text) == 26


def test_page_numbers_stand_7_mm_under_the_type_area_on_the_outer_side() -> None:
    first, second = (page[-1] for page in set_lines(replace(DOCUMENT, body=(text_of(700),)))[:2])
    assert (first.text, second.text) == ("—1—", "—2—")
    assert first.size == 14
    assert first.top == near(BOTTOM + 7)
    assert first.right == near(RIGHT - 14 * pages.MM)
    assert second.left == near(LEFT + 14 * pages.MM)


def test_the_imprint_stands_at_the_foot_of_the_last_page_between_rules() -> None:
    pdf = render(DOCUMENT, PACKAGED)
    last = len(pages.lines(pdf)) - 1
    upper, inner, lower = pages.rules(pdf, last)
    assert lower[0] == pytest.approx(BOTTOM, abs=0.5)
    assert [length for _, length, _ in (upper, inner, lower)] == [pytest.approx(156, abs=0.2)] * 3
    assert [thickness for _, _, thickness in (upper, inner, lower)] == [
        pytest.approx(0.35, abs=0.01),
        pytest.approx(0.25, abs=0.01),
        pytest.approx(0.35, abs=0.01),
    ]
    page = pages.lines(pdf)[last]
    copies = pages.line_with(page, "抄送：")
    assert copies.text == "抄送：市委办公室、市人大常委会办公室、市政协办公室。"
    assert copies.size == 14
    assert copies.left == near(LEFT + 14 * pages.MM)
    printed = pages.line_with(page, "印发")
    assert printed.text == "青山市人民政府办公室2024年3月6日印发"
    assert printed.right == near(RIGHT - 14 * pages.MM)
    assert upper[0] < copies.top < inner[0] < printed.top < lower[0]


def test_without_copies_and_printer_there_is_no_imprint() -> None:
    pdf = render(replace(DOCUMENT, copies_to=(), printed_by="", printed_on=None), PACKAGED)
    assert pages.rules(pdf, len(pages.lines(pdf)) - 1) == []


def test_copy_number_and_urgency_stand_at_the_upper_left_under_each_other() -> None:
    number, urgency = set_lines(replace(DOCUMENT, copy_number="000123", urgency="特急"))[0][:2]
    assert (number.text, urgency.text) == ("000123", "特急")
    assert number.top == near(TOP)
    assert number.left == near(LEFT)
    assert urgency.left == near(LEFT)
    assert urgency.top - number.top == near(225 / 22)


def test_signers_stand_two_to_a_line_and_the_number_on_the_last_of_them() -> None:
    page = set_lines(replace(DOCUMENT, signers=("王小明", "李大川", "赵一")))[0]
    upper = pages.line_with(page, "签发人：")
    lower = pages.line_with(page, "赵一")
    assert upper.text == "签发人：王小明李大川"
    assert upper.right == near(RIGHT - CHARACTER)
    assert lower.text == "青政发〔2024〕12号赵一"
    assert lower.left == near(LEFT + CHARACTER)
    assert lower.starts[-2] == pytest.approx(upper.starts[4], abs=0.2)


def test_attachment_names_are_numbered_wrap_under_the_name_and_end_without_a_mark() -> None:
    names = ("物资清单。", "青山市县级防汛物资仓库清点、补充和管理登记情况一览表及填写说明")
    page = next(
        page for page in set_lines(replace(DOCUMENT, attachment_names=names)) if "附件：1." in str(page)
    )
    first, second = pages.line_with(page, "附件：1."), pages.line_with(page, "2.青山市县级")
    wrapped = page[page.index(second) + 1]
    assert first.text == "附件：1.物资清单"
    assert first.left == near(LEFT + 2 * CHARACTER)
    assert second.left == pytest.approx(first.starts[3], abs=0.2)
    assert wrapped.left == pytest.approx(first.starts[5], abs=0.2)


def test_one_attachment_is_named_without_a_number() -> None:
    assert "附件：物资清单" in pages.whole_text(
        render(replace(DOCUMENT, attachment_names=("物资清单",)), PACKAGED)
    )


def test_attachments_begin_on_new_pages_before_the_imprint() -> None:
    attached = (
        AttachedText(title="防汛物资清单", blocks=("清单如下。",)),
        AttachedText(title="联络表", blocks=(Table(rows=(("单位", "电话"), ("市水利局", "12345"))),)),
    )
    found = set_lines(replace(DOCUMENT, attachments=attached))
    first, second = found[-2], found[-1]
    assert [page[0].text for page in (first, second)] == ["附件1", "附件2"]
    assert first[0].left == near(LEFT)
    assert first[0].top == near(TOP)
    title = pages.line_with(first, "防汛物资清单")
    assert title.size == 22
    assert title.top - first[0].top == near(2 * 225 / 22)
    assert "抄送：" in "".join(line.text for line in second)
    assert "单位电话" in [line.text for line in second]


def test_an_only_attachment_has_no_number() -> None:
    found = set_lines(replace(DOCUMENT, attachments=(AttachedText(title="清单", blocks=("无。",)),)))
    assert found[-1][0].text == "附件"


def test_a_blank_paragraph_is_a_blank_line() -> None:
    page = set_lines(replace(DOCUMENT, body=("甲。", "", "乙。")))[0]
    assert pages.line_with(page, "乙。").top - pages.line_with(page, "甲。").top == near(2 * 225 / 22)
