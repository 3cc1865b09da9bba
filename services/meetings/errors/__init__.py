"""What meetings refuses, one function each: here what concerns meetings themselves and everything alike."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from shared import secrecy
from shared.clock import LOCAL_ZONE
from shared.errors import Problem, changed_meanwhile, conflict, forbidden, invalid, not_found


def meeting_not_found(meeting_id: UUID) -> Problem:
    """There is no such meeting, or it is not this reader's to know of (404)."""
    return not_found(
        "meetings.not_found", "会议不存在", f"没有找到会议 {meeting_id}，或您无权查看；请核对链接"
    )


def act_not_possible(what: str, act: str, state: str) -> Problem:
    """The topic, meeting, minutes or decision is in a state in which this act has no place (409)."""
    detail = f"{what}现在处于“{state}”，不能{act}；请刷新后再看"
    return conflict("meetings.act_not_possible", "当前状态不能这样办", detail)


def changed_by_another(what: str) -> Problem:
    """Somebody else changed it since it was read (412)."""
    return changed_meanwhile(
        "meetings.changed_by_another", "内容已被他人修改", f"{what}刚刚被他人修改；请重新打开，核对后再改"
    )


def not_organiser(title: str) -> Problem:
    """Only those who organise meetings of the organ may do this (403)."""
    return forbidden(
        "meetings.not_organiser", "不是本机关的会务人员", f"“{title}”由主办机关的会务人员办理；请与其联系"
    )


def needs_a_post() -> Problem:
    """Only somebody in a post can do this (403)."""
    return forbidden("meetings.needs_a_post", "当前没有岗位", "请切换到办理会议的岗位后再操作")


def nobody_may(what: str, unit: str, permission: str) -> Problem:
    """Nobody in that organ holds the permission that the next step needs (409)."""
    detail = f"{unit}没有人具有“{permission}”权限，无法{what}；请系统管理员先行授权"
    return conflict("meetings.nobody_may", "没有可以办理的人", detail)


def chair_may_not(label: str) -> Problem:
    """The post that was named as chair may not chair meetings (422)."""
    message = f"{label}没有“审定议题与主持会议”权限，不能作为主持人"
    return invalid("meetings.chair_may_not", "主持人不合适", message, errors={"chair_post_id": [message]})


def presides_elsewhere(label: str, field: str) -> Problem:
    """The post that was named to preside is neither of the organ nor of one above it (422)."""
    message = f"{label}既不在本机关，也不在本机关的上级机关，不能主持或召集本机关的会议"
    return invalid("meetings.presides_elsewhere", "主持人或召集人不合适", message, errors={field: [message]})


def ends_before_it_begins(starts_at: datetime, ends_at: datetime) -> Problem:
    """A meeting cannot end before, or when, it begins (422)."""
    begin, end = shown_moment(starts_at), shown_moment(ends_at)
    message = f"结束时间 {end} 不晚于开始时间 {begin}，请改正"
    return invalid("meetings.ends_before_it_begins", "会议时间不对", message, errors={"ends_at": [message]})


def too_long_ago(starts_at: datetime, *, hours: int) -> Problem:
    """A meeting that begins too long in the past cannot be planned or called (422)."""
    begin = shown_moment(starts_at)
    message = f"开始时间 {begin} 已经过去，至多可以补登 {hours} 小时以内开始的会议"
    return invalid("meetings.too_long_ago", "会议时间已过", message, errors={"starts_at": [message]})


def ends_in_future(moment: datetime) -> Problem:
    """What is said to have happened lies in the future (422)."""
    message = f"{shown_moment(moment)} 尚未到来，请填写实际时间"
    return invalid("meetings.not_yet_happened", "时间尚未到来", message, errors={"at": [message]})


def not_at_that_time(moment: datetime, starts_at: datetime) -> Problem:
    """What is said to have happened at a meeting lies long before it (422)."""
    message = f"{shown_moment(moment)} 与会议时间 {shown_moment(starts_at)} 相差过大，请核对"
    return invalid("meetings.not_at_that_time", "时间不对", message, errors={"at": [message]})


def too_far_ahead(starts_at: datetime, *, years: int) -> Problem:
    """Nobody plans a meeting so far ahead (422)."""
    message = f"会议时间 {shown_moment(starts_at)} 过远，至多计划 {years} 年以内的会议"
    return invalid("meetings.too_far_ahead", "会议时间过远", message, errors={"starts_at": [message]})


def shown_moment(moment: datetime) -> str:
    """The moment on the office's wall clock, to the minute; as it was sent where no calendar reaches."""
    try:
        return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")
    except OverflowError:
        return moment.isoformat()


def place_missing(title: str) -> Problem:
    """A notice says where to come to (422)."""
    message = f"“{title}”还没有会议地点，请预订会议室或填写地点"
    return invalid("meetings.place_missing", "没有会议地点", message, errors={"place": [message]})


def another_year(old: int, new: int) -> Problem:
    """A called meeting keeps its number and counts against its year's plan (409)."""
    detail = f"会议已按 {old} 年编号并计入当年计划，不能改到 {new} 年；请取消后重新通知"
    return conflict("meetings.another_year", "不能改到另一年", detail)


def over_quota(kind: str, used: int, quota: int, year: int) -> Problem:
    """The year's plan for that kind is used up; calling needs a reason (422)."""
    message = f"{year} 年{kind}计划 {quota} 次，已通知 {used} 次；确需召开的，请写明超计划召开的理由"
    return invalid("meetings.over_quota", "超出年度会议计划", message, errors={"quota_waiver": [message]})


def warnings_unread(messages: Mapping[str, Sequence[str]]) -> Problem:
    """Warnings must be acknowledged by their codes before going on (422)."""
    detail = f"有 {len(messages)} 条提醒，请阅知后在 acknowledged 中逐条列明再提交；提醒将随办理过程留存"
    return invalid("meetings.warnings_unread", "请先阅知提醒", detail, errors=messages)


def rules_broken(messages: Mapping[str, Sequence[str]]) -> Problem:
    """Local rules refuse it (422)."""
    first = next(iter(messages.values()))[0]
    return invalid("meetings.rules_broken", "不符合会议规则", first, errors=messages)


def reason_missing(act: str, field: str = "reason") -> Problem:
    """This needs a reason (422)."""
    message = f"{act}必须说明理由"
    return invalid("meetings.reason_missing", "没有写明理由", message, errors={field: [message]})


def secret_content(mark: str, *, where: str) -> Problem:
    """The text carries a mark of state secrecy, and this network is not for such matters (422)."""
    return secrecy.secret_content("meetings.secret_content", mark, where=where)


def presiding_unchanged() -> Problem:
    """Another chair or convener is to be named, and the posts named are those of before, or none (422)."""
    message = "请选择与现在不同的主持人或召集人岗位"
    return invalid(
        "meetings.presiding_unchanged", "没有更换主持人或召集人", message, errors={"chair_post_id": [message]}
    )


def presiding_gone(title: str) -> Problem:
    """The post that has to decide was abolished (409)."""
    detail = f"“{title}”的主持人或召集人岗位已撤销；请会务人员更换主持人或召集人后再办"
    return conflict("meetings.presiding_gone", "主持人或召集人的岗位已撤销", detail)


def not_chair(title: str) -> Problem:
    """Only the chair may do this (403)."""
    return forbidden("meetings.not_chair", "不是会议主持人", f"“{title}”须由主持人本人或其受托人审定")
