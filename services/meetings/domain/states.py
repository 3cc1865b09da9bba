"""The lives of topics, meetings, invitations and minutes: their states, and which act leads from which to which."""

from collections.abc import Mapping
from enum import StrEnum

from services.meetings import errors


class TopicState(StrEnum):
    """Where a topic stands."""

    DRAFT = "draft"
    SCREENING = "screening"
    APPROVING = "approving"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    HEARD = "heard"
    POOLED = "pooled"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class MeetingState(StrEnum):
    """Where a meeting stands."""

    PLANNED = "planned"
    CALLED = "called"
    UNDER_WAY = "under_way"
    HELD = "held"
    MINUTES = "minutes"
    CLOSED = "closed"
    CONCLUDED = "concluded"
    CANCELLED = "cancelled"


class Answer(StrEnum):
    """Where the answer to an invitation stands."""

    NAMING = "naming"
    WAITING = "waiting"
    ATTENDING = "attending"
    LEAVE_ASKED = "leave_asked"
    EXCUSED = "excused"
    STAND_IN_ASKED = "stand_in_asked"
    STAND_IN = "stand_in"


class Attendance(StrEnum):
    """Who came: not known yet, in time, late, neither came nor had leave, had leave."""

    UNKNOWN = ""
    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"
    EXCUSED = "excused"


class MinutesState(StrEnum):
    """Where minutes stand; `drafted` says that documents made a 纪要 of them, `issued` that it was sent."""

    DRAFTING = "drafting"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    DRAFTED = "drafted"
    ISSUED = "issued"


class AgendaState(StrEnum):
    """Where a point of an agenda stands."""

    ASKED = "asked"
    REFUSED = "refused"
    PLANNED = "planned"
    HEARD = "heard"
    POSTPONED = "postponed"
    REMOVED = "removed"


class Leave(StrEnum):
    """Whether the chair agreed to a paper; before the freeze nobody is asked."""

    NOT_NEEDED = ""
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


IN_FORCE = (Leave.NOT_NEEDED, Leave.GRANTED)

TOPIC_LABELS: Mapping[str, str] = {
    TopicState.DRAFT: "草拟",
    TopicState.SCREENING: "待审核",
    TopicState.APPROVING: "待审定",
    TopicState.APPROVED: "已审定",
    TopicState.SCHEDULED: "已列入议程",
    TopicState.HEARD: "已上会",
    TopicState.POOLED: "议题库",
    TopicState.DECLINED: "不予上会",
    TopicState.WITHDRAWN: "已撤回",
}
MEETING_LABELS: Mapping[str, str] = {
    MeetingState.PLANNED: "筹备中",
    MeetingState.CALLED: "已通知",
    MeetingState.UNDER_WAY: "会议中",
    MeetingState.HELD: "已召开",
    MeetingState.MINUTES: "整理纪要",
    MeetingState.CLOSED: "已办结",
    MeetingState.CONCLUDED: "全部落实",
    MeetingState.CANCELLED: "已取消",
}
ANSWER_LABELS: Mapping[str, str] = {
    Answer.NAMING: "待单位报名",
    Answer.WAITING: "待回执",
    Answer.ATTENDING: "参会",
    Answer.LEAVE_ASKED: "申请请假",
    Answer.EXCUSED: "准假",
    Answer.STAND_IN_ASKED: "申请替会",
    Answer.STAND_IN: "替会",
}
ATTENDANCE_LABELS: Mapping[str, str] = {
    Attendance.UNKNOWN: "未签到",
    Attendance.PRESENT: "到会",
    Attendance.LATE: "迟到",
    Attendance.ABSENT: "缺席",
    Attendance.EXCUSED: "请假",
}
MINUTES_LABELS: Mapping[str, str] = {
    MinutesState.DRAFTING: "起草中",
    MinutesState.SUBMITTED: "待审定",
    MinutesState.APPROVED: "已审定",
    MinutesState.DRAFTED: "发文办理中",
    MinutesState.ISSUED: "已印发",
}

_T, _M, _N = TopicState, MeetingState, MinutesState
_BEFORE_HEARING = (_T.SCREENING, _T.APPROVING, _T.APPROVED, _T.SCHEDULED)

