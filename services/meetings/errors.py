"""Every way in which meetings refuses something, one function each."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from shared.clock import LOCAL_ZONE
from shared.errors import (
    Problem,
    changed_meanwhile,
    conflict,
    forbidden,
    invalid,
    not_found,
    too_large,
    unsupported_type,
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


def meeting_not_found(meeting_id: UUID) -> Problem:
    """There is no such meeting, or it is not this reader's to know of (404)."""
    return not_found(
        "meetings.not_found", "会议不存在", f"没有找到会议 {meeting_id}，或您无权查看；请核对链接"
    )


def agenda_item_not_found(item_id: UUID) -> Problem:
    """The meeting has no such point on its agenda (404)."""
    return not_found(
        "meetings.agenda_item_not_found", "议程中没有这一项", f"议程中没有 {item_id}，可能已被移出；请刷新"
    )


def invitation_not_found(invitation_id: UUID) -> Problem:
    """The meeting has no such invitation (404)."""
    return not_found(
        "meetings.invitation_not_found", "没有这份邀请", f"会议没有邀请 {invitation_id}，可能已被撤销；请刷新"
    )


def not_invited(title: str) -> Problem:
    """The acting post has no invitation to answer (403)."""
    return forbidden(
        "meetings.not_invited", "当前岗位未被邀请", f"您的当前岗位不在“{title}”的参会范围内；请切换到受邀岗位"
    )


def decision_not_found(decision_id: UUID) -> Problem:
    """There is no such decision, or it is not this reader's to know of (404)."""
    return not_found(
        "meetings.decision_not_found", "议定事项不存在", f"没有找到议定事项 {decision_id}，或您无权查看"
    )


def minutes_not_found(title: str) -> Problem:
    """The meeting has no minutes yet, or none that this reader may see (404)."""
    return not_found("meetings.minutes_not_found", "还没有纪要", f"“{title}”还没有可供查看的纪要")


def version_not_found(number: int) -> Problem:
    """The minutes have no such version (404)."""
    return not_found(
        "meetings.version_not_found", "版本不存在", f"纪要没有第 {number} 版；请在版本列表中另选"
    )


def file_not_found(file_id: UUID) -> Problem:
    """There is no such file here (404)."""
    return not_found("meetings.file_not_found", "文件不存在", f"没有文件 {file_id}，可能已被移除；请刷新")


def record_not_made(title: str) -> Problem:
    """The record of a meeting is made when the meeting is concluded (404)."""
    detail = f"“{title}”尚未全部办结；纪要印发、议定事项办结后自动生成会议记录"
    return not_found("meetings.record_not_made", "会议记录尚未生成", detail)


def act_not_possible(what: str, act: str, state: str) -> Problem:
    """The topic, meeting, minutes or decision is in a state in which this act has no place (409)."""
    detail = f"{what}现在处于“{state}”，不能{act}；请刷新后再看"
    return conflict("meetings.act_not_possible", "当前状态不能这样办", detail)


def changed_by_another(what: str) -> Problem:
    """Somebody else changed it since it was read (412)."""
    return changed_meanwhile(
        "meetings.changed_by_another", "内容已被他人修改", f"{what}刚刚被他人修改；请重新打开，核对后再改"
    )


def minutes_changed(*, version: int, by: str, at: datetime) -> Problem:
    """Somebody saved another version of the minutes meanwhile (412); says which, so that both can be compared."""
    when = at.astimezone(LOCAL_ZONE).strftime("%m月%d日 %H:%M")
    detail = f"{by}已于 {when} 保存了第 {version} 版；您的修改没有保存，请对照第 {version} 版核对后，在其基础上再改"
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


def not_organiser(title: str) -> Problem:
    """Only those who organise meetings of the organ may do this (403)."""
    return forbidden(
        "meetings.not_organiser", "不是本机关的会务人员", f"“{title}”由主办机关的会务人员办理；请与其联系"
    )


