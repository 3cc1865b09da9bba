"""What approved minutes hand to documents: the contract of the JSON that meetings writes and documents reads.

Like a dossier it lies in the blob store and only its reference travels in the event. Attendance lines are shown as
in GB/T 9704 minutes (出席, 请假, 列席).
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import marshmallow as ma

FORMAT = "yiwang-minutes/1"
MEDIA_TYPE = "application/vnd.yiwang.minutes+json"
MAX_BYTES = 8 * 1024 * 1024


class MinutesInvalid(ValueError):
    """The JSON is no minutes; the text says where."""


@dataclass(frozen=True, kw_only=True)
class MinutesContent:
    """The text of minutes: title, paragraphs, and who was there by role, each name with post or unit."""

    title: str
    body: tuple[str, ...]
    present: tuple[str, ...] = ()
    excused: tuple[str, ...] = ()
    attending: tuple[str, ...] = ()


class _Schema(ma.Schema):
    format = ma.fields.String(required=True, validate=ma.validate.Equal(FORMAT))
    title = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=1000))
    body = ma.fields.List(ma.fields.String(), required=True)
    present = ma.fields.List(ma.fields.String(), load_default=list)
    excused = ma.fields.List(ma.fields.String(), load_default=list)
    attending = ma.fields.List(ma.fields.String(), load_default=list)


def to_json(content: MinutesContent) -> bytes:
    """Canonical UTF-8 JSON: the same minutes always give the same bytes."""
    facts: Mapping[str, Any] = {"format": FORMAT, **asdict(content)}
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def from_json(content: bytes) -> MinutesContent:
    """Read minutes strictly; MinutesInvalid says what is wrong."""
    if len(content) > MAX_BYTES:
        raise MinutesInvalid(f"larger than {MAX_BYTES} bytes")
    try:
        facts = _Schema().loads(content.decode())
    except (UnicodeDecodeError, ValueError, RecursionError, ma.ValidationError) as error:
        raise MinutesInvalid(str(error)) from error
    lines = ("body", "present", "excused", "attending")
    return MinutesContent(title=facts["title"], **{name: tuple(facts[name]) for name in lines})
