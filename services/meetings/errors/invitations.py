"""What is refused about invitations and the answers to them."""

from datetime import datetime
from uuid import UUID

from services.meetings.errors import shown_moment
from shared.errors import (
    Problem,
    conflict,
    forbidden,
    invalid,
    not_found,
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


def own_request(name: str) -> Problem:
    """Nobody permits what one asked for oneself, not in another's name either (403)."""
    detail = f"{name}的请假、替会申请须由召集人或其他受托人审批，召集人本人的由主持人审批"
    return forbidden("meetings.own_request", "不能审批本人的申请", detail)


def nobody_permits(title: str) -> Problem:
    """Who presides and convenes asks nobody for leave; somebody else is to do that first (409)."""
    detail = f"您是“{title}”的召集人和主持人，无人可以审批；请会务人员先更换主持人或召集人"
    return conflict("meetings.nobody_permits", "没有可以审批的人", detail)


def reply_by_wrong(starts_at: datetime) -> Problem:
    """Answers are asked for between now and the beginning (422)."""
    message = f"回执截止时间应晚于现在、不晚于会议开始时间 {shown_moment(starts_at)}"
    return invalid("meetings.reply_by_wrong", "回执截止时间不对", message, errors={"reply_by": [message]})


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


def stand_in_vacant(label: str) -> Problem:
    """Nobody holds the post that is to stand in (422)."""
    message = f"{label}现在无人任职，不能代替参会，请另选"
    return invalid(
        "meetings.stand_in_vacant", "替会岗位空缺", message, errors={"stand_in_post_id": [message]}
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


def not_convener(title: str) -> Problem:
    """Only the convener decides who may stay away (403)."""
    return forbidden(
        "meetings.not_convener",
        "不是会议召集人",
        f"“{title}”的请假和替会由召集人审批，召集人本人的由主持人审批；请由其本人或受托人办理",
    )
