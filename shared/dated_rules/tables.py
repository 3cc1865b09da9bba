"""Declaring a rule that differs by locality."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import marshmallow as ma


@dataclass(frozen=True, kw_only=True)
class RuleTable:
    """One named rule: what it is called, the shape of its values, and what holds until somebody sets it.

    `default` is in JSON form, as an administrator would send it, and None where nothing holds until it is set;
    `source` says which regulation the default is from. With `per_unit`, a unit may have its own, which holds for the
    units below it too. A default that its own schema refuses raises ValueError.
    """

    name: str
    title: str
    schema: type[ma.Schema]
    source: str
    default: Mapping[str, Any] | None = None
    per_unit: bool = False

    def __post_init__(self) -> None:
        if self.default is not None and (faults := self.schema().validate(self.default)):
            raise ValueError(f"the default of {self.name} is not in its shape: {faults}")

    def load(self, value: Mapping[str, Any]) -> Mapping[str, Any]:
        """A stored value in Python's types; fields that the shape no longer has are left out."""
        loaded: Mapping[str, Any] = self.schema(unknown=ma.EXCLUDE).load(value)
        return loaded


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What holds on a day: `value` by the table's schema, and where it comes from.

    `revision` 0 and `valid_from` None are the shipped default; a `value` of None says that no rule holds.
    """

    value: Any
    subject: str = ""
    revision: int = 0
    valid_from: date | None = None
    source: str = ""
    set_at: datetime | None = None
    set_by_name: str = ""
