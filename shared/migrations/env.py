"""Alembic's environment; run through `shared.migrations`, which brings the connection and the service."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import text

import shared.tables  # noqa: F401  (declares every table of the foundation)
from shared.db import FoundationBase, UTCDateTime

LOCK = 0x59495741  # "YIWA": one migration at a time in a database


def render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """A revision names the database's type and not our wrapper, which may change after it was written."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


config = context.config
connection = config.attributes["connection"]
connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
connection.commit()
context.configure(
    connection=connection,
    target_metadata=[FoundationBase.metadata, config.attributes["service"].load_metadata()],
    compare_type=True,
    render_item=render_item,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})
connection.commit()
