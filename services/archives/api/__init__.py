"""The HTTP door of archives."""

from services.archives import SERVICE
from services.archives.api.filing import FilingRoutes
from services.archives.api.records import RecordRoutes
from services.archives.api.rules import RuleRoutes
from shared.web.auditing import AuditRoutes


class ArchivesApi(RecordRoutes, FilingRoutes, RuleRoutes, AuditRoutes):
    """Answers `/api/archives`."""

    name = "archives.api"
    service = SERVICE
