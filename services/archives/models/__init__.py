"""The tables of the archives service."""

from services.archives.models.base import Base
from services.archives.models.closing import ClosedDocument, FilingState, NotFiledDecision, RetentionRuling
from services.archives.models.link import RecordLink
from services.archives.models.record import (
    WHOLE,
    ArchiveDescription,
    ArchiveRecord,
    MetadataCorrection,
    RecordVerification,
)
from services.archives.models.rules import RetentionScheduleVersion

__all__ = [
    "WHOLE",
    "ArchiveDescription",
    "ArchiveRecord",
    "Base",
    "ClosedDocument",
    "FilingState",
    "MetadataCorrection",
    "NotFiledDecision",
    "RecordLink",
    "RecordVerification",
    "RetentionRuling",
    "RetentionScheduleVersion",
]
