"""Matters from the hotline and the media, as files name them."""

from services.supervision.importing.tables import read_rows

__all__ = ["read_rows"]
