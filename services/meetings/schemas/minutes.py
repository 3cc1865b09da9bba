"""Shapes of minutes and decisions."""

from marshmallow import fields, validate

from shared.web import PageQuery, Schema, Text


class MinutesSchema(Schema):
    """Minutes with their newest text; `revision` is its version, as the ETag says."""

    id = fields.UUID()
    meeting_id = fields.UUID()
    revision = fields.Integer()
    version = fields.Integer()
    state = fields.String()
    state_label = fields.String()
    title = fields.String()
    body = fields.List(fields.String())
    receivers = fields.List(fields.Dict())
    drafter_name = fields.String()
    drafted_at = fields.DateTime()
    saved_at = fields.DateTime()
    saved_by_name = fields.String()
    submitted_at = fields.DateTime(allow_none=True)
    approved_at = fields.DateTime(allow_none=True)
    approved_by_name = fields.String()
    document_id = fields.UUID(allow_none=True)
    number = fields.String()
    issued_at = fields.DateTime(allow_none=True)


class SaveMinutesSchema(Schema):
    """Another version; `If-Match` names the version that it is made from."""

    title = Text(longest=200, shortest=1)
    body = fields.List(
        Text(longest=5000, shortest=1), required=True, validate=validate.Length(min=1, max=500)
    )
    receiver_unit_ids = fields.List(fields.UUID(), validate=validate.Length(max=500))
    note = Text(longest=200, load_default="")


class DecideMinutesSchema(Schema):
    """The chair's word on minutes."""

    approved = fields.Boolean(required=True)
    opinion = Text(longest=1000, load_default="")


class VersionSummarySchema(Schema):
    """Who saved which version; its text is read by itself."""

    number = fields.Integer()
    title = fields.String()
    note = fields.String()
    saved_at = fields.DateTime()
    saved_by_name = fields.String()


class MinutesVersionSchema(VersionSummarySchema):
    """One version with its text."""

    body = fields.List(fields.String())


class DecisionPartsSchema(Schema):
    """A decision: what, who leads, who helps, until when."""

    text = Text(longest=2000, shortest=1, required=True)
    lead_unit_id = fields.UUID(load_default=None, allow_none=True)
    assistant_unit_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=50))
    due_on = fields.Date(required=True)
    agenda_item_id = fields.UUID(load_default=None, allow_none=True)


class DecisionSchema(Schema):
    """A decision with what became of it."""

    id = fields.UUID()
    meeting_id = fields.UUID()
    agenda_item_id = fields.UUID(allow_none=True)
    position = fields.Integer()
    number = fields.String(allow_none=True)
    revision = fields.Integer()
    text = fields.String()
    lead_unit_id = fields.UUID()
    lead_unit_name = fields.String()
    assistants = fields.List(fields.Dict())
    due_on = fields.Date()
    recorded_at = fields.DateTime(allow_none=True)
    waived_at = fields.DateTime(allow_none=True)
    waiver_reason = fields.String()
    waived_by_name = fields.String()
    task_id = fields.UUID(allow_none=True)
    task_state = fields.String()
    task_number = fields.String()
    task_light = fields.String()
    task_due_at = fields.DateTime(allow_none=True)
    task_original_due_at = fields.DateTime(allow_none=True)
    task_extensions = fields.Integer()
    task_progress = fields.Integer(allow_none=True)
    task_slips = fields.List(fields.Dict())
    task_outcome = fields.String()
    task_in_time = fields.Boolean(allow_none=True)
    task_ended_at = fields.DateTime(allow_none=True)


class DecisionQuery(PageQuery):
    """Which decisions."""

    meeting_id = fields.UUID()
    lead_unit_id = fields.UUID()
    task_state = fields.String(
        validate=validate.OneOf(["", "registered", "established", "rejected", "cancelled", "closed"])
    )
    task_light = fields.String(validate=validate.OneOf(["grey", "green", "amber", "red", "done"]))
    due_before = fields.Date()
    waived = fields.Boolean()
