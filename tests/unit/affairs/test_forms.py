"""Forms: what is wrong is told by field, in Chinese."""

from typing import Any

import pytest

from services.affairs.domain.forms import filled_fields, form_faults, schema_faults

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "kind": {"enum": ["调入", "调出"]},
        "date": {"type": "string", "format": "date"},
        "people": {
            "type": "array",
            "maxItems": 2,
            "items": {"$ref": "#/$defs/person"},
        },
    },
    "required": ["kind", "people"],
    "additionalProperties": False,
    "$defs": {
        "person": {
            "type": "object",
            "properties": {"name": {"type": "string", "minLength": 2}, "phone": {"pattern": "^1[0-9]{10}$"}},
            "required": ["name"],
        }
    },
}


# Each definition stands twice in the one before: four lines that unfold into half a million.
LAUGHS = {f"d{at}": {"allOf": [{"$ref": f"#/$defs/d{at + 1}"}] * 2} for at in range(18)} | {"d18": {}}


def test_a_sound_form_and_what_is_filled_in_it() -> None:
    form = {"kind": "调入", "people": [{"name": "李娟", "phone": "13800000000"}], "date": ""}
    assert schema_faults(SCHEMA) == {}
    assert form_faults(SCHEMA, {**form, "date": "2026-11-02"}) == {}
    assert filled_fields(form) == ["kind", "people"]


def test_every_fault_is_at_its_field() -> None:
    form = {"kind": "借调", "date": "明天", "people": [{"phone": "110"}, {"name": "李"}, {}], "x": 1}
    assert form_faults(SCHEMA, form) == {
        "form.x": ["表单中没有这个字段"],
        "form.date": ["应为日期，形如 2026-11-02"],
        "form.kind": ["应为下列之一：调入、调出"],
        "form.people": ["至多 2 项"],
        "form.people.0.name": ["必填"],
        "form.people.0.phone": ["格式不正确"],
        "form.people.1.name": ["至少 2 个字"],
        "form.people.2.name": ["必填"],
    }


def test_several_missing_fields_are_each_told() -> None:
    assert form_faults(SCHEMA, {}) == {"form.kind": ["必填"], "form.people": ["必填"]}


@pytest.mark.parametrize(
    "schema",
    [
        [],
        {"type": "object", "$id": "https://example.com/form"},
        {"type": "object", "properties": {"a": {"$dynamicRef": "other"}}},
        {"type": "object", "properties": {"a": {"$ref": "https://example.com/form"}}},
        {"type": "object", "properties": {"a": {"$ref": "#/$defs/missing"}}},
        {"type": "object", "properties": {"a": {"$dynamicRef": "#k"}}},
        {"type": "object", "allOf": [{"$ref": "#"}]},
        {"type": "object", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"not": {"$ref": "#/$defs/a"}}}},
        {"type": "object", "$defs": LAUGHS, "properties": {"a": {"$ref": "#/$defs/d0"}}},
        {"type": "object", "patternProperties": {"(": {}}},
        {"type": "object", "description": "长" * 40_000},
    ],
)
def test_an_unusable_schema_is_refused(schema: Any) -> None:
    assert schema_faults(schema)


def test_a_field_may_be_called_like_a_keyword() -> None:
    schema = {"type": "object", "properties": {"pattern": {"type": "string"}, "$ref": {"type": "string"}}}
    assert schema_faults(schema) == {}


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+",
        "((a+))+",
        "^(a|aa)+$",
        "(a|a){30}",
        "(.*a){20}",
        "(a?){30}",
        "a*b*c*d*e",
        r"(a+)\1",
        "(",
        "a" * 201,
    ],
)
def test_a_pattern_that_takes_for_ever_is_refused(pattern: str) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "pattern": pattern}}}
    assert list(schema_faults(schema)) == ["form.properties.a.pattern"]


@pytest.mark.parametrize(
    "pattern", ["^1[0-9]{10}$", r"^[^@\s]+@[^@\s]+\.[a-z]+$", "^(调入|调出)$", r"^\d{4}(-\d{2})?$"]
)
def test_an_ordinary_pattern_is_taken(pattern: str) -> None:
    assert (
        schema_faults({"type": "object", "properties": {"a": {"type": "string", "pattern": pattern}}}) == {}
    )


def test_an_answer_that_takes_for_ever_to_check_is_refused() -> None:
    schema = {
        "type": "object",
        "properties": {
            "code": {"type": "string", "pattern": "^a*a*a*b$"},
            "rows": {"type": "array", "uniqueItems": True},
        },
    }
    assert schema_faults(schema) == {}
    assert form_faults(schema, {"code": "a" * 100_000}) == {"form.code": ["格式不正确"]}
    assert form_faults(schema, {"rows": [{"x": at} for at in range(5_000)]}) == {"form.rows": ["至多 200 项"]}
    assert form_faults(schema, {"x" * 5_000: 1}) == {"form": ["字段名不得超过 100 个字"]}
