"""The tables of the supervision service."""

from services.supervision.models.assessment import (
    Appeal,
    AppealFile,
    Assessment,
    AssessmentScore,
    Correction,
    Finding,
)
from services.supervision.models.base import Base
from services.supervision.models.board import NOBODY, BoardBasis, BoardChange, BoardCount, BoardDay
from services.supervision.models.course import (
    TaskFeedback,
    TaskGoal,
    TaskReminder,
    TaskRequest,
    TaskRest,
    TaskSlip,
)
from services.supervision.models.task import (
    EarlyWord,
    Task,
    TaskAccess,
    TaskAct,
    TaskFile,
    TaskLink,
    TaskParty,
)

__all__ = [
    "NOBODY",
    "Appeal",
    "AppealFile",
    "Assessment",
    "AssessmentScore",
    "Base",
    "BoardBasis",
    "BoardChange",
    "BoardCount",
    "BoardDay",
    "Correction",
    "EarlyWord",
    "Finding",
    "Task",
    "TaskAccess",
    "TaskAct",
    "TaskFeedback",
    "TaskFile",
    "TaskGoal",
    "TaskLink",
    "TaskParty",
    "TaskReminder",
    "TaskRequest",
    "TaskRest",
    "TaskSlip",
]
