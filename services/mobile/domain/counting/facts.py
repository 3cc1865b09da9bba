"""What each event says of an item that figures count.

A facet is stated completely by the event, so that of two events the later one alone decides. Facets that have to be
kept all (pauses, lights, versions) carry a number in their name. Where the first event decides, its rank is negative.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.clock import local_date
from shared.events import affairs, archives, documents, meetings, supervision
from shared.events.base import Envelope, Event


@dataclass(frozen=True, kw_only=True)
class Change:
    """The facts of one facet of one item; they hold unless a facet of a higher rank is known."""

    kind: str
    item_id: UUID
    facet: str
    rank: int
    facts: Mapping[str, Any]


Facts = dict[str, Any]
# Of an event and its sequence: kind, item, facet, facts, and the rank where it is not the sequence.
Stated = list[tuple[str, UUID, str, Facts] | tuple[str, UUID, str, Facts, int]]


def changes_of(envelope: Envelope) -> list[Change]:
    """What the event says of items; KeyError for an event that no figure counts."""
    stated = _OF[type(envelope.event)](envelope.event, envelope)
    return [
        Change(
            kind=one[0],
            item_id=one[1],
            facet=one[2],
            facts=one[3],
            rank=one[4] if len(one) == 5 else envelope.sequence,
        )
        for one in stated
    ]


def _day(moment: datetime | date) -> str:
    """The office's local date of a moment, as JSON keeps it."""
    return (local_date(moment) if isinstance(moment, datetime) else moment).isoformat()


def _named(event: Any) -> Facts:
    return {"title": getattr(event, "title", ""), "number": getattr(event, "number", "")}


def _drafted(e: documents.DocumentDrafted, envelope: Envelope) -> Stated:
    facts = {"unit": str(e.owner_unit_id), "dispatch": True, **_named(e), "day": _day(e.drafted_at)}
    return [("document", e.document_id, "begun", facts)]


def _arrived(e: documents.DocumentArrived, envelope: Envelope) -> Stated:
    facts = {"unit": str(e.owner_unit_id), "dispatch": False, **_named(e), "day": _day(e.arrived_at)}
    return [("document", e.document_id, "begun", facts)]


def _issued(e: documents.DocumentIssued, envelope: Envelope) -> Stated:
    facts = {"unit": str(e.owner_unit_id), **_named(e), "day": _day(e.issued_at)}
    return [("document", e.document_id, "issued", facts)]


def _document_closed(e: documents.DocumentClosed, envelope: Envelope) -> Stated:
    facts = {"unit": str(e.owner_unit_id), **_named(e), "day": _day(e.closed_at)}
    closed = {**facts, "dispatch": e.direction == "dispatch"}
    return [
        ("document", e.document_id, "closed", closed),
        ("filing", e.document_id, "closed", {**facts, "system": "documents"}),
    ]


def _abandoned(e: documents.DocumentAbandoned, envelope: Envelope) -> Stated:
    return [("document", e.document_id, "abandoned", {"day": _day(e.abandoned_at)})]


def _demanded(e: documents.DocumentAnswerDemanded, envelope: Envelope) -> Stated:
    facts = {"unit": str(e.owner_unit_id), **_named(e), "due": _day(e.answer_by)}
    return [("document", e.document_id, "demanded", facts)]


def _receipt(e: documents.ReceiptConfirmed, envelope: Envelope) -> Stated:
    facts = {"unit": str(e.unit_id), "title": e.unit_name, "day": _day(e.confirmed_at)}
    return [("receipt", e.receipt_id, e.state, facts)]


def _documents_planned(e: documents.DocumentQuotaSet, envelope: Envelope) -> Stated:
    title = f"{e.code} {e.year}年度发文计划"
    facts = {"unit": str(e.unit_id), "title": title, "day": f"{e.year}-01-01", "planned": e.documents}
    return [("plan", e.document_quota_id, "set", facts)]


def _filed(e: archives.RecordArchived, envelope: Envelope) -> Stated:
    return [("filing", e.document_id, "filed", {}, 1)]


