"""The tables of the supervision service."""

from services.supervision.models.base import Base

__all__ = ["Base"]
