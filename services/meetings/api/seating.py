"""Routes for seat plans and name plates."""

from typing import Any
from uuid import UUID

from services.meetings.api.rooms import SVG, picture
from services.meetings.commands.seating import arrange_seats, take_seat
from services.meetings.pictures.plates import render_plates
from services.meetings.pictures.seat_plan import draw_seat_plan
from services.meetings.queries.seating import get_plan, list_people, show_plan
from services.meetings.queries.sign_in import get_organised
from services.meetings.queries.visibility import get_meeting
from services.meetings.schemas import sign_in as shapes
from shared.offload import offload
from shared.permissions import Permission
from shared.typesetting import FontSettings
from shared.web import Call, Download, route

ORGANISE = Permission.MEETINGS_ORGANISE
PLAN = "/meetings/<uuid:meeting_id>/seat-plan"


class SeatingRoutes:
    """Whoever sees the meeting sees where people sit; those who organise it place them."""

    @route("PUT", PLAN, permission=ORGANISE, body=shapes.ArrangeSchema, returns=shapes.SeatPlanSchema)
    def arrange_seats(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """按座次排座"""
        shape = dict(call.body)
        keep_by_hand = shape.pop("keep_by_hand")
        plan = arrange_seats(
            call.session,
            call.actor,
            call.clock,
            meeting_id=meeting_id,
            shape=shape,
            keep_by_hand=keep_by_hand,
            expected_revision=call.expected_revision(),
        )
        return show_plan(call.session, get_organised(call.session, call.actor, call.clock, meeting_id), plan)

    @route(
        "POST",
        f"{PLAN}/seats",
        permission=ORGANISE,
        body=shapes.TakeSeatSchema,
        returns=shapes.SeatPlanSchema,
    )
    def take_seat(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """手工调整座位, 原坐者对调"""
        plan = take_seat(
            call.session,
            call.actor,
            call.clock,
            meeting_id=meeting_id,
            expected_revision=call.expected_revision(),
            **call.body,
        )
        return show_plan(call.session, get_organised(call.session, call.actor, call.clock, meeting_id), plan)

    @route("GET", PLAN, permission=Permission.MEETINGS_READ, returns=shapes.SeatPlanSchema)
    def show_seat_plan(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """座次"""
        meeting = get_meeting(call.session, call.actor, meeting_id, now=call.clock.now())
        return show_plan(call.session, meeting, get_plan(call.session, meeting))

    @route("GET", f"{PLAN}/picture", permission=Permission.MEETINGS_READ, downloads=SVG)
    def draw_seat_plan(self, call: Call, meeting_id: UUID) -> Download:
        """座次图"""
        meeting = get_meeting(call.session, call.actor, meeting_id, now=call.clock.now())
        shown = show_plan(call.session, meeting, get_plan(call.session, meeting))
        title = f"{meeting.title} 座次图（{shown['layout_label']}）"
        return picture(draw_seat_plan(title, shown["seats"]), "座次图.svg")

    @route("GET", "/meetings/<uuid:meeting_id>/name-plates", permission=ORGANISE, downloads="application/pdf")
    def print_name_plates(self, call: Call, meeting_id: UUID) -> Download:
        """桌签"""
        meeting = get_organised(call.session, call.actor, call.clock, meeting_id)
        names = [person.name or person.title for person in list_people(call.session, meeting)]
        fonts = FontSettings.of(call.settings.font_dir)
        pdf = offload(render_plates, names, fonts, title=meeting.title, at=call.clock.now())
        return Download(chunks=[pdf], media_type="application/pdf", name="桌签.pdf", size=len(pdf))
