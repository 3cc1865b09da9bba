"""The HTTP door of documents."""

from services.documents import SERVICE
from services.documents.api.choices import ChoiceRoutes
from services.documents.api.drafts import DraftRoutes
from services.documents.api.flows import FlowRoutes
from services.documents.api.reading import ReadingRoutes
from services.documents.api.rules import RuleRoutes
from services.documents.api.work import WorkRoutes
from shared.web.auditing import AuditRoutes


class DocumentsApi(DraftRoutes, ReadingRoutes, WorkRoutes, FlowRoutes, ChoiceRoutes, RuleRoutes, AuditRoutes):
    """Answers `/api/documents`."""

    name = "documents.api"
    service = SERVICE
