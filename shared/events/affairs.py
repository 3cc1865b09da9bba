"""What affairs tells: published matters (事项), cases (办件) from application to rating, and shared report forms."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from shared.events.base import Event, described, event
from shared.events.documents import Blob, Doer

_ID = "0190f000-0000-7000-8000-0000000001"
_UNIT = "0190f000-0000-7000-8000-000000000002"
_WHEN = "2026-11-02T01:30:00+00:00"
_CASE = _ID + "70"
_MATTER = _ID + "71"
_NAME = "机关事业单位人员调动"
_DOER = {
    "person_id": _ID + "03",
    "person_name": "王示例",
    "post_id": _ID + "04",
    "post_title": "承办",
    "unit_name": "萍乡市教育局",
}
_BLOB = {
    "digest": "sha256:" + "0" * 64,
    "size": 2048,
    "media_type": "application/pdf",
    "name": "办理结果.pdf",
}

# The kind of a work item's subject that is one material of a case, asked of a department.
MATERIAL_KIND = "case_material"


class Channel(StrEnum):
    """How an application came in: the web, the phone, or in person at a window."""

    WEB = "web"
    PHONE = "phone"
    WINDOW = "window"


class CaseOutcome(StrEnum):
    """What was decided: granted, refused, or the applicant withdrew it."""

    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@event("matter.published.v1", aggregate="matter")
class MatterPublished(Event):
    """A version of a matter was published in the catalogue (事项清单)."""

    matter_id: UUID = described("The matter, the same through all versions", _MATTER)
    code: str = described("事项编码", "3603-RS-0007")
    version: int = described("Version", 1)
    name: str = described("Name", _NAME)
    unit_id: UUID = described("The organ responsible", _UNIT)
    instant: bool = described("即办件: done at once", False)
    online: bool = described("Can be done online from end to end", True)
    trips: int = described("Trips that it needs (跑动次数)", 0)
    original_trips: int = described("Trips that it needed before", 3)
    legal_days: int = described("原时限 (法定时限), working days", 20)
    promised_days: int = described("承诺时限, working days", 5)
    original_materials: int = described("Materials asked for before", 8)
    materials: int = described("Materials asked of the applicant now", 3)
    effective_on: date = described("In force from", "2026-11-01")
    published_at: datetime = described("When", _WHEN)


@event("matter.withdrawn.v1", aggregate="matter")
class MatterWithdrawn(Event):
    """A matter was taken off the catalogue; cases under way go on."""

    matter_id: UUID = described("The matter", _MATTER)
    unit_id: UUID = described("The organ responsible", _UNIT)
    reason: str = described("Why", "设定依据已废止")
    effective_on: date = described("From when", "2026-12-01")
    withdrawn_at: datetime = described("When", _WHEN)


@event("case.applied.v1", aggregate="case")
class CaseApplied(Event):
    """Somebody applied (申请): a unit, or a person of it."""

    case_id: UUID = described("The case", _CASE)
    bundle_id: UUID | None = described(
        "The one-thing bundle (一件事) that it is a part of", None, default=None
    )
    matter_id: UUID = described("The matter", _MATTER)
    matter_version: int = described("Its version at that time", 1)
    matter_name: str = described("Its name", _NAME)
    number: str = described("办件编号", "BJ-2026-000123")
    unit_id: UUID = described("The organ that handles it", _UNIT)
    applicant_unit_id: UUID = described("The organ that applies", _UNIT)
    channel: Channel = described("How it came in", "web")
    fields_asked: int = described("Form fields that the applicant filled", 4)
    fields_reused: int = described("Form fields that the suite offered (一次填报)", 9)
    materials_asked: int = described("Materials that the applicant gave", 1)
    materials_reused: int = described("Materials that the suite had already", 4)
    doer: Doer = described("Who applied", _DOER)
    applied_at: datetime = described("When", _WHEN)


@event("case.completion_asked.v1", aggregate="case")
class CaseCompletionAsked(Event):
    """The applicant was told, once, everything that is missing (一次性告知补正)."""

    case_id: UUID = described("The case", _CASE)
    missing: int = described("How many things are missing", 2)
    doer: Doer = described("Who asked", _DOER)
    asked_at: datetime = described("When", _WHEN)


@event("case.accepted.v1", aggregate="case")
class CaseAccepted(Event):
    """A case was accepted (受理); its clock runs from now."""

    case_id: UUID = described("The case", _CASE)
    promised_days: int = described("Working days promised", 5)
    legal_days: int = described("Working days that the law allows", 20)
    due_at: datetime = described("Promised until", "2026-11-09T15:59:59+00:00")
    deferred: int = described("Materials that may follow (容缺)", 0)
    doer: Doer = described("Who accepted", _DOER)
    accepted_at: datetime = described("When", _WHEN)


@event("case.refused.v1", aggregate="case")
class CaseRefused(Event):
    """A case was not accepted (不予受理), with the reason; nothing follows."""

    case_id: UUID = described("The case", _CASE)
    reason: str = described("Why", "不属于本机关职权范围")
    doer: Doer = described("Who", _DOER)
    refused_at: datetime = described("When", _WHEN)


@event("case.suspended.v1", aggregate="case")
class CaseSuspended(Event):
    """A case's clock stands still: completion (补正) or a special procedure (特别程序)."""

    case_id: UUID = described("The case", _CASE)
    cause: str = described("补正, 现场勘验, 专家评审, 公示", "专家评审")
    suspended_at: datetime = described("When", _WHEN)


