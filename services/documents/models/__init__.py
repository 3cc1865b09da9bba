"""The tables of the documents service."""

from services.documents.models.base import Base
from services.documents.models.document import (
    Document,
    DocumentAccess,
    DocumentAct,
    DocumentFile,
    DocumentVersion,
)
from services.documents.models.receipt import Receipt
from services.documents.models.rules import AnnualQuotaRow, LengthLimitRow, SettingChange

__all__ = [
    "AnnualQuotaRow",
    "Base",
    "Document",
    "DocumentAccess",
    "DocumentAct",
    "DocumentFile",
    "DocumentVersion",
    "LengthLimitRow",
    "Receipt",
    "SettingChange",
]
