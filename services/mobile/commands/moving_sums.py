"""Moving the sums of figures by what came and what went."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

from services.mobile.domain.figures import LASTING
from services.mobile.domain.figures.periods import month_of, year_of
from services.mobile.models import SLOTS, FigureSum

_COLUMNS = ("n", *SLOTS)
_SUMS: Any = FigureSum.__table__
_rows = sa.func.jsonb_populate_recordset(
    sa.literal_column("NULL::figure_sum"), sa.bindparam("rows", type_=JSONB())
)
_KEY = ("population", "grain", "unit_id", "day")
_put = insert(_SUMS).from_select(
    [column.name for column in _SUMS.c],
    sa.select(sa.text("*")).select_from(_rows.alias("moved")),
)
_MOVE = _put.on_conflict_do_update(
    index_elements=_KEY, set_={name: _SUMS.c[name] + _put.excluded[name] for name in _COLUMNS}
)

_Place = tuple[str, UUID, date, str]


def move_sums(
    session: Session, *, gone: Iterable[Mapping[str, Any]], come: Iterable[Mapping[str, Any]]
) -> None:
    """Take from the sums what entries that are gone were worth, and add those that have come."""
    moves: dict[_Place, list[int]] = defaultdict(lambda: [0] * len(_COLUMNS))
    for entries, sign in ((gone, -1), (come, 1)):
        for entry in entries:
            _move(moves, entry, entry["from_day"], sign)
            if entry["until_day"] is not None and entry["until_day"] < LASTING:
                _move(moves, entry, entry["until_day"], -sign)
    rows = [
        {
            "grain": grain,
            "unit_id": str(unit_id),
            "day": day.isoformat(),
            "population": population,
            **dict(zip(_COLUMNS, amounts, strict=True)),
        }
        for (grain, unit_id, day, population), amounts in moves.items()
        if any(amounts)
    ]
    if rows:
        session.execute(_MOVE, {"rows": rows})


def _move(moves: dict[_Place, list[int]], entry: Mapping[str, Any], day: date, sign: int) -> None:
    for grain, at in (("d", day), ("m", month_of(day)), ("y", year_of(day))):
        amounts = moves[grain, entry["unit_id"], at, entry["population"]]
        for place, name in enumerate(_COLUMNS):
            amounts[place] += sign * entry[name]
