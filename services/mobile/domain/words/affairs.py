"""How events of internal affairs read. What an applicant says, and why nothing was granted, is for those concerned."""

from collections.abc import Mapping
from types import MappingProxyType

from services.mobile.domain.wording import Rank, Wording, day, moment
from shared.events import affairs
from shared.events.affairs import CaseOutcome, Channel
from shared.events.base import Event

_CHANNELS: Mapping[Channel, str] = MappingProxyType(
    {Channel.WEB: "网上", Channel.PHONE: "手机端", Channel.WINDOW: "窗口"}
)
_OUTCOMES: Mapping[CaseOutcome, str] = MappingProxyType(
    {CaseOutcome.GRANTED: "准予", CaseOutcome.REFUSED: "不予同意", CaseOutcome.WITHDRAWN: "申请人撤回"}
)


def _published(event: affairs.MatterPublished) -> str:
    trips = "一次不用跑" if event.trips == 0 else f"最多跑 {event.trips} 次"
    promised = "即时办结" if event.instant else f"承诺 {event.promised_days} 个工作日办结"
    return f"公布事项《{event.name}》第 {event.version} 版（{event.effective_on:%Y-%m-%d} 起施行）：{promised}，{trips}"


def _applied(event: affairs.CaseApplied) -> str:
    reused = event.fields_reused + event.materials_reused
    saved = f"，免填免交 {reused} 项" if reused else ""
    return f"{_CHANNELS[event.channel]}申请《{event.matter_name}》，办件编号 {event.number}{saved}"


def _accepted(event: affairs.CaseAccepted) -> str:
    later = f"，容缺 {event.deferred} 份材料" if event.deferred else ""
    return f"受理，承诺 {day(event.due_at)} 前办结（{event.promised_days} 个工作日）{later}"


def _decided(event: affairs.CaseDecided) -> str:
    days = f"{event.used_half_days / 2:g}"
    timely = "按期" if event.in_time else "逾期"
    result = f"，结果文书 {event.result_number}" if event.result_number else ""
    return f"{timely}办结：{_OUTCOMES[event.outcome]}，用时 {days} 个工作日{result}"


def _concluded(event: affairs.CaseConcluded) -> str:
    trips = f"跑动 {event.trips} 次" if event.trips else "一次没跑"
    rated = f"，评价 {event.score} 分" if event.score is not None else ""
    return f"{event.number} 办理终结（{trips}{rated}），移交归档"


def _applied_for_all(event: affairs.BundleApplied) -> str:
    until = f"，承诺 {day(event.due_at)} 前全部办结" if event.due_at else ""
    return f"一次申请“{event.name}”（{event.number}），含 {len(event.case_ids)} 个事项{until}"


AFFAIRS: Mapping[type[Event], Wording] = {
    affairs.MatterPublished: Wording(_published, Rank.MILESTONE),
    affairs.MatterWithdrawn: Wording(
        lambda e: f"事项自 {e.effective_on:%Y-%m-%d} 起停止受理：{e.reason}", Rank.MILESTONE
    ),
    affairs.CaseApplied: Wording(_applied, Rank.MILESTONE),
    affairs.CaseCompletionAsked: Wording(lambda e: f"一次性告知补正 {e.missing} 项"),
    affairs.CaseAccepted: Wording(_accepted, Rank.MILESTONE),
    affairs.CaseRefused: Wording(lambda e: "不予受理，已书面说明理由", Rank.MILESTONE),
    affairs.CaseSuspended: Wording(lambda e: f"因{e.cause}暂停计时"),
    affairs.CaseResumed: Wording(lambda e: f"恢复计时，承诺 {moment(e.due_at)} 前办结"),
    affairs.CaseTripMade: Wording(lambda e: f"申请人第 {e.trips} 次到现场"),
    affairs.CaseOverdue: Wording(
        lambda e: f"{e.late_unit_name}未在 {day(e.due_at)} 前办结，转督查督办", Rank.MILESTONE
    ),
    affairs.CaseStuck: Wording(lambda e: f"申请人反映在{e.unit_name}办不成事，转督查督办"),
    affairs.CaseDecided: Wording(_decided, Rank.MILESTONE),
    affairs.CaseDelivered: Wording(
        lambda e: "结果已网上送达" if e.online else "结果已由申请人领取", Rank.MILESTONE
    ),
    affairs.CaseRated: Wording(lambda e: f"申请人评价：{e.score} 分"),
    affairs.ResultRevoked: Wording(
        lambda e: f"撤销结果文书 {e.number}：{e.reason}", Rank.MILESTONE, about="case_id"
    ),
    affairs.CaseConcluded: Wording(_concluded, Rank.MILESTONE),
    affairs.BundleApplied: Wording(_applied_for_all, Rank.MILESTONE),
    affairs.BundleFinished: Wording(
        lambda e: "各事项全部办结" + ("" if e.in_time else "（逾期）"), Rank.MILESTONE
    ),
}
