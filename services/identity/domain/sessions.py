"""Refresh tokens: every use makes a new one, and a second use of an old one ends the whole family.

A family is one sign-in on one device. Its tokens follow one another as generations 1, 2, 3, …; only digests
are kept. A successor is derived from its predecessor and a key of the installation, so that a client whose
answer was lost on the way gets the very same successor when it asks again at once.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class SessionRule:
    """How long a sign-in lasts: without use, at most, and how long a lost answer may be asked for again."""

    idle: timedelta = timedelta(hours=12)
    longest: timedelta = timedelta(days=7)
    grace: timedelta = timedelta(seconds=10)


@dataclass(frozen=True, kw_only=True)
class FamilyFacts:
    """Where a family stands: its current generation and when that was issued, and whether it is over."""

    started_at: datetime
    generation: int
    rotated_at: datetime
    forgiven_generation: int | None = None
    ended_at: datetime | None = None


class Family(NamedTuple):
    """A family as far as its access tokens go: the post acted in, and when the password was given."""

    id: UUID
    tenure_id: UUID
    started_at: datetime


class Verdict(StrEnum):
    """What a presented refresh token leads to."""

    ROTATE = "rotate"
    REPEAT = "repeat"
    REUSED = "reused"
    EXPIRED = "expired"
    ENDED = "ended"


def judge(family: FamilyFacts, generation: int, *, now: datetime, rule: SessionRule) -> Verdict:
    """What to do with a token of that generation.

    `ROTATE`: issue the next generation. `REPEAT`: the answer was lost, give the current generation once more,
    which is done once per generation and within the grace only. `REUSED`: someone else has the token; end the
    family.
    """
    if family.ended_at is not None:
        return Verdict.ENDED
    if now - family.rotated_at > rule.idle or now - family.started_at > rule.longest:
        return Verdict.EXPIRED
    if generation == family.generation:
        return Verdict.ROTATE
    is_last = generation == family.generation - 1
    if is_last and family.forgiven_generation != generation and now - family.rotated_at <= rule.grace:
        return Verdict.REPEAT
    return Verdict.REUSED


def successor(token: str, *, key: bytes) -> str:
    """The token that follows this one; only who has both the token and the installation's key can tell it."""
    return _text(hmac.new(key, b"refresh successor\0" + token.encode(), hashlib.sha256).digest())


def first_token(random: bytes) -> str:
    """The first token of a family, from at least 32 random bytes."""
    if len(random) < 32:
        raise ValueError("a refresh token needs at least 32 random bytes")
    return _text(random)


def digest(token: str) -> bytes:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).digest()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