def _not_filed(e: archives.DocumentNotFiled, envelope: Envelope) -> Stated:
    return [("filing", e.document_id, "excluded", {"rule": e.rule_code})]


def _called(e: meetings.MeetingCalled, envelope: Envelope) -> Stated:
    heads = list(e.quota_heads) or [e.kind]
    facts = {"unit": str(e.unit_id), **_named(e), "year": e.year, "over": not e.within_quota, "heads": heads}
    return [
        ("meeting", e.meeting_id, "called", facts),
        ("meeting", e.meeting_id, "dated", {"day": _day(e.starts_at)}),
    ]


def _rescheduled(e: meetings.MeetingRescheduled, envelope: Envelope) -> Stated:
    return [("meeting", e.meeting_id, "dated", {"day": _day(e.starts_at)})]


def _meeting_cancelled(e: meetings.MeetingCancelled, envelope: Envelope) -> Stated:
    return [("meeting", e.meeting_id, "cancelled", {})]


def _meetings_planned(e: meetings.MeetingQuotaSet, envelope: Envelope) -> Stated:
    facts = {
        "unit": str(e.unit_id) if e.unit_id else None,
        "from": _day(e.valid_from),
        "meetings": None if e.plan is None else {part.head: part.meetings for part in e.plan},
    }
    return [("meeting_plan", e.meeting_quota_id, f"version {e.revision:06}", facts)]


def _decided(e: meetings.DecisionRecorded, envelope: Envelope) -> Stated:
    facts = {"unit": str(e.lead.unit_id), "title": e.text, "number": e.number, "day": _day(e.recorded_at)}
    return [("decision", e.decision_id, "recorded", facts)]


def _waived(e: meetings.DecisionWaived, envelope: Envelope) -> Stated:
    return [("decision", e.decision_id, "waived", {})]


def _meeting_concluded(e: meetings.MeetingConcluded, envelope: Envelope) -> Stated:
    return [("filing", e.meeting_id, "closed", _due_for_filing(e, "meetings"))]


def _due_for_filing(event: Any, system: str) -> Facts:
    return {
        "unit": str(event.unit_id), **_named(event), "day": _day(event.concluded_at), "system": system,
    }  # fmt: skip


def _registered(e: supervision.TaskRegistered, envelope: Envelope) -> Stated:
    return [("task", e.task_id, "registered", {"title": e.title})]


def _established(e: supervision.TaskEstablished, envelope: Envelope) -> Stated:
    return [("task", e.task_id, "established", {"number": e.number})]


def _assigned(e: supervision.TaskAssigned, envelope: Envelope) -> Stated:
    first = {"day": _day(e.assigned_at)}
    return [
        ("task", e.task_id, "assigned", {"unit": str(e.lead.unit_id)}),
        ("task", e.task_id, "begun", first, -envelope.sequence),
        ("task", e.task_id, "due", {"day": _day(e.due_at)}),
    ]


def _signed_for(e: supervision.TaskSignedFor, envelope: Envelope) -> Stated:
    facts = {"unit": str(e.unit_id), "day": _day(e.signed_for_at), "in_time": e.in_time}
    return [("task", e.task_id, "signed", facts)]


def _returned(e: supervision.TaskReturned, envelope: Envelope) -> Stated:
    """Given back, it is due on no day until it is assigned anew."""
    return [("task", e.task_id, "returned", {}), ("task", e.task_id, "due", {"day": None})]


def _closure_asked(e: supervision.TaskClosureAsked, envelope: Envelope) -> Stated:
    facts = {"day": _day(e.asked_at), "in_time": e.in_time, "mark": _mark(envelope)}
    return [("task", e.task_id, "reported", facts)]


def _sent_back(e: supervision.TaskSentBack, envelope: Envelope) -> Stated:
    """The report did not hold: as if there had been none."""
    return [("task", e.task_id, "sent_back", {}), ("task", e.task_id, "reported", {"day": None})]