@event("case.resumed.v1", aggregate="case")
class CaseResumed(Event):
    """A case's clock runs again."""

    case_id: UUID = described("The case", _CASE)
    due_at: datetime = described("Promised until", "2026-11-11T15:59:59+00:00")
    resumed_at: datetime = described("When", _WHEN)


@event("case.trip_made.v1", aggregate="case")
class CaseTripMade(Event):
    """Somebody had to come in person (跑动): recorded because it happened."""

    case_id: UUID = described("The case", _CASE)
    trips: int = described("How many by now", 1)
    reason: str = described("Why", "提交纸质原件")
    made_at: datetime = described("When", _WHEN)


@event("case.overdue.v1", aggregate="case")
class CaseOverdue(Event):
    """A case was not decided by its promised date; supervision takes it up."""

    case_id: UUID = described("The case", _CASE)
    unit_id: UUID = described("The organ that handles it", _UNIT)
    late_unit_id: UUID = described("The organ whose part is late", _UNIT)
    late_unit_name: str = described("Its name", "萍乡市财政局")
    title: str = described("Matter and applicant", "机关事业单位人员调动（萍乡市教育局）")
    number: str = described("办件编号", "BJ-2026-000123")
    due_at: datetime = described("Promised until", _WHEN)
    found_at: datetime = described("When this was found", _WHEN)


@event("case.stuck.v1", aggregate="case")
class CaseStuck(Event):
    """An applicant reported that the matter could not be done (办不成事); supervision takes it up."""

    case_id: UUID = described("The case", _CASE)
    unit_id: UUID = described("The organ that handles it", _UNIT)
    unit_name: str = described("Its name", "萍乡市人力资源和社会保障局")
    title: str = described("Matter and applicant", "机关事业单位人员调动（萍乡市教育局）")
    number: str = described("办件编号", "BJ-2026-000123")
    complaint: str = described("What the applicant says", "两次被要求补充清单之外的材料")
    doer: Doer = described("Who reported", _DOER)
    reported_at: datetime = described("When", _WHEN)


@event("case.decided.v1", aggregate="case")
class CaseDecided(Event):
    """A case was decided (办结); its clock stops."""

    case_id: UUID = described("The case", _CASE)
    outcome: CaseOutcome = described("What was decided", "granted")
    result_number: str = described(
        "Number of the result document, empty when there is none", "萍人社证〔2026〕15号"
    )
    result: Blob | None = described("The signed result document", _BLOB, default=None)
    used_half_days: int = described("Working time used, in half days, without pauses", 6)
    in_time: bool = described("By the promised date", True)
    doer: Doer = described("Who decided", _DOER)
    decided_at: datetime = described("When", _WHEN)


@event("case.delivered.v1", aggregate="case")
class CaseDelivered(Event):
    """The result reached the applicant (送达)."""

    case_id: UUID = described("The case", _CASE)
    online: bool = described("Without anybody coming for it", True)
    delivered_at: datetime = described("When", _WHEN)


@event("case.rated.v1", aggregate="case")
class CaseRated(Event):
    """The applicant rated how a case was handled (好差评)."""

    case_id: UUID = described("The case", _CASE)
    score: int = described("From 1 to 5", 5)
    comment: str = described("In words", "一次没跑", default="")
    rated_at: datetime = described("When", _WHEN)


@event("result.revoked.v1", aggregate="result", consumed=False)
class ResultRevoked(Event):
    """A result was revoked, because owed materials never came or a declaration was false."""

    result_id: UUID = described("The result document", _ID + "72")
    case_id: UUID = described("The case", _CASE)
    number: str = described("Its number", "萍人社证〔2026〕15号")
    reason: str = described("Why", "容缺材料逾期未补交")
    revoked_at: datetime = described("When", _WHEN)


@event("case.concluded.v1", aggregate="case")
class CaseConcluded(Event):
    """A case is delivered and rated, or the time for rating is over; it is due for filing."""

    case_id: UUID = described("The case", _CASE)
    unit_id: UUID = described("The organ that files it", _UNIT)
    title: str = described("Matter and applicant", "机关事业单位人员调动（萍乡市教育局）")
    number: str = described("办件编号", "BJ-2026-000123")
    trips: int = described("Trips that were made", 0)
    online: bool = described("Applied for and delivered online", True)
    score: int | None = described("Rating, if given", 5, default=None)
    dossier: Blob = described("All facts for the archives, as JSON in the object store", _BLOB)
    concluded_at: datetime = described("When", _WHEN)


@event("bundle.applied.v1", aggregate="bundle")
class BundleApplied(Event):
    """One application for a one-thing bundle (一件事) was made; its cases are applied for with it."""

    bundle_id: UUID = described("The bundle application", _ID + "73")
    name: str = described("Name of the bundle", "公务员调动一件事")
    number: str = described("Number", "YJS-2026-000012")
    unit_id: UUID = described("The organ that takes it in", _UNIT)
    applicant_unit_id: UUID = described("The organ that applies", _UNIT)
    case_ids: tuple[UUID, ...] = described("Its cases", [_CASE])
    due_at: datetime | None = described("Promised until: the longest path", _WHEN, default=None)
    doer: Doer = described("Who applied", _DOER)
    applied_at: datetime = described("When", _WHEN)


@event("bundle.finished.v1", aggregate="bundle")
class BundleFinished(Event):
    """Every case of a bundle is decided."""

    bundle_id: UUID = described("The bundle application", _ID + "73")
    unit_id: UUID = described("The organ that took it in", _UNIT)
    in_time: bool = described("By the promised date", True)
    finished_at: datetime = described("When", _WHEN)
