"""Identifiers: every row, event and request is named by a UUID version 7, so that names sort by time."""

from uuid import UUID

import uuid6


def new_id() -> UUID:
    """A fresh UUID version 7 (RFC 9562 §5.7)."""
    return UUID(int=uuid6.uuid7().int)