def _extended(e: supervision.TaskExtended, envelope: Envelope) -> Stated:
    return [("task", e.task_id, "extended", {}), ("task", e.task_id, "due", {"day": _day(e.due_at)})]


def _fed_back(e: supervision.TaskFedBack, envelope: Envelope) -> Stated:
    if not e.in_time:
        return []
    facts = {"unit": str(e.unit_id), "title": e.report, "day": _day(e.fed_back_at), "in_time": True}
    return [("feedback", envelope.id, "told", facts)]


def _feedback_missed(e: supervision.TaskFeedbackMissed, envelope: Envelope) -> Stated:
    facts = {"unit": str(e.unit_id), "title": "未按时反馈", "day": _day(e.due_at), "in_time": False}
    return [("feedback", envelope.id, "told", facts)]


def _light(e: supervision.TaskLightTurned, envelope: Envelope) -> Stated:
    facts = {"day": _day(e.turned_at), "red": e.light is supervision.Light.RED}
    return [("task", e.task_id, _mark(envelope), facts)]


def _mark(envelope: Envelope) -> str:
    """The facet of what happened to an item's clock or light; sorted by name they stand in their order."""
    return f"mark {envelope.sequence:06}"


def _task_closed(e: supervision.TaskClosed, envelope: Envelope) -> Stated:
    facts = {"unit": str(e.lead_unit_id), "number": e.number, "day": _day(e.closed_at), "in_time": e.in_time}
    closed: Stated = [("task", e.task_id, "closed", facts)]
    if e.origin and e.origin.kind == "decision":
        closed.append(("decision", e.origin.id, "closed", {}, 1))
    return closed


def _task_cancelled(e: supervision.TaskCancelled, envelope: Envelope) -> Stated:
    return [("task", e.task_id, "cancelled", {"day": _day(e.cancelled_at)})]


def _task_concluded(e: supervision.TaskConcluded, envelope: Envelope) -> Stated:
    rated = {"unit": str(e.lead_unit_id), **_named(e), "day": _day(e.concluded_at), "score": e.score}
    return [
        ("task", e.task_id, "concluded", rated),
        ("filing", e.task_id, "closed", _due_for_filing(e, "supervision")),
    ]


def _published(e: affairs.MatterPublished, envelope: Envelope) -> Stated:
    facts = {
        "unit": str(e.unit_id), "title": e.name, "number": e.code, "version": e.version,
        "from": _day(e.effective_on), "online": e.online, "trips": e.trips,
        "materials": e.materials, "materials_before": e.original_materials,
        "days": e.promised_days, "days_before": e.legal_days, "sequence": envelope.sequence,
    }  # fmt: skip
    return [("matter", e.matter_id, f"version {e.version:06}", facts)]


def _withdrawn(e: affairs.MatterWithdrawn, envelope: Envelope) -> Stated:
    facts = {"from": _day(e.effective_on), "sequence": envelope.sequence}
    return [("matter", e.matter_id, "withdrawn", facts)]


def _applied(e: affairs.CaseApplied, envelope: Envelope) -> Stated:
    reused = e.fields_reused + e.materials_reused
    facts = {
        "unit": str(e.unit_id), "matter": str(e.matter_id), "title": e.matter_name, "number": e.number,
        "day": _day(e.applied_at), "reused": reused, "needed": reused + e.fields_asked + e.materials_asked,
    }  # fmt: skip
    return [("case", e.case_id, "applied", facts)]


def _accepted(e: affairs.CaseAccepted, envelope: Envelope) -> Stated:
    facts = {"day": _day(e.accepted_at), "promised": e.promised_days}
    return [("case", e.case_id, "accepted", facts), ("case", e.case_id, "due", {"day": _day(e.due_at)})]


def _refused(e: affairs.CaseRefused, envelope: Envelope) -> Stated:
    return [("case", e.case_id, "refused", {"day": _day(e.refused_at)})]


def _case_decided(e: affairs.CaseDecided, envelope: Envelope) -> Stated:
    facts = {
        "day": _day(e.decided_at), "half_days": e.used_half_days, "in_time": e.in_time,
        "withdrawn": e.outcome is affairs.CaseOutcome.WITHDRAWN,
    }  # fmt: skip
    return [("case", e.case_id, "decided", facts)]


