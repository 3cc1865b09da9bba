"""What the trial service tells; `told_by` other services where several tell the same."""

from uuid import UUID

from shared.events.base import Event, described, event

_ID = "0190f000-0000-7000-8000-000000000001"


@event("trial.asked.v1", aggregate="trial", producers=["trial"])
class TrialAsked(Event):
    """A trial was asked for; `wish` says what its handler shall do."""

    trial_id: UUID = described("The trial", _ID)
    wish: str = described("What the handler shall do", "work", default="work")
    number: int = described("Tells events of one trial apart", 1, default=1)


@event("trial.closed.v1", aggregate="trial", producers=["trial"])
class TrialClosed(Event):
    """A trial was closed."""

    trial_id: UUID = described("The trial", _ID)


@event("whisper.told.v1", aggregate="whisper", producers=["trial"], consumed=False)
class WhisperTold(Event):
    """Something was told that nobody listens to."""

    whisper_id: UUID = described("The whisper", _ID)


@event("stray.told.v1", aggregate="stray", producers=["trial"])
class StrayTold(Event):
    """Something was told that somebody should listen to, but nobody does."""

    stray_id: UUID = described("The stray", _ID)
