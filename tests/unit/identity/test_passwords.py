"""Which passwords are accepted."""

import random
import unicodedata

import pytest

from services.identity.domain.passwords import (
    PasswordRule,
    common_words,
    is_common,
    normalised,
    normalised_login,
    password_complaints,
    readable_password,
)


@pytest.mark.parametrize(
    "password",
    [
        "Ganjiang-yue7ming",
        "correct horse battery staple",
        "春风又绿江南岸Wu23次",
        "tz9-kq4-Vam2-rw",
        "k7mpx-3qfha-wd6rn-t2yzc",
    ],
)
def test_a_good_password_is_accepted(password: str) -> None:
    assert password_complaints(password, ["萍乡市人民政府办公室.文书", "赵演示"]) == []


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("Ab3-efghijk", "至少12"),
        ("aB3-" * 40, "最多128"),
        ("abcdefgh123456ghx", "至少3类"),
        ("9876543210123456789012345", "过于简单"),
        ("aaaaaaaaaaaaaaaaaaaaaa", "过于简单"),
        ("abcABCabcABCabcABCabcABC", "过于简单"),
        ("abcdefghijklmnopqrstuvwxyz", "过于简单"),
        ("Woaini1314520!", "常见"),
        ("woaini1314WOAINI1314!", "常见"),
        ("P@ssw0rd2024!!", "常见"),
        ("Admin@12345678", "常见"),
        ("Pingxiang@2024", "常见"),
        ("Zhangwei@19900101", "常见"),
        ("1QAZ2wsx3edc!!", "常见"),
        ("Qwertyuiop123!", "常见"),
        ("I-Love-You-520!", "常见"),
        ("Ganjiang\x00yue7ming", "控制字符"),
    ],
)
def test_a_bad_password_is_refused_with_the_reason(password: str, said: str) -> None:
    assert any(said in complaint for complaint in password_complaints(password)), password_complaints(
        password
    )


@pytest.mark.parametrize("password", ["赵演示-Tz9kq4Vam2", "Tz9kq4Vam2-财政局", "tz9-WENSHU01-Kq4vam"])
def test_a_password_with_the_owners_names_in_it_is_refused(password: str) -> None:
    said = password_complaints(password, ["萍乡市财政局.wenshu01", "赵演示", "财政局"])
    assert any("姓名" in complaint for complaint in said)


def test_the_same_characters_typed_another_way_are_the_same_password() -> None:
    composed, taken_apart = "Café-Ｔz9kq4Vam2", unicodedata.normalize("NFD", "Café-Tz9kq4Vam2")
    assert normalised(composed) == normalised(taken_apart)
    assert normalised_login(" Ａdmin ") == "admin"


def test_lengths_count_characters_and_follow_the_offices_own_rule() -> None:
    assert password_complaints("春江花月夜张若虚唐诗七言", rule=PasswordRule(kinds=1)) == []
    assert password_complaints("Tz9-kq4", rule=PasswordRule(shortest=6)) == []


def test_the_list_has_some_thousand_entries_and_chinese_habits() -> None:
    assert len(common_words()) > 5000
    for habit in ("woaini1314", "5201314", "mima", "zhangwei1990", "1qaz2wsx"):
        assert is_common(habit)


def test_made_passwords_are_accepted_readable_and_never_the_same() -> None:
    made = {readable_password(random.Random(seed).choice) for seed in range(200)}
    assert len(made) == 200
    for password in made:
        assert password_complaints(password) == []
        assert not set(password) & set("0o1il")