# The Chinese name of each act, from which states it is possible, and where it leads.
TOPIC_ACTS: Mapping[str, tuple[str, tuple[TopicState, ...], TopicState]] = {
    "revise": ("修改", (_T.DRAFT,), _T.DRAFT),
    "submit": ("申报", (_T.DRAFT,), _T.SCREENING),
    "return": ("退回", (_T.SCREENING, _T.APPROVING), _T.DRAFT),
    "pass": ("审核通过", (_T.SCREENING,), _T.APPROVING),
    "approve": ("审定", (_T.APPROVING,), _T.APPROVED),
    "decline": ("不予上会", (_T.SCREENING, _T.APPROVING), _T.DECLINED),
    "pool": ("列入议题库", _BEFORE_HEARING, _T.POOLED),
    "take_up": ("从议题库取出", (_T.POOLED,), _T.APPROVING),
    "schedule": ("列入议程", (_T.APPROVED,), _T.SCHEDULED),
    "unschedule": ("移出议程", (_T.SCHEDULED,), _T.APPROVED),
    "hear": ("上会审议", (_T.SCHEDULED,), _T.HEARD),
    "withdraw": ("撤回", (_T.DRAFT, _T.POOLED, *_BEFORE_HEARING), _T.WITHDRAWN),
    "ask_advice": ("征求意见", (_T.DRAFT, _T.SCREENING), _T.DRAFT),
}
MEETING_ACTS: Mapping[str, tuple[str, tuple[MeetingState, ...], MeetingState]] = {
    "revise": ("修改", (_M.PLANNED,), _M.PLANNED),
    "call": ("通知会议", (_M.PLANNED,), _M.CALLED),
    "reschedule": ("改期", (_M.CALLED,), _M.CALLED),
    "cancel": ("取消", (_M.PLANNED, _M.CALLED), _M.CANCELLED),
    "begin": ("开始会议", (_M.CALLED,), _M.UNDER_WAY),
    "end": ("结束会议", (_M.UNDER_WAY,), _M.HELD),
    "draft_minutes": ("起草纪要", (_M.HELD,), _M.MINUTES),
    "close": ("办结", (_M.MINUTES,), _M.CLOSED),
    "conclude": ("归档", (_M.CLOSED,), _M.CONCLUDED),
}
MINUTES_ACTS: Mapping[str, tuple[str, tuple[MinutesState, ...], MinutesState]] = {
    "revise": ("修改", (_N.DRAFTING,), _N.DRAFTING),
    "submit": ("送审", (_N.DRAFTING,), _N.SUBMITTED),
    "approve": ("审定", (_N.SUBMITTED,), _N.APPROVED),
    "return": ("退回", (_N.SUBMITTED,), _N.DRAFTING),
}
ENDED_TOPIC_STATES = (_T.HEARD, _T.DECLINED, _T.WITHDRAWN)
# What is known of who came can be put right until the minutes, which name them, go to the chair.
ARRIVAL_STATES = (_M.CALLED, _M.UNDER_WAY)
CORRECTION_STATES = (_M.UNDER_WAY, _M.HELD, _M.MINUTES)
# Decisions are written down while the meeting is under way and until its minutes are approved.
DECIDING_STATES = (_M.UNDER_WAY, _M.HELD, _M.MINUTES)

MEETING_OVER = (_M.CLOSED, _M.CONCLUDED, _M.CANCELLED)
# Who presides may change until the minutes are approved.
PRESIDING_STATES = (_M.PLANNED, _M.CALLED, *DECIDING_STATES)


def topic_after(verb: str, state: str) -> TopicState:
    """Where that act leads a topic; Problem 409 when it has no place now."""
    name, sources, target = TOPIC_ACTS[verb]
    if state not in sources:
        raise errors.act_not_possible("议题", name, TOPIC_LABELS[state])
    return target


def meeting_after(verb: str, state: str) -> MeetingState:
    """Where that act leads a meeting; Problem 409 when it has no place now."""
    name, sources, target = MEETING_ACTS[verb]
    if state not in sources:
        raise errors.act_not_possible("会议", name, MEETING_LABELS[state])
    return target


def minutes_after(verb: str, state: str) -> MinutesState:
    """Where that act leads minutes; Problem 409 when it has no place now."""
    name, sources, target = MINUTES_ACTS[verb]
    if state not in sources:
        raise errors.act_not_possible("纪要", name, MINUTES_LABELS[state])
    return target
