"""Shapes of rooms, closed periods, bookings and series."""

from marshmallow import fields, validate

from services.meetings.domain.recurrence import FREQUENCIES
from services.meetings.domain.rooms import BookingState, Scope
from shared.web import PageQuery, Schema, Text

_CLOCK = validate.Regexp(r"^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$", error="应形如 08:30，24:00 为一天结束")
_WEEKDAY = validate.Range(min=1, max=7)


class HoursSchema(Schema):
    """When a room is open on one weekday (1 Monday … 7 Sunday); a day may have several."""

    weekday = fields.Integer(required=True, validate=_WEEKDAY)
    opens = fields.String(required=True, validate=_CLOCK)
    closes = fields.String(required=True, validate=_CLOCK)


class RoomFormSchema(Schema):
    """A new room."""

    name = Text(longest=100, shortest=1, required=True)
    location = Text(longest=200)
    capacity = fields.Integer(required=True, validate=validate.Range(min=1, max=100_000))
    equipment = fields.List(Text(longest=40, shortest=1), load_default=list, validate=validate.Length(max=40))
    hours = fields.List(fields.Nested(HoursSchema), required=True, validate=validate.Length(max=42))
    needs_approval = fields.Boolean()
    open_to_all = fields.Boolean()
    note = Text(longest=1000)


class RoomChangesSchema(Schema):
    """What changes about a room."""

    name = Text(longest=100, shortest=1)
    location = Text(longest=200)
    capacity = fields.Integer(validate=validate.Range(min=1, max=100_000))
    equipment = fields.List(Text(longest=40, shortest=1), validate=validate.Length(max=40))
    hours = fields.List(fields.Nested(HoursSchema), validate=validate.Length(max=42))
    needs_approval = fields.Boolean()
    open_to_all = fields.Boolean()
    note = Text(longest=1000)


class RoomSchema(Schema):
    """A room as it stands."""

    id = fields.UUID(required=True)
    unit_id = fields.UUID(required=True)
    unit_name = fields.String(required=True)
    name = fields.String(required=True)
    location = fields.String(required=True)
    capacity = fields.Integer(required=True)
    equipment = fields.List(fields.String(), required=True)
    hours = fields.List(fields.Nested(HoursSchema), required=True)
    needs_approval = fields.Boolean(required=True)
    open_to_all = fields.Boolean(required=True)
    note = fields.String(required=True)
    revision = fields.Integer(required=True)
    retired_at = fields.AwareDateTime(required=True, allow_none=True)


class RoomsQuery(Schema):
    """Whether rooms that were given up are wanted too."""

    retired = fields.Boolean(load_default=False)


class FreeRoomsQuery(Schema):
    """A time, how many people, and what the room must have."""

    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    capacity = fields.Integer(load_default=0, validate=validate.Range(min=0, max=100_000))
    equipment = fields.String(load_default="", metadata={"description": "所需设备, 逗号分隔"})


class ClosureFormSchema(Schema):
    """A time in which a room cannot be had."""

    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    reason = Text(longest=500, shortest=1, required=True)


class ClosureSchema(ClosureFormSchema):
    """A closed period, and who made it."""

    id = fields.UUID(required=True)
    made_at = fields.AwareDateTime(required=True)
    made_by_name = fields.String(required=True)


class RepeatSchema(Schema):
    """How often it comes again: `count` or `until`; `skip` names days on which it does not."""

    frequency = fields.String(required=True, validate=validate.OneOf(sorted(FREQUENCIES)))
    interval = fields.Integer(load_default=1, validate=validate.Range(min=1, max=52))
    weekdays = fields.List(
        fields.Integer(validate=_WEEKDAY), load_default=list, validate=validate.Length(max=7)
    )
    count = fields.Integer(load_default=None, validate=validate.Range(min=2, max=1000))
    until = fields.Date(load_default=None)
    skip = fields.List(fields.Date(), load_default=list, validate=validate.Length(max=366))


class BookingFormSchema(Schema):
    """A booking, or a series of them."""

    room_id = fields.UUID(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    title = Text(longest=200, shortest=1, required=True)
    people = fields.Integer(load_default=None, validate=validate.Range(min=1, max=100_000))
    meeting_id = fields.UUID(load_default=None)
    repeat = fields.Nested(RepeatSchema, load_default=None)


class BookingSchema(Schema):
    """A booking; the title is empty for whom it does not concern."""

    id = fields.UUID(required=True)
    room_id = fields.UUID(required=True)
    room_name = fields.String(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    title = fields.String(required=True)
    people = fields.Integer(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf([state.value for state in BookingState]))
    meeting_id = fields.UUID(required=True, allow_none=True)
    series_id = fields.UUID(required=True, allow_none=True)
    request_id = fields.UUID(required=True, allow_none=True)
    booker_post_id = fields.UUID(required=True)
    booker_name = fields.String(required=True)
    booker_unit_name = fields.String(required=True)
    mine = fields.Boolean(required=True)
    reason = fields.String(required=True)
    checked_in_at = fields.AwareDateTime(required=True, allow_none=True)
    revision = fields.Integer(required=True)


class BookingsSchema(Schema):
    """Several bookings at once: a series, or the answer to a request."""

    bookings = fields.List(fields.Nested(BookingSchema), required=True)


class ChangedSchema(Schema):
    """What was changed, and what was left alone for being past, under way or somebody else's."""

    changed = fields.List(fields.Nested(BookingSchema), required=True)
    kept = fields.List(fields.Nested(BookingSchema), required=True)


_SCOPE = fields.Enum(
    Scope, by_value=True, load_default=Scope.THIS, metadata={"description": "本次、本次及以后、全部"}
)


class BookingChangesSchema(Schema):
    """Another time or title, for this occurrence, this and those following, or all."""

    scope = _SCOPE
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    title = Text(longest=200, shortest=1)


class BookingEndSchema(Schema):
    """Giving bookings up."""

    scope = _SCOPE
    reason = Text(longest=500, load_default="")


class HandOverSchema(Schema):
    """Who gets the booking."""

    to_post_id = fields.UUID(required=True)


class RoomDecisionSchema(Schema):
    """The word of those who manage the room."""

    granted = fields.Boolean(required=True)
    opinion = Text(longest=500, load_default="")


class BookingsQuery(PageQuery):
    """Whose bookings, of which room or meeting, between which moments."""

    room_id = fields.UUID(load_default=None)
    meeting_id = fields.UUID(load_default=None)
    since = fields.AwareDateTime(load_default=None)
    until = fields.AwareDateTime(load_default=None)
    mine = fields.Boolean(load_default=False)


class OccupancyQuery(Schema):
    """A day of all rooms, or with `room_id` the week of one room from that day on."""

    day = fields.Date(load_default=None)
    room_id = fields.UUID(load_default=None)
