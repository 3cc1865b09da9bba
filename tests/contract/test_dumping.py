"""Answers are dumped as marshmallow does it, in every shape that any service answers in."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import marshmallow as ma
import pytest
from marshmallow import fields

from shared.service import all_services
from shared.web.dumping import dumper, make_dump
from shared.web.route import Route
from shared.web.schema import Schema, made

MOMENT = datetime(2026, 11, 2, 9, 30, 15, tzinfo=UTC)
# In the order in which a field is looked up: what it is made from, be it of one or of the other kind.
VALUES: Mapping[type[fields.Field[Any]], tuple[Any, ...]] = {
    fields.UUID: (UUID(int=7), "0b1c"),
    fields.AwareDateTime: (MOMENT,),
    fields.DateTime: (MOMENT,),
    fields.Date: (date(2026, 11, 2),),
    fields.Integer: (3, 4.0, True),
    fields.Float: (3, 4.5),
    fields.Number: (5,),
    fields.Boolean: (True, False),
    fields.String: ("一网协同", "", b"abc", 12),
    fields.Mapping: ({"a": 1}, {}),
    fields.Raw: ([1, {"b": None}], "x"),
}


def answered() -> Iterator[type[ma.Schema]]:
    """The shape of every route's answer."""
    for service in all_services():
        api = service.load_api()
        for name in dir(api):
            for entrypoint in getattr(getattr(api, name), "nameko_entrypoints", ()):
                if isinstance(entrypoint, Route) and entrypoint.declared.answer_schema:
                    yield entrypoint.declared.answer_schema


def value_of(field: Any, turn: int, depth: int) -> Any:
    """A value that the field could be given; another in each turn."""
    if turn % 5 == 4 or depth > 6:
        return None
    if isinstance(field, fields.Nested):
        many = field.many or field.schema.many
        made_ = [thing_of(field.schema, turn + place, depth + 1) for place in range(2)]
        return made_ if many else made_[0]
    if isinstance(field, fields.List):
        return [value_of(field.inner, turn + place, depth + 1) for place in range(3)]
    if isinstance(field, fields.Enum):
        members: list[Any] = list(field.enum)  # type: ignore[call-overload]
        return members[turn % len(members)]
    for kind, values in VALUES.items():
        if isinstance(field, kind):
            return values[turn % len(values)]
    raise AssertionError(f"no value for {field!r}")


def thing_of(schema: ma.Schema, turn: int, depth: int = 0) -> Any:
    """A thing to be dumped in that shape: a dict or an object, of which some values may be missing."""
    values: dict[str, Any] = {}
    for place, (name, field) in enumerate(schema.dump_fields.items()):
        # A dict without `items` has it nevertheless, as its method.
        if (turn + place) % 7 == 6 and not hasattr(values, name):
            continue
        path = (field.attribute or name).split(".")
        within = values
        for step in path[:-1]:
            within = within.setdefault(step, {})
        within[path[-1]] = value_of(field, turn + place, depth)
    return SimpleNamespace(**values) if turn % 2 else values


@pytest.mark.parametrize("shape", sorted(set(answered()), key=repr))
def test_every_answer_is_dumped_as_marshmallow_does(shape: type[ma.Schema]) -> None:
    for turn in range(12):
        thing = thing_of(made(shape), turn)
        assert dumper(shape)(thing) == made(shape).dump(thing)


class _Inner(Schema):
    text = fields.String()


class _Odd(Schema):
    """What no service answers yet."""

    shout = fields.Function(lambda thing: thing["text"].upper())
    text = fields.String(dump_default="nothing")
    count = fields.Integer(as_string=True)
    amount = fields.Decimal(as_string=True)
    month = fields.Date(format="%Y-%m")
    many = fields.Nested(_Inner(many=True))
    picked = fields.List(fields.Nested(_Inner, only=("text",)))
    itself = fields.Nested(lambda: _Odd(only=("text", "itself")), allow_none=True)
    words = fields.Dict(keys=fields.String(), values=fields.Integer())
    asked = fields.String(load_only=True)


class _Hooked(_Odd):
    @ma.post_dump
    def add(self, told: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**told, "added": True}


@pytest.mark.parametrize("shape", [_Odd, _Hooked])
def test_what_is_not_plain_is_left_to_marshmallow(shape: type[ma.Schema]) -> None:
    thing = {
        "text": "a", "count": 3, "amount": 4, "month": date(2026, 11, 2), "many": [{"text": "b"}, {}],
        "picked": [{"text": "c", "more": 1}, None], "itself": {"text": "d", "itself": None},
        "words": {"e": "5"}, "asked": "f",
    }  # fmt: skip
    for dumped in (thing, {**thing, "itself": thing}, {"text": "a"}):
        assert make_dump(shape())(dumped) == shape().dump(dumped)
    assert make_dump(_Odd(many=True))([thing]) == _Odd(many=True).dump([thing])
