"""What meetings tells: the life of topics (议题), meetings, decisions (议定事项) and minutes (纪要)."""

from datetime import date, datetime
from uuid import UUID

from shared.events.base import Event, Value, described, event, value
from shared.events.documents import Blob, Doer

_ID = "0190f000-0000-7000-8000-0000000001"
_UNIT = "0190f000-0000-7000-8000-000000000002"
_WHEN = "2026-11-02T01:30:00+00:00"
_MEETING = _ID + "50"
_TITLE = "市政府第12次常务会议"
_DOER = {
    "person_id": _ID + "03",
    "person_name": "王示例",
    "post_id": _ID + "04",
    "post_title": "文书",
    "unit_name": "萍乡市人民政府办公室",
}
_BLOB = {
    "digest": "sha256:" + "0" * 64,
    "size": 2048,
    "media_type": "application/vnd.yiwang.minutes+json",
    "name": "纪要.json",
}


@value
class Party(Value):
    """A unit that takes part: as lead or assistant of a decision, or as receiver of minutes."""

    unit_id: UUID = described("The unit", _UNIT)
    unit_name: str = described("Its name", "萍乡市数据局")


_PARTY = {"unit_id": _UNIT, "unit_name": "萍乡市数据局"}


@event("topic.submitted.v1", aggregate="topic")
class TopicSubmitted(Event):
    """A unit put a topic forward for a meeting (申报议题)."""

    topic_id: UUID = described("The topic", _ID + "52")
    unit_id: UUID = described("The organ whose meeting it is for", _UNIT)
    submitting_unit_id: UUID = described("The organ that put it forward", _UNIT)
    title: str = described("Title", "关于加快推进电子文件归档的议题")
    doer: Doer = described("Who", _DOER)
    submitted_at: datetime = described("When", _WHEN)


@event("topic.moved_on.v1", aggregate="topic")
class TopicMovedOn(Event):
    """A topic was advised on, screened, approved, put on an agenda, postponed, heard or withdrawn."""

    topic_id: UUID = described("The topic", _ID + "52")
    verb: str = described("What was done, as in its history", "approve")
    state: str = described("Where the topic stands now", "approved")
    meeting_id: UUID | None = described("The meeting on whose agenda it stands", _MEETING, default=None)
    opinion: str = described("Opinion or reason, if any", "同意上会", default="")
    doer: Doer = described("Who", _DOER)
    done_at: datetime = described("When", _WHEN)


@event("meeting.called.v1", aggregate="meeting")
class MeetingCalled(Event):
    """A meeting was called (会议通知): time and place are fixed and people are invited."""

    meeting_id: UUID = described("The meeting", _MEETING)
    unit_id: UUID = described("The organ that holds it", _UNIT)
    title: str = described("Title", _TITLE)
    number: str = described("Number of the notice within the unit and year", "〔2026〕12号")
    kind: str = described("常务会, 全体会, 专题会 …", "常务会")
    grade: str = described("Class by the cost rule: 一类 … 四类, or empty", "四类")
    year: int = described("Year whose quota it counts against", 2026)
    within_quota: bool = described("Whether the unit's quota for that kind allowed it", True)
    quota_waiver: str = described("Why it was called over quota, else empty", "", default="")
    starts_at: datetime = described("Begin", "2026-11-05T01:00:00+00:00")
    ends_at: datetime = described("Planned end", "2026-11-05T03:30:00+00:00")
    place: str = described("Room or place", "市政府第一会议室")
    invited: int = described("How many posts were invited", 12)
    doer: Doer = described("Who called it", _DOER)
    called_at: datetime = described("When", _WHEN)
    quota_heads: tuple[str, ...] = described(
        "Heads of the yearly plan that it counts under; without them its kind", ["常务会"], default=()
    )


@event("meeting.rescheduled.v1", aggregate="meeting")
class MeetingRescheduled(Event):
    """A called meeting was given another time or place."""

    meeting_id: UUID = described("The meeting", _MEETING)
    starts_at: datetime = described("Begin", "2026-11-06T01:00:00+00:00")
    ends_at: datetime = described("Planned end", "2026-11-06T03:30:00+00:00")
    place: str = described("Room or place", "市政府第二会议室")
    doer: Doer = described("Who", _DOER)
    rescheduled_at: datetime = described("When", _WHEN)


@event("meeting.cancelled.v1", aggregate="meeting")
class MeetingCancelled(Event):
    """A called meeting will not take place; it no longer counts against the quota."""

    meeting_id: UUID = described("The meeting", _MEETING)
    reason: str = described("Why", "与上级会议冲突")
    doer: Doer = described("Who", _DOER)
    cancelled_at: datetime = described("When", _WHEN)