def _case_rated(e: affairs.CaseRated, envelope: Envelope) -> Stated:
    return [("case", e.case_id, "rated", {"day": _day(e.rated_at), "score": e.score})]


def _case_concluded(e: affairs.CaseConcluded, envelope: Envelope) -> Stated:
    facts = {
        "unit": str(e.unit_id), **_named(e), "day": _day(e.concluded_at), "trips": e.trips,
        "online": e.online,
    }  # fmt: skip
    return [
        ("case", e.case_id, "concluded", facts),
        ("filing", e.case_id, "closed", _due_for_filing(e, "affairs")),
    ]


def _pause(kind: str, key: str, moment: str) -> Callable[[Any, Envelope], Stated]:
    """The clock of an item stands still from that day on."""

    def paused(event: Any, envelope: Envelope) -> Stated:
        facts = {"day": _day(getattr(event, moment)), "running": False}
        return [(kind, getattr(event, key), _mark(envelope), facts)]

    return paused


def _resumed(kind: str, key: str) -> Callable[[Any, Envelope], Stated]:
    """The clock of an item runs again, and it is due on another day."""

    def resumed(event: Any, envelope: Envelope) -> Stated:
        item_id: UUID = getattr(event, key)
        facts = {"day": _day(event.resumed_at), "running": True}
        return [
            (kind, item_id, _mark(envelope), facts),
            (kind, item_id, "due", {"day": _day(event.due_at)}),
        ]

    return resumed


_OF: dict[type[Event], Callable[[Any, Envelope], Stated]] = {
    affairs.CaseAccepted: _accepted,
    affairs.CaseApplied: _applied,
    affairs.CaseConcluded: _case_concluded,
    affairs.CaseDecided: _case_decided,
    affairs.CaseRated: _case_rated,
    affairs.CaseRefused: _refused,
    affairs.CaseResumed: _resumed("case", "case_id"),
    affairs.CaseSuspended: _pause("case", "case_id", "suspended_at"),
    affairs.MatterPublished: _published,
    affairs.MatterWithdrawn: _withdrawn,
    archives.DocumentNotFiled: _not_filed,
    archives.RecordArchived: _filed,
    documents.DocumentAbandoned: _abandoned,
    documents.DocumentAnswerDemanded: _demanded,
    documents.DocumentArrived: _arrived,
    documents.DocumentClosed: _document_closed,
    documents.DocumentDrafted: _drafted,
    documents.DocumentIssued: _issued,
    documents.DocumentQuotaSet: _documents_planned,
    documents.ReceiptConfirmed: _receipt,
    meetings.DecisionRecorded: _decided,
    meetings.DecisionWaived: _waived,
    meetings.MeetingCalled: _called,
    meetings.MeetingCancelled: _meeting_cancelled,
    meetings.MeetingConcluded: _meeting_concluded,
    meetings.MeetingQuotaSet: _meetings_planned,
    meetings.MeetingRescheduled: _rescheduled,
    supervision.TaskAssigned: _assigned,
    supervision.TaskCancelled: _task_cancelled,
    supervision.TaskClosed: _task_closed,
    supervision.TaskClosureAsked: _closure_asked,
    supervision.TaskConcluded: _task_concluded,
    supervision.TaskEstablished: _established,
    supervision.TaskExtended: _extended,
    supervision.TaskFedBack: _fed_back,
    supervision.TaskFeedbackMissed: _feedback_missed,
    supervision.TaskLightTurned: _light,
    supervision.TaskRegistered: _registered,
    supervision.TaskResumed: _resumed("task", "task_id"),
    supervision.TaskReturned: _returned,
    supervision.TaskSentBack: _sent_back,
    supervision.TaskSignedFor: _signed_for,
    supervision.TaskSuspended: _pause("task", "task_id", "suspended_at"),
}

FACT_EVENTS: tuple[type[Event], ...] = tuple(_OF)
