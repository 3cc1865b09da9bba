"""A matter's form as JSON Schema (draft 2020-12): checked itself on saving, and what applicants fill in by it.

Messages are by field and in Chinese, because an applicant reads them.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.validators import extend

from services.affairs.domain.patterns import matches, pattern_fault

DRAFT = "https://json-schema.org/draft/2020-12/schema"
LARGEST_SCHEMA = 64 * 1024
LARGEST_FORM = 256 * 1024
LONGEST_LIST = 200
LONGEST_NAME = 100
MOST_PARTS = 3_000
_DEFINED = "#/$defs/"
_REFERENCE = re.compile(r"#/\$defs/[^/~%]{1,100}")
_NAMING = ("$id", "$anchor", "$dynamicAnchor", "$dynamicRef")
_TYPES = {
    "string": "文字",
    "integer": "整数",
    "number": "数字",
    "boolean": "是或否",
    "array": "列表",
    "object": "一组字段",
    "null": "空",
}


def schema_faults(schema: Any) -> dict[str, list[str]]:
    """What is wrong with a form's schema, by place in it; empty when it may be used."""
    if not isinstance(schema, dict):
        return {"form": ["表单应为 JSON Schema 对象"]}
    if len(json.dumps(schema, ensure_ascii=False).encode()) > LARGEST_SCHEMA:
        return {"form": [f"表单不得超过 {LARGEST_SCHEMA // 1024} KB"]}
    if schema.get("$schema", DRAFT).rstrip("#") != DRAFT:
        return {"form.$schema": ["只支持 JSON Schema draft 2020-12"]}
    if schema.get("type") != "object":
        return {"form.type": ["表单最外层的 type 应为 object"]}
    faults: dict[str, list[str]] = {}
    for place, message in _place_faults(schema, "form"):
        faults.setdefault(place, []).append(message)
    if faults:
        return faults
    if words := _weigh(schema):
        return {"form.$defs": [words]}
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        place = ".".join(["form", *map(str, error.absolute_path)])
        return {place: [f"不符合 JSON Schema：{error.message[:200]}"]}
    return {}


