"""What meetings does by itself."""

from services.meetings import SERVICE
from shared.messaging.upkeep import KeepsDirectory


class MeetingsWorker(KeepsDirectory):
    """Handles events and timers of meetings."""

    name = "meetings.worker"
    service = SERVICE
