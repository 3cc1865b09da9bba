"""What is refused about topics, calls for them, and advice on them."""

from datetime import date, datetime
from uuid import UUID

from shared.clock import LOCAL_ZONE
from shared.errors import (
    Problem,
    conflict,
    forbidden,
    invalid,
    not_found,
)


def topic_not_found(topic_id: UUID) -> Problem:
    """There is no such topic, or it is not this reader's to know of (404)."""
    return not_found(
        "meetings.topic_not_found", "议题不存在", f"没有找到议题 {topic_id}，或您无权查看；请核对链接"
    )


def call_not_found(call_id: UUID) -> Problem:
    """There is no such call for topics, or it is not this reader's to know of (404)."""
    return not_found(
        "meetings.topic_call_not_found",
        "征集通知不存在",
        f"没有找到议题征集 {call_id}，或您无权查看；请核对链接",
    )


def not_of_submitter(title: str) -> Problem:
    """Only the unit that put the topic forward may do this (403)."""
    return forbidden(
        "meetings.not_of_submitter", "不是申报单位", f"议题“{title}”由申报单位修改、补充或撤回；请与其联系"
    )


def call_closed(title: str, closes_at: datetime) -> Problem:
    """The closing day of the call is over (409)."""
    day = closes_at.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d")
    detail = f"“{title}”已于 {day} 截止申报；请申报下一次会议，或与会务人员联系"
    return conflict("meetings.call_closed", "征集已截止", detail)


def call_not_for(unit: str) -> Problem:
    """The call was not sent to that unit (422)."""
    message = f"这次征集不包括{unit}，请核对征集通知"
    return invalid("meetings.call_not_for", "不在征集范围", message, errors={"call_id": [message]})


def closes_in_past(day: date) -> Problem:
    """The closing day of a call has passed (422)."""
    message = f"截止日期 {day} 已经过去"
    return invalid("meetings.closes_in_past", "截止日期不对", message, errors={"closes_on": [message]})


def advice_not_asked(unit: str) -> Problem:
    """The unit was not asked, or has answered (409)."""
    return conflict(
        "meetings.advice_not_asked", "没有待回复的征求意见", f"{unit}没有待回复的意见；可能已经回复"
    )


def advice_asked_before(unit: str) -> Problem:
    """The unit has not answered the last time yet (409)."""
    return conflict(
        "meetings.advice_asked_before", "正在征求意见", f"已在征求{unit}的意见，尚未回复，不必重复征求"
    )


def topic_not_for_here(title: str) -> Problem:
    """The topic is for another organ's meetings (422)."""
    message = f"议题“{title}”不是向本机关申报的"
    return invalid("meetings.topic_not_for_here", "不是本机关的议题", message, errors={"topic_id": [message]})
