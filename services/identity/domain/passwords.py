"""Passwords: which are accepted, and how a readable one is made."""

import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, kw_only=True)
class PasswordRule:
    """What an office asks of a password; lengths count characters (code points) after normalisation.

    The length follows NIST SP 800-63B (long, no forced change, a list of common ones). 等保三级
    (GB/T 22239-2019 8.1.4.1) asks for complexity: `kinds` of characters, from which a passphrase of
    `passphrase` characters is free.
    """

    shortest: int = 12
    longest: int = 128
    kinds: int = 3
    passphrase: int = 20


DEFAULT_RULE = PasswordRule()

_DISTINCT_AT_LEAST = 5
_LOOKS_LIKE = str.maketrans(
    {"@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", "$": "s", "5": "s", "7": "t"}
)
_WORD = re.compile(r"[^\W\d_]+")
_SEQUENCES = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
# No 0 o 1 l i: what is read from paper or a screen must be typed without guessing.
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_DIGITS = "23456789"


def normalised(password: str) -> str:
    """The form that is checked and hashed: the same characters however a keyboard composes them (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def normalised_login(login_name: str) -> str:
    """The form in which login names are compared: NFKC, no outer blanks, letters folded."""
    return unicodedata.normalize("NFKC", login_name).strip().casefold()


def password_complaints(
    password: str, names: Iterable[str] = (), *, rule: PasswordRule = DEFAULT_RULE
) -> list[str]:
    """What is wrong with a new password, in Chinese; nothing when it is good.

    `names` are what an attacker tries first: the login name, the person's name, the unit's names.
    """
    text = normalised(password)
    found: list[str] = []
    if len(text) < rule.shortest:
        found.append(f"口令至少{rule.shortest}个字符")
    if len(text) > rule.longest:
        return [*found, f"口令最多{rule.longest}个字符"]
    if any(unicodedata.category(character).startswith("C") for character in text):
        found.append("口令不能含有控制字符")
    if len(text) < rule.passphrase and _kinds(text) < rule.kinds:
        found.append(
            f"口令应含有大写字母、小写字母、数字、其他字符中的至少{rule.kinds}类,或不少于{rule.passphrase}个字符"
        )
    if _is_monotonous(text):
        found.append("口令过于简单:不能全是数字、重复的字符或连续的字符")
    elif is_common(text):
        found.append("口令属于常见口令,很容易被猜到")
    if _mentions(text, names):
        found.append("口令不能包含登录名、姓名或单位名称")
    return found


def is_common(password: str) -> bool:
    """Whether the password is, or is made of no more than, one or two common words with digits and signs.

    Letters written as look-alike digits and signs (P@ssw0rd) count as the letters.
    """
    text = normalised(password).casefold()
    known = common_words()
    if text in known or "".join(re.findall(r"\w", text)) in known:
        return True
    bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
    return any(_all_common(_WORD.findall(spelt), known) for spelt in (bare, bare.translate(_LOOKS_LIKE)))


@cache
def common_words() -> frozenset[str]:
    """The shipped list; `deploy/passwords/make_list.py` writes it."""
    listed = files("services.identity.domain").joinpath("common-passwords.txt").read_text(encoding="ascii")
    return frozenset(listed.split())


def readable_password(choose: Callable[[Sequence[str]], str] = secrets.choice) -> str:
    """A random password that can be read out and typed: four groups of five, 99 bits.

    `choose` picks one of several with equal chance; tests pass their own.
    """
    while True:
        groups = ["".join(choose(_LETTERS + _DIGITS) for _ in range(5)) for _ in range(4)]
        password = "-".join(groups)
        if not password_complaints(password):
            return password


def _all_common(runs: list[str], known: frozenset[str]) -> bool:
    if "".join(runs) in known:
        return True
    return bool(runs) and len(set(runs)) <= 2 and all(run in known for run in runs)


def _kinds(text: str) -> int:
    tests: list[Callable[[str], bool]] = [
        lambda c: c.isupper(),
        lambda c: c.islower(),
        lambda c: c.isdigit(),
        lambda c: not (c.isupper() or c.islower() or c.isdigit()),
    ]
    return sum(any(test(character) for character in text) for test in tests)


def _is_monotonous(text: str) -> bool:
    folded = text.casefold()
    if text.isdigit() or len(set(folded)) < _DISTINCT_AT_LEAST:
        return True
    if re.fullmatch(r"(.{1,6}?)\1+", folded, re.DOTALL):
        return True
    return any(folded in sequence or folded[::-1] in sequence for sequence in _SEQUENCES)


def _mentions(text: str, names: Iterable[str]) -> bool:
    folded = text.casefold()
    parts = {part for name in names for part in re.split(r"[\W_]+", normalised(name).casefold())}
    return any(part in folded for part in parts if len(part) >= (4 if part.isascii() else 2))
