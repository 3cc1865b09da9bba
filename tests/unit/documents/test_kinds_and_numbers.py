"""The fifteen kinds, titles, dates and document numbers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.domain.elements import dates_written_in, signature_dates, take_title_apart
from services.documents.domain.kinds import KINDS, find_kind, get_kind
from services.documents.domain.numbers import DocumentNumber, format_number, is_number, parse_number
from shared.errors import Problem


def test_there_are_fifteen_kinds_with_distinct_codes_and_names() -> None:
    assert len({kind.code for kind in KINDS}) == len({kind.name for kind in KINDS}) == 15
    assert all(kind.directions and kind.applies_to for kind in KINDS)


@pytest.mark.parametrize("word", ["命令", "令", "命令(令)", "命令（令）", "order"])
def test_an_order_goes_by_several_words(word: str) -> None:
    assert get_kind(word).code == "order"


@pytest.mark.parametrize("word", ["方案", "办法", "总结"])
def test_what_is_no_kind_is_sent_to_the_notice(word: str) -> None:
    with pytest.raises(Problem) as refused:
        get_kind(word)
    assert refused.value.code == "documents.rides_on_notice"
    assert "通知" in refused.value.detail


@pytest.mark.parametrize("word", ["", "简报", "Request", "请示报告"])
def test_an_unknown_kind_is_refused_with_the_list(word: str) -> None:
    assert find_kind(word) is None
    with pytest.raises(Problem) as refused:
        get_kind(word)
    assert "纪要" in refused.value.errors["kind"][0]


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("某市人民政府关于印发规划的通知", ("某市人民政府", "印发规划", "通知")),
        ("某市财政局关于申请经费的请示", ("某市财政局", "申请经费", "请示")),
        ("关于召开会议的函", ("", "召开会议", "函")),
        ("某市人民政府令", ("某市人民政府", "", "令")),
        ("某市人民政府常务会议纪要", ("某市人民政府常务会议", "", "纪要")),
        ("某县人民政府关于管理办法（试行）的通知", ("某县人民政府", "管理办法（试行）", "通知")),
        ("某局关于某某的实施方案", ("某局", "某某的实施", "方案")),
        ("某局关于某事的意见（试行）", ("某局", "某事", "意见")),
        ("某局 关于某事\n的报告", ("某局", "某事", "报告")),
        ("年度要点", ("年度要点", "", "")),
    ],
)
def test_a_title_is_taken_apart(title: str, parts: tuple[str, str, str]) -> None:
    taken = take_title_apart(title)
    assert (taken.issuer, taken.matter, taken.kind_word) == parts


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2023年11月27日", (2023, 11, 27)),
        ("2023 年 11 月 7 日", (2023, 11, 7)),
        ("２０２３年１１月２７日", (2023, 11, 27)),
        ("二〇二三年十一月二十七日", (2023, 11, 27)),
        ("二○二三年十月三十一日", (2023, 10, 31)),
        ("11月27日", (None, 11, 27)),
        ("二〇二四年二月十日", (2024, 2, 10)),
    ],
)
def test_dates_are_read_in_both_figures(text: str, written: tuple[int | None, int, int]) -> None:
    found = next(dates_written_in(f"于{text}前"))
    assert (found.year, found.month, found.day) == written


def test_only_a_date_on_a_line_of_its_own_signs_a_text() -> None:
    body = ("请于2024年1月1日前报送。", "某市人民政府", "2023年11月27日", "（此件公开发布）")
    found = signature_dates(body)
    assert [(each.month, each.day) for each in found] == [(11, 27)]
    assert found[0].agrees_with(date(2023, 11, 27))
    assert not found[0].agrees_with(date(2023, 11, 29))


@pytest.mark.parametrize("text", ["阜政发〔2021〕59号", "萍府发〔2023〕21号", "烟政办发〔2019〕7号"])
def test_a_good_number_round_trips(text: str) -> None:
    assert str(parse_number(text)) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("阜政发[2021]59号", "六角括号"),
        ("阜政发【2021】59号", "六角括号"),
        ("阜政发（2021）59号", "六角括号"),
        ("阜政发〔21〕59号", "四位数字"),
        ("阜政发〔2121〕59号", "四位数字"),
        ("阜政发〔2021〕059号", "虚位"),
        ("阜政发〔2021〕第59号", "第"),
        ("阜政发〔2021〕59", "号"),
        ("〔2021〕59号", "机关代字"),
        ("阜政发 〔2021〕59号", "空格"),
        ("阜政发〔2021〕59号\n", "空格"),
        ("FZ〔2021〕59号", "不合"),
        ("阜政发〔２０２１〕59号", "四位数字"),
        ("", "不合"),
    ],
)
def test_a_bad_number_is_refused_with_the_reason(text: str, reason: str) -> None:
    assert not is_number(text)
    with pytest.raises(Problem) as refused:
        parse_number(text)
    assert reason in refused.value.detail


@given(
    st.text(alphabet="萍府办发函令阜政", min_size=1, max_size=15),
    st.integers(1900, 2099),
    st.integers(1, 10**6),
)
def test_every_number_that_can_be_formatted_can_be_parsed(code: str, year: int, sequence: int) -> None:
    assert parse_number(format_number(code, year, sequence=sequence)) == DocumentNumber(code, year, sequence)


@given(st.text(max_size=30))
def test_any_text_is_either_a_number_or_refused_as_one(text: str) -> None:
    if is_number(text):
        assert str(parse_number(text)) == text
    else:
        with pytest.raises(Problem, match="bad_number"):
            parse_number(text)


@pytest.mark.parametrize(
    ("code", "year", "sequence"), [("", 2021, 1), ("AB", 2021, 1), ("某", 1899, 1), ("某", 2021, 0)]
)
def test_a_number_without_its_parts_cannot_be_made(code: str, year: int, sequence: int) -> None:
    with pytest.raises(Problem, match="bad_number"):
        format_number(code, year, sequence=sequence)
