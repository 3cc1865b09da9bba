"""Shapes of sign-in screens, seat plans and calendar addresses."""

from marshmallow import fields, validate

from services.meetings.domain.seating import Layout
from shared.web import Schema, Text


class CountsSchema(Schema):
    """How many were invited, came, are late, have leave, and are still awaited."""

    invited = fields.Integer(required=True)
    expected = fields.Integer(required=True)
    present = fields.Integer(required=True)
    late = fields.Integer(required=True)
    stand_ins = fields.Integer(required=True)
    excused = fields.Integer(required=True)
    awaited = fields.Integer(required=True)


class CodeSchema(Schema):
    """The code that the screen shows now, until when, and the figures beside it."""

    code = fields.String(required=True)
    content = fields.String(required=True, metadata={"description": "二维码内容"})
    svg = fields.String(required=True)
    begins_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    counts = fields.Nested(CountsSchema, required=True)


class ScanSchema(Schema):
    """The code that was scanned."""

    code = Text(longest=64, shortest=1, required=True)


class ArrivalSchema(Schema):
    """Whoever signed in, and how they came."""

    invitation_id = fields.UUID(required=True)
    attendance = fields.String(required=True)
    attendance_label = fields.String(required=True)
    stood_in = fields.Boolean(required=True)
    arrived_at = fields.AwareDateTime(required=True)


_SEATS = validate.Range(min=0, max=60)


class ArrangeSchema(Schema):
    """A layout: seats facing the others, rows, seats in each; for a U, rows are those of each side."""

    layout = fields.Enum(Layout, by_value=True, required=True)
    head = fields.Integer(load_default=1, validate=validate.Range(min=1, max=40))
    rows = fields.Integer(load_default=0, validate=_SEATS)
    per_row = fields.Integer(load_default=0, validate=_SEATS)
    keep_by_hand = fields.Boolean(load_default=True)


class TakeSeatSchema(Schema):
    """Who gets which seat."""

    occupant_id = fields.UUID(required=True)
    seat = Text(longest=20, shortest=1, required=True)


class PersonSchema(Schema):
    """Somebody to be placed."""

    occupant_id = fields.UUID(required=True)
    name = fields.String(required=True)
    title = fields.String(required=True)
    unit_name = fields.String(required=True)


class SeatSchema(PersonSchema):
    """A seat, where it is, and who sits there."""

    occupant_id = fields.UUID(required=True, allow_none=True)
    seat = fields.String(required=True)
    x = fields.Float(required=True)
    y = fields.Float(required=True)
    by_hand = fields.Boolean(required=True)


class SeatPlanSchema(Schema):
    """The seat plan of a meeting."""

    meeting_id = fields.UUID(required=True)
    layout = fields.String(required=True)
    layout_label = fields.String(required=True)
    head = fields.Integer(required=True)
    rows = fields.Integer(required=True)
    per_row = fields.Integer(required=True)
    seats = fields.List(fields.Nested(SeatSchema), required=True)
    unplaced = fields.List(fields.Nested(PersonSchema), required=True)
    revision = fields.Integer(required=True)


class FeedFormSchema(Schema):
    """What the address is for."""

    name = Text(longest=60, load_default="", metadata={"description": "如“手机”“台式机”"})


class FeedSchema(Schema):
    """A calendar address, without its secret."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True)


class NewFeedSchema(FeedSchema):
    """A new address: the only time that its secret is told; `path` is below the service's own."""

    key = fields.String(required=True)
    path = fields.String(required=True)


class FeedQuery(Schema):
    """The secret in the address."""

    key = Text(longest=100, shortest=1, required=True)