def not_of_submitter(title: str) -> Problem:
    """Only the unit that put the topic forward may do this (403)."""
    return forbidden(
        "meetings.not_of_submitter", "不是申报单位", f"议题“{title}”由申报单位修改、补充或撤回；请与其联系"
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


def own_request(name: str) -> Problem:
    """Nobody permits in another's name what one asked for oneself (403)."""
    return forbidden(
        "meetings.own_request", "不能审批本人的申请", f"{name}的请假、替会申请须由召集人本人或其他受托人审批"
    )


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


def reply_by_wrong(starts_at: datetime) -> Problem:
    """Answers are asked for between now and the beginning (422)."""
    message = f"回执截止时间应晚于现在、不晚于会议开始时间 {shown_moment(starts_at)}"
    return invalid("meetings.reply_by_wrong", "回执截止时间不对", message, errors={"reply_by": [message]})


def shown_moment(moment: datetime) -> str:
    """The moment on the office's wall clock, to the minute; as it was sent where no calendar reaches."""
    try:
        return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")
    except OverflowError:
        return moment.isoformat()


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


def minutes_not_issued(title: str) -> Problem:
    """A meeting is closed only after its minutes were issued (409)."""
    return conflict(
        "meetings.minutes_not_issued",
        "纪要尚未印发",
        f"“{title}”的纪要还没有印发，不能办结会议；请先印发纪要",
    )


def agenda_unfinished(titles: Sequence[str]) -> Problem:
    """Of some points it was not said whether they were heard (409)."""
    detail = f"议程中“{'”“'.join(titles)}”还没有记明已审议或缓议；请逐项登记后再结束会议"
    return conflict("meetings.agenda_unfinished", "议程尚未登记完", detail)


def agenda_frozen(title: str) -> Problem:
    """The agenda is frozen (409)."""
    detail = f"“{title}”的议程已经锁定，不能调整；确需增加议题的，写明理由报主持人同意"
    return conflict("meetings.agenda_frozen", "议程已锁定", detail)


def papers_frozen(topic: str, meeting: str) -> Problem:
    """The papers of a topic are those that its frozen agenda was approved with (409)."""
    detail = (
        f"“{meeting}”的议程已经锁定，议题“{topic}”的材料不再增减；确需补充的，"
        "请联系会务人员报主持人同意后，由会务人员作为会议材料上传；材料有误的，可写明理由撤回议题"
    )
    return conflict("meetings.papers_frozen", "议程已锁定", detail)


def reason_missing(act: str, field: str = "reason") -> Problem:
    """This needs a reason (422)."""
    message = f"{act}必须说明理由"
    return invalid("meetings.reason_missing", "没有写明理由", message, errors={field: [message]})


def agenda_order_wrong() -> Problem:
    """The new order must name every point once (422)."""
    message = "请把议程中的每一项各列一次"
    return invalid("meetings.agenda_order_wrong", "议程顺序不完整", message, errors={"item_ids": [message]})


def agenda_empty(title: str) -> Problem:
    """A notice without agenda tells nobody what the meeting is for (422)."""
    message = f"“{title}”还没有议程，请先列入议题或事项"
    return invalid("meetings.agenda_empty", "没有议程", message, errors={"agenda": [message]})


def nobody_invited(title: str) -> Problem:
    """A meeting is called by inviting somebody (422)."""
    message = f"“{title}”还没有邀请任何岗位或单位，请先确定参会范围"
    return invalid("meetings.nobody_invited", "没有参会人员", message, errors={"invitations": [message]})


def invited_twice(label: str) -> Problem:
    """The post has a seat already (409)."""
    return conflict("meetings.invited_twice", "重复邀请", f"{label}已在参会名单中，不必再次邀请")


def invitee_unclear() -> Problem:
    """An invitee is a post, or a unit that names somebody (422)."""
    message = "每个参会对象应填岗位或单位之一"
    return invalid("meetings.invitee_unclear", "参会对象不明确", message, errors={"invitees": [message]})


def stand_in_needed() -> Problem:
    """A stand-in is a named post (422)."""
    message = "替会须写明由哪个岗位的人员代替参会"
    return invalid(
        "meetings.stand_in_needed", "没有写明替会人", message, errors={"stand_in_post_id": [message]}
    )


def stand_in_invited(label: str) -> Problem:
    """Whoever has a seat cannot take another's (422)."""
    message = f"{label}本人已在参会名单中，不能代替他人参会"
    return invalid(
        "meetings.stand_in_invited", "替会人不合适", message, errors={"stand_in_post_id": [message]}
    )


def post_of_another_unit(label: str, unit: str) -> Problem:
    """The post is none of that unit's (422)."""
    message = f"{label}不是{unit}的岗位，请另选"
    return invalid(
        "meetings.post_of_another_unit", "岗位不属于该单位", message, errors={"post_id": [message]}
    )


def nothing_to_permit(name: str) -> Problem:
    """There is no request that waits for a decision (409)."""
    return conflict(
        "meetings.nothing_to_permit",
        "没有待审批的申请",
        f"{name}没有待审批的请假或替会申请，可能已经处理；请刷新",
    )


def too_early_to_sign_in(minutes: int) -> Problem:
    """Sign-in has not opened yet (409)."""
    return conflict(
        "meetings.too_early_to_sign_in", "还没有开始签到", f"会议开始前 {minutes} 分钟起签到；请届时再来"
    )


def excused_cannot_arrive(name: str) -> Problem:
    """Whoever has leave, or is stood in for, does not sign in (409)."""
    return conflict(
        "meetings.excused_cannot_arrive", "已批准请假", f"{name}已批准请假，如实际到会请会务人员更正签到"
    )


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


def too_many_files(limit: int) -> Problem:
    """There are as many files as there may be (409)."""
    return conflict("meetings.too_many_files", "材料过多", f"至多 {limit} 份材料；请合并后再上传")


def paper_too_large(limit: int) -> Problem:
    """The file is larger than papers may be (413)."""
    return too_large("meetings.paper_too_large", "材料过大", f"单份材料不得超过 {limit} MB；请压缩后再上传")


def paper_type_unknown(name: str) -> Problem:
    """The file is of no type that papers may have (415)."""
    return unsupported_type(
        "meetings.paper_type_unknown",
        "材料格式不支持",
        f"“{name}”不是 PDF、OFD、docx、xlsx、pptx、图片或 UTF-8 文本；请转换后再上传",
    )


def secret_content(mark: str, *, where: str) -> Problem:
    """The text carries a mark of state secrecy, and this network is not for such matters (422)."""
    message = (
        f"{where}标有密级“{mark}”。本系统运行在非涉密网络，不得录入、上传或存储涉密内容；"
        "请立即停止操作，改用涉密渠道办理，并告知本单位保密工作人员"
    )
    return invalid(
        "meetings.secret_content", "涉密内容不能在本系统办理", message, errors={"secrecy": [message]}
    )


def receivers_missing() -> Problem:
    """Minutes are issued to somebody (422)."""
    message = "纪要没有印发单位，请填写"
    return invalid(
        "meetings.receivers_missing", "没有印发单位", message, errors={"receiver_unit_ids": [message]}
    )


def not_convener(title: str) -> Problem:
    """Only the convener decides who may stay away (403)."""
    return forbidden(
        "meetings.not_convener",
        "不是会议召集人",
        f"“{title}”的请假和替会由召集人审批；请由其本人或受托人办理",
    )


def not_chair(title: str) -> Problem:
    """Only the chair may do this (403)."""
    return forbidden("meetings.not_chair", "不是会议主持人", f"“{title}”须由主持人本人或其受托人审定")
