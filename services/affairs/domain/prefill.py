"""Fill once (一次填报): what the suite holds already is offered, and never asked again.

A field of a matter's form says in `x-yiwang-source` where its value is held. What the directory or a result says is
taken as it is; what an applicant once answered (`earlier.…`) is offered, and may be answered anew.
"""

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

SOURCE = "x-yiwang-source"
_DIRECTORY = {
    "unit.name": "单位名称",
    "unit.short_name": "单位简称",
    "unit.code": "单位编码",
    "unit.uscc": "统一社会信用代码",
    "unit.division_code": "行政区划代码",
    "unit.level": "机构层级",
    "person.name": "姓名",
    "person.post": "岗位",
    "person.unit": "所在单位",
}
_RESULT = re.compile(
    r"result\.(?P<matter>[^\s.]{1,60})\.(?P<field>number|issued_on|valid_until|form\.[^\s.]{1,60})"
)
_EARLIER = re.compile(r"earlier\.(?P<field>[^\s.]{1,60})")


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a field's value is held: in the directory, in the last result of a matter, or in an earlier answer."""

    kind: str
    field: str
    matter: str = ""

    @property
    def is_offer(self) -> bool:
        """Whether the applicant may answer anew."""
        return self.kind == "earlier"


@dataclass(frozen=True, kw_only=True)
class Held:
    """A value that the suite holds, and in words from where; `ref_id` is the case or document that it comes from."""

    source: str
    value: Any
    origin: str
    is_offer: bool = False
    ref_id: UUID | None = None


def read_source(text: Any) -> Source | None:
    """The source that a field names, or None when there is no such source."""
    if not isinstance(text, str):
        return None
    if text in _DIRECTORY:
        return Source(kind="directory", field=text)
    if found := _RESULT.fullmatch(text):
        return Source(kind="result", field=found["field"], matter=found["matter"])
    if found := _EARLIER.fullmatch(text):
        return Source(kind="earlier", field=found["field"])
    return None


def directory_label(source: str) -> str:
    """What a fact of the directory is called."""
    return _DIRECTORY[source]


def sources_of(schema: Mapping[str, Any]) -> dict[str, str]:
    """The sources that the form's fields name, by field."""
    fields = schema.get("properties", {})
    return {
        name: field[SOURCE] for name, field in fields.items() if isinstance(field, dict) and SOURCE in field
    }


def source_faults(schema: Mapping[str, Any]) -> dict[str, list[str]]:
    """The fields that name a source which there is not, by place in the form."""
    return {
        f"form.properties.{name}.{SOURCE}": [f"没有“{source}”这个数据来源"]
        for name, source in sources_of(schema).items()
        if read_source(source) is None
    }


def served_form(schema: Mapping[str, Any], held: Mapping[str, Held]) -> dict[str, Any]:
    """The form as an applicant gets it: held fields are read-only with their value and need no answer, offered ones
    have it as default.
    """
    served = copy.deepcopy(dict(schema))
    for name, fact in held.items():
        field = served["properties"][name]
        field["x-yiwang-origin"] = fact.origin
        field["default"] = fact.value
        if not fact.is_offer:
            field["readOnly"] = True
    served["required"] = [name for name in schema.get("required", ()) if name not in held]
    return served


def repeated_faults(form: Mapping[str, Any], held: Mapping[str, Held]) -> dict[str, list[str]]:
    """The fields that the applicant answered otherwise than the suite holds them."""
    return {
        f"form.{name}": [f"本项由系统提供（{fact.origin}），不必填写；如有错误请联系信息来源单位更正"]
        for name, fact in held.items()
        if not fact.is_offer and name in form and form[name] != fact.value
    }


def completed_form(
    form: Mapping[str, Any], held: Mapping[str, Held]
) -> tuple[dict[str, Any], dict[str, Held]]:
    """The whole form, and of it the fields that were taken from what the suite holds."""
    taken = {
        name: fact
        for name, fact in held.items()
        if not fact.is_offer or name not in form or form[name] == fact.value
    }
    return {**form, **{name: fact.value for name, fact in taken.items()}}, taken
