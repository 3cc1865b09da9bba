"""What it takes to word an event: its sentence, and who may read it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.clock import LOCAL_ZONE
from shared.events import affairs


class Rank(StrEnum):
    """How much an entry matters, and whose business it is.

    A milestone is told to everybody who may know of the chain, unless all that one has in it is narrow. A step is
    told to those who have a part in the very matter that it belongs to: how one unit worked on its part is not the
    other units' business. A detail is like a step, but a timeline leaves it out unless it is asked for.
    """

    MILESTONE = "milestone"
    STEP = "step"
    DETAIL = "detail"


# Kinds of subject that are one small thing out of somebody else's business: who is asked for that and has no other
# part in the chain is told of that alone.
NARROW_KINDS = frozenset({affairs.MATERIAL_KIND})


@dataclass(frozen=True)
class Wording:
    """How an event reads; `rank` may hang on what the event says. `about` names the field of the matter behind it."""

    sentence: Callable[[Any], str]
    rank: Rank | Callable[[Any], Rank] = Rank.STEP
    about: str = ""


def moment(at: datetime) -> str:
    """A moment as people write it: local, to the minute."""
    return f"{at.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}"


def day(at: datetime) -> str:
    """The local day of a moment."""
    return f"{at.astimezone(LOCAL_ZONE):%Y-%m-%d}"


def names(shown: list[str], *, most: int = 3, of: str = "单位") -> str:
    """The first few of several names, and how many there are."""
    named = "、".join(shown[:most])
    return named if len(shown) <= most else f"{named}等 {len(shown)} 个{of}"
