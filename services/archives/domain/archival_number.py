"""The archival number (档号): its form is a template of the fonds, its serial part is gap-free within a
series.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

DA_T_22 = "{fonds}-{category}·{year}-{retention}-{unit}-{item:04}"
DA_T_13 = "{fonds}-{category}·{year}·{retention}·{unit}-{item:04}"
DA_T_13_WITHOUT_UNIT = "{fonds}-{category}·{year}·{retention}-{item:03}"
DEFAULT_TEMPLATE = DA_T_22

# 档案门类代码 as given with DA/T 13; a fonds may use those that it needs.
CATEGORIES = {
    "WS": "文书",
    "KJ": "科技",
    "RS": "人事",
    "KU": "会计",
    "ZY": "专业",
    "ZP": "照片",
    "LY": "录音",
    "LX": "录像",
    "SJ": "业务数据",
    "YJ": "公务电子邮件",
    "WY": "网页",
    "MT": "社交媒体",
    "SW": "实物",
}

_PARTS = {
    "fonds": r"[A-Z][0-9]{3}",
    "category": r"[A-Z]{2}",
    "year": r"(?:19|20)[0-9]{2}",
    "retention": r"Y|D30|D10",
    "unit": r"[A-Z0-9\u4e00-\u9fa5]{1,20}",
}
_PART_NAMES = {
    "fonds": "全宗号（一个大写字母加三位数字，如 Z109）",
    "category": "档案门类代码（" + "、".join(CATEGORIES) + "）",
    "year": "年度（四位数字，19 或 20 开头）",
    "retention": "保管期限代码（Y、D30 或 D10）",
    "unit": "机构（问题）代码（1–20 个大写字母、数字或汉字）",
}
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_ITEM = re.compile(r"item:0([3-9])")
_REQUIRED = ("fonds", "category", "year", "retention", "item")
_SEPARATOR = re.compile(r"[-·.]")


class Retention(StrEnum):
    """保管期限 with its code in the archival number; there are only these three (国家档案局令第8号)."""

    PERMANENT = "Y"
    YEARS_30 = "D30"
    YEARS_10 = "D10"

    @property
    def term(self) -> str:
        return _TERMS[self]


_TERMS = {
    Retention.PERMANENT: "永久",
    Retention.YEARS_30: "30年",
    Retention.YEARS_10: "10年",
}


class ArchivalNumberInvalid(ValueError):
    """A template, a part or a number breaks the form; `reasons` says in Chinese what is wrong."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("；".join(self.reasons))


@dataclass(frozen=True, kw_only=True)
class SeriesKey:
    """The series within which item numbers (件号) run from 1 without a gap; `unit` is None where the form
    has none.
    """

    fonds: str
    category: str
    year: int
    retention: Retention
    unit: str | None = None

    def text(self) -> str:
        """The key as one string, fit as the name of a counter."""
        parts = (self.fonds, self.category, str(self.year), self.retention.value, self.unit or "")
        return "/".join(parts)


@dataclass(frozen=True, kw_only=True)
class ArchivalNumber:
    """A 档号 taken apart: its series and its item number (件号)."""

    series: SeriesKey
    item: int


