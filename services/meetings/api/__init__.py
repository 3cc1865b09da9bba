"""The HTTP door of meetings."""

from services.meetings import SERVICE
from shared.web.auditing import AuditRoutes


class MeetingsApi(AuditRoutes):
    """Answers `/api/meetings`."""

    name = "meetings.api"
    service = SERVICE
