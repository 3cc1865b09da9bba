"""What supervision tells of assessment (督考合一): findings, published scores, appeals and corrections."""

from datetime import date, datetime
from uuid import UUID

from shared.events.base import Event, described, event
from shared.events.documents import Doer

_ID = "0190f000-0000-7000-8000-0000000001"
_UNIT = "0190f000-0000-7000-8000-000000000002"
_WHEN = "2026-11-02T01:30:00+00:00"
_DOER = {
    "person_id": _ID + "03",
    "person_name": "王示例",
    "post_id": _ID + "04",
    "post_title": "督查员",
    "unit_name": "萍乡市人民政府督查室",
}
_PRODUCERS = ("supervision",)


@event("finding.recorded.v1", aggregate="finding", producers=_PRODUCERS, consumed=False)
class FindingRecorded(Event):
    """An assessor put down what no event can tell, such as a report without substance (报告无实质内容)."""

    finding_id: UUID = described("The finding", _ID + "70")
    unit_id: UUID = described("The organ that assesses", _UNIT)
    lead_unit_id: UUID = described("The unit assessed", _UNIT)
    code: str = described("The row of the scoring rules", "report_empty")
    points: str = described("Points taken off", "5")
    task_id: UUID | None = described("The task that it is about", _ID + "60", default=None)
    about_event_id: UUID | None = described("The event that it judges", _ID + "71", default=None)
    reason: str = described("What was found", "半年报告没有数据和成效")
    on: date = described("The day that it counts for", "2026-10-31")
    doer: Doer = described("Who", _DOER)
    recorded_at: datetime = described("When", _WHEN)


@event("finding.withdrawn.v1", aggregate="finding", producers=_PRODUCERS, consumed=False)
class FindingWithdrawn(Event):
    """A finding does not count any more."""

    finding_id: UUID = described("The finding", _ID + "70")
    reason: str = described("Why", "报告已按时补交，登记有误")
    doer: Doer = described("Who", _DOER)
    withdrawn_at: datetime = described("When", _WHEN)


@event("assessment.published.v1", aggregate="assessment", producers=_PRODUCERS, consumed=False)
class AssessmentPublished(Event):
    """The scores of a period were computed, frozen and published."""

    assessment_id: UUID = described("The assessment", _ID + "72")
    unit_id: UUID = described("The organ that assesses", _UNIT)
    title: str = described("Title", "2026年第三季度督查考核")
    period_from: date = described("First day", "2026-07-01")
    period_to: date = described("Last day", "2026-09-30")
    units: int = described("How many units have a score", 46)
    doer: Doer = described("Who", _DOER)
    published_at: datetime = described("When", _WHEN)


@event("assessment.corrected.v1", aggregate="assessment", producers=_PRODUCERS, consumed=False)
class AssessmentCorrected(Event):
    """A unit's published score was corrected; what was computed stays on record."""

    assessment_id: UUID = described("The assessment", _ID + "72")
    lead_unit_id: UUID = described("The unit", _UNIT)
    points: str = described("Points added, or taken off when negative", "5")
    reason: str = described("Why", "系统故障期间未能签收")
    appeal_id: UUID | None = described("The appeal that led to it", _ID + "73", default=None)
    doer: Doer = described("Who", _DOER)
    corrected_at: datetime = described("When", _WHEN)


@event("appeal.made.v1", aggregate="appeal", producers=_PRODUCERS, consumed=False)
class AppealMade(Event):
    """A unit appealed against its score (申诉)."""

    appeal_id: UUID = described("The appeal", _ID + "73")
    assessment_id: UUID = described("The assessment", _ID + "72")
    lead_unit_id: UUID = described("The unit", _UNIT)
    reason: str = described("Why", "系统故障期间未能签收")
    doer: Doer = described("Who", _DOER)
    made_at: datetime = described("When", _WHEN)


@event("appeal.decided.v1", aggregate="appeal", producers=_PRODUCERS, consumed=False)
class AppealDecided(Event):
    """An appeal was accepted, with a correction, or refused."""

    appeal_id: UUID = described("The appeal", _ID + "73")
    assessment_id: UUID = described("The assessment", _ID + "72")
    lead_unit_id: UUID = described("The unit", _UNIT)
    accepted: bool = described("Whether it was accepted", True)
    answer: str = described("Why", "情况属实")
    doer: Doer = described("Who", _DOER)
    decided_at: datetime = described("When", _WHEN)