@dataclass(frozen=True)
class Template:
    """The form of a fonds' archival numbers, such as
    `{fonds}-{category}·{year}-{retention}-{unit}-{item:04}`.

    The default follows DA/T 22-2015 (`Z109-WS·2011-Y-BGS-0001`), the other one DA/T 13-2022
    (`Z109-WS·2011·Y·办公室-0001`). ArchivalNumberInvalid when numbers made by it could not be read back.
    """

    pattern: str = DEFAULT_TEMPLATE

    def __post_init__(self) -> None:
        if reasons := _template_reasons(self.pattern):
            raise ArchivalNumberInvalid(reasons)

    @property
    def has_unit(self) -> bool:
        return "{unit}" in self.pattern

    def series(
        self, fonds: str, category: str, *, year: int, retention: Retention, unit: str | None = None
    ) -> SeriesKey:
        """The counter for these parts: two items of one series may never get the same number.

        A form without a unit part numbers all units together, otherwise two units' items would share a
        number.
        """
        given = {"fonds": fonds, "category": category, "year": str(year), "retention": str(retention)}
        if self.has_unit:
            given["unit"] = unit or ""
        if reasons := _part_reasons(given):
            raise ArchivalNumberInvalid(reasons)
        return SeriesKey(
            fonds=fonds,
            category=category,
            year=year,
            retention=retention,
            unit=unit if self.has_unit else None,
        )

    def format(self, series: SeriesKey, *, item: int) -> str:
        """The 档号 of that item; an item number over the width is written in full, so filing never stops."""
        if item < 1:
            raise ArchivalNumberInvalid(("件号从 1 开始",))
        return self.pattern.format(
            fonds=series.fonds,
            category=series.category,
            year=series.year,
            retention=series.retention.value,
            unit=series.unit or "",
            item=item,
        )

    def parse(self, number: str) -> ArchivalNumber:
        """The parts of a 档号 in this form; ArchivalNumberInvalid when it is in another form."""
        match = _reader(self.pattern).fullmatch(number)
        if match is None:
            raise ArchivalNumberInvalid((f"档号“{number}”不符合本全宗的档号规则 {self.pattern}",))
        parts = match.groupdict()
        series = self.series(
            parts["fonds"],
            parts["category"],
            year=int(parts["year"]),
            retention=Retention(parts["retention"]),
            unit=parts.get("unit"),
        )
        found = ArchivalNumber(series=series, item=int(parts["item"]))
        if found.item < 1 or self.format(series, item=found.item) != number:
            raise ArchivalNumberInvalid((f"档号“{number}”的件号写法不对",))
        return found


def _template_reasons(pattern: str) -> list[str]:
    written = _PLACEHOLDER.findall(pattern)
    names = ["item" if _ITEM.fullmatch(name) else name for name in written]
    literals = _PLACEHOLDER.split(pattern)[::2]
    unknown = [name for name in written if name not in _PARTS and not _ITEM.fullmatch(name)]
    reasons = [f"档号规则中有不认识的部分 {{{name}}}" for name in unknown]
    reasons += [f"档号规则缺少 {{{name}}}" for name in _REQUIRED if name not in names]
    reasons += [f"档号规则中 {{{name}}} 出现多次" for name in _PARTS if names.count(name) > 1]
    if names.count("item") > 1 or (names and names[-1] != "item") or literals[-1]:
        reasons.append("档号规则应以件号 {item:04} 结尾，且只出现一次")
    if literals[0]:
        reasons.append("档号规则应以一个部分开头")
    if not all(_SEPARATOR.fullmatch(text) for text in literals[1:-1]):
        reasons.append("档号规则的各部分之间应有一个分隔符：- · 或 .")
    return reasons


def _part_reasons(parts: dict[str, str]) -> list[str]:
    reasons = [
        f"“{text}”不是有效的{_PART_NAMES[name]}"
        for name, text in parts.items()
        if not re.fullmatch(_PARTS[name], text)
    ]
    if not reasons and parts["category"] not in CATEGORIES:
        reasons.append(f"“{parts['category']}”不是有效的{_PART_NAMES['category']}")
    return reasons


def _reader(pattern: str) -> re.Pattern[str]:
    def group(name: str) -> str:
        width = _ITEM.fullmatch(name)
        body = rf"[0-9]{{{width[1]},}}" if width else _PARTS[name]
        return f"(?P<{'item' if width else name}>{body})"

    pieces = _PLACEHOLDER.split(pattern)
    texts = (re.escape(piece) if place % 2 == 0 else group(piece) for place, piece in enumerate(pieces))
    return re.compile("".join(texts))
