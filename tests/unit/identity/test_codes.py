"""Official codes: credit codes, divisions, issuing codes, fonds numbers."""

import pytest

from services.identity.domain.codes import (
    Level,
    credit_code_complaint,
    division,
    fonds_complaint,
    issuing_code_complaint,
    lies_within,
)


@pytest.mark.parametrize(
    ("code", "register"),
    [
        ("91350100M000100Y43", "91"),
        ("92371000MA3MXH0E3W", "92"),
        ("113603000000000195", "11"),
        ("11341200MB00000199", "11"),
    ],
)
def test_a_right_credit_code_is_accepted(code: str, register: str) -> None:
    assert credit_code_complaint(code, register=register) is None


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("91110000100006602T", "校验位"),
        ("113603000000000194", "校验位"),
        ("11360300000000019", "18位"),
        ("11360300000000O195", "18位"),
        ("11341200mb00000199", "大写"),
        ("113603000000000182", "组织机构代码"),
        ("1134-1200-MB00-0001-99", "空格或短横"),
        ("91350100M000100Y43", "11开头"),
    ],
)
def test_a_wrong_credit_code_is_refused_with_its_reason(code: str, said: str) -> None:
    assert said in (credit_code_complaint(code, register="11") or "")


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("360000", Level.PROVINCE, None),
        ("360300", Level.CITY, "360000"),
        ("360302", Level.COUNTY, "360300"),
        ("360302001", Level.TOWNSHIP, "360302"),
    ],
)
def test_a_division_code_tells_its_level_and_the_division_that_it_lies_in(
    code: str, level: Level, parent: str | None
) -> None:
    read = division(code)
    assert read is not None
    assert (read.level, read.parent) == (level, parent)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "36030",
        "3603000",
        "360302000",
        "360300001",
        "036030",
        "36O300",
        "360002",
        "360302001001",
        "３６０３００",
    ],
)
def test_what_is_no_division_code_is_not_read_as_one(code: str) -> None:
    assert division(code) is None


def test_a_division_lies_within_itself_and_its_parents_only() -> None:
    assert lies_within("360302001", "360302")
    assert lies_within("360302001", "360300")
    assert lies_within("360302", "360000")
    assert lies_within("360300", "360300")
    assert not lies_within("360302", "360313")
    assert not lies_within("360300", "360302")


def test_an_issuing_code_is_chinese_words_without_year_or_brackets() -> None:
    assert issuing_code_complaint("萍府办发") is None
    for wrong in ("萍府发〔2023〕", "PFF", "", "萍 府发", "字" * 16):
        assert issuing_code_complaint(wrong)


def test_a_fonds_number_is_a_letter_and_three_digits() -> None:
    assert fonds_complaint("Z109") is None
    for wrong in ("z109", "Z19", "ZZ09", "Z1090"):
        assert fonds_complaint(wrong)
