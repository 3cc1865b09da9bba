"""What local rules and calendars say, read once however many tasks are looked at."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.supervision.domain.lights import Amber
from services.supervision.local_rules import LIGHTS
from shared.calendar_days import work_calendar
from shared.clock import local_date
from shared.dated_rules import RuleTable, rule_for_unit
from shared.workdays import WorkCalendar

# How far back a calendar is read: no task that is still open is older.
_YEARS_BACK = 10


class Ground:
    """The rules and working days that hold at one moment, for any unit."""

    def __init__(self, session: Session, *, now: datetime) -> None:
        self.now = now
        self._session = session
        self._rules: dict[tuple[str, UUID], Mapping[str, Any]] = {}
        self._calendars: dict[UUID, WorkCalendar] = {}

    @property
    def today(self) -> date:
        return local_date(self.now)

    def rule(self, table: RuleTable, unit_id: UUID) -> Mapping[str, Any]:
        """What the table says for that unit today."""
        key = (table.name, unit_id)
        if key not in self._rules:
            self._rules[key] = rule_for_unit(self._session, table, self.today, unit_id=unit_id).value
        return self._rules[key]

    def calendar(self, unit_id: UUID) -> WorkCalendar:
        """The unit's working days."""
        if unit_id not in self._calendars:
            since = date(self.today.year - _YEARS_BACK, 1, 1)
            self._calendars[unit_id] = work_calendar(self._session, unit_id=unit_id, since=since)
        return self._calendars[unit_id]

    def amber(self, unit_id: UUID) -> Amber:
        """When amber begins for tasks of that supervising organ."""
        rule = self.rule(LIGHTS, unit_id)
        return Amber(days=Decimal(rule["amber_days"]), percent=Decimal(rule["amber_percent"]))
