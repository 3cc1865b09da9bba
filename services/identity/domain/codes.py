"""Official codes: unified social credit codes, administrative divisions, issuing codes, fonds numbers."""

import re
import string
from dataclasses import dataclass
from enum import StrEnum

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError


class Level(StrEnum):
    """The level of government (层级) that a unit belongs to."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"

    @property
    def label(self) -> str:
        return LEVEL_LABELS[self]

    def is_below(self, other: "Level") -> bool:
        return _ORDER[self] > _ORDER[other]


LEVEL_LABELS: dict[Level, str] = {
    Level.PROVINCE: "省级",
    Level.CITY: "市级",
    Level.COUNTY: "县级",
    Level.TOWNSHIP: "乡级",
}
_ORDER = {level: place for place, level in enumerate(Level)}

_ORGANISATION_ALPHABET = string.digits + string.ascii_uppercase
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Division:
    """An administrative division code taken apart: its level and the code that it lies in."""

    code: str
    level: Level
    parent: str | None


def division(code: str) -> Division | None:
    """Read a division code; None when it is not one.

    Six digits down to the county (GB/T 2260), nine for a township (GB/T 10114); the parent is the
    zero-filled prefix.
    """
    if not re.fullmatch(r"[1-9]\d{5}(\d{3})?", code, re.ASCII):
        return None
    if len(code) == 9:
        return Division(code, Level.TOWNSHIP, code[:6]) if code[6:] != "000" and code[4:6] != "00" else None
    if code[2:] == "0000":
        return Division(code, Level.PROVINCE, None)
    if code[2:4] == "00":
        return None
    if code[4:] == "00":
        return Division(code, Level.CITY, code[:2] + "0000")
    return Division(code, Level.COUNTY, code[:4] + "00")


def lies_within(code: str, outer: str) -> bool:
    """Whether the division is the outer one or some part of it."""
    stem = outer.removesuffix("0000").removesuffix("00") if len(outer) == 6 else outer
    return code.startswith(stem)


def credit_code_complaint(code: str, *, register: str) -> str | None:
    """What is wrong with a unified social credit code (统一社会信用代码, GB 32100), or None.

    `register` is the two first characters that the unit's kind asks for: 11 for an organ of state,
    12 for a public institution.
    """
    try:
        uscc.validate(code)
    except ValidationError:
        return "统一社会信用代码不正确:应为18位,且校验位相符"
    if code != uscc.compact(code):
        return "统一社会信用代码只能用大写字母和数字,不带空格或短横"
    if not _is_organisation_code(code[8:17]):
        return "统一社会信用代码第9至17位不是正确的组织机构代码:末位应为其校验码"
    if not code.startswith(register):
        return f"该类单位的统一社会信用代码应以{register}开头"
    return None


def _is_organisation_code(code: str) -> bool:
    """Whether the last of nine characters checks the others (组织机构代码, GB 11714)."""
    total = sum(
        weight * _ORGANISATION_ALPHABET.index(character)
        for weight, character in zip(_WEIGHTS, code[:8], strict=True)
    )
    return code[8] == "0123456789X0"[(11 - total % 11)]


def issuing_code_complaint(code: str) -> str | None:
    """What is wrong with an issuing code (机关代字, as 萍府发 in 萍府发〔2023〕21号), or None."""
    if re.fullmatch(r"[\u4e00-\u9fa5]{1,15}", code):
        return None
    return f"机关代字“{code}”不正确:应为1至15个汉字,不带年份、括号和“号”"


def fonds_complaint(code: str) -> str | None:
    """What is wrong with a fonds number (全宗号, DA/T 13), or None."""
    return None if re.fullmatch(r"[A-Z]\d{3}", code, re.ASCII) else "全宗号应为一个大写字母加三位数字,如 Z109"
