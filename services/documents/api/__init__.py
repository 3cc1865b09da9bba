"""The HTTP door of documents."""

from services.documents import SERVICE
from services.documents.api.drafts import DraftRoutes
from services.documents.api.flows import FlowRoutes
from services.documents.api.work import WorkRoutes


class DocumentsApi(DraftRoutes, WorkRoutes, FlowRoutes):
    """Answers `/api/documents`."""

    name = "documents.api"
    service = SERVICE
