"""The tables of the affairs service."""

from services.affairs.models.base import Base

__all__ = ["Base"]
