"""Steps of flows, as they are shown."""

from marshmallow import fields

from shared.web import Schema
from shared.web.work_shapes import OutcomeSchema


class StepSchema(Schema):
    """A step of a flow."""

    id = fields.String()
    name = fields.String()
    assigned_by = fields.String()
    permission = fields.String()
    outcomes = fields.List(fields.Nested(OutcomeSchema))
