"""The tables of the meetings service."""

from services.meetings.models.base import Base

__all__ = ["Base"]
