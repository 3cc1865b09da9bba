"""Routes for rooms: what there is, which are free, how they are taken."""

from typing import Any
from uuid import UUID

from services.meetings.commands.rooms import managing
from services.meetings.domain.rooms import Slot
from services.meetings.errors import rooms as errors
from services.meetings.pictures.occupancy import draw_occupancy
from services.meetings.queries import rooms as queries
from services.meetings.queries.occupancy import day_of_rooms, week_of_room
from services.meetings.schemas import rooms as shapes
from shared.permissions import Permission
from shared.web import Call, Download, Page, route

MANAGE = Permission.MEETINGS_ROOMS_MANAGE
READ = Permission.MEETINGS_READ
ROOM = "/rooms/<uuid:room_id>"
SVG = "image/svg+xml"


class RoomRoutes:
    """Everybody who reads meetings sees the rooms that are open to the own organ."""

    @route("GET", "/rooms", permission=READ, query=shapes.RoomsQuery, page_of=shapes.RoomSchema)
    def list_rooms(self, call: Call) -> Page[Any]:
        """可用的会议室"""
        return Page(queries.list_rooms(call.session, call.actor, retired=call.query["retired"]), None)

    @route(
        "POST", "/rooms", permission=MANAGE, body=shapes.RoomFormSchema, returns=shapes.RoomSchema, status=201
    )
    def add_room(self, call: Call) -> Any:
        """设立会议室"""
        return managing.add_room(call.session, call.actor, call.clock, room=call.body)

    @route("GET", "/rooms/free", permission=READ, query=shapes.FreeRoomsQuery, page_of=shapes.RoomSchema)
    def list_free_rooms(self, call: Call) -> Page[Any]:
        """某时段空闲的会议室, 可按人数和设备筛选"""
        asked = call.query
        if asked["ends_at"] <= asked["starts_at"]:
            raise errors.booking_ends_before(asked["starts_at"], asked["ends_at"])
        equipment = [one.strip() for one in asked["equipment"].replace("，", ",").split(",") if one.strip()]
        found = queries.find_free(
            call.session,
            call.actor,
            slot=Slot(asked["starts_at"], asked["ends_at"]),
            capacity=asked["capacity"],
            equipment=equipment,
        )
        return Page(found, None)

    @route("GET", "/rooms/occupancy", permission=READ, query=shapes.OccupancyQuery, downloads=SVG)
    def show_occupancy(self, call: Call) -> Download:
        """会议室占用图: 某日全部会议室, 或某会议室一周"""
        day, room_id = call.query["day"] or call.clock.today(), call.query["room_id"]
        if room_id:
            title, rows = week_of_room(call.session, call.actor, call.clock, room_id=room_id, day=day)
        else:
            title, rows = day_of_rooms(call.session, call.actor, call.clock, day=day)
        return picture(draw_occupancy(title, rows), "会议室占用图.svg")

    @route("GET", ROOM, permission=READ, returns=shapes.RoomSchema)
    def show_room(self, call: Call, room_id: UUID) -> Any:
        """会议室"""
        return queries.get_room(call.session, call.actor, room_id)

    @route("PATCH", ROOM, permission=MANAGE, body=shapes.RoomChangesSchema, returns=shapes.RoomSchema)
    def revise_room(self, call: Call, room_id: UUID) -> Any:
        """修改会议室"""
        return managing.revise_room(
            call.session,
            call.actor,
            call.clock,
            room_id=room_id,
            changes=call.body,
            expected_revision=call.expected_revision(),
        )

    @route("POST", f"{ROOM}/retire", permission=MANAGE, returns=shapes.RoomSchema)
    def retire_room(self, call: Call, room_id: UUID) -> Any:
        """撤销会议室"""
        return managing.retire_room(call.session, call.actor, call.clock, room_id=room_id)

    @route("GET", f"{ROOM}/closures", permission=READ, page_of=shapes.ClosureSchema)
    def list_closures(self, call: Call, room_id: UUID) -> Page[Any]:
        """会议室停用时段"""
        room = queries.get_room(call.session, call.actor, room_id)
        return Page(queries.list_closures(call.session, room.id, since=call.clock.now()), None)

    @route(
        "POST",
        f"{ROOM}/closures",
        permission=MANAGE,
        body=shapes.ClosureFormSchema,
        returns=shapes.ClosureSchema,
        status=201,
    )
    def close_room(self, call: Call, room_id: UUID) -> Any:
        """停用会议室一段时间"""
        return managing.close_room(call.session, call.actor, call.clock, room_id=room_id, **call.body)

    @route("DELETE", f"{ROOM}/closures/<uuid:closure_id>", permission=MANAGE)
    def reopen_room(self, call: Call, room_id: UUID, closure_id: UUID) -> None:
        """撤销停用"""
        managing.reopen_room(call.session, call.actor, call.clock, room_id=room_id, closure_id=closure_id)


def picture(svg: str, name: str) -> Download:
    """An SVG document to be shown in place."""
    content = svg.encode()
    return Download(chunks=[content], media_type=SVG, name=name, size=len(content), inline=True)
