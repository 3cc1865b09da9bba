"""What can go wrong with a delivery, where the message goes then, and what is written on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

HANDLER = "x-yiwang-handler"
ATTEMPTS = "x-yiwang-attempts"
REASON = "x-yiwang-reason"
ERROR = "x-yiwang-error"
FIRST_FAILED_AT = "x-yiwang-first-failed-at"

# A header must not outgrow a frame, and the log has the whole text.
ERROR_CHARACTERS = 2000


class Reason(StrEnum):
    """Why a delivery was not handled."""

    BAD_JSON = "bad_json"
    UNKNOWN_TYPE = "unknown_type"
    WRONG_TYPE = "wrong_type"
    CONTRACT_BROKEN = "contract_broken"
    HANDLER_FAILED = "handler_failed"
    EARLIER_EVENT_MISSING = "earlier_event_missing"
    DELIVERY_LIMIT = "delivery_limit"


# Trying again cannot help what will read the same tomorrow.
HOPELESS = frozenset({Reason.BAD_JSON, Reason.UNKNOWN_TYPE, Reason.WRONG_TYPE, Reason.CONTRACT_BROKEN})


class Undelivered(Exception):
    """A delivery that was refused before the handler saw it."""

    def __init__(self, reason: Reason, text: str) -> None:
        super().__init__(text)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One failed attempt at a delivery."""

    reason: Reason
    error: str

    @staticmethod
    def of(error: Exception) -> "Failure":
        """What an exception out of the handling means."""
        if isinstance(error, Undelivered):
            return Failure(reason=error.reason, error=str(error))
        return Failure(reason=Reason.HANDLER_FAILED, error=f"{type(error).__name__}: {error}")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a ladder: a delay in seconds and the name that its queue has."""

    seconds: float

    @property
    def label(self) -> str:
        whole = int(self.seconds)
        if whole != self.seconds:
            return f"{round(self.seconds * 1000)}ms"
        return f"{whole // 60}m" if whole and whole % 60 == 0 else f"{whole}s"


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """After each failed attempt a longer wait, and then the dead letters."""

    steps: tuple[Step, ...]

    @staticmethod
    def of(seconds: tuple[float, ...]) -> "Ladder":
        return Ladder(steps=tuple(Step(seconds=delay) for delay in seconds))

    def next_step(self, headers: Mapping[str, Any], failure: Failure) -> Step | None:
        """Where to wait for the next attempt; None when there is none."""
        attempts = attempts_of(headers)
        if failure.reason in HOPELESS or attempts >= len(self.steps):
            return None
        return self.steps[attempts]


def attempts_of(headers: Mapping[str, Any]) -> int:
    """How often handling it has failed; whatever else a sender wrote there counts as never."""
    attempts = headers.get(ATTEMPTS, 0)
    return attempts if isinstance(attempts, int) and attempts > 0 else 0


def marked(headers: Mapping[str, Any], failure: Failure, *, handler: str, now: datetime) -> dict[str, Any]:
    """The headers for the message's way on; those of the broker's own dead-lettering are left behind.

    RabbitMQ would take a copied `x-death` for a message going round in circles and drop it.
    """
    return {
        HANDLER: handler,
        ATTEMPTS: attempts_of(headers) + 1,
        REASON: failure.reason.value,
        ERROR: failure.error[:ERROR_CHARACTERS],
        FIRST_FAILED_AT: str(headers.get(FIRST_FAILED_AT) or now.isoformat()),
    }
