"""Shapes of requests and answers."""

from services.archives.schemas.filing import (
    ClosedDocumentSchema,
    ClosedQuery,
    GapQuery,
    RateQuery,
    RateSchema,
    RulingSchema,
)
from services.archives.schemas.records import (
    CorrectionSchema,
    ExportQuery,
    FileQuery,
    PackedFileSchema,
    RecordQuery,
    RecordSchema,
    RecordSummarySchema,
    VerificationSchema,
)
from services.archives.schemas.rules import (
    FondsChangeSchema,
    FondsQuery,
    FondsSchema,
    ScheduleQuery,
    ScheduleSchema,
    ScheduleSummarySchema,
)

__all__ = [
    "ClosedDocumentSchema",
    "ClosedQuery",
    "CorrectionSchema",
    "ExportQuery",
    "FileQuery",
    "FondsChangeSchema",
    "FondsQuery",
    "FondsSchema",
    "GapQuery",
    "PackedFileSchema",
    "RateQuery",
    "RateSchema",
    "RecordQuery",
    "RecordSchema",
    "RecordSummarySchema",
    "RulingSchema",
    "ScheduleQuery",
    "ScheduleSchema",
    "ScheduleSummarySchema",
    "VerificationSchema",
]
