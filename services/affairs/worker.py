"""What affairs does by itself."""

from services.affairs import SERVICE
from shared.messaging.upkeep import KeepsDirectory


class AffairsWorker(KeepsDirectory):
    """Handles events and timers of affairs."""

    name = "affairs.worker"
    service = SERVICE
