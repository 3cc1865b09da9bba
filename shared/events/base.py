"""What an event is: a frozen dataclass, stated once, from which every other form of it is derived.

The envelope on the wire is CloudEvents 1.0 structured JSON. The closed table of field types below is the only
place that knows how a Python value becomes JSON, JSON Schema and a marshmallow field, and back.
"""

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, NamedTuple, TypeVar, Union, dataclass_transform
from uuid import UUID

import marshmallow as ma

SOURCE_PREFIX = "urn:yiwang:"
SCHEMA_PREFIX = "urn:yiwang:schema:"


class ContractError(Exception):
    """A message does not keep the contract of its event type; the text says where."""


class Event:
    """A business fact that has happened; subclasses are made by the `event` decorator."""

    key: ClassVar[str]
    aggregate: ClassVar[str]
    producers: ClassVar[tuple[str, ...]]
    consumed: ClassVar[bool]

    @property
    def subject(self) -> UUID:
        """The id of the aggregate that the fact is about: the field named `<aggregate>_id`."""
        subject: UUID = getattr(self, f"{self.aggregate}_id")
        return subject


class Value:
    """A part of an event with fields of its own; subclasses are made by the `value` decorator."""


E = TypeVar("E", bound=type)


def described(text: str, example: Any, **options: Any) -> Any:
    """A field of an event: what it means, an example, and a `default` when it was added later."""
    return dataclasses.field(metadata={"description": text, "example": example}, **options)


_registry: dict[str, type[Event]] = {}


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(described,))
def event(
    key: str, *, aggregate: str, producers: Sequence[str] = (), consumed: bool = True
) -> Callable[[E], E]:
    """Declare an event under its routing key `<aggregate>.<fact>.v<n>`.

    The producer is the module's name unless several services tell the same fact (`producers`).
    `consumed=False` lists an event that no handler of the suite subscribes to yet.
    """

    def declare(cls: E) -> E:
        made: Any = dataclass(frozen=True, kw_only=True)(cls)
        made.key, made.aggregate, made.consumed = key, aggregate, consumed
        made.producers = tuple(producers) or (cls.__module__.rpartition(".")[2],)
        if key in _registry and _registry[key].__qualname__ != cls.__qualname__:
            raise TypeError(f"event key {key} is declared twice")
        _registry[key] = made
        _fields_of(made)
        return typing.cast(E, made)

    return declare


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(described,))
def value(cls: E) -> E:
    """Declare a nested part of events."""
    return typing.cast(E, dataclass(frozen=True, kw_only=True)(cls))


def event_class(key: str) -> type[Event]:
    """The event declared under that key; KeyError when there is none."""
    return _registry[key]


def declared_events() -> list[type[Event]]:
    """All declared events, by key."""
    return [_registry[key] for key in sorted(_registry)]


class _Type(NamedTuple):
    schema: Mapping[str, Any]
    field: Callable[..., ma.fields.Field]
    dump: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


_TYPES: dict[type, _Type] = {
    str: _Type({"type": "string"}, ma.fields.String, _same),
    int: _Type({"type": "integer"}, lambda **kw: ma.fields.Integer(strict=True, **kw), _same),
    bool: _Type(
        {"type": "boolean"}, lambda **kw: ma.fields.Boolean(truthy={True}, falsy={False}, **kw), _same
    ),
    UUID: _Type({"type": "string", "format": "uuid"}, ma.fields.UUID, str),
    date: _Type({"type": "string", "format": "date"}, ma.fields.Date, date.isoformat),
    datetime: _Type(
        {"type": "string", "format": "date-time"},
        lambda **kw: ma.fields.AwareDateTime(format="iso", default_timezone=UTC, **kw),
        lambda moment: moment.astimezone(UTC).isoformat(),
    ),
}


def _is_part(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Value) and dataclasses.is_dataclass(kind)


def _type_of(kind: Any) -> _Type:
    """The entry of the closed table for an annotation; TypeError for anything that is not in it."""
    origin = typing.get_origin(kind)
    if origin in (Union, types.UnionType):
        return _optional(kind)
    if origin in (list, tuple, Sequence, typing.get_origin(Sequence[int])):
        return _list_of(typing.get_args(kind)[0])
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        names = [member.value for member in kind]
        return _Type(
            {"type": "string", "enum": names},
            lambda **kw: ma.fields.Enum(kind, by_value=True, **kw),
            lambda member: kind(member).value,
        )
    if _is_part(kind):
        return _part(kind)
    if kind in _TYPES:
        return _TYPES[kind]
    raise TypeError(f"{kind!r} is not one of the types that an event may carry")


def _optional(kind: Any) -> _Type:
    inner = [arg for arg in typing.get_args(kind) if arg is not type(None)]
    if len(inner) != 1:
        raise TypeError(f"{kind!r}: only `X | None` is allowed")
    of = _type_of(inner[0])
    return _Type(
        {"anyOf": [of.schema, {"type": "null"}]},
        lambda **kw: of.field(allow_none=True, **kw),
        lambda item: None if item is None else of.dump(item),
    )


def _list_of(kind: Any) -> _Type:
    of = _type_of(kind)
    return _Type(
        {"type": "array", "items": of.schema},
        lambda **kw: _Tuple(of.field(), **kw),
        lambda items: [of.dump(item) for item in items],
    )


def _part(kind: Any) -> _Type:
    schema_class = schema_of(kind)
    return _Type(
        json_schema_of(kind),
        lambda **kw: ma.fields.Nested(schema_class, **kw),
        lambda item: dump_fields(item),
    )


