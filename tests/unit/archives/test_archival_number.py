"""Archival numbers: the forms of both standards are written, read back, and refused when they are wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.archives.domain.archival_number import (
    DA_T_13,
    DA_T_13_WITHOUT_UNIT,
    DA_T_22,
    ArchivalNumberInvalid,
    Retention,
    Template,
)


@pytest.mark.parametrize(
    ("pattern", "unit", "retention", "item", "number"),
    [
        (DA_T_22, "BGS", Retention.PERMANENT, 1, "Z109-WS·2011-Y-BGS-0001"),
        (DA_T_22, "BGS", Retention.YEARS_30, 27, "Z109-WS·2011-D30-BGS-0027"),
        (DA_T_13, "办公室", Retention.PERMANENT, 1, "Z109-WS·2011·Y·办公室-0001"),
        (DA_T_13_WITHOUT_UNIT, "BGS", Retention.YEARS_10, 37, "Z109-WS·2011·D10-037"),
        (DA_T_22, "BGS", Retention.PERMANENT, 10_000, "Z109-WS·2011-Y-BGS-10000"),
    ],
)
def test_a_number_is_written_in_the_form_and_read_back(
    pattern: str, unit: str, retention: Retention, item: int, number: str
) -> None:
    template = Template(pattern)
    series = template.series("Z109", "WS", year=2011, retention=retention, unit=unit)
    assert template.format(series, item=item) == number
    assert template.parse(number).series == series
    assert template.parse(number).item == item


def test_a_form_without_unit_numbers_all_units_together() -> None:
    template = Template(DA_T_13_WITHOUT_UNIT)
    one = template.series("Z109", "WS", year=2011, retention=Retention.PERMANENT, unit="BGS")
    other = template.series("Z109", "WS", year=2011, retention=Retention.PERMANENT, unit="RSK")
    assert one == other
    assert one.text() == "Z109/WS/2011/Y/"


def test_each_unit_year_and_retention_is_a_series_of_its_own() -> None:
    template = Template()
    keys = {
        template.series("Z109", "WS", year=year, retention=retention, unit=unit).text()
        for year in (2010, 2011)
        for retention in Retention
        for unit in ("BGS", "RSK")
    }
    assert len(keys) == 12


@pytest.mark.parametrize(
    "number",
    [
        "Z109-WS·2011-Y-BGS-0000",
        "Z109-WS·2011-Y-BGS-001",
        "Z109-WS·2011-Y-BGS-00001",
        "Z109-WS·2011-D20-BGS-0001",
        "z109-WS·2011-Y-BGS-0001",
        "Z109-XX·2011-Y-BGS-0001",
        "Z109-WS·1811-Y-BGS-0001",
        "Z109-WS·2011-Y-BGS-0001\n",
        "Z109-WS·2011-Y-BGS-０００１",
        "Z109-WS·2011·Y·办公室-0001",
        "",
    ],
)
def test_a_number_in_another_form_is_refused(number: str) -> None:
    with pytest.raises(ArchivalNumberInvalid):
        Template().parse(number)


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("{fonds}-{category}·{year}-{unit}-{item:04}", "档号规则缺少 {retention}"),
        ("{fonds}-{category}·{year}-{retention}-{item:04}-{unit}", "结尾"),
        ("{fonds}{category}·{year}-{retention}-{item:04}", "分隔符"),
        ("{fonds}-{category}·{year}-{year}-{retention}-{item:04}", "出现多次"),
        ("{fonds}-{category}·{year}-{retention}-{fonds.__class__}-{item:04}", "不认识的部分"),
        ("第{fonds}-{category}·{year}-{retention}-{item:04}", "以一个部分开头"),
        ("{fonds}-{category}·{year}-{retention}-{item}", "不认识的部分 {item}"),
    ],
)
def test_a_form_whose_numbers_could_not_be_read_back_is_refused(pattern: str, reason: str) -> None:
    with pytest.raises(ArchivalNumberInvalid, match=reason.replace("{", r"\{")):
        Template(pattern)


@pytest.mark.parametrize(
    ("fonds", "category", "year", "unit", "reason"),
    [
        ("109", "WS", 2011, "BGS", "全宗号"),
        ("Z109", "QQ", 2011, "BGS", "档案门类代码"),
        ("Z109", "WS", 11, "BGS", "年度"),
        ("Z109", "WS", 2011, None, "机构"),
        ("Z109", "WS", 2011, "B-S", "机构"),
    ],
)
def test_a_wrong_part_is_refused_by_its_name(
    fonds: str, category: str, year: int, unit: str | None, reason: str
) -> None:
    with pytest.raises(ArchivalNumberInvalid, match=reason):
        Template().series(fonds, category, year=year, retention=Retention.PERMANENT, unit=unit)


@given(
    fonds=st.from_regex(r"[A-Z][0-9]{3}", fullmatch=True),
    year=st.integers(1949, 2099),
    retention=st.sampled_from(Retention),
    unit=st.from_regex(r"[A-Z0-9一-龥]{1,20}", fullmatch=True),
    item=st.integers(1, 200_000),
    pattern=st.sampled_from([DA_T_22, DA_T_13, DA_T_13_WITHOUT_UNIT]),
)
def test_any_number_that_is_written_can_be_read(
    fonds: str, year: int, retention: Retention, unit: str, item: int, pattern: str
) -> None:
    template = Template(pattern)
    series = template.series(fonds, "WS", year=year, retention=retention, unit=unit)
    found = template.parse(template.format(series, item=item))
    assert (found.series, found.item) == (series, item)
