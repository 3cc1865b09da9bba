"""The tables of the mobile service: a read model, built from events alone and rebuilt at will."""

from services.mobile.models.base import Base
from services.mobile.models.changes import InboxChange
from services.mobile.models.figures import (
    SLOTS,
    FigureChange,
    FigureEntry,
    FigureItem,
    FigureSum,
)
from services.mobile.models.items import InboxItem, StartedWork, SubjectFacts
from services.mobile.models.trace import TraceEntry

__all__ = [
    "SLOTS",
    "Base",
    "FigureChange",
    "FigureEntry",
    "FigureItem",
    "FigureSum",
    "InboxChange",
    "InboxItem",
    "StartedWork",
    "SubjectFacts",
    "TraceEntry",
]
