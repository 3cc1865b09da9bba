"""The HTTP door of documents."""

from services.documents import SERVICE
from services.documents.api.drafts import DraftRoutes


class DocumentsApi(DraftRoutes):
    """Answers `/api/documents`."""

    name = "documents.api"
    service = SERVICE
