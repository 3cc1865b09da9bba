"""The HTTP door of supervision."""

from services.supervision import SERVICE
from shared.web.auditing import AuditRoutes


class SupervisionApi(AuditRoutes):
    """Answers `/api/supervision`."""

    name = "supervision.api"
    service = SERVICE
