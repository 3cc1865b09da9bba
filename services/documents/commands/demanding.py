"""Asking for an answer (答复时限, 办理时限): until which day something must be answered or done."""

from datetime import date

from sqlalchemy.orm import Session

from services.documents import errors
from shared.calendar_days import work_calendar
from shared.clock import Clock
from shared.directory import DirectoryUnit


def check_day(session: Session, clock: Clock, day: date | None, *, organ: DirectoryUnit) -> None:
    """Refuse a day that is over, and one of a year whose working days nobody knows yet (422)."""
    if day is None:
        return
    today = clock.today()
    if day < today:
        raise errors.answer_day_past(day, today=today)
    work_calendar(session, unit_id=organ.id, since=today).kind_of(day)
