"""Which kind of unit may stand under which."""

from dataclasses import replace

import pytest

from services.identity.domain.codes import Level
from services.identity.domain.units import (
    KINDS,
    Kind,
    UnitFacts,
    ancestry_complaint,
    placement_complaints,
    unit_complaints,
)

CITY = UnitFacts(
    code="360300",
    name="萍乡市人民政府",
    short_name="市政府",
    kind=Kind.GOVERNMENT,
    level=Level.CITY,
    division_code="360300",
    credit_code="113603000000000195",
    issuing_codes=("萍府发",),
    fonds_code="Z001",
)
COUNTY = replace(
    CITY,
    code="360302",
    name="安源区人民政府",
    level=Level.COUNTY,
    division_code="360302",
    parent_code="360300",
)
OFFICE = replace(
    CITY, code="360300-01", name="萍乡市人民政府办公室", kind=Kind.GENERAL_OFFICE, parent_code="360300"
)
SECTION = replace(
    OFFICE,
    code="360300-01-01",
    name="萍乡市人民政府办公室秘书科",
    kind=Kind.INTERNAL_OFFICE,
    credit_code=None,
    issuing_codes=(),
    parent_code="360300-01",
)
DEPARTMENT = replace(OFFICE, code="360300-02", name="萍乡市财政局", kind=Kind.DEPARTMENT)


@pytest.mark.parametrize(
    ("unit", "parent"),
    [
        (CITY, None),
        (COUNTY, CITY),
        (OFFICE, CITY),
        (SECTION, OFFICE),
        (DEPARTMENT, CITY),
        (SECTION, DEPARTMENT),
    ],
)
def test_the_usual_tree_is_accepted(unit: UnitFacts, parent: UnitFacts | None) -> None:
    assert unit_complaints(unit) == []
    assert placement_complaints(unit, parent) == []


@pytest.mark.parametrize(
    ("unit", "parent", "field"),
    [
        (DEPARTMENT, None, "parent_code"),
        (DEPARTMENT, DEPARTMENT, "parent_code"),
        (SECTION, SECTION, "parent_code"),
        (CITY, DEPARTMENT, "parent_code"),
        (replace(COUNTY, level=Level.CITY), CITY, "level"),
        (replace(DEPARTMENT, level=Level.COUNTY, division_code="360302"), CITY, "level"),
        (replace(COUNTY, division_code="360402"), CITY, "division_code"),
    ],
)
def test_a_unit_in_the_wrong_place_is_refused_at_the_right_field(
    unit: UnitFacts, parent: UnitFacts | None, field: str
) -> None:
    assert field in [name for name, _ in placement_complaints(unit, parent)]


@pytest.mark.parametrize(
    ("unit", "field"),
    [
        (replace(SECTION, issuing_codes=("秘发",)), "issuing_codes"),
        (replace(SECTION, credit_code="113603000000000195"), "credit_code"),
        (replace(CITY, credit_code=None), "credit_code"),
        (replace(CITY, division_code="360302"), "division_code"),
        (replace(CITY, fonds_code="109"), "fonds_code"),
        (replace(CITY, issuing_codes=("萍府发", "萍府发")), "issuing_codes"),
    ],
)
def test_wrong_facts_of_a_unit_are_refused_at_the_right_field(unit: UnitFacts, field: str) -> None:
    assert field in [name for name, _ in unit_complaints(unit)]


def test_an_office_inside_a_department_never_issues_in_its_own_name() -> None:
    assert not KINDS[Kind.INTERNAL_OFFICE].issues
    assert KINDS[Kind.GENERAL_OFFICE].issues


def test_a_circle_of_parents_is_found_and_named() -> None:
    said = ancestry_complaint("a", {"a": "b", "b": "c", "c": "a"})
    assert "a → b → c → a" in (said or "")
    assert ancestry_complaint("a", {"a": "b", "b": None}) is None
    deep: dict[str, str | None] = {str(number): str(number + 1) for number in range(20)}
    assert "过深" in (ancestry_complaint("0", deep) or "")
