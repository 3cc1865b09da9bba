"""The code on the sign-in screen: it turns every thirty seconds, so that a picture of it is soon worth nothing.

Made like a one-time password (RFC 6238), but longer: 128 bits of HMAC-SHA-256 over the meeting and the time step.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

STEP_SECONDS = 30
# Whoever scans at the very end of a step still gets in.
STEPS_OF_TOLERANCE = 1


@dataclass(frozen=True, kw_only=True)
class RotatingCode:
    """A code, and from when to when it is shown."""

    code: str
    step: int

    @property
    def begins_at(self) -> datetime:
        return datetime.fromtimestamp(self.step * STEP_SECONDS, UTC)

    @property
    def ends_at(self) -> datetime:
        return datetime.fromtimestamp((self.step + 1) * STEP_SECONDS, UTC)


def code_at(secret: bytes, meeting_id: UUID, at: datetime) -> RotatingCode:
    """The code that the screen shows at that moment."""
    step = int(at.timestamp()) // STEP_SECONDS
    return RotatingCode(code=_code(secret, meeting_id, step), step=step)


def step_of(code: str, secret: bytes, meeting_id: UUID, at: datetime) -> int | None:
    """The time step of a code that is good at that moment, or None."""
    now = int(at.timestamp()) // STEP_SECONDS
    for step in range(now, now - STEPS_OF_TOLERANCE - 1, -1):
        if hmac.compare_digest(_code(secret, meeting_id, step).encode(), code.encode()):
            return step
    return None


def content_of(meeting_id: UUID, code: str) -> str:
    """What the picture says to the app that scans it."""
    return f"yiwang:sign-in?meeting={meeting_id}&code={code}"


def _code(secret: bytes, meeting_id: UUID, step: int) -> str:
    made = hmac.digest(secret, meeting_id.bytes + step.to_bytes(8), hashlib.sha256)
    return base64.urlsafe_b64encode(made[:16]).decode().rstrip("=")