@event("meeting.held.v1", aggregate="meeting")
class MeetingHeld(Event):
    """A meeting is over, with who came."""

    meeting_id: UUID = described("The meeting", _MEETING)
    unit_id: UUID = described("The organ that held it", _UNIT)
    began_at: datetime = described("When it began", "2026-11-05T01:00:00+00:00")
    ended_at: datetime = described("When it ended", "2026-11-05T03:20:00+00:00")
    invited: int = described("Posts invited", 12)
    present: int = described("Came, stand-ins included", 10)
    late: int = described("Of these came late", 1)
    stand_ins: int = described("Of these stood in for somebody", 1)
    excused: int = described("Had leave", 1)
    absent: int = described("Neither came nor had leave", 1)


@event("decision.recorded.v1", aggregate="decision")
class DecisionRecorded(Event):
    """A meeting decided something that somebody has to do (议定事项); supervision makes a task of it."""

    decision_id: UUID = described("The decision", _ID + "51")
    meeting_id: UUID = described("The meeting", _MEETING)
    meeting_title: str = described("Its title", _TITLE)
    unit_id: UUID = described("The organ that held the meeting", _UNIT)
    number: str = described("Number of the decision within the meeting's", "〔2026〕12号-2")
    text: str = described("What was decided", "由市数据局牵头，年底前电子文件归档率达到80%。")
    lead: Party = described("Lead unit (主办)", _PARTY)
    assistants: tuple[Party, ...] = described("Assistant units (协办)", [_PARTY])
    due_on: date = described("Until when", "2026-12-31")
    doer: Doer = described("Who recorded it", _DOER)
    recorded_at: datetime = described("When", _WHEN)


@event("decision.waived.v1", aggregate="decision")
class DecisionWaived(Event):
    """It was put on record why a decision needs no supervised task."""

    decision_id: UUID = described("The decision", _ID + "51")
    meeting_id: UUID = described("The meeting", _MEETING)
    reason: str = described("Why", "会上已当场办结")
    doer: Doer = described("Who", _DOER)
    waived_at: datetime = described("When", _WHEN)


@event("minutes.approved.v1", aggregate="minutes")
class MinutesApproved(Event):
    """Minutes were approved by the chair and are to be issued as a 纪要; documents drafts it."""

    minutes_id: UUID = described("The minutes", _ID + "53")
    meeting_id: UUID = described("The meeting", _MEETING)
    unit_id: UUID = described("The organ that issues them", _UNIT)
    title: str = described("Title of the 纪要", "市政府第12次常务会议纪要")
    content: Blob = described("Text and attendance as JSON (`shared.events.minutes`) in the store", _BLOB)
    receivers: tuple[Party, ...] = described("Units that get them", [_PARTY])
    drafter_person_id: UUID = described("Who drafted them", _ID + "03")
    drafter_post_id: UUID = described("In which post; the draft lands there", _ID + "04")
    approved_at: datetime = described("When", _WHEN)


@event("meeting.closed.v1", aggregate="meeting")
class MeetingClosed(Event):
    """A meeting is closed: its minutes are issued, every decision has its task or a waiver."""

    meeting_id: UUID = described("The meeting", _MEETING)
    unit_id: UUID = described("The organ that held it", _UNIT)
    doer: Doer = described("Who closed it", _DOER)
    closed_at: datetime = described("When", _WHEN)


@event("meeting.concluded.v1", aggregate="meeting")
class MeetingConcluded(Event):
    """A closed meeting's tasks are all done too; the whole is due for filing as one."""

    meeting_id: UUID = described("The meeting", _MEETING)
    unit_id: UUID = described("The organ that files it", _UNIT)
    title: str = described("Title", _TITLE)
    number: str = described("Its number", "〔2026〕12号")
    dossier: Blob = described("All facts for the archives, as JSON in the object store", _BLOB)
    concluded_at: datetime = described("When", _WHEN)


@value
class PlannedMeetings(Value):
    """How many meetings one head of a yearly plan allows."""

    head: str = described("Kind of meeting, or 系统综合性会议", "系统综合性会议")
    meetings: int = described("How many in a year", 1)


@event("meeting_quota.set.v1", aggregate="meeting_quota")
class MeetingQuotaSet(Event):
    """It was set how many meetings an organ and those below it, or everybody, may call in a year (会议计划)."""

    meeting_quota_id: UUID = described("The plan of that unit, always the same", _ID + "54")
    unit_id: UUID | None = described("The unit; none when it holds for all", _UNIT)
    revision: int = described("Which version of the unit's plan, counted from 1", 1)
    valid_from: date = described("From which day on", "2026-01-01")
    plan: tuple[PlannedMeetings, ...] | None = described(
        "Heads with a limit; null lifts the unit's own plan", [{"head": "系统综合性会议", "meetings": 1}]
    )
    set_at: datetime = described("When", _WHEN)
