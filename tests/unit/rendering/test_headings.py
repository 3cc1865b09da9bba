"""Levels of a text show in their numbering."""

import pytest

from services.documents.rendering.headings import Level, Split, split_heading


@pytest.mark.parametrize(
    ("paragraph", "split"),
    [
        ("一、总体要求", Split(Level.FIRST, "一、总体要求", "")),
        ("十二、保障措施", Split(Level.FIRST, "十二、保障措施", "")),
        ("（三）加强领导", Split(Level.SECOND, "（三）加强领导", "")),
        ("(三)加强领导", Split(Level.SECOND, "(三)加强领导", "")),
        ("（一）加强领导。各单位要负责。", Split(Level.SECOND, "（一）加强领导。", "各单位要负责。")),
        ("1.县级仓库", Split(None, "", "1.县级仓库")),
        ("（1）清点", Split(None, "", "（1）清点")),
        ("一是统筹规划，", Split(None, "", "一是统筹规划，")),
        ("正文。", Split(None, "", "正文。")),
        ("", Split(None, "", "")),
    ],
)
def test_the_numbering_tells_the_level(paragraph: str, split: Split) -> None:
    assert split_heading(paragraph) == split


def test_a_numbered_provision_is_text_and_no_heading() -> None:
    provision = "一、原则同意《青山市防汛应急预案》，请你们结合实际认真组织实施，并及时报告实施中的重大问题。"
    assert split_heading(provision).level is None
    assert split_heading(provision + "请认真执行。").level is None
