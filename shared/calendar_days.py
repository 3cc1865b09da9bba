"""The table of days that differ from the plain week, from which every service's `WorkCalendar` is made.

Seeded from the package chinesecalendar, which carries the State Council's notices; later years, and a unit's own days,
are imported by an administrator.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import chinese_calendar.constants as notices
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.db import FoundationBase
from shared.errors import Problem, invalid
from shared.holidays import missing_holidays
from shared.workdays import DayKind, WorkCalendar
from shared.working_time import WorkingTime

# Stands where a unit's id would, for the days that hold for every unit.
EVERY_UNIT = UUID(int=0)
SEED_SOURCE = "国务院办公厅关于部分节假日安排的通知（chinesecalendar）"

_WORDS = {
    "work": DayKind.WORK, "上班": DayKind.WORK, "班": DayKind.WORK,
    "off": DayKind.OFF, "放假": DayKind.OFF, "休": DayKind.OFF,
    "half": DayKind.HALF, "半天": DayKind.HALF,
}  # fmt: skip
_COLUMNS = {"日期": "date", "date": "date", "类型": "kind", "kind": "kind"}
_DECEMBER = 12

# Of the national calendar as it was last seen: adding up twenty years of days takes longer than an answer should.
_counted: dict[str, WorkingTime] = {}


class CalendarDay(FoundationBase):
    """One day that differs from the plain week, for every unit or for one, and which notice says so."""

    __tablename__ = "calendar_day"
    __table_args__ = (sa.CheckConstraint("kind IN ('work', 'off', 'half')", name="kind_known"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(primary_key=True, default=EVERY_UNIT)
    kind: Mapped[str]
    source: Mapped[str]


# Shows by its value whether any day of the national calendar has changed; a column of any statement.
CALENDAR_STATE = sa.literal_column(
    f"(SELECT md5(string_agg(day || kind, ',' ORDER BY day)) FROM calendar_day WHERE unit_id = '{EVERY_UNIT}')",  # noqa: S608 (no input in it)
    sa.Text(),
)


@dataclass(frozen=True)
class DayRow:
    """One line of an import."""

    day: date
    kind: DayKind


def bad_calendar(errors: dict[str, list[str]]) -> Problem:
    """Some lines of an imported calendar are wrong, or it is no whole year; nothing was written (422)."""
    first = next(iter(errors.items()))
    detail = f"{len(errors)} 处有错，一行也没有导入；例如{first[0]}：{first[1][0]}"
    return invalid("workdays.bad_calendar", "节假日安排有错", detail, errors=errors)


def noticed_days() -> Iterator[DayRow]:
    """Every day of the notices that chinesecalendar carries: holidays, and weekend days that are worked."""
    yield from (DayRow(day, DayKind.OFF) for day in notices.holidays)
    yield from (DayRow(day, DayKind.WORK) for day in notices.workdays)


def read_days(lines: Iterable[str], *, national: bool = True) -> list[DayRow]:
    """The days of a CSV with the columns 日期 (2027-01-01) and 类型 (放假, 上班 or 半天).

    A national calendar must name the holidays by law of each of its years, of which 1 January is how a year counts as
    loaded; days of the December before a year that it names belong to that year's notice.
    Raises `workdays.bad_calendar` with every wrong line.
    """
    reader = csv.DictReader(lines)
    columns = {
        _COLUMNS.get((name or "").strip().lstrip("\ufeff").lower()): name for name in reader.fieldnames or []
    }
    if missing := {"date", "kind"} - columns.keys():
        names = "、".join({"date": "日期", "kind": "类型"}[name] for name in sorted(missing))
        raise bad_calendar({"第 1 行": [f"缺少“{names}”列"]})
    wrong: dict[str, list[str]] = {}
    rows: list[DayRow] = []
    for at, line in enumerate(reader, start=2):
        row = _read_row(line.get(columns["date"]) or "", line.get(columns["kind"]) or "")
        if isinstance(row, str):
            wrong[f"第 {at} 行"] = [row]
        else:
            rows.append(row)
    wrong |= _wrong_together(rows, national=national)
    if wrong:
        raise bad_calendar(wrong)
    return rows


def import_days(session: Session, rows: Iterable[DayRow], *, source: str, unit_id: UUID = EVERY_UNIT) -> int:
    """Write these days, replacing what the same days said before; returns how many rows became different."""
    values = [{"day": row.day, "unit_id": unit_id, "kind": row.kind.value, "source": source} for row in rows]
    if not values:
        return 0
    statement = insert(CalendarDay).values(values)
    changed = statement.on_conflict_do_update(
        index_elements=[CalendarDay.day, CalendarDay.unit_id],
        set_={"kind": statement.excluded.kind, "source": statement.excluded.source},
        where=CalendarDay.kind != statement.excluded.kind,
    ).returning(CalendarDay.day)
    return len(session.execute(changed).all())


def seed_days(session: Session) -> int:
    """Write the packaged notices where the table has no day for it yet; what an administrator imported stays."""
    rows = [
        {"day": row.day, "unit_id": EVERY_UNIT, "kind": row.kind.value, "source": SEED_SOURCE}
        for row in noticed_days()
    ]
    statement = insert(CalendarDay).values(rows).on_conflict_do_nothing().returning(CalendarDay.day)
    return len(session.execute(statement).all())


def work_calendar(session: Session, *, unit_id: UUID = EVERY_UNIT, since: date | None = None) -> WorkCalendar:
    """The calendar of one unit, or the national one; only from the year of `since` on when that is enough."""
    wanted = sa.select(CalendarDay.unit_id, CalendarDay.day, CalendarDay.kind).where(
        CalendarDay.unit_id.in_({EVERY_UNIT, unit_id})
    )
    if since is not None:
        wanted = wanted.where(CalendarDay.day >= since.replace(month=1, day=1))
    days = session.execute(wanted).all()
    return WorkCalendar(
        national={day: DayKind(kind) for owner, day, kind in days if owner == EVERY_UNIT},
        own={day: DayKind(kind) for owner, day, kind in days if owner != EVERY_UNIT},
    )


def working_time(session: Session, *, state: str | None = None) -> WorkingTime:
    """The national calendar as it is now as a running count, added up anew only when a day has changed.

    Whoever has read `CALENDAR_STATE` with another statement gives it as `state`.
    """
    if state is None:
        state = session.execute(sa.select(CALENDAR_STATE)).scalar() or ""
    time = _counted.get(state)
    if time is None:
        time = WorkingTime(work_calendar(session))
        _counted.clear()
        _counted[state] = time
    return time


def _read_row(day: str, kind: str) -> DayRow | str:
    try:
        read = date.fromisoformat(day.strip())
    except ValueError:
        return f"“{day}”不是日期，应写成 2027-01-01 的样子"
    word = _WORDS.get(kind.strip().lower())
    return DayRow(read, word) if word else f"类型“{kind}”不对，应为放假、上班或半天"


def _wrong_together(rows: list[DayRow], *, national: bool) -> dict[str, list[str]]:
    wrong = {
        f"{day}": ["这一天出现了不止一次"]
        for day, times in Counter(row.day for row in rows).items()
        if times > 1
    }
    if not national:
        return wrong
    if not rows:
        wrong["文件"] = ["没有可以导入的日期；一年的安排应当完整导入"]
    off = {row.day for row in rows if row.kind is DayKind.OFF}
    whole = {row.day.year for row in rows if row.day.month < _DECEMBER}
    for year in sorted({row.day.year for row in rows}):
        # New Year may be joined to the last days of the year before.
        if year not in whole and year + 1 in whole:
            continue
        if missing := missing_holidays(year, off):
            wrong[f"{year} 年"] = [f"缺少{'、'.join(missing)}的放假；一年的安排应当完整导入"]
    return wrong
