"""Terms for Chinese full-text search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql

from shared.calendar_days import CalendarDay
from shared.search import bigrams, found_by, query_terms

NUMBER = "阜政发〔2021〕59号"
han = st.text(alphabet="数字政府建设规划一网协同办文督查〇", min_size=0, max_size=30)


def finds(query: str, *texts: str) -> bool:
    terms = query_terms(query)
    return bool(terms) and set(terms) <= set(bigrams(*texts))


@pytest.mark.parametrize(
    "query",
    [NUMBER, "阜政发[2021]59", "阜政发［２０２１］５９号", "阜政发2021", "2021 59", "〔2021〕59号", "政发"],
)
def test_a_document_number_is_found_however_it_is_typed(query: str) -> None:
    assert finds(query, "关于印发规划的通知", NUMBER)


@pytest.mark.parametrize("query", ["阜政发〔2021〕5", "阜政发〔2021〕590号", "阜府发", "2022"])
def test_another_number_is_not_found(query: str) -> None:
    assert not finds(query, NUMBER)


@pytest.mark.parametrize(
    ("query", "found"),
    [("数字", True), ("字数", False), ("府", True), ("数字政府建设", True), ("建设 数字", True),
     ("ipv6", True), ("IPV6网络", True), ("5g", True), ("ipv", False), ("规划", False), ("，。！", False), ("", False)],
)  # fmt: skip
def test_pairs_words_and_single_characters(query: str, found: bool) -> None:
    assert finds(query, "“数字政府”建设中的ＩＰｖ６网络与5G") is found


def test_terms_do_not_reach_across_marks_or_texts() -> None:
    assert bigrams("甲，乙", "丙") == sorted(["甲", "乙", "丙"])
    assert query_terms("甲乙丙") == ["乙丙", "甲乙"]


def test_missing_texts_are_skipped() -> None:
    assert bigrams(None, "", "通知") == ["知", "通", "通知"]


def test_rare_characters_of_names_are_searchable() -> None:
    assert finds("㐂𠀀", "张㐂𠀀")


def test_an_endless_word_is_cut() -> None:
    assert bigrams("a" * 500) == ["a" * 64]
    assert finds("a" * 500, "a" * 500)


@given(han, han, han)
def test_every_part_of_a_text_finds_it(before: str, part: str, after: str) -> None:
    assert finds(part, before + part + after) or not part


@given(st.text())
def test_any_text_gives_sorted_distinct_terms_that_include_its_query(text: str) -> None:
    terms = bigrams(text)
    assert terms == sorted(set(terms))
    assert set(query_terms(text)) <= set(terms)


def test_the_condition_is_array_containment() -> None:
    sql = str(found_by(CalendarDay.source, "公文").compile(dialect=postgresql.dialect()))
    assert "@>" in sql
    assert "AS TEXT[]" in sql


def test_a_query_of_marks_alone_finds_nothing() -> None:
    assert str(found_by(CalendarDay.source, "——").compile()) == "false"
