"""Routes for signing in by a code that turns every thirty seconds."""

from typing import Any
from uuid import UUID

from services.meetings.api.rooms import SVG, picture
from services.meetings.commands.arrival import open_sign_in, sign_in_by_code
from services.meetings.domain.rotating_code import RotatingCode, code_at, content_of
from services.meetings.domain.states import ATTENDANCE_LABELS
from services.meetings.pictures.code import draw_code
from services.meetings.queries.sign_in import count_arrivals, get_organised, get_secret
from services.meetings.schemas import sign_in as shapes
from shared.permissions import Permission
from shared.web import SIGNED_IN, Call, Download, route

ORGANISE = Permission.MEETINGS_ORGANISE
SIGN_IN = "/meetings/<uuid:meeting_id>/sign-in"


class SignInRoutes:
    """The screen is the organisers'; scanning is everybody's who is signed in, and for oneself only."""

    @route("POST", f"{SIGN_IN}/open", permission=ORGANISE, returns=shapes.CodeSchema)
    def open_sign_in(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """开启扫码签到"""
        open_sign_in(call.session, call.actor, call.clock, meeting_id=meeting_id)
        return _screen(call, meeting_id)

    @route("GET", f"{SIGN_IN}/code", permission=ORGANISE, returns=shapes.CodeSchema)
    def show_code(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """当前签到码、有效期和签到人数, 供会场屏幕"""
        return _screen(call, meeting_id)

    @route("GET", f"{SIGN_IN}/code.svg", permission=ORGANISE, downloads=SVG)
    def draw_code(self, call: Call, meeting_id: UUID) -> Download:
        """当前签到码图片"""
        code = _code(call, meeting_id)
        return picture(draw_code(content_of(meeting_id, code.code), title="会议签到码"), "签到码.svg")

    @route(
        "POST", f"{SIGN_IN}/scan", permission=SIGNED_IN, body=shapes.ScanSchema, returns=shapes.ArrivalSchema
    )
    def scan_code(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """扫码签到, 只能为本人"""
        seat = sign_in_by_code(
            call.session, call.actor, call.clock, meeting_id=meeting_id, code=call.body["code"]
        )
        return {
            "invitation_id": seat.id,
            "attendance": seat.attendance,
            "attendance_label": ATTENDANCE_LABELS[seat.attendance],
            "stood_in": seat.stood_in,
            "arrived_at": seat.arrived_at,
        }


def _code(call: Call, meeting_id: UUID) -> RotatingCode:
    meeting = get_organised(call.session, call.actor, call.clock, meeting_id)
    return code_at(get_secret(call.session, meeting), meeting.id, call.clock.now())


def _screen(call: Call, meeting_id: UUID) -> dict[str, Any]:
    code = _code(call, meeting_id)
    content = content_of(meeting_id, code.code)
    return {
        "code": code.code,
        "content": content,
        "svg": draw_code(content, title="会议签到码"),
        "begins_at": code.begins_at,
        "ends_at": code.ends_at,
        "counts": count_arrivals(call.session, meeting_id),
    }
