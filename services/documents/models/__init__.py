"""The tables of the documents service."""

from services.documents.models.base import Base
from services.documents.models.document import (
    Document,
    DocumentAccess,
    DocumentAct,
    DocumentFile,
    DocumentVersion,
)
from services.documents.models.elsewhere import ApprovedMinutes, DocumentTask
from services.documents.models.receipt import Receipt

__all__ = [
    "ApprovedMinutes",
    "Base",
    "Document",
    "DocumentAccess",
    "DocumentAct",
    "DocumentFile",
    "DocumentTask",
    "DocumentVersion",
    "Receipt",
]
