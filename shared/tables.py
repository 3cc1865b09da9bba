"""Every table of the foundation; importing this module declares them all."""

from shared.audit import AuditEntry
from shared.auth.models import Revocation, VerificationKey
from shared.calendar_days import CalendarDay
from shared.dated_rules.models import RuleVersion
from shared.directory.models import (
    DirectoryDelegation,
    DirectoryPerson,
    DirectoryPost,
    DirectoryTenure,
    DirectoryUnit,
)
from shared.flow.models import FlowDefinition, FlowInstance, WorkItem
from shared.messaging.models import (
    AppliedBinding,
    EventSubject,
    HandlerCursor,
    InboxEvent,
    OutboxEvent,
    ReconciledUpTo,
)
from shared.numbering import NumberSeries, NumberTaken
from shared.web.idempotency import IdempotencyRecord

__all__ = [
    "AppliedBinding",
    "AuditEntry",
    "CalendarDay",
    "DirectoryDelegation",
    "DirectoryPerson",
    "DirectoryPost",
    "DirectoryTenure",
    "DirectoryUnit",
    "EventSubject",
    "FlowDefinition",
    "FlowInstance",
    "HandlerCursor",
    "IdempotencyRecord",
    "InboxEvent",
    "NumberSeries",
    "NumberTaken",
    "OutboxEvent",
    "ReconciledUpTo",
    "Revocation",
    "RuleVersion",
    "VerificationKey",
    "WorkItem",
]
