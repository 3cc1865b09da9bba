"""From events to what an item counts as: what each event says of its item, and what the known facts come to."""

from services.mobile.domain.counting.entries import Entry, counted_as, follows_from, named
from services.mobile.domain.counting.facts import FACT_EVENTS, Change, changes_of

__all__ = [
    "FACT_EVENTS",
    "Change",
    "Entry",
    "changes_of",
    "counted_as",
    "follows_from",
    "named",
]
