"""What is refused about minutes (纪要), decisions and the record."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from shared.clock import LOCAL_ZONE
from shared.errors import (
    Problem,
    conflict,
    invalid,
    not_found,
)


def minutes_not_found(title: str) -> Problem:
    """The meeting has no minutes yet, or none that this reader may see (404)."""
    return not_found("meetings.minutes_not_found", "还没有纪要", f"“{title}”还没有可供查看的纪要")


def version_not_found(number: int) -> Problem:
    """The minutes have no such version (404)."""
    return not_found(
        "meetings.version_not_found", "版本不存在", f"纪要没有第 {number} 版；请在版本列表中另选"
    )


def minutes_changed(*, version: int, by: str, at: datetime) -> Problem:
    """Somebody saved another version of the minutes meanwhile (412); says which, so that both can be compared."""
    when = at.astimezone(LOCAL_ZONE).strftime("%m月%d日 %H:%M")
    detail = (
        f"{by}已于 {when} 保存了第 {version} 版；您这次的修改或送审没有生效，请对照第 {version} 版核对后再办"
    )
    return Problem(
        "meetings.minutes_changed", "纪要已被他人修改", status=412, detail=detail, extra={"version": version}
    )


def version_needed() -> Problem:
    """Saving minutes must say which version was read (428, RFC 6585 §3)."""
    return Problem(
        "meetings.version_needed",
        "没有说明所依据的版本",
        status=428,
        detail="请重新打开纪要后再保存，以免覆盖他人的修改（If-Match）",
    )


def minutes_not_issued(title: str) -> Problem:
    """A meeting is closed only after its minutes were issued (409)."""
    return conflict(
        "meetings.minutes_not_issued",
        "纪要尚未印发",
        f"“{title}”的纪要还没有印发，不能办结会议；请先印发纪要",
    )


def receivers_missing() -> Problem:
    """Minutes are issued to somebody (422)."""
    message = "纪要没有印发单位，请填写"
    return invalid(
        "meetings.receivers_missing", "没有印发单位", message, errors={"receiver_unit_ids": [message]}
    )


def record_not_made(title: str) -> Problem:
    """The record of a meeting is made when the meeting is concluded (404)."""
    detail = f"“{title}”尚未全部办结；纪要印发、议定事项办结后自动生成会议记录"
    return not_found("meetings.record_not_made", "会议记录尚未生成", detail)


def decision_not_found(decision_id: UUID) -> Problem:
    """There is no such decision, or it is not this reader's to know of (404)."""
    return not_found(
        "meetings.decision_not_found", "议定事项不存在", f"没有找到议定事项 {decision_id}，或您无权查看"
    )


def due_in_past(day: date) -> Problem:
    """A date by which something has to be done lies in the past (422)."""
    message = f"完成时限 {day} 已经过去，请另定期限"
    return invalid("meetings.due_in_past", "时限已过", message, errors={"due_on": [message]})


def decision_without_lead() -> Problem:
    """A decision needs one lead unit (422)."""
    message = "议定事项必须确定一个主办单位"
    return invalid(
        "meetings.decision_without_lead", "没有主办单位", message, errors={"lead_unit_id": [message]}
    )


def lead_not_below(unit: str, organ: str) -> Problem:
    """Supervision gives work only to units below the organ that decided (422)."""
    message = (
        f"{unit}不在{organ}管辖范围内，督查部门无法向其交办；"
        "请改由本机关或其下级单位主办，需其他单位办理的另行发函商请"
    )
    return invalid("meetings.lead_not_below", "主办单位不合适", message, errors={"lead_unit_id": [message]})


def lead_assists(unit: str) -> Problem:
    """The lead of a decision cannot assist itself (422)."""
    message = f"{unit}已是主办单位，不能同时列为协办单位"
    return invalid(
        "meetings.lead_assists", "主办与协办重复", message, errors={"assistant_unit_ids": [message]}
    )


def decisions_unsettled(numbers: Sequence[str]) -> Problem:
    """Some decisions have neither a supervised task nor a waiver (409)."""
    detail = (
        f"议定事项 {'、'.join(numbers)} 还没有立为督查事项，也没有登记免督理由；请登记理由或待督查部门登记"
    )
    return conflict("meetings.decisions_unsettled", "议定事项尚未落实督办", detail)


def decision_supervised(number: str) -> Problem:
    """A decision that is being supervised is not waived (409)."""
    detail = f"议定事项 {number} 已由督查部门督办，不再登记免督理由；如需终止，请与督查部门联系"
    return conflict("meetings.decision_supervised", "已在督办", detail)
