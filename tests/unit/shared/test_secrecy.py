"""Which lines are a secrecy mark, and which only speak of secrets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.secrecy import GRADES, find_secrecy_mark, mark_in_element, mark_in_text, mark_in_title

MARKS = [
    ("绝密", "绝密"),
    ("机密", "机密"),
    ("秘密", "秘密"),
    ("机密★1年", "机密"),
    ("机 密 ★ 1 年", "机密"),
    ("秘　密", "秘密"),
    ("绝密★长期", "绝密"),
    ("绝密★启用前", "绝密"),
    ("机密★", "机密"),
    ("秘密★６个月", "秘密"),
    ("秘密☆10年", "秘密"),
    ("机密*1年", "机密"),
    ("　　机密★至2030年1月1日", "机密"),
    ("机密1年", "机密"),
    ("机密（1年）", "机密"),
    ("密级：机密", "机密"),
    ("密 级: 秘 密", "秘密"),
    ("密级和保密期限：秘密★3年", "秘密"),
    ("密级 | 机密", "机密"),
    ("机密级", "机密"),
    ("【机密】", "机密"),
    ("（秘密）", "秘密"),
    ("000001 机密★1年 特急", "机密"),
    ("000001机密★1年", "机密"),
    ("份号：000012 秘密", "秘密"),
    ("机密 特急", "机密"),
    ("机密★1年特急", "机密"),
    ("机密★1年 某市人民政府文件", "机密"),
    ("秘密 某市人民政府文件", "秘密"),
    ("秘密 某政办发〔2024〕3号", "秘密"),
    ("某政办发〔2024〕3号    秘密★5年", "秘密"),
    ("機密★1年", "机密"),
    ("絕 密", "绝密"),
    ("机\u200b密★1年", "机密"),
    ("\ufeff秘密", "秘密"),
]
ORDINARY = [
    "严守国家秘密，保护商业秘密。",
    "保密局",
    "国家秘密",
    "商业秘密",
    "工作秘密",
    "各单位要严格保守工作秘密和个人隐私",
    "国家秘密的密级分为绝密、机密、秘密三级。",
    "绝密、机密、秘密",
    "机密文件的传递应当通过机要渠道",
    "机密级计算机不得联网",
    "秘密举报的线索由专人办理",
    "首页左上角标注“机密★1年”字样的，按规定管理",
    "内部",
    "内部资料 注意保存",
    "内部★1年",
    "密级：无",
    "密级：公开",
    "密级：",
    "非密",
    "不涉密",
    "秘书处",
    "机要室",
    "绝不泄密",
    "第三条 秘密载体的管理适用本规定",
    "一、机密载体清查",
    "某市国家保密局文件",
    "关于做好保密工作的通知",
    "评价等级：★★★",
    "特急",
    "",
]


@pytest.mark.parametrize(("line", "grade"), MARKS)
def test_a_mark_is_seen_in_every_way_it_is_written(line: str, grade: str) -> None:
    mark = find_secrecy_mark(["某市人民政府文件", line, "关于做好有关工作的通知"])
    assert mark is not None
    assert mark.grade == grade


@pytest.mark.parametrize("line", ORDINARY)
def test_a_sentence_about_secrets_is_no_mark(line: str) -> None:
    assert find_secrecy_mark([line]) is None


@pytest.mark.parametrize(
    "title", ["关于报送名单的通知（机密）", "（秘密）关于报送名单的通知", "关于报送名单的通知【秘密★1年】"]
)
def test_a_bracketed_grade_marks_a_title(title: str) -> None:
    assert mark_in_title(title) is not None


@pytest.mark.parametrize(
    "title",
    ["关于开展国家秘密定密工作的通知", "关于印发商业秘密保护办法（试行）的通知", "关于（秘密）定密的函复"],
)
def test_a_title_may_speak_of_secrets(title: str) -> None:
    assert mark_in_title(title) is None


@pytest.mark.parametrize("value", ["机密", "秘密★1年", "绝密 ★ 长期", "机密级"])
def test_any_grade_in_the_element_is_a_mark(value: str) -> None:
    assert mark_in_element(value) is not None


@pytest.mark.parametrize("value", ["", "无", "内部", "公开", "非密", "非涉密", "非秘密"])
def test_other_words_in_the_element_are_no_grade(value: str) -> None:
    assert mark_in_element(value) is None


def test_the_mark_is_quoted_as_it_stands() -> None:
    mark = find_secrecy_mark(["  机 密 ★ 1 年  "])
    assert mark is not None
    assert mark.quote == "机 密 ★ 1 年"


@given(
    st.sampled_from(GRADES),
    st.sampled_from(["", "★", "★1年", "★长期"]),
    st.text(alphabet=" 　\t", max_size=5),
)
def test_spaces_never_hide_a_mark(grade: str, term: str, gap: str) -> None:
    assert find_secrecy_mark([gap + grade[0] + gap + grade[1] + gap + term + gap]) is not None


@given(st.text(max_size=2000))
def test_any_line_is_decided_quickly(line: str) -> None:
    find_secrecy_mark([line])
    mark_in_title(line)


@pytest.mark.timeout(10)
@pytest.mark.parametrize("piece", [" ", "1 [ ", "密级：[ ", "（机密", "★ 机 ", "至2030年 "])
def test_a_line_made_to_be_slow_is_decided_quickly(piece: str) -> None:
    assert find_secrecy_mark([piece * 50_000 + "密"]) is None
    assert mark_in_title(piece * 50_000) is None


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("关于某事的通知（机密）", "机密"),
        ("标题\n绝密\n正文", "绝密"),
        ("标题\n机 密 ★ 1 年", "机密"),
        ("加强机密文件管理", None),
        ("讲明密级\n密级分为三级（绝密、机密、秘密）", None),
        ("", None),
    ],
)
def test_what_a_person_types_is_looked_at_line_by_line(text: str, grade: str | None) -> None:
    mark = mark_in_text(text)
    assert (mark.grade if mark else None) == grade
