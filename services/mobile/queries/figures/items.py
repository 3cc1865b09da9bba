"""The items behind a figure, newest first, by the same conditions as its sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.mobile import errors
from services.mobile.domain.figures import (
    LASTING,
    PLANNED_MEETINGS,
    Figure,
    Population,
    Reach,
    Way,
    population_of,
)
from services.mobile.domain.figures.periods import Period
from services.mobile.models import FigureEntry, FigureItem
from services.mobile.queries.figures.coverage import list_divisions
from services.mobile.queries.figures.plans import planned_heads
from services.mobile.queries.figures.scope import Scope
from services.mobile.queries.figures.tallies import days_of, tally_by_unit
from shared.calendar_days import working_time
from shared.web.paging import Page, cursor_invalid, make_page, read_cursor
from shared.working_time import WorkingTime

MOST_EXPORTED = 10_000
_ENTRY: Any = FigureEntry.__table__
_ITEM: Any = FigureItem.__table__
_KEY = (_ENTRY.c.from_day, _ENTRY.c.item_id, _ENTRY.c.population)


class ItemPart(StrEnum):
    """Which items: all that count, those in the numerator, or the rest."""

    ALL = "all"
    NUMERATOR = "numerator"
    REST = "rest"


@dataclass(frozen=True, kw_only=True)
class FigureRow:
    """One item behind a figure; `days` is what it took or has taken so far, where the figure is a mean."""

    id: UUID
    kind: str
    title: str
    number: str
    unit_id: UUID
    unit_name: str
    day: date | None
    until_day: date | None = None
    counts: bool
    amount: int
    days: float | None = None
    population: str = ""


def list_items(
    session: Session,
    figure: Figure,
    scope: Scope,
    period: Period,
    *,
    part: ItemPart,
    after: str | None,
    limit: int,
) -> Page[FigureRow]:
    """A page of the items."""
    if figure.way is Way.COVERAGE:
        return _page_of_divisions(session, scope, period, part=part, after=after, limit=limit)
    rows = _rows(session, figure, scope, period, part=part, after=after, limit=limit + 1)
    return make_page(rows, limit, lambda row: (str(row.day), row.id, row.population))


def list_items_for_export(
    session: Session, figure: Figure, scope: Scope, period: Period, *, part: ItemPart
) -> list[FigureRow]:
    """All of them for a spreadsheet; Problem 422 when they are too many for one."""
    page = list_items(session, figure, scope, period, part=part, after=None, limit=MOST_EXPORTED)
    if page.next is not None:
        raise errors.export_too_long(MOST_EXPORTED)
    return list(page.items)


def _rows(
    session: Session,
    figure: Figure,
    scope: Scope,
    period: Period,
    *,
    part: ItemPart,
    after: str | None,
    limit: int,
) -> list[FigureRow]:
    place = sa.tuple_(*_KEY) < sa.tuple_(*_place(after)) if after is not None else sa.true()
    newest = [column.desc() for column in _KEY]
    # Each population by itself, so that its newest are found by index.
    found = sa.union_all(
        *(
            sa.select(_ENTRY).where(condition, place).order_by(*newest).limit(limit).subquery().select()
            for condition in _conditions(session, figure, scope, period, part)
        )
    ).subquery()
    rows = (
        sa.select(*found.c, _ITEM.c.title, _ITEM.c.number)
        .join(_ITEM, sa.and_(_ITEM.c.kind == found.c.kind, _ITEM.c.id == found.c.item_id))
        .order_by(*(found.c[column.name].desc() for column in _KEY))
        .limit(limit)
    )
    time = working_time(session) if figure.way is Way.MEAN else None
    return [_row(figure, scope, period, dict(row), time) for row in session.execute(rows).mappings()]


def _place(after: str) -> list[Any]:
    day, item_id, population = read_cursor(after, str, UUID, str)
    try:
        at = date.fromisoformat(day)
    except ValueError as error:
        raise cursor_invalid() from error
    return [sa.literal(at, sa.Date()), sa.literal(item_id, sa.Uuid()), sa.literal(population, sa.Text())]


def _conditions(
    session: Session, figure: Figure, scope: Scope, period: Period, part: ItemPart
) -> Sequence[Any]:
    if figure.way is Way.MEETINGS_PLAN:
        return _planned_meetings(session, scope, period, part)
    units: Sequence[UUID] = scope.ids
    if figure.way is Way.PLAN:
        sums = tally_by_unit(session, scope.ids, figure.populations, period)
        units = [unit_id for unit_id, amounts in sums.items() if amounts[figure.of, "plans"] > 0]
    if figure.way is Way.MEAN:
        return _mean_of(figure, units, period, part)
    return [
        sa.and_(
            _counts_in(figure.of, units, period), _part(figure.of, figure.numerator, figure.denominator, part)
        )
    ]


def _mean_of(figure: Figure, units: Sequence[UUID], period: Period, part: ItemPart) -> Sequence[Any]:
    """Whatever has a time counts with it, so that there is no rest."""
    if part is ItemPart.REST:
        return [sa.false()]
    return [
        sa.and_(_counts_in(name, units, period), _column(population_of(name), measure) != 0)
        for name, measure in ((figure.of, figure.denominator), (figure.open_in, "timed"))
    ]


def _counts_in(name: str, units: Sequence[UUID], period: Period) -> Any:
    first, last = days_of(population_of(name).reach, period)
    counts = [
        _ENTRY.c.population == name,
        _ENTRY.c.unit_id == sa.any_(sa.literal(list(units), sa.ARRAY(sa.Uuid()))),
    ]
    if population_of(name).reach is Reach.STOCK:
        return sa.and_(*counts, _ENTRY.c.from_day <= last, _ENTRY.c.until_day > last)
    return sa.and_(*counts, _ENTRY.c.from_day.between(first, last))


def _part(name: str, numerator: str, denominator: str, part: ItemPart) -> Any:
    population = population_of(name)
    top, bottom = _column(population, numerator), _column(population, denominator)
    return {
        ItemPart.ALL: sa.or_(top != 0, bottom != 0),
        ItemPart.NUMERATOR: top != 0,
        ItemPart.REST: sa.and_(bottom != 0, top == 0),
    }[part]


def _column(population: Population, measure: str) -> Any:
    return _ENTRY.c[population.column_of(measure)]


def _planned_meetings(session: Session, scope: Scope, period: Period, part: ItemPart) -> Sequence[Any]:
    if part is ItemPart.REST:
        return [sa.false()]
    heads: dict[str, list[UUID]] = {}
    for organ, plan in planned_heads(session, scope, period.as_of).items():
        for head in plan:
            heads.setdefault(head, []).append(organ)
    conditions = [
        _counts_in(f"{PLANNED_MEETINGS}:{head}", organs, period) for head, organs in sorted(heads.items())
    ]
    return conditions or [sa.false()]


def _row(
    figure: Figure, scope: Scope, period: Period, row: Mapping[str, Any], time: WorkingTime | None
) -> FigureRow:
    is_open = row["population"] == figure.open_in
    population = population_of(row["population"])
    numerator = "timed" if is_open else figure.numerator
    amount = row[population.column_of(numerator)]
    return FigureRow(
        id=row["item_id"],
        kind=row["kind"],
        title=row["title"],
        number=row["number"],
        unit_id=row["unit_id"],
        unit_name=scope.name_of(row["unit_id"]),
        day=row["from_day"],
        until_day=None if row["until_day"] == LASTING else row["until_day"],
        counts=amount != 0 or figure.way is Way.MEAN,
        amount=amount,
        days=_days(population, row, period, time, is_open=is_open) if time else None,
        population=row["population"],
    )


def _days(
    population: Population, row: Mapping[str, Any], period: Period, time: WorkingTime, *, is_open: bool
) -> float | None:
    """What a closed item took, or an open one has taken by the end of the period."""

    def amount(measure: str) -> int:
        return int(row[population.column_of(measure)])

    if not is_open:
        return amount("half_days") / 2
    now = time.at(period.as_of) if amount("running") else 0
    if now is None:
        return None
    return (amount("running") * now - amount("started") + amount("used")) / 2


def _page_of_divisions(
    session: Session, scope: Scope, period: Period, *, part: ItemPart, after: str | None, limit: int
) -> Page[FigureRow]:
    wanted = {ItemPart.ALL: (True, False), ItemPart.NUMERATOR: (True,), ItemPart.REST: (False,)}[part]
    last = read_cursor(after, str)[0] if after is not None else ""
    rows = [
        FigureRow(
            id=division.unit_id,
            kind="division",
            title=scope.name_of(division.unit_id),
            number=division.code,
            unit_id=division.unit_id,
            unit_name=scope.name_of(division.unit_id),
            day=None,
            counts=division.covered,
            amount=int(division.covered),
        )
        for division in list_divisions(session, scope, period)
        if division.covered in wanted and division.code > last
    ]
    return make_page(rows[: limit + 1], limit, lambda row: (row.number,))
