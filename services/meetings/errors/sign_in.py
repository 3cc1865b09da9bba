"""Every way in which signing in, seat plans and calendars refuse something, one function each."""

from uuid import UUID

from shared.errors import Problem, changed_meanwhile, conflict, forbidden, invalid, not_found


def sign_in_not_open(title: str) -> Problem:
    """The organisers have not opened the sign-in screen (409)."""
    return conflict(
        "meetings.sign_in_not_open", "签到尚未开启", f"“{title}”还没有开启扫码签到，请与会务人员联系"
    )


def code_expired() -> Problem:
    """The code is not, or no longer, good (409)."""
    return conflict(
        "meetings.code_expired", "签到码已失效", "签到码每 30 秒更换，请对准会场屏幕上的签到码重新扫描"
    )


def code_used() -> Problem:
    """This person has used this code before (409)."""
    return conflict(
        "meetings.code_used", "签到码已用过", "您已用过这个签到码；如尚未签到，请等屏幕更换后重新扫描"
    )


def stand_in_comes(name: str) -> Problem:
    """Whoever has a stand-in approved does not sign in (409)."""
    detail = f"已批准由{name}替会；如本人到会，请会务人员更正签到"
    return conflict("meetings.stand_in_comes", "已由他人替会", detail)


def stand_in_unapproved() -> Problem:
    """A stand-in comes only when the convener has agreed (403)."""
    return forbidden(
        "meetings.stand_in_unapproved", "替会尚未批准", "替会须经召集人同意后才能签到，请联系会务人员"
    )


def seat_plan_not_found(title: str) -> Problem:
    """The meeting has no seat plan yet (404)."""
    return not_found(
        "meetings.seat_plan_not_found", "还没有座次图", f"“{title}”还没有排定座次，请会务人员先行排座"
    )


def seat_plan_changed() -> Problem:
    """Somebody else changed the seat plan since it was read (412)."""
    return changed_meanwhile("meetings.seat_plan_changed", "座次已被他人调整", "请重新打开座次图，核对后再改")


def seat_unknown(seat: str) -> Problem:
    """The layout has no such seat (422)."""
    message = f"座次图中没有“{seat}”这个座位"
    return invalid("meetings.seat_unknown", "没有这个座位", message, errors={"seat": [message]})


def occupant_unknown(occupant_id: UUID) -> Problem:
    """Nobody of the meeting goes by that id (422)."""
    message = f"{occupant_id} 不在参会名单中，或已请假"
    return invalid("meetings.occupant_unknown", "不是参会人员", message, errors={"occupant_id": [message]})


def seats_too_few(seats: int, people: int) -> Problem:
    """More people than seats (422)."""
    message = f"座位共 {seats} 个，参会 {people} 人，请增加排数或每排座位"
    return invalid("meetings.seats_too_few", "座位不够", message, errors={"rows": [message]})


def feed_not_found() -> Problem:
    """There is no such calendar address, or it was revoked (404)."""
    return not_found("meetings.feed_not_found", "日历地址不存在", "该日历订阅地址不存在或已停用，请重新生成")


def too_many_feeds(most: int) -> Problem:
    """A person has as many addresses as may be (409)."""
    return conflict(
        "meetings.too_many_feeds", "日历地址过多", f"至多 {most} 个日历订阅地址，请先停用不再使用的"
    )


def not_in_calendar(title: str) -> Problem:
    """The meeting was not called, so that there is no invitation yet (409)."""
    return conflict("meetings.not_in_calendar", "会议尚未通知", f"“{title}”还没有发出通知，暂无日历邀请")


def feed_read_too_often(seconds: int) -> Problem:
    """A calendar address is read too often (429)."""
    return Problem(
        "meetings.feed_read_too_often",
        "日历读取过于频繁",
        status=429,
        detail="请把日历软件的刷新间隔设为 15 分钟以上",
        headers={"Retry-After": str(seconds)},
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
