"""How events of meetings read. Opinions on topics, and what was decided, are for those who take part."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from services.mobile.domain.wording import Rank, Wording, moment, names
from shared.events import meetings
from shared.events.base import Event

# By what was done, as the topic's own history calls it, and else by where it stands now.
_TOPIC_ACTS: Mapping[str, str] = MappingProxyType(
    {
        "revise": "修改议题",
        "submit": "申报议题，报送审核",
        "return": "议题退回申报单位修改",
        "ask_advice": "就议题征求意见",
        "pass": "议题审核通过，报请审定",
        "approve": "议题审定，同意上会",
        "decline": "议题不予上会",
        "pool": "议题转入议题库",
        "take_up": "从议题库取出议题",
        "schedule": "议题列入会议议程",
        "unschedule": "议题移出会议议程",
        "hear": "议题已上会审议",
        "withdraw": "撤回议题",
    }
)
_TOPIC_STATES: Mapping[str, str] = MappingProxyType(
    {
        "screening": "议题待审核",
        "approving": "议题待审定",
        "approved": "议题已审定",
        "scheduled": "议题已列入议程",
        "heard": "议题已上会",
        "pooled": "议题已入议题库",
        "declined": "议题不予上会",
        "withdrawn": "议题已撤回",
    }
)


def _called(event: meetings.MeetingCalled) -> str:
    when = f"{moment(event.starts_at)} 在{event.place}"
    beyond = "" if event.within_quota else "（计划外，已说明理由）"
    return f"通知召开{event.kind}《{event.title}》：{when}，通知 {event.invited} 个岗位参加{beyond}"


def _held(event: meetings.MeetingHeld) -> str:
    counted = {"迟到": event.late, "替会": event.stand_ins, "请假": event.excused, "缺席": event.absent}
    told = "，".join(f"{name} {count} 人" for name, count in counted.items() if count)
    return f"会议召开完毕：应到 {event.invited} 人，实到 {event.present} 人" + (
        f"，其中{told}" if told else ""
    )


def _decided(event: meetings.DecisionRecorded) -> str:
    helped = "，".join(party.unit_name for party in event.assistants)
    assistants = f"，{helped}协办" if helped else ""
    return (
        f"形成议定事项 {event.number}：{event.lead.unit_name}主办{assistants}，{event.due_on:%Y-%m-%d} 前落实"
    )


def _approved(event: meetings.MinutesApproved) -> str:
    sent = names([party.unit_name for party in event.receivers])
    return f"审定《{event.title}》" + (f"，发{sent}" if sent else "")


def _moved(event: Any) -> str:
    return _TOPIC_ACTS.get(event.verb) or _TOPIC_STATES.get(event.state, "议题办理有进展")


def _planned(event: meetings.MeetingQuotaSet) -> str:
    since = f"自 {event.valid_from:%Y-%m-%d} 起"
    if event.plan is None:
        return f"{since}不再单独设定会议计划"
    return f"设定{since}的会议计划：" + names(
        [f"{each.head} {each.meetings} 次" for each in event.plan], of="类别"
    )


MEETINGS: Mapping[type[Event], Wording] = {
    meetings.MeetingQuotaSet: Wording(_planned, Rank.DETAIL),
    meetings.TopicSubmitted: Wording(lambda e: f"申报议题《{e.title}》"),
    meetings.TopicMovedOn: Wording(_moved),
    meetings.MeetingCalled: Wording(_called, Rank.MILESTONE),
    meetings.MeetingRescheduled: Wording(
        lambda e: f"会议改期：{moment(e.starts_at)} 在{e.place}召开", Rank.MILESTONE
    ),
    meetings.MeetingCancelled: Wording(lambda e: f"会议取消：{e.reason}", Rank.MILESTONE),
    meetings.MeetingHeld: Wording(_held, Rank.MILESTONE),
    meetings.DecisionRecorded: Wording(_decided, Rank.MILESTONE, about="meeting_id"),
    meetings.DecisionWaived: Wording(lambda e: f"议定事项不另立督查：{e.reason}", about="meeting_id"),
    meetings.MinutesApproved: Wording(_approved, Rank.MILESTONE, about="meeting_id"),
    meetings.MeetingClosed: Wording(lambda e: "会议办结：纪要已印发，议定事项均已交办或说明", Rank.MILESTONE),
    meetings.MeetingConcluded: Wording(lambda e: f"《{e.title}》议定事项全部落实，移交归档", Rank.MILESTONE),
}
