"""Fields that several shapes have."""

from enum import StrEnum
from typing import Any

from marshmallow import fields, validate

LONGEST_PASSWORD = 1024
LONGEST_NAME = 200
LARGEST_POSITION = 999_999
CODE = validate.Regexp(r"^[^\s、,，;；]+$")


def enum_field(kind: type[StrEnum], **options: Any) -> fields.Enum:
    """One of the members, written as its value."""
    return fields.Enum(kind, by_value=True, **options)


def position_field() -> fields.Integer:
    """A place in a list."""
    return fields.Integer(load_default=0, strict=True, validate=validate.Range(min=0, max=LARGEST_POSITION))
