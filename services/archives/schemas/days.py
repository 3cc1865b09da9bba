"""Days that a person may name."""

from datetime import date
from typing import Any

from marshmallow import ValidationError, fields

FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)


class Day(fields.Date):
    """A day that a calendar of the office can have; others are slips of the pen."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        day: date = super()._deserialize(value, attr, data, **kwargs)
        if not FIRST <= day <= LAST:
            raise ValidationError(f"日期应在 {FIRST.isoformat()} 与 {LAST.isoformat()} 之间")
        return day
