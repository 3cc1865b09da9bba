"""Shapes of requests and answers."""

from services.documents.schemas.documents import (
    ActSchema,
    DocumentFileSchema,
    DocumentQuery,
    DocumentSchema,
    DocumentSummarySchema,
    FileFormSchema,
    ReadFileSchema,
    ReceiptSchema,
    VersionSchema,
)
from services.documents.schemas.drafts import (
    DraftSchema,
    FindingSchema,
    FindingsQuery,
    FindingsSchema,
    RevisionSchema,
)

__all__ = [
    "ActSchema",
    "DocumentFileSchema",
    "DocumentQuery",
    "DocumentSchema",
    "DocumentSummarySchema",
    "DraftSchema",
    "FileFormSchema",
    "FindingSchema",
    "FindingsQuery",
    "FindingsSchema",
    "ReadFileSchema",
    "ReceiptSchema",
    "RevisionSchema",
    "VersionSchema",
]
