"""Sight: each service keeps, in a table of its own, who may see an item and for what reason."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import InstrumentedAttribute, Session


class SightTable:
    """Gives sight of the items that `column` names; its table has `holder_id` and `reason` beside it."""

    def __init__(self, column: InstrumentedAttribute[UUID]) -> None:
        holders = sa.bindparam("holders", type_=postgresql.ARRAY(sa.Uuid()))
        granted = sa.select(
            sa.bindparam("item", type_=sa.Uuid()),
            sa.func.unnest(holders).column_valued("holder"),
            sa.bindparam("why", type_=sa.Text()),
        )
        table = column.property.columns[0].table
        into = postgresql.insert(table).from_select([column.key, "holder_id", "reason"], granted)
        # Made once: one statement however many holders.
        self._grant = into.on_conflict_do_nothing()

    def grant(self, session: Session, item_id: UUID, holders: Iterable[UUID], *, reason: str) -> None:
        """Let holders see an item from now on; repeating it changes nothing. The item must be in the database."""
        if named := list(holders):
            session.execute(self._grant, {"item": item_id, "holders": named, "why": reason})
