"""Seeing to many items in one tick: each by itself, and what fails or cannot go on yet rests for a while."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.affairs.models import TimerPause
from shared.clock import Clock
from shared.errors import Problem

logger = logging.getLogger(__name__)
SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(hours=1)
# Doubled so often, the shortest pause is longer than the longest.
_MOST_DOUBLINGS = 6


def each_by_itself(
    session: Session, clock: Clock, *, timer: str, ids: Sequence[UUID], see_to: Callable[[UUID], bool]
) -> int:
    """See to each in a savepoint of its own; says how many went well.

    One that fails keeps nobody else waiting and is left alone for a while, longer each time; so is one of which
    `see_to` says False: what it waits for has not come.
    """
    done: list[UUID] = []
    for item_id in ids:
        try:
            with session.begin_nested():
                went_on = see_to(item_id)
        except Problem as problem:
            logger.warning("%s left %s for later: %s", timer, item_id, problem.code)
            _pause(session, clock, timer, item_id)
        except Exception:
            logger.exception("%s could not see to %s", timer, item_id)
            _pause(session, clock, timer, item_id)
        else:
            if went_on:
                done.append(item_id)
            else:
                _pause(session, clock, timer, item_id)
    if done:
        over = sa.delete(TimerPause).where(TimerPause.timer == timer, TimerPause.item_id.in_(done))
        session.execute(over)
    return len(done)


def is_awake(timer: str, item_id: Any, *, now: datetime) -> sa.ColumnElement[bool]:
    """That an item is not left alone by that timer now."""
    resting = sa.exists().where(
        TimerPause.timer == timer, TimerPause.item_id == item_id, TimerPause.until > now
    )
    return sa.not_(resting)


def _pause(session: Session, clock: Clock, timer: str, item_id: UUID) -> None:
    before = session.scalar(
        sa.select(TimerPause.failures).where(TimerPause.timer == timer, TimerPause.item_id == item_id)
    )
    failures = min((before or 0) + 1, _MOST_DOUBLINGS + 1)
    until = clock.now() + min(SHORTEST * 2 ** (failures - 1), LONGEST)
    kept = insert(TimerPause).values(timer=timer, item_id=item_id, failures=failures, until=until)
    session.execute(
        kept.on_conflict_do_update(
            index_elements=["timer", "item_id"], set_={"failures": failures, "until": until}
        )
    )
