"""How long a task may take, and how often it has to be reported on, when nobody says otherwise.

No national standard exists; the defaults are those of published local rules: 急件 1–5 日, 非急件 15 日, 难度大 30 日,
公文 30 日, 会议纪要 20 日, 特急随到随办.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any


class Urgency(StrEnum):
    """How a task is graded; empty is the ordinary one."""

    ORDINARY = ""
    MOST_URGENT = "特急"
    URGENT = "急件"
    HARD = "难度大"


DEFAULT_LIMITS: tuple[Mapping[str, Any], ...] = (
    {"source": "", "urgency": "特急", "half_days": 2},
    {"source": "", "urgency": "急件", "half_days": 6},
    {"source": "", "urgency": "难度大", "half_days": 60},
    {"source": "document", "urgency": "", "half_days": 60},
    {"source": "meeting", "urgency": "", "half_days": 40},
    {"source": "", "urgency": "", "half_days": 30},
)
DEFAULT_PERIODS: tuple[Mapping[str, Any], ...] = (
    {"source": "", "urgency": "特急", "half_days": 2},
    {"source": "", "urgency": "急件", "half_days": 4},
    {"source": "", "urgency": "", "half_days": 20},
)


def half_days_for(rows: Sequence[Mapping[str, Any]], *, source: str, urgency: str) -> int | None:
    """What the first row says that fits; an empty source or urgency in a row fits every one."""
    for row in rows:
        if row["source"] in ("", source) and row["urgency"] in ("", urgency):
            return int(row["half_days"])
    return None
