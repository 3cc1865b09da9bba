"""How a dossier is read strictly: each dataclass states its facts once, and its schema is derived from them.

Events are read leniently, because an old consumer must survive a new field. A dossier becomes evidence: an
unknown or doubtful fact is refused, with a reason that an archivist can read.
"""

import dataclasses
import re
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, dataclass_transform
from uuid import UUID

import marshmallow as ma

from shared.events.base import ContractError
from shared.files import BlobRef

C = typing.TypeVar("C", bound=type)

SHORT_TEXT = 300
LONG_TEXT = 20_000
MAX_ITEMS = 5_000

_BLOB_LABELS = {
    "digest": "摘要",
    "size": "大小",
    "media_type": "媒体类型",
    "name": "文件名",
}
_BLOB_LIMITS = {"digest": 71, "media_type": 200, "name": 500}
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_MESSAGES: dict[str, Any] = {
    "required": "缺少此项",
    "null": "不能为空",
    "type": "类型不对，应为对象",
    "unknown": "不认识的项",
    "invalid": "格式不对",
    "invalid_utf8": "不是有效的 UTF-8 文本",
    "invalid_awareness": "时间必须带时区",
    "invalid_uuid": "不是有效的标识符（UUID）",
    "too_large": "数值过大",
}


class DossierInvalid(ContractError):
    """The JSON is not a dossier; `reasons` says in Chinese which fact is missing or wrong, one line each."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("；".join(reasons))
        self.reasons = reasons


def fact(label: str, *, limit: int = SHORT_TEXT, **options: Any) -> Any:
    """A fact of the dossier: its Chinese name, the longest text in characters, and a `default` when
    optional.
    """
    return dataclasses.field(metadata={"label": label, "limit": limit}, **options)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(fact,))
def facts(cls: C) -> C:
    """Declare a part of the dossier: a frozen, keyword-only dataclass whose fields are made by `fact`."""
    return typing.cast(C, dataclasses.dataclass(frozen=True, kw_only=True)(cls))


def read_facts(cls: type, data: Any) -> Any:
    """The instance for plain JSON values; DossierInvalid names every fact that is missing, unknown or
    wrong.
    """
    try:
        return _schema_of(cls)().load(data)
    except ma.ValidationError as error:
        raise DossierInvalid(tuple(_reasons(cls, error.messages))) from error


def plain_facts(value: Any) -> Any:
    """The same facts as plain JSON values, times in UTC, blank texts as null."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain_facts(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [plain_facts(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, str):
        return value if value.strip() else None
    return str(value) if isinstance(value, UUID) else value


class _Tuple(ma.fields.List):
    """A list that is loaded as a tuple, because a dossier never changes."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return tuple(super()._deserialize(value, attr, data, **kwargs))


def _text(limit: int) -> Any:
    def check(text: str) -> None:
        if not text.strip():
            raise ma.ValidationError("不能为空白")
        if len(text) > limit:
            raise ma.ValidationError(f"不能超过 {limit} 字")
        # PostgreSQL text cannot hold NUL, and a lone surrogate cannot be written as UTF-8.
        if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
            raise ma.ValidationError("含有不能保存的字符")

    return check


def _digest(text: str) -> None:
    if not _DIGEST.fullmatch(text):
        raise ma.ValidationError("摘要应为 sha256: 加 64 位小写十六进制数")


def _not_negative(number: int) -> None:
    if number < 0:
        raise ma.ValidationError("不能是负数")


def _bounded(items: tuple[Any, ...]) -> None:
    if len(items) > MAX_ITEMS:
        raise ma.ValidationError(f"不能超过 {MAX_ITEMS} 项")


def _field(kind: Any, limit: int, **options: Any) -> ma.fields.Field:
    options.setdefault("error_messages", _MESSAGES)
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        (inner,) = (arg for arg in typing.get_args(kind) if arg is not type(None))
        return _field(inner, limit, allow_none=True, **options)
    if origin is tuple:
        return _Tuple(_field(typing.get_args(kind)[0], limit), validate=_bounded, **options)
    if dataclasses.is_dataclass(kind):
        return ma.fields.Nested(_schema_of(typing.cast(type, kind)), **options)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        known = "、".join(member.value for member in kind)
        messages = {**_MESSAGES, "unknown": f"只能是 {known} 之一"}
        return ma.fields.Enum(kind, by_value=True, **{**options, "error_messages": messages})
    return _PLAIN[kind](limit, options)


_PLAIN: dict[Any, Any] = {
    str: lambda limit, options: ma.fields.String(validate=_text(limit), **options),
    int: lambda limit, options: ma.fields.Integer(strict=True, validate=_not_negative, **options),
    bool: lambda limit, options: ma.fields.Boolean(truthy={True}, falsy={False}, **options),
    UUID: lambda limit, options: ma.fields.UUID(**options),
    date: lambda limit, options: ma.fields.Date(format="iso", **options),
    datetime: lambda limit, options: ma.fields.AwareDateTime(format="iso", **options),
}


def _label_of(cls: type, item: dataclasses.Field[Any]) -> str:
    label: str = _BLOB_LABELS.get(item.name, item.name) if cls is BlobRef else item.metadata["label"]
    return label


@cache
def _schema_of(cls: type) -> type[ma.Schema]:
    hints = typing.get_type_hints(cls)
    members: dict[str, Any] = {"error_messages": _MESSAGES}
    for item in dataclasses.fields(cls):
        limit = _BLOB_LIMITS.get(item.name, 0) if cls is BlobRef else item.metadata["limit"]
        required = item.default is item.default_factory is dataclasses.MISSING
        options = {"required": True} if required else {"load_default": item.default}
        members[item.name] = _field(hints[item.name], limit, **options)
    if cls is BlobRef:
        members["digest"] = ma.fields.String(required=True, validate=_digest, error_messages=_MESSAGES)
    members["Meta"] = type("Meta", (), {"unknown": ma.RAISE})
    members["make"] = ma.post_load(lambda self, data, **_: cls(**data))
    return type(f"{cls.__name__}Shape", (ma.Schema,), members)


def _reasons(cls: type, messages: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    """One line for each message, with the Chinese name of the fact and the position in its list, from 1."""
    if isinstance(messages, list):
        yield from (f"{'·'.join(path) or '档案数据'}：{message}" for message in messages)
        return
    labels = {item.name: _label_of(cls, item) for item in dataclasses.fields(cls)}
    hints = typing.get_type_hints(cls)
    for name, inside in messages.items():
        where = (*path, labels.get(name, str(name))) if name != "_schema" else path
        yield from _inside(_dataclass_in(hints.get(name)) or cls, inside, where)


def _inside(cls: type, messages: Any, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(messages, Mapping) and all(isinstance(key, int) for key in messages):
        for position, inside in messages.items():
            yield from _reasons(cls, inside, (*path[:-1], f"{path[-1]}第{position + 1}项"))
        return
    yield from _reasons(cls, messages, path)


def _dataclass_in(kind: Any) -> type | None:
    if kind is None:
        return None
    if dataclasses.is_dataclass(kind):
        return typing.cast(type, kind)
    return next(filter(None, map(_dataclass_in, typing.get_args(kind))), None)
