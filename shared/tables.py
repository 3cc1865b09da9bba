"""Every table of the foundation; importing this module declares them all."""

from shared.audit import AuditEntry
from shared.auth.models import Revocation, VerificationKey
from shared.calendar_days import CalendarDay
from shared.directory.models import (
    DirectoryDelegation,
    DirectoryPerson,
    DirectoryPost,
    DirectoryTenure,
    DirectoryUnit,
)
from shared.messaging.models import EventSubject, InboxEvent, OutboxEvent
from shared.numbering import NumberSeries, NumberTaken
from shared.web.idempotency import IdempotencyRecord

__all__ = [
    "AuditEntry",
    "CalendarDay",
    "DirectoryDelegation",
    "DirectoryPerson",
    "DirectoryPost",
    "DirectoryTenure",
    "DirectoryUnit",
    "EventSubject",
    "IdempotencyRecord",
    "InboxEvent",
    "NumberSeries",
    "NumberTaken",
    "OutboxEvent",
    "Revocation",
    "VerificationKey",
]
