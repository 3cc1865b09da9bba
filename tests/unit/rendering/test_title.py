"""Titles break between words into a trapezoid or a diamond."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.rendering.title import break_title, width

NAMES = ("青山市人民政府", "青山市人民政府办公室", "青山市水利局")


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("函", ("函",)),
        ("关于做好防汛工作的通知", ("关于做好防汛工作的通知",)),
        (
            "青山市人民政府关于印发青山市“数字政府”建设规划（2021—2025年）的通知",
            ("青山市人民政府关于印发", "青山市“数字政府”建设规划", "（2021—2025年）的通知"),
        ),
        (
            "青山市水利局关于2024年防汛抗旱工作情况和下一步工作安排的报告",
            ("青山市水利局", "关于2024年防汛抗旱工作情况和", "下一步工作安排的报告"),
        ),
    ],
)
def test_lines_end_where_words_end(title: str, lines: tuple[str, ...]) -> None:
    assert break_title(title, names=NAMES) == lines


def test_breaks_that_the_author_made_are_kept() -> None:
    assert break_title("青山市人民政府\n关于防汛工作的\n\n通知") == (
        "青山市人民政府",
        "关于防汛工作的",
        "通知",
    )


@pytest.mark.parametrize(
    "whole",
    ["青山市人民政府", "2024年", "〔2024〕12号", "的通知", "第三季度", "12345678"],
)
def test_what_belongs_together_is_never_torn(whole: str) -> None:
    for before in range(22):
        title = (
            "关于" + "甲" * before + whole + "乙" * (25 - before) + ("" if whole == "的通知" else "的通知")
        )
        if whole == "的通知":
            title = "关于" + "甲" * (17 + before) + whole
        assert any(whole in line for line in break_title(title, names=NAMES)), title


def test_the_lines_of_a_long_title_grow_and_then_shrink() -> None:
    lengths = [width(line) for line in break_title("测" * 118 + "通知")]
    top = lengths.index(max(lengths))
    assert lengths[: top + 1] == sorted(lengths[: top + 1])
    assert lengths[top:] == sorted(lengths[top:], reverse=True)


@given(st.text(alphabet="关于印发青山市的《》“”（）、，2024年abc 通知和政府工作", min_size=1, max_size=120))
def test_nothing_is_lost_and_no_line_starts_with_a_closing_mark(title: str) -> None:
    found = break_title(title.strip())
    assert "".join(found).replace(" ", "") == title.replace(" ", "")
    if not any(mark * 2 in title for mark in "《》“”（）、，"):
        assert all(width(line) <= 20 for line in found) or len(title) < 3


def test_a_title_of_120_characters_is_broken_in_time() -> None:
    assert len(break_title("一" * 120)) in (6, 7)
