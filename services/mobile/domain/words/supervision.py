"""How events of supervised tasks read. What a unit reports is for those who take part; that it did so is not hidden."""

from collections.abc import Mapping
from types import MappingProxyType

from services.mobile.domain.wording import Rank, Wording, day, names
from shared.events import supervision
from shared.events.base import Event
from shared.events.supervision import Light, SlipColour, TaskSource

_SOURCES: Mapping[TaskSource, str] = MappingProxyType(
    {
        TaskSource.MEETING: "会议议定事项",
        TaskSource.DOCUMENT: "来文办理",
        TaskSource.INSTRUCTION: "领导批示",
        TaskSource.WORK_REPORT: "政府工作报告",
        TaskSource.HOTLINE: "12345 热线",
        TaskSource.MEDIA: "媒体反映",
        TaskSource.AFFAIRS: "机关内部办事",
        TaskSource.MANUAL: "自行登记",
    }
)
_LIGHTS: Mapping[Light, str] = MappingProxyType(
    {
        Light.GREY: "未签收（灰灯）",
        Light.GREEN: "办理正常（绿灯）",
        Light.AMBER: "临近期限（黄灯）",
        Light.RED: "已经超期（红灯）",
        Light.DONE: "已办结",
    }
)
_SLIPS: Mapping[SlipColour, str] = MappingProxyType(
    {SlipColour.BLUE: "蓝色提醒单", SlipColour.ORANGE: "橙色警告单", SlipColour.RED: "红色通报单"}
)


def _registered(event: supervision.TaskRegistered) -> str:
    until = f"，要求 {event.due_on:%Y-%m-%d} 前办结" if event.due_on else ""
    part = "分解任务" if event.parent_id else "督查事项"
    return f"登记{part}《{event.title}》（{_SOURCES[event.source]}）{until}"


def _assigned(event: supervision.TaskAssigned) -> str:
    helped = names([party.unit_name for party in event.assistants])
    assistants = f"，{helped}协办" if helped else ""
    return f"交{event.lead.unit_name}主办{assistants}，期限 {day(event.due_at)}"


def _fed_back(event: supervision.TaskFedBack) -> str:
    late = "" if event.in_time else "（逾期反馈）"
    return f"反馈进展：已完成 {event.progress}%{late}"


def _reminded(event: supervision.TaskReminded) -> str:
    if event.occasion == "by_hand":
        return "人工催办"
    return "系统催办：" + (event.note or "请按期办理")


def _extended(event: supervision.TaskExtended) -> str:
    first = f"原定 {day(event.original_due_at)}"
    return f"同意第 {event.extensions} 次延期，至 {day(event.due_at)}（{first}）"


def _closed(event: supervision.TaskClosed) -> str:
    return f"{event.number} 办结销号，" + ("按期办结" if event.in_time else "逾期办结")


def _concluded(event: supervision.TaskConcluded) -> str:
    rated = f"评价 {event.score} 分" if event.score is not None else "未评价"
    return f"{event.number} 办理终结（{rated}），移交归档"


SUPERVISION: Mapping[type[Event], Wording] = {
    supervision.TaskRegistered: Wording(_registered, Rank.MILESTONE),
    supervision.TaskProposed: Wording(lambda e: "提出拟办意见，报请立项"),
    supervision.TaskEstablished: Wording(lambda e: f"批准立项，督办编号 {e.number}", Rank.MILESTONE),
    supervision.TaskRejected: Wording(lambda e: f"不予立项：{e.reason}", Rank.MILESTONE),
    supervision.TaskAssigned: Wording(_assigned, Rank.MILESTONE),
    supervision.TaskSignedFor: Wording(lambda e: "主办单位签收" + ("" if e.in_time else "（逾期签收）")),
    supervision.TaskReturnAsked: Wording(lambda e: "主办单位申请退回"),
    supervision.TaskReturnRefused: Wording(lambda e: "不同意退回，须由原单位签收办理"),
    supervision.TaskReturned: Wording(lambda e: "同意退回，将另行交办"),
    supervision.TaskPlanned: Wording(lambda e: f"报送办理方案，分 {e.goals} 个阶段目标"),
    supervision.TaskHandedOver: Wording(lambda e: "在本单位内转办"),
    supervision.TaskAssisted: Wording(lambda e: "协办单位反馈办理情况"),
    supervision.TaskFedBack: Wording(_fed_back),
    supervision.TaskFeedbackMissed: Wording(lambda e: f"未在 {day(e.due_at)} 前反馈进展"),
    supervision.TaskReminded: Wording(_reminded),
    supervision.TaskSlipIssued: Wording(
        lambda e: f"发出{_SLIPS[e.colour]}",
        lambda e: Rank.STEP if e.colour is SlipColour.BLUE else Rank.MILESTONE,
    ),
    supervision.TaskLightTurned: Wording(
        lambda e: _LIGHTS[e.light], lambda e: Rank.STEP if e.light is Light.RED else Rank.DETAIL
    ),
    supervision.TaskExtensionAsked: Wording(lambda e: f"申请延期至 {day(e.until)}"),
    supervision.TaskExtended: Wording(_extended, Rank.MILESTONE),
    supervision.TaskExtensionRefused: Wording(lambda e: "不同意延期"),
    supervision.TaskSuspended: Wording(lambda e: "中止办理，暂停计时", Rank.MILESTONE),
    supervision.TaskResumed: Wording(lambda e: f"恢复办理，期限顺延至 {day(e.due_at)}", Rank.MILESTONE),
    supervision.TaskClosureAsked: Wording(lambda e: "主办单位报请办结" + ("" if e.in_time else "（已逾期）")),
    supervision.TaskReviewed: Wording(lambda e: "办结审核通过，报领导审阅"),
    supervision.TaskSentBack: Wording(lambda e: "办结审核未通过，退回重办"),
    supervision.TaskClosed: Wording(_closed, Rank.MILESTONE),
    supervision.TaskRated: Wording(lambda e: f"办理评价：{e.score} 分"),
    supervision.TaskCancelled: Wording(lambda e: f"撤销督查：{e.reason}", Rank.MILESTONE),
    supervision.TaskConcluded: Wording(_concluded, Rank.MILESTONE),
}
