"""Shapes of requests and answers: marshmallow with messages that a Chinese reader can act on."""

from functools import cache
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from shared.web.paging import DEFAULT_LIMIT, LARGEST_LIMIT

_MESSAGES: dict[type[fields.Field], dict[str, str]] = {
    fields.Field: {"required": "必填", "null": "不能为空", "validator_failed": "取值不符合要求"},
    fields.Nested: {"type": "应为一组字段"},
    fields.List: {"invalid": "应为列表"},
    fields.String: {"invalid": "应为文字", "invalid_utf8": "不是有效的 UTF-8 文字"},
    fields.UUID: {"invalid_uuid": "不是有效的标识"},
    fields.Number: {"invalid": "应为数字", "too_large": "数字过大"},
    fields.Integer: {"invalid": "应为整数"},
    fields.Boolean: {"invalid": "应为 true 或 false"},
    fields.DateTime: {
        "invalid": "不是有效的时间, 应形如 2026-11-02T09:30:00+08:00",
        "invalid_awareness": "时间应带时区, 形如 2026-11-02T09:30:00+08:00",
        "format": "时间格式不正确",
    },
    fields.AwareDateTime: {"invalid_awareness": "时间应带时区, 形如 2026-11-02T09:30:00+08:00"},
    fields.Date: {"invalid": "不是有效的日期, 应形如 2026-11-02", "format": "日期格式不正确"},
    fields.Mapping: {"invalid": "应为一组字段"},
    fields.Enum: {"unknown": "应为下列之一: {choices}"},
}
# marshmallow merges `default_error_messages` over the class hierarchy and documents it as the place to change.
for _field, _texts in _MESSAGES.items():
    _field.default_error_messages = {**_field.default_error_messages, **_texts}
validate.Length.message_min = "至少 {min} 个"
validate.Length.message_max = "至多 {max} 个"
validate.Length.message_all = "应为 {min} 至 {max} 个"
validate.Length.message_equal = "应为 {equal} 个"
# Range fills its texts in twice: once with the operators, once with the limits.
validate.Range.message_min = "不得小于 {{min}}"
validate.Range.message_max = "不得大于 {{max}}"
validate.Range.message_all = "应在 {{min}} 与 {{max}} 之间"
validate.OneOf.default_message = "应为下列之一: {choices}"
validate.ContainsOnly.default_message = "只能取下列值: {choices}"
validate.Regexp.default_message = "格式不正确"


class Schema(ma.Schema):
    """The base of every shape: unknown fields are refused."""

    error_messages: dict[str, str] = {
        "unknown": "没有这个字段",
        "type": "应为一组字段",
        "invalid": "内容格式不正确",
    }


class Text(fields.String):
    """Text of a bounded length, counted in characters; blank counts as missing."""

    def __init__(self, *, longest: int, shortest: int = 0, **kwargs: Any) -> None:
        length = validate.Length(min=shortest or None, max=longest)
        super().__init__(validate=[length, *kwargs.pop("validate", [])], **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        return text.strip()


class PageQuery(Schema):
    """What every list takes: where to go on, and how many rows."""

    after = fields.String(load_default=None, metadata={"description": "上一页答复中的 next"})
    limit = fields.Integer(
        load_default=DEFAULT_LIMIT,
        validate=validate.Range(min=1, max=LARGEST_LIMIT),
        metadata={"description": "每页条数"},
    )


class ProblemSchema(Schema):
    """A refusal (RFC 9457)."""

    type = fields.String(required=True)
    code = fields.String(required=True, metadata={"description": "稳定的错误代码"})
    title = fields.String(required=True)
    detail = fields.String()
    status = fields.Integer(required=True)
    correlation_id = fields.UUID(required=True)
    errors = fields.Dict(keys=fields.String(), values=fields.Raw())


@cache
def made(schema: type[ma.Schema]) -> ma.Schema:
    """The shape, made once: loading and dumping leave nothing behind in it."""
    return schema()


def paged(schema: type[ma.Schema]) -> type[ma.Schema]:
    """The shape of a page of that shape."""
    if schema not in _pages:
        name = schema.__name__.removesuffix("Schema")
        _pages[schema] = type(
            f"{name}Page",
            (Schema,),
            {
                "__doc__": f"A page of {name}.",
                "items": fields.List(fields.Nested(schema), required=True),
                "next": fields.String(allow_none=True, required=True),
            },
        )
    return _pages[schema]


_pages: dict[type[ma.Schema], type[ma.Schema]] = {}
