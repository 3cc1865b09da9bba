"""Every way in which rooms and their bookings refuse something, one function each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from shared.clock import LOCAL_ZONE
from shared.errors import Problem, changed_meanwhile, conflict, forbidden, invalid, not_found


class Conflict(Protocol):
    """One reason why a room cannot be had, as the rules of rooms find it."""

    @property
    def message(self) -> str:
        """The reason in a sentence."""

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""


def room_not_found(room_id: UUID) -> Problem:
    """There is no such room, or it is not open to this organ (404)."""
    return not_found(
        "meetings.room_not_found", "会议室不存在", f"没有找到会议室 {room_id}，或不向您的单位开放；请核对"
    )


def booking_not_found(booking_id: UUID) -> Problem:
    """There is no such booking, or it is not this reader's to know of (404)."""
    return not_found(
        "meetings.booking_not_found",
        "预订不存在",
        f"没有找到会议室预订 {booking_id}，或您无权查看；请核对链接",
    )


def room_taken(room: str, conflicts: Sequence[Conflict]) -> Problem:
    """The room cannot be had at that time; `conflicts` tells every reason, by kind, with the times hit (409)."""
    reasons = "；".join(one.message for one in conflicts[:5])
    return Problem(
        "meetings.room_taken",
        "会议室不可用",
        status=409,
        detail=f"{room}：{reasons}。请另选时间或会议室",
        extra={"conflicts": [one.as_json() for one in conflicts]},
    )


def room_retired(room: str) -> Problem:
    """The room is no longer in use (409)."""
    return conflict("meetings.room_retired", "会议室已撤销", f"{room}已不再使用，请另选会议室")


def room_name_taken(name: str) -> Problem:
    """The organ has a room of that name (409)."""
    return conflict("meetings.room_name_taken", "会议室重名", f"本机关已有会议室“{name}”，请换一个名称")


def room_changed() -> Problem:
    """Somebody else changed it since it was read (412)."""
    return changed_meanwhile(
        "meetings.room_changed", "内容已被他人修改", "会议室或预订刚刚被他人修改；请刷新，核对后再改"
    )


def not_room_keeper(room: str) -> Problem:
    """Only those who manage rooms of the organ may do this (403)."""
    return forbidden(
        "meetings.not_room_keeper", "不是会议室管理人员", f"{room}由所属机关的会议室管理人员管理；请与其联系"
    )


def not_your_booking(booker: str) -> Problem:
    """Only who booked may change or give it up (403)."""
    return forbidden(
        "meetings.not_your_booking", "不是您的预订", f"这次预订属于{booker}，只能由其本人或会议室管理人员处理"
    )


def cannot_book(label: str) -> Problem:
    """The post that a booking was to go to may not book rooms (422)."""
    message = f"{label}没有预订会议室的权限，请转交给可以预订会议室的岗位"
    return invalid("meetings.cannot_book", "不能转交给该岗位", message, errors={"to_post_id": [message]})


def room_not_open(room: str, owner: str, label: str) -> Problem:
    """The room is its organ's own, and the post that a booking was to go to is of another one (422)."""
    message = f"{room}只供{owner}使用，{label}不能使用；请转交给{owner}的岗位，或取消后由其另订会议室"
    return invalid("meetings.room_not_open", "不能转交给该岗位", message, errors={"to_post_id": [message]})


def hours_wrong(messages: Sequence[str]) -> Problem:
    """The table of hours contradicts itself (422)."""
    return invalid(
        "meetings.hours_wrong", "开放时间不对", "；".join(messages), errors={"hours": list(messages)}
    )


def booking_ends_before(starts_at: datetime, ends_at: datetime) -> Problem:
    """A booking or a closed period ends after it begins (422)."""
    message = f"结束时间 {_shown(ends_at)} 不晚于开始时间 {_shown(starts_at)}，请改正"
    return invalid("meetings.booking_ends_before", "使用时间不对", message, errors={"ends_at": [message]})


def booking_past(starts_at: datetime) -> Problem:
    """What has begun cannot be booked or moved (422)."""
    message = f"{_shown(starts_at)} 已经过去，请另选时间"
    return invalid("meetings.booking_past", "使用时间已过", message, errors={"starts_at": [message]})


def booking_too_long(hours: int) -> Problem:
    """A booking is longer than the rule allows (422)."""
    message = f"一次至多预订 {hours} 小时"
    return invalid("meetings.booking_too_long", "预订时间过长", message, errors={"ends_at": [message]})


def booking_too_far(days: int) -> Problem:
    """A booking lies further ahead than the rule allows (422)."""
    message = f"至多可以提前 {days} 天预订"
    return invalid("meetings.booking_too_far", "预订时间过远", message, errors={"starts_at": [message]})


def series_unbounded() -> Problem:
    """A series says how often, or until when, and not both (422)."""
    message = "请填写重复次数或截止日期之一"
    return invalid("meetings.series_unbounded", "重复没有截止", message, errors={"repeat": [message]})


def series_too_long(most: int) -> Problem:
    """A series has more occurrences than the rule allows (422)."""
    message = f"一次至多预订 {most} 次，请减少次数或提前截止日期"
    return invalid("meetings.series_too_long", "重复次数过多", message, errors={"repeat": [message]})


def series_empty() -> Problem:
    """Nothing is left of a series (422)."""
    message = "按此规则没有任何一次使用，请核对重复规则"
    return invalid("meetings.series_empty", "没有一次使用", message, errors={"repeat": [message]})


def series_overlaps_itself() -> Problem:
    """One occurrence reaches into the next (422)."""
    message = "相邻两次使用互相重叠，请缩短每次时间或拉长间隔"
    return invalid(
        "meetings.series_overlaps_itself", "重复使用自相重叠", message, errors={"repeat": [message]}
    )


def room_too_small(room: str, capacity: int, people: int) -> Problem:
    """More people than seats (422)."""
    message = f"{room}可容纳 {capacity} 人，预计 {people} 人；请另选会议室"
    return invalid("meetings.room_too_small", "会议室坐不下", message, errors={"people": [message]})


def booking_fixed(label: str) -> Problem:
    """What is over, under way or given up is changed no more (409)."""
    return conflict("meetings.booking_fixed", "不能再改", f"这次使用{label}，不能修改、转交或取消；请刷新")


def too_early_to_check_in(minutes: int) -> Problem:
    """The room is not to be entered yet (409)."""
    return conflict(
        "meetings.too_early_to_check_in", "还不能登记使用", f"开始前 {minutes} 分钟起可以登记使用"
    )


def request_settled() -> Problem:
    """Nothing waits for a decision (409)."""
    return conflict("meetings.request_settled", "没有待审批的预订", "该申请已经处理、取消或过期；请刷新")


def refusal_unexplained() -> Problem:
    """A refusal says why (422)."""
    message = "不同意须说明理由"
    return invalid("meetings.refusal_unexplained", "没有写明理由", message, errors={"opinion": [message]})


def closure_not_found(closure_id: UUID) -> Problem:
    """The room has no such closed period (404)."""
    return not_found(
        "meetings.closure_not_found", "没有这段停用", f"会议室没有停用时段 {closure_id}，可能已经撤销"
    )


def closure_hits_bookings(labels: Sequence[str]) -> Problem:
    """A room is not closed over other people's heads (409)."""
    shown = "、".join(labels[:5])
    detail = f"这段时间已有 {len(labels)} 次预订（{shown}）；请先与预订人协商取消"
    return conflict("meetings.closure_hits_bookings", "停用时段内有预订", detail)


def _shown(moment: datetime) -> str:
    return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")
