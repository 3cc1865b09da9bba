"""Pages by keyset: a page ends with a cursor that names its last row, so that no page skips or repeats a row."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from shared.errors import Problem, invalid

DEFAULT_LIMIT = 20
LARGEST_LIMIT = 200
# PostgreSQL's bigint.
LARGEST_NUMBER = 2**63 - 1

T = TypeVar("T")
_READERS: dict[type, Callable[[Any], Any]] = {
    datetime: datetime.fromisoformat,
    UUID: UUID,
    int: int,
    str: str,
}


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows of a list, and the cursor of the next page, or None on the last one."""

    items: Sequence[T]
    next: str | None


def make_page(rows: Sequence[T], limit: int, key: Callable[[T], Sequence[Any]]) -> Page[T]:
    """A page from `limit + 1` fetched rows; `key` gives a row's sort values."""
    items = rows[:limit]
    more = len(rows) > limit
    return Page(items, write_cursor(key(items[-1])) if more else None)


def write_cursor(values: Sequence[Any]) -> str:
    """Sort values as opaque text."""
    plain = [value.isoformat() if isinstance(value, datetime) else str(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, ensure_ascii=False).encode()).decode().rstrip("=")


def read_cursor(text: str, *kinds: type) -> list[Any]:
    """The sort values, of those types; Problem 422 for a cursor that was not given out by the same list."""
    try:
        plain = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(plain, list) or len(plain) != len(kinds):
            raise ValueError(text)
        # What was given out here is all text, of which PostgreSQL takes no NUL and UTF-8 no half character.
        if not all(isinstance(value, str) and "\x00" not in value and value.encode() for value in plain):
            raise ValueError(text)
        values = [_READERS[kind](value) for kind, value in zip(kinds, plain, strict=True)]
        if any(isinstance(value, datetime) and value.tzinfo is None for value in values):
            raise ValueError(text)
        if any(isinstance(value, int) and abs(value) > LARGEST_NUMBER for value in values):
            raise ValueError(text)
        return values
    except (binascii.Error, ValueError, RecursionError) as error:
        raise cursor_invalid() from error


def cursor_invalid() -> Problem:
    """The cursor is none of this list's (422)."""
    return invalid(
        "web.cursor_invalid", "翻页位置无效", "请从第一页重新开始查询。", errors={"after": ["翻页位置无效"]}
    )
