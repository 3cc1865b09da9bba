"""Keeping the figures: putting down what events say, and counting it in.

Putting down is one insert an event, which waits for nobody. Counting in is the work of one writer at a time (a timer
sees to that), many events at once: the sums of a month change with nearly every event, and handlers that moved them
themselves would wait for each other.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

from services.mobile.commands.moving_sums import EntryKey, add_entries, forget_entries
from services.mobile.domain.counting import (
    Change,
    Entry,
    changes_of,
    counted_as,
    follows_from,
    named,
)
from services.mobile.domain.figures import population_of
from services.mobile.models import SLOTS, FigureChange, FigureEntry, FigureItem
from shared.calendar_days import working_time
from shared.events.base import Envelope
from shared.working_time import WorkingTime

# Of many changes at once more fall on the same sums; but handlers of the same process wait for each round.
AT_ONCE = 2_000
ROUNDS = 5

_CHANGES: Any = FigureChange.__table__
_ITEMS: Any = FigureItem.__table__
_ENTRIES: Any = FigureEntry.__table__
_NOTE = insert(_CHANGES).on_conflict_do_nothing()
_TAKE = sa.text(
    # An array is found by index whatever the planner knows of a table that is empty most of the time.
    "DELETE FROM figure_change WHERE position = ANY(ARRAY"
    "(SELECT position FROM figure_change WHERE position > :after ORDER BY position LIMIT :limit))"
    " RETURNING position, kind, item_id, facet, rank, facts"
)
_FIND = sa.select(_ITEMS).where(_ITEMS.c.id.in_(sa.bindparam("ids", expanding=True)))
_PUT = sa.text(
    "INSERT INTO figure_item SELECT * FROM jsonb_populate_recordset(NULL::figure_item, :rows)"
    " ON CONFLICT (kind, id) DO UPDATE"
    " SET title = excluded.title, number = excluded.number, facets = excluded.facets"
).bindparams(sa.bindparam("rows", type_=JSONB()))
_COUNTED = sa.select(_ENTRIES).where(_ENTRIES.c.item_id.in_(sa.bindparam("ids", expanding=True)))

_Key = tuple[str, UUID]
_Row = dict[str, Any]


def note_facts(session: Session, envelope: Envelope) -> None:
    """Put down what the event says of the items that figures count; repeating it changes nothing."""
    if changes := changes_of(envelope):
        session.execute(_NOTE, [vars(change) for change in changes])


def count_facts(session: Session, *, rounds: int = ROUNDS) -> int:
    """Count in what handlers have put down, up to so many rounds; returns how many facts. One caller at a time."""
    time = working_time(session)
    counted, after = 0, 0
    for _ in range(rounds):
        taken = session.execute(_TAKE, {"after": after, "limit": AT_ONCE}).all()
        if not taken:
            break
        after = max(row.position for row in taken)
        changes = [
            Change(kind=row.kind, item_id=row.item_id, facet=row.facet, rank=row.rank, facts=row.facts)
            for row in taken
        ]
        _count_in(session, changes, time)
        counted += len(taken)
    return counted


def _count_in(session: Session, changes: list[Change], time: WorkingTime) -> None:
    changed: dict[_Key, _Row] = {}
    known: dict[_Key, _Row] = {}
    while changes:
        _look_up(session, known, changes)
        news = [key for key in (_merged(known, change) for change in changes) if key]
        changed |= {key: known[key] for key in news}
        changes = [then for key in dict.fromkeys(news) for then in follows_from(*key, known[key]["told"])]
    if changed:
        _write(session, changed, time)


def _look_up(session: Session, known: dict[_Key, _Row], changes: Iterable[Change]) -> None:
    wanted = {(change.kind, change.item_id) for change in changes} - known.keys()
    found = session.execute(_FIND, {"ids": list({item_id for _, item_id in wanted})}) if wanted else ()
    for row in found:
        if (row.kind, row.id) in wanted:
            known[row.kind, row.id] = _row(row.kind, row.id, row.facets)
    for kind, item_id in wanted - known.keys():
        known[kind, item_id] = _row(kind, item_id, {})


def _row(kind: str, item_id: UUID, facets: dict[str, Any]) -> _Row:
    told = {name: facet["facts"] for name, facet in facets.items()}
    return {"kind": kind, "id": item_id, "facets": facets, "told": told}


def _merged(known: dict[_Key, _Row], change: Change) -> _Key | None:
    """The item's key when the change is news to it."""
    row = known[change.kind, change.item_id]
    facet = row["facets"].get(change.facet)
    if facet is not None and facet["rank"] >= change.rank:
        return None
    row["facets"][change.facet] = {"rank": change.rank, "facts": dict(change.facts)}
    row["told"][change.facet] = change.facts
    return change.kind, change.item_id


def _write(session: Session, changed: dict[_Key, _Row], time: WorkingTime) -> None:
    items, now = [], {}
    for (kind, item_id), row in changed.items():
        title, number = named(row["told"])
        items.append(
            {"kind": kind, "id": str(item_id), "title": title, "number": number, "facets": row["facets"]}
        )
        for entry in counted_as(kind, row["told"], time):
            made = _entry_row(kind, item_id, entry)
            now[item_id, entry.population, entry.from_day] = made
    session.execute(_PUT, {"rows": items})
    before = _entries_of(session, changed)
    forget_entries(session, [key for key, row in before.items() if now.get(key) != row])
    add_entries(
        session,
        [
            {name: _plain(value) for name, value in row.items()}
            for key, row in now.items()
            if before.get(key) != row
        ],
    )


def _entries_of(session: Session, changed: Iterable[_Key]) -> dict[EntryKey, _Row]:
    """What the changed items count as so far; items of two kinds may have the same id."""
    kinds = set(changed)
    rows = session.execute(_COUNTED, {"ids": list({item_id for _, item_id in kinds})}).mappings()
    return {
        (row["item_id"], row["population"], row["from_day"]): dict(row)
        for row in rows
        if (row["kind"], row["item_id"]) in kinds
    }


def _entry_row(kind: str, item_id: UUID, entry: Entry) -> _Row:
    population = population_of(entry.population)
    row: _Row = {
        "item_id": item_id,
        "population": entry.population,
        "from_day": entry.from_day,
        "kind": kind,
        "unit_id": entry.unit_id,
        "until_day": entry.until_day,
        "n": entry.n,
        **dict.fromkeys(SLOTS, 0),
    }
    for measure, amount in entry.measures.items():
        row[population.column_of(measure)] = amount
    return row


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else str(value)