class _Tuple(ma.fields.List):
    """A list that is loaded as a tuple, because events are immutable."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return tuple(super()._deserialize(value, attr, data, **kwargs))


class _Field(NamedTuple):
    name: str
    type: _Type
    required: bool
    default: Any
    description: str
    example: Any


_field_cache: dict[type, tuple[_Field, ...]] = {}
_schema_cache: dict[type, type[ma.Schema]] = {}


def _fields_of(cls: Any) -> tuple[_Field, ...]:
    if cls not in _field_cache:
        hints = typing.get_type_hints(cls)
        _field_cache[cls] = tuple(_field(cls, item, hints[item.name]) for item in dataclasses.fields(cls))
    return _field_cache[cls]


def _field(cls: type, item: Any, kind: Any) -> _Field:
    if "description" not in item.metadata:
        raise TypeError(f"{cls.__name__}.{item.name} has no description: use described(…)")
    required = item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING
    default = None if required or item.default is dataclasses.MISSING else item.default
    if item.default_factory is not dataclasses.MISSING:
        default = item.default_factory()
    return _Field(
        item.name, _type_of(kind), required, default, item.metadata["description"], item.metadata["example"]
    )


def schema_of(cls: type) -> type[ma.Schema]:
    """The marshmallow schema that loads JSON data of an event or part into its dataclass."""
    if cls not in _schema_cache:
        members: dict[str, Any] = {
            item.name: (
                item.type.field(required=True)
                if item.required
                else item.type.field(load_default=item.default)
            )
            for item in _fields_of(cls)
        }
        # A consumer of an older release must be able to read an event to which an optional field was added.
        members["Meta"] = type("Meta", (), {"unknown": ma.EXCLUDE})
        members["make"] = ma.post_load(lambda self, data, **_: cls(**data))
        _schema_cache[cls] = type(f"{cls.__name__}Schema", (ma.Schema,), members)
    return _schema_cache[cls]


@cache
def _loader_of(cls: type) -> ma.Schema:
    """Kept, because making a schema costs more than loading with it."""
    return schema_of(cls)()


def json_schema_of(cls: type) -> dict[str, Any]:
    """The JSON Schema of an event's data, as it is kept in `locked/`."""
    fields = _fields_of(cls)
    return {
        "type": "object",
        "properties": {item.name: {**item.type.schema, "description": item.description} for item in fields},
        "required": [item.name for item in fields if item.required],
    }


def example_of(cls: type) -> Any:
    """An instance made from the fields' examples, used in the documentation and as a test fixture."""
    return load_fields(cls, {item.name: _plain(item) for item in _fields_of(cls)})


def _plain(item: _Field) -> Any:
    try:
        return item.type.dump(item.example)
    except (AttributeError, TypeError, ValueError):
        return item.example


def dump_fields(instance: Any) -> dict[str, Any]:
    """An event's data, or a part of it, as plain JSON values."""
    return {item.name: item.type.dump(getattr(instance, item.name)) for item in _fields_of(type(instance))}


def load_fields(cls: type, data: Any) -> Any:
    """The instance for plain JSON values; ContractError says which field breaks the contract."""
    try:
        return _loader_of(cls).load(data)
    except ma.ValidationError as error:
        raise ContractError(f"{cls.__name__}: {error.normalized_messages()}") from error


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One event on its way: CloudEvents 1.0 attributes with the suite's extensions.

    `sequence` counts the events of one subject from 1 without a gap; `correlation_id` is the same from the first
    request of a piece of work to its last event; `causation_id` is the event that led to this one, if any.
    """

    id: UUID
    service: str
    time: datetime
    sequence: int
    actor_id: UUID | None
    correlation_id: UUID
    causation_id: UUID | None
    event: Event

    @property
    def key(self) -> str:
        return self.event.key

    @property
    def subject(self) -> UUID:
        return self.event.subject

    def to_json(self) -> dict[str, Any]:
        """The structured CloudEvents form."""
        return {
            "specversion": "1.0",
            "id": str(self.id),
            "source": SOURCE_PREFIX + self.service,
            "type": self.key,
            "time": self.time.astimezone(UTC).isoformat(),
            "subject": str(self.subject),
            "datacontenttype": "application/json",
            "dataschema": SCHEMA_PREFIX + self.key,
            "actorid": str(self.actor_id) if self.actor_id else None,
            "correlationid": str(self.correlation_id),
            "causationid": str(self.causation_id) if self.causation_id else None,
            "sequence": self.sequence,
            "data": dump_fields(self.event),
        }

    @staticmethod
    def from_json(body: Any) -> "Envelope":
        """Read the structured form; ContractError for anything that is not a known event."""
        if not isinstance(body, dict):
            raise ContractError("the message is not a JSON object")
        kind = body.get("type")
        if kind not in _registry:
            raise ContractError(f"unknown event type or version {kind!r}")
        try:
            return Envelope(
                id=UUID(body["id"]),
                service=str(body["source"]).removeprefix(SOURCE_PREFIX),
                time=datetime.fromisoformat(body["time"]),
                sequence=int(body["sequence"]),
                actor_id=_uuid_or_none(body.get("actorid")),
                correlation_id=UUID(body["correlationid"]),
                causation_id=_uuid_or_none(body.get("causationid")),
                event=load_fields(_registry[kind], body["data"]),
            )
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise ContractError(f"broken envelope: {type(error).__name__} {error}") from error


def _uuid_or_none(text: str | None) -> UUID | None:
    return UUID(text) if text else None
