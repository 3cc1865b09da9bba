"""The HTTP door of affairs."""

from services.affairs import SERVICE
from shared.web.auditing import AuditRoutes


class AffairsApi(AuditRoutes):
    """Answers `/api/affairs`."""

    name = "affairs.api"
    service = SERVICE
