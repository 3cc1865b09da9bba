"""Entries that go and come, and with them the sums of figures by what they are worth."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Session

from services.mobile.domain.figures import LASTING
from services.mobile.models import SLOTS

EntryKey = tuple[UUID, str, date]
"""Item, population and first day."""

_COLUMNS = ("n", *SLOTS)
_KEY = "population, grain, unit_id, day"
_WORTH = [f"sum(turn.sign * {name})" for name in _COLUMNS]
# An entry counts from its first day and no longer from its last: in the sums of the day, of the month and of the year.
_MOVE = f"""
    INSERT INTO figure_sum AS kept ({_KEY}, {", ".join(_COLUMNS)})
    SELECT {_KEY}, {", ".join(_WORTH)}
    FROM moved
    CROSS JOIN LATERAL (VALUES (:sign, from_day), (-:sign, until_day)) AS turn (sign, at)
    CROSS JOIN LATERAL (VALUES
        ('d', turn.at),
        ('m', date_trunc('month', turn.at::timestamp)::date),
        ('y', date_trunc('year', turn.at::timestamp)::date)
    ) AS stretch (grain, day)
    WHERE turn.at < :lasting
    GROUP BY {_KEY}
    HAVING ({", ".join(_WORTH)}) <> ({", ".join("0" for _ in _COLUMNS)})
    ON CONFLICT ({_KEY}) DO UPDATE
    SET {", ".join(f"{name} = kept.{name} + excluded.{name}" for name in _COLUMNS)}
"""  # noqa: S608 (no input in it)
_FORGET = sa.text(
    f"""
    WITH moved AS (
        DELETE FROM figure_entry
        USING unnest(:ids, :populations, :days) AS gone (item_id, population, from_day)
        WHERE figure_entry.item_id = gone.item_id AND figure_entry.population = gone.population
        AND figure_entry.from_day = gone.from_day
        RETURNING figure_entry.*
    )
    {_MOVE}
    """  # noqa: S608
).bindparams(
    sa.bindparam("ids", type_=ARRAY(sa.Uuid())),
    sa.bindparam("populations", type_=ARRAY(sa.Text())),
    sa.bindparam("days", type_=ARRAY(sa.Date())),
)
_ADD = sa.text(
    f"""
    WITH moved AS (
        INSERT INTO figure_entry SELECT * FROM jsonb_populate_recordset(NULL::figure_entry, :rows) RETURNING *
    )
    {_MOVE}
    """  # noqa: S608
).bindparams(sa.bindparam("rows", type_=JSONB()))


def forget_entries(session: Session, keys: Sequence[EntryKey]) -> None:
    """Take these entries away, and from the sums what they were worth."""
    if keys:
        ids, populations, days = zip(*keys, strict=True)
        gone = {"ids": list(ids), "populations": list(populations), "days": list(days)}
        session.execute(_FORGET, {**gone, "sign": -1, "lasting": LASTING})


def add_entries(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Put these entries down, with all of their columns as JSON has them, and add what they are worth."""
    if rows:
        session.execute(_ADD, {"rows": rows, "sign": 1, "lasting": LASTING})
