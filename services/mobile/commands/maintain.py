"""Keeping the read model small, and dropping it to be built anew."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.mobile.models import (
    FigureChange,
    FigureEntry,
    FigureItem,
    FigureSum,
    InboxChange,
    InboxItem,
    StartedWork,
    SubjectFacts,
    TraceEntry,
)
from shared.clock import Clock

# A stream that was away for longer is told to read its inbox anew.
CHANGES_ARE_KEPT = timedelta(hours=24)
_BUILT_FROM_EVENTS = (
    FigureChange,
    FigureEntry,
    FigureItem,
    FigureSum,
    InboxChange,
    InboxItem,
    StartedWork,
    SubjectFacts,
    TraceEntry,
)


def forget_old_changes(session: Session, clock: Clock) -> int:
    """Remove what no stream resumes from; returns how many.

    The newest change stays: it says how far the feed has come.
    """
    newest = sa.select(sa.func.max(InboxChange.position)).scalar_subquery()
    old = sa.delete(InboxChange).where(
        InboxChange.at < clock.now() - CHANGES_ARE_KEPT, InboxChange.position < newest
    )
    return int(session.execute(old).rowcount)  # type: ignore[attr-defined]


def reset_read_model(session: Session) -> None:
    """Empty what events have built, so that they can build it anew; the directory stays as it is.

    Positions of the feed go on counting, so that a stream from before is told to read its inbox anew.
    """
    for model in _BUILT_FROM_EVENTS:
        session.execute(sa.delete(model))
