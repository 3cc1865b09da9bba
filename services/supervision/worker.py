"""What supervision does by itself."""

from services.supervision import SERVICE
from shared.messaging.upkeep import KeepsDirectory


class SupervisionWorker(KeepsDirectory):
    """Handles events and timers of supervision."""

    name = "supervision.worker"
    service = SERVICE
