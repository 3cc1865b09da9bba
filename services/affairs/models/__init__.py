"""The tables of the affairs service."""

from services.affairs.models.base import Base
from services.affairs.models.bundle import (
    Bundle,
    BundleAccess,
    BundleAct,
    BundleApplication,
    BundlePart,
    BundleVersion,
)
from services.affairs.models.case import Case, CaseField, CaseMaterial
from services.affairs.models.known import KnownDocument
from services.affairs.models.matter import Matter, MatterVersion
from services.affairs.models.pause import TimerPause
from services.affairs.models.record import (
    AffairsFile,
    BrokenPromise,
    CaseAccess,
    CaseAct,
    ClockStop,
    SupervisedTask,
    Trip,
)
from services.affairs.models.report_forms import (
    FieldCorrection,
    FieldValue,
    ReportFiling,
    ReportForm,
    ReportFormField,
    ReportFormUnit,
    SharedField,
)
from services.affairs.models.result import Result, SealKey

__all__ = [
    "AffairsFile",
    "Base",
    "BrokenPromise",
    "Bundle",
    "BundleAccess",
    "BundleAct",
    "BundleApplication",
    "BundlePart",
    "BundleVersion",
    "Case",
    "CaseAccess",
    "CaseAct",
    "CaseField",
    "CaseMaterial",
    "ClockStop",
    "FieldCorrection",
    "FieldValue",
    "KnownDocument",
    "Matter",
    "MatterVersion",
    "ReportFiling",
    "ReportForm",
    "ReportFormField",
    "ReportFormUnit",
    "Result",
    "SealKey",
    "SharedField",
    "SupervisedTask",
    "TimerPause",
    "Trip",
]