def _place_faults(part: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(part, list):
        for at, inner in enumerate(part):
            yield from _place_faults(inner, f"{place}.{at}")
    if not isinstance(part, dict):
        return
    for name, inner in part.items():
        here = f"{place}.{name}"
        # A form may have a field that is called like a keyword; then its value is a schema, not a text.
        if name == "$ref" and isinstance(inner, str) and not _is_defined(inner):
            yield here, "只能引用本表单 $defs 中的定义，不得引用外部地址"
        if name in _NAMING and isinstance(inner, str):
            yield here, f"不得声明 {name}"
        if name == "pattern" and isinstance(inner, str) and (words := pattern_fault(inner)):
            yield here, words
        if name == "patternProperties" and isinstance(inner, dict):
            yield from ((f"{here}.{key}", words) for key in inner if (words := pattern_fault(str(key))))
        yield from _place_faults(inner, here)


def _weigh(schema: Mapping[str, Any]) -> str:
    """What is wrong with the definitions when every reference is followed; empty when they may be used."""
    definitions = schema.get("$defs", {})
    weights: dict[str, int] = {}

    def weight_of(part: Any, under_way: tuple[str, ...]) -> int:
        if isinstance(part, list):
            return 1 + sum(weight_of(inner, under_way) for inner in part)
        if not isinstance(part, dict):
            return 1
        weight = 1
        for name, inner in part.items():
            weight += weight_of(inner, under_way)
            if name == "$ref" and isinstance(inner, str):
                weight += weight_at(inner.removeprefix(_DEFINED), under_way)
        return weight

    def weight_at(name: str, under_way: tuple[str, ...]) -> int:
        if name in under_way or name not in definitions:
            raise _DefinitionsUnusable(name)
        if name not in weights:
            weights[name] = weight_of(definitions[name], (*under_way, name))
        return weights[name]

    if not isinstance(definitions, dict):
        return "$defs 应为一组定义"
    try:
        whole = weight_of(schema, ())
    except _DefinitionsUnusable as unusable:
        return f"$defs 中没有“{unusable}”，或其定义引用了自身"
    return f"表单过于复杂，展开引用后不得超过 {MOST_PARTS} 项" if whole > MOST_PARTS else ""


class _DefinitionsUnusable(Exception):
    """A definition that there is not, or that is made of itself."""


def _is_defined(reference: str) -> bool:
    return _REFERENCE.fullmatch(reference) is not None


def _bounded_pattern(_: Any, pattern: str, instance: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not matches(pattern, instance):
        yield ValidationError("does not match")


_Validator = extend(Draft202012Validator, {"pattern": _bounded_pattern})


def _size_faults(value: Any, place: str = "form") -> Iterator[tuple[str, str]]:
    """Lists and names that are longer than any form needs: checking them would take for ever."""
    if isinstance(value, list):
        if len(value) > LONGEST_LIST:
            yield place, f"至多 {LONGEST_LIST} 项"
            return
        for at, inner in enumerate(value):
            yield from _size_faults(inner, f"{place}.{at}")
    elif isinstance(value, dict):
        if len(value) > LONGEST_LIST:
            yield place, f"至多 {LONGEST_LIST} 个字段"
            return
        for name, inner in value.items():
            if len(name) > LONGEST_NAME:
                yield place, f"字段名不得超过 {LONGEST_NAME} 个字"
            yield from _size_faults(inner, f"{place}.{name[:LONGEST_NAME]}")


def form_faults(schema: Mapping[str, Any], form: Any) -> dict[str, list[str]]:
    """What is wrong with a filled form, by field (`form.unit.name`); empty when it holds."""
    if not isinstance(form, dict):
        return {"form": ["应为一组字段"]}
    if len(json.dumps(form, ensure_ascii=False).encode()) > LARGEST_FORM:
        return {"form": [f"填写内容不得超过 {LARGEST_FORM // 1024} KB"]}
    faults: dict[str, list[str]] = {}
    for place, message in _size_faults(form):
        faults.setdefault(place, []).append(message)
    if faults:
        return faults
    validator = _Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for error in sorted(validator.iter_errors(form), key=lambda error: list(map(str, error.absolute_path))):
        for place, message in _told(error):
            faults.setdefault(place, []).append(message)
    return faults


def _told(error: Any) -> Iterator[tuple[str, str]]:
    place = [*map(str, error.absolute_path)]
    if error.validator == "required":
        # Each missing field is an error of its own, which names it at the beginning of its message.
        names = [name for name in error.validator_value if error.message.startswith(repr(name))]
        yield ".".join(["form", *place, *names[:1]]), "必填"
        return
    if error.validator in ("additionalProperties", "unevaluatedProperties"):
        known = error.schema.get("properties", {})
        for name in sorted(set(error.instance) - set(known)):
            yield ".".join(["form", *place, name]), "表单中没有这个字段"
        return
    yield ".".join(["form", *place]), _words(error)


def _words(error: Any) -> str:
    words = _MESSAGES.get(str(error.validator))
    return words(error.validator_value) if words else "填写内容不符合要求"


def _type_words(wanted: Any) -> str:
    names = [wanted] if isinstance(wanted, str) else wanted
    return "应为" + "或".join(_TYPES.get(name, str(name)) for name in names)


_FORMATS = {"date": "日期，形如 2026-11-02", "date-time": "时间", "email": "电子邮箱地址", "uri": "网址"}
_MESSAGES: Mapping[str, Callable[[Any], str]] = {
    "type": _type_words,
    "enum": lambda allowed: "应为下列之一：" + "、".join(map(str, allowed)),
    "const": lambda wanted: f"应为 {wanted}",
    "minLength": lambda limit: f"至少 {limit} 个字",
    "maxLength": lambda limit: f"至多 {limit} 个字",
    "pattern": lambda _: "格式不正确",
    "format": lambda name: f"应为{_FORMATS.get(name, name)}",
    "minimum": lambda limit: f"不得小于 {limit}",
    "maximum": lambda limit: f"不得大于 {limit}",
    "exclusiveMinimum": lambda limit: f"应大于 {limit}",
    "exclusiveMaximum": lambda limit: f"应小于 {limit}",
    "multipleOf": lambda step: f"应为 {step} 的倍数",
    "minItems": lambda limit: f"至少 {limit} 项",
    "maxItems": lambda limit: f"至多 {limit} 项",
    "uniqueItems": lambda _: "各项不得重复",
    "minProperties": lambda limit: f"至少填写 {limit} 项",
    "anyOf": lambda _: "不符合可填的任何一种情形",
    "oneOf": lambda _: "应恰好符合一种可填的情形",
}


def filled_fields(form: Mapping[str, Any]) -> list[str]:
    """The names of the fields that were filled."""
    return [name for name, value in form.items() if value not in (None, "", [], {})]
