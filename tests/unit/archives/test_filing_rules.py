"""The small rules of filing: pauses, reasons, office codes, the rate, and what a correction changes."""

import errno
from datetime import date, timedelta

import pytest

from services.archives.domain.description import changed_fields
from services.archives.domain.gaps import CannotFile, is_foreseen, pause_after, reasons_of
from services.archives.domain.rate import Rate
from services.archives.domain.unit_code import unit_code
from shared.errors import not_found

ORGAN = ("萍乡市人民政府办公室", "市政府办")


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 2), (2, 4), (4, 16), (5, 30), (6, 30), (1_000_000, 30)]
)
def test_pauses_double_up_to_half_a_minute(attempts: int, seconds: int) -> None:
    assert pause_after(attempts) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("error", "reason", "foreseen"),
    [
        (CannotFile("缺少全宗号"), "缺少全宗号", True),
        (OSError(errno.ENOSPC, "full"), "存储空间不足，信息包未能保存；排除后自动归档", True),
        (OSError(errno.EIO, "I/O error"), "读写存储失败（I/O error），信息包未能保存；排除后自动归档", True),
        (not_found("x.y", "内容不存在", "请核查"), "内容不存在：请核查", True),
        (KeyError("x"), "程序处理出错（KeyError），已记入运行日志，系统会自动重试", False),
    ],
)
def test_every_failure_has_a_reason_in_words(error: Exception, reason: str, foreseen: bool) -> None:
    assert reasons_of(error) == (reason,)
    assert is_foreseen(error) is foreseen


@pytest.mark.parametrize(
    ("stated", "names", "code"),
    [
        ("MSK", ("萍乡市人民政府办公室秘书科", "市政府办秘书科"), "MSK"),
        ("360300.01.01", ("萍乡市人民政府办公室秘书科", "市政府办秘书科"), "秘书科"),
        (None, ("市政府办（督查科）", ""), "督查科"),
        (None, ("萍乡市人民政府办公室", "市政府办"), "BGS"),
        (None, ("——", ""), "BGS"),
        (None, ("一" * 30,), "一" * 20),
        (None, (), "BGS"),
    ],
)
def test_an_office_gives_its_code_or_its_own_name(
    stated: str | None, names: tuple[str, ...], code: str
) -> None:
    assert unit_code(stated=stated, office_names=names, organ_names=ORGAN, default="BGS") == code


def test_a_gap_lowers_the_rate_and_what_is_not_filed_does_not() -> None:
    assert (Rate(filed=2, waiting=1, not_filed=5).due, Rate(filed=2, waiting=1, not_filed=5).rate) == (
        3,
        "66.66",
    )
    assert Rate(filed=9_999_999, waiting=1, not_filed=0).rate == "99.99"
    assert Rate(filed=3, waiting=0, not_filed=0).rate == "100.00"
    assert Rate(filed=0, waiting=0, not_filed=4).rate is None


def test_only_what_differs_is_a_correction() -> None:
    before = {"title": "甲", "note": "", "dated": date(2025, 3, 1)}
    wanted = {"title": "甲", "note": "补充", "dated": date(2025, 3, 2), "number": "不可更正"}
    assert changed_fields(before, wanted) == {"dated": ("2025-03-01", "2025-03-02"), "note": ("", "补充")}
