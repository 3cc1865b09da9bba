"""Telling a database that is away, or a transaction that lost a race, from work that went wrong."""

import sqlalchemy as sa

# SQLSTATE classes and codes that say nothing about the work itself: connection (08), shut down (57P),
# out of connections, disk or memory (53).
_AWAY = ("08", "57P", "53")
# Serialization failure and deadlock: the same again may simply work.
_RACES = ("40001", "40P01")


def is_away(error: Exception) -> bool:
    """Whether the database could not be reached or cannot work now, so that the work should wait for it."""
    if isinstance(error, sa.exc.TimeoutError):
        return True
    if not isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError):
        return False
    code = _code(error)
    return error.connection_invalidated or code is None or code.startswith(_AWAY)


def is_race(error: Exception) -> bool:
    """Whether the transaction was only chosen to give way to another."""
    return isinstance(error, sa.exc.DBAPIError) and _code(error) in _RACES


def _code(error: sa.exc.DBAPIError) -> str | None:
    code: str | None = getattr(error.orig, "pgcode", None)
    return code
