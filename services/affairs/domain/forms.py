"""A matter's form as JSON Schema (draft 2020-12): checked itself on saving, and what applicants fill in by it.

Messages are by field and in Chinese, because an applicant reads them.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from jsonschema.validators import validator_for

DRAFT = "https://json-schema.org/draft/2020-12/schema"
LARGEST_SCHEMA = 64 * 1024
LARGEST_FORM = 256 * 1024
LONGEST_PATTERN = 200
_REFERENCES = ("$ref", "$dynamicRef")
# A quantifier on a group that has one inside takes a time that grows exponentially with the text.
_NESTED_QUANTIFIER = re.compile(r"\([^)]*[+*}][^)]*\)\s*[+*{]")
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
        if name in _REFERENCES and isinstance(inner, str) and not _is_defined(inner):
            yield here, "只能引用本表单 $defs 中的定义，不得引用外部地址"
        if name == "$id" and isinstance(inner, str):
            yield here, "不得声明 $id"
        if name == "pattern" and isinstance(inner, str) and (words := _pattern_fault(inner)):
            yield here, words
        if name == "patternProperties" and isinstance(inner, dict):
            yield from ((f"{here}.{key}", words) for key in inner if (words := _pattern_fault(str(key))))
        yield from _place_faults(inner, here)


def _is_defined(reference: str) -> bool:
    return reference == "#" or reference.startswith("#/$defs/")


def _pattern_fault(pattern: str) -> str:
    if len(pattern) > LONGEST_PATTERN:
        return f"正则表达式不得超过 {LONGEST_PATTERN} 个字符"
    try:
        re.compile(pattern)
    except re.error as error:
        return f"正则表达式无效：{error}"
    return "正则表达式不得嵌套重复" if _NESTED_QUANTIFIER.search(pattern) else ""


def form_faults(schema: Mapping[str, Any], form: Any) -> dict[str, list[str]]:
    """What is wrong with a filled form, by field (`form.unit.name`); empty when it holds."""
    if not isinstance(form, dict):
        return {"form": ["应为一组字段"]}
    if len(json.dumps(form, ensure_ascii=False).encode()) > LARGEST_FORM:
        return {"form": [f"填写内容不得超过 {LARGEST_FORM // 1024} KB"]}
    validator = validator_for({"$schema": DRAFT}, default=Draft202012Validator)(
        schema, format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    faults: dict[str, list[str]] = {}
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
