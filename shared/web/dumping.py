"""Dumping answers: what marshmallow's `Schema.dump` gives, by a plan that is made once for each shape.

marshmallow finds out for every value anew where it stands and how it is written, by six calls; a list has thousands of
values. Fields and shapes that are not plain are left to marshmallow (docs/adr/0016).
"""
# ruff: noqa: SLF001 (which of marshmallow's ways a field is written in shows in the method that it has inherited)

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import marshmallow as ma
from marshmallow import fields, missing
from marshmallow.utils import ensure_text_type, get_value

from shared.web.schema import made

Write = Callable[[Any], Any]


class _Member(NamedTuple):
    """A field of a shape: its key in the answer, where its value stands, and how a value that is not None is written.

    Without `write` the field is left to marshmallow.
    """

    key: str
    name: str
    field: fields.Field[Any]
    write: Write | None


@cache
def dumper(schema: type[ma.Schema]) -> Write:
    """What dumps one object in that shape."""
    return make_dump(made(schema))


def make_dump(schema: ma.Schema) -> Write:
    """A function that gives what `schema.dump` gives for one object."""
    if not _is_plain(schema):
        return schema.dump
    members = [_member(name, field) for name, field in schema.dump_fields.items()]
    whole = [(key, name, write) for key, name, _, write in members if write is not None]
    names = {name for _, name, _ in whole} if len(whole) == len(members) else None

    def dump(item: Any) -> dict[str, Any]:
        is_dict = type(item) is dict
        if is_dict and names is not None and item.keys() >= names:
            # Most of what is answered, and twice as fast.
            return {
                key: None if (value := item[name]) is None else write(value) for key, name, write in whole
            }
        told: dict[str, Any] = {}
        for key, name, field, write in members:
            if write is None:
                value = field.serialize(name, item, accessor=schema.get_attribute)
            else:
                value = item[name] if is_dict and name in item else get_value(item, name, missing)
                if value is missing:
                    value = field.dump_default() if callable(field.dump_default) else field.dump_default
                if value is not None and value is not missing:
                    value = write(value)
            if value is not missing:
                told[key] = value
        return told

    return dump


def _is_plain(schema: ma.Schema) -> bool:
    """Whether the shape does nothing but write the fields of one object."""
    own, hooks = type(schema), schema._hooks
    changed = own.dump is not ma.Schema.dump or own.get_attribute is not ma.Schema.get_attribute
    return not (schema.many or changed or hooks["pre_dump"] or hooks["post_dump"])


def _member(name: str, field: fields.Field[Any]) -> _Member:
    key = name if field.data_key is None else field.data_key
    own = type(field)
    is_read_plainly = (
        field._CHECK_ATTRIBUTE
        and own.serialize is fields.Field.serialize
        and own.get_value is fields.Field.get_value
    )
    write = _writer(field) if is_read_plainly else None
    return _Member(key, name if write is None else field.attribute or name, field, write)


def _writer(field: Any) -> Write | None:
    """How the field writes a value that is not None; None when only marshmallow knows."""
    make = _WAYS.get(type(field)._serialize)
    return make(field) if make else None


def _list(field: Any) -> Write | None:
    inner = _writer(field.inner)
    return inner and (lambda values: [None if value is None else inner(value) for value in values])


def _enum(field: Any) -> Write | None:
    inner = _writer(field.field) if field.by_value else None
    return inner and (lambda member: inner(member.value))


def _number(field: Any) -> Write | None:
    is_plain = type(field) in (fields.Integer, fields.Float) and not field.as_string
    return field.num_type if is_plain else None


def _moment(field: Any) -> Write | None:
    write: Write | None = field.SERIALIZATION_FUNCS.get(field.format or field.DEFAULT_FORMAT)
    return write


def _nested(field: Any) -> Write | None:
    if field.schema.many:
        return None

    # A shape may stand within itself, so that this plan is made when it is first needed.
    @cache
    def plan() -> Write:
        return make_dump(field.schema)

    if field.many:
        return lambda items: [plan()(item) for item in items]
    return lambda item: plan()(item)


def _text(value: Any) -> Any:
    return value if type(value) is str else ensure_text_type(value)


def _same(value: Any) -> Any:
    return value


_WAYS: dict[Any, Callable[[Any], Write | None]] = {
    fields.DateTime._serialize: _moment,
    fields.Enum._serialize: _enum,
    fields.Field._serialize: lambda field: _same,
    fields.List._serialize: _list,
    fields.Nested._serialize: _nested,
    fields.Number._serialize: _number,
    fields.String._serialize: lambda field: _text,
    fields.UUID._serialize: lambda field: str,
}
