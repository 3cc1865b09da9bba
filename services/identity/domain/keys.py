"""Signing keys: announced ahead, used for a while, and kept for checking until the last token has expired."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class KeyState(StrEnum):
    """`next` is announced, `active` signs, `retired` only checks, `withdrawn` is gone from the set."""

    NEXT = "next"
    ACTIVE = "active"
    RETIRED = "retired"
    WITHDRAWN = "withdrawn"


# A key is announced this long before it signs: longer than any verifier may keep the old set
# (the JWKS answer's max-age) and than the event takes to reach every service.
ANNOUNCED_AHEAD = timedelta(minutes=10)
JWKS_MAX_AGE = timedelta(minutes=5)
USED_FOR = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class KeyFacts:
    """One key: its name, state, and since when it has been in each."""

    kid: str
    state: KeyState
    announced_at: datetime
    retired_at: datetime | None = None


def may_sign_from(key: KeyFacts) -> datetime:
    """When a key that was announced may begin to sign without any verifier refusing its tokens."""
    return key.announced_at + ANNOUNCED_AHEAD


def is_withdrawable(key: KeyFacts, *, token_lifetime: timedelta, now: datetime) -> bool:
    """Whether no token signed by a retired key can still be good; a minute is left for clocks that differ."""
    if key.state is not KeyState.RETIRED or key.retired_at is None:
        return False
    return now >= key.retired_at + token_lifetime + timedelta(minutes=1)


def may_be_aged_out(active_since: datetime, *, now: datetime) -> bool:
    """Whether a key has signed for so long that it should give way by itself."""
    return now - active_since >= USED_FOR
