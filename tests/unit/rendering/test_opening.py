"""The first page always shows text, whatever stands above it (GB/T 9704-2012 §7.3.2)."""

from dataclasses import replace

import pytest

from services.documents.rendering import LayoutForm, OfficialLayout, render
from shared.errors import Problem
from tests.unit.rendering import pages
from tests.unit.rendering.samples import DOCUMENT, PACKAGED

MANY_UNITS = tuple(f"青山市第{number}中学" for number in range(1, 61))
LONG_TITLE = "青山市人民政府关于" + "进一步做好政务数据共享开放和重大信息化项目建设管理" * 4 + "工作的通知"


def opens_with_text(layout: OfficialLayout) -> bool:
    return any("为了做好" in line for line in pages.texts(render(layout, PACKAGED))[0])


def test_sixty_receiving_units_with_a_short_title_stay_above_the_text() -> None:
    first = pages.texts(render(replace(DOCUMENT, recipients=MANY_UNITS[:20]), PACKAGED))[0]
    assert any(line.startswith("青山市第1中学、") for line in first)


def test_receiving_units_that_leave_no_room_for_text_move_to_the_imprint() -> None:
    pdf = render(replace(DOCUMENT, recipients=MANY_UNITS, title=LONG_TITLE), PACKAGED)
    first, *_, last = pages.texts(pdf)
    assert not any("青山市第1中学" in line for line in first)
    assert any(line.startswith("主送：青山市第1中学") for line in last)
    assert "青山市第60中学。" in "".join(last)
    assert any("为了做好" in line for line in first)


def test_an_imprint_longer_than_a_page_runs_on() -> None:
    units = tuple(f"青山市第{number}中心小学" for number in range(1, 400))
    pdf = render(replace(DOCUMENT, recipients=units), PACKAGED)
    assert "青山市第399中心小学。" in pages.whole_text(pdf)
    assert all(line.bottom < 275 for page in pages.lines(pdf) for line in page)


@pytest.mark.parametrize("form", list(LayoutForm))
@pytest.mark.parametrize("title", ["函", LONG_TITLE])
@pytest.mark.parametrize("issuers", [1, 3, 10])
def test_the_first_page_shows_text(form: LayoutForm, title: str, issuers: int) -> None:
    mark = tuple(f"青山市第{number}联合工作委员会" for number in range(issuers))
    assert opens_with_text(
        replace(DOCUMENT, form=form, mark=mark, title=title, signers=("王小明", "李大川", "赵一"))
    )


def test_a_text_that_begins_with_a_heading_shows_it_with_a_line_of_text() -> None:
    pdf = render(replace(DOCUMENT, title=LONG_TITLE, body=("一、明确责任", "为了做好工作。")), PACKAGED)
    first = pages.texts(pdf)[0]
    assert first.index("为了做好工作。") == first.index("一、明确责任") + 1


def test_jointly_issued_the_names_are_spread_to_one_width() -> None:
    pdf = render(replace(DOCUMENT, mark=("市发展和改革委员会", "市财政局")), PACKAGED)
    upper, lower, *_ = pages.red_bands(pdf)
    assert lower.top > upper.bottom
    found = [line for line in pages.lines(pdf)[0] if line.size > 30]
    assert [line.text for line in found] == ["市发展和改革委员会", "文件", "市财政局"]
    assert found[0].left == pytest.approx(found[2].left, abs=0.2)
    assert found[0].right == pytest.approx(found[2].right, abs=0.2)


def test_a_very_long_mark_stands_on_several_lines_within_the_type_area() -> None:
    name = "青山市推进政府职能转变和放管服改革协调小组电子政务与数据资源管理专项工作组办公室"
    bands = pages.red_bands(render(replace(DOCUMENT, mark=(name,)), PACKAGED))
    assert len(bands) > 2
    assert all(band.left >= 28 and band.right <= 184.5 for band in bands)


def test_thirty_attachments_are_all_named() -> None:
    names = tuple(f"防汛工作附件第{number}号" for number in range(1, 31))
    found = pages.lines(render(replace(DOCUMENT, attachment_names=names), PACKAGED))
    lines = [line for page in found for line in page if "防汛工作附件第" in line.text]
    assert [line.text.removeprefix("附件：") for line in lines] == [
        f"{number}.防汛工作附件第{number}号" for number in range(1, 31)
    ]
    assert len({round(line.left, 1) for line in lines[1:]}) == 1


@pytest.mark.parametrize(("field", "value"), [("title", " \n "), ("mark", ()), ("mark", (" ",))])
def test_without_title_or_mark_there_is_nothing_to_set(field: str, value: object) -> None:
    with pytest.raises(Problem) as refusal:
        render(replace(DOCUMENT, **{field: value}), PACKAGED)
    assert (refusal.value.status, list(refusal.value.errors)) == (422, [field])
