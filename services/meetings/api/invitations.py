"""Routes of invitations: who is invited, what they answer, who came."""

from typing import Any
from uuid import UUID

from services.meetings.api.meetings import MEETING, ORGANISE, READ, shown
from services.meetings.commands import answering, arriving, inviting, permitting
from services.meetings.domain.states import Attendance
from services.meetings.queries.views import seat_view
from services.meetings.schemas import meetings as shapes
from shared.flow.verbs import mark_read
from shared.web import Call, route

SEAT = f"{MEETING}/invitations/<uuid:invitation_id>"


class InvitationRoutes:
    """Invitations and attendance."""

    @route(
        "POST",
        f"{MEETING}/invitations",
        permission=ORGANISE,
        body=shapes.InviteSchema,
        returns=shapes.MeetingSchema,
        status=201,
    )
    def invite(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """邀请岗位或单位"""
        inviting.invite(call.session, call.actor, call.clock, meeting_id=meeting_id, **call.body)
        return shown(call, meeting_id)

    @route(
        "POST",
        f"{SEAT}/remove",
        permission=ORGANISE,
        body=shapes.OptionalReasonSchema,
        returns=shapes.MeetingSchema,
    )
    def uninvite(self, call: Call, meeting_id: UUID, invitation_id: UUID) -> dict[str, Any]:
        """撤销邀请"""
        inviting.uninvite(
            call.session,
            call.actor,
            call.clock,
            meeting_id=meeting_id,
            invitation_id=invitation_id,
            **call.body,
        )
        return shown(call, meeting_id)

    @route(
        "POST",
        f"{MEETING}/answer",
        permission=READ,
        body=shapes.AnswerSchema,
        returns=shapes.InvitationSchema,
    )
    def answer_invitation(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """回执：参会、请假或替会"""
        seat = answering.answer_invitation(
            call.session, call.actor, call.clock, meeting_id=meeting_id, **call.body
        )
        return seat_view(seat)

    @route("POST", f"{MEETING}/open", permission=READ, returns=shapes.InvitationSchema)
    def open_papers(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """阅看会议材料"""
        return seat_view(answering.open_papers(call.session, call.actor, call.clock, meeting_id=meeting_id))

    @route("POST", f"{SEAT}/name", permission=READ, body=shapes.NameSchema, returns=shapes.InvitationSchema)
    def name_attendee(self, call: Call, meeting_id: UUID, invitation_id: UUID) -> dict[str, Any]:
        """单位报名参会"""
        seat = answering.name_attendee(
            call.session,
            call.actor,
            call.clock,
            meeting_id=meeting_id,
            invitation_id=invitation_id,
            **call.body,
        )
        return seat_view(seat)

    @route(
        "POST", f"{SEAT}/permit", permission=READ, body=shapes.GrantSchema, returns=shapes.InvitationSchema
    )
    def permit(self, call: Call, meeting_id: UUID, invitation_id: UUID) -> dict[str, Any]:
        """召集人审批请假或替会"""
        seat = permitting.permit(
            call.session,
            call.actor,
            call.clock,
            meeting_id=meeting_id,
            invitation_id=invitation_id,
            **call.body,
        )
        return seat_view(seat)

    @route("POST", f"{SEAT}/arrive", permission=ORGANISE, returns=shapes.InvitationSchema)
    def sign_in_by_hand(self, call: Call, meeting_id: UUID, invitation_id: UUID) -> dict[str, Any]:
        """会务人员代为签到"""
        seat = arriving.sign_in_by_hand(
            call.session, call.actor, call.clock, meeting_id=meeting_id, invitation_id=invitation_id
        )
        return seat_view(seat)

    @route(
        "POST",
        f"{SEAT}/attendance",
        permission=ORGANISE,
        body=shapes.AttendanceSchema,
        returns=shapes.InvitationSchema,
    )
    def correct_attendance(self, call: Call, meeting_id: UUID, invitation_id: UUID) -> dict[str, Any]:
        """更正签到，留存更正记录"""
        stated = {**call.body, "attendance": Attendance(call.body["attendance"])}
        seat = arriving.correct_attendance(
            call.session,
            call.actor,
            call.clock,
            meeting_id=meeting_id,
            invitation_id=invitation_id,
            **stated,
        )
        return seat_view(seat)

    @route("POST", "/copies/<uuid:item_id>/read", permission=READ)
    def mark_copy_read(self, call: Call, item_id: UUID) -> None:
        """阅毕送来的告知"""
        mark_read(call.session, call.actor, call.clock, item_id=item_id)
