"""How tasks, their history and their work items are shown."""

from marshmallow import fields, validate

from services.supervision.domain.limits import Urgency
from services.supervision.domain.states import State
from shared.events.supervision import Light, TaskSource
from shared.web import PageQuery, Schema, Text
from shared.web.work_shapes import ActSchema


class OriginSchema(Schema):
    """The item that a task comes from."""

    system = fields.String()
    kind = fields.String()
    id = fields.UUID()
    title = fields.String()
    number = fields.String()
    link = fields.String()


class TaskSummarySchema(Schema):
    """A task in a list."""

    id = fields.UUID()
    revision = fields.Integer()
    number = fields.String(allow_none=True)
    title = fields.String()
    source = fields.String()
    urgency = fields.String()
    state = fields.String()
    state_label = fields.String()
    light = fields.String()
    light_label = fields.String()
    unit_id = fields.UUID()
    unit_name = fields.String()
    parent_id = fields.UUID(allow_none=True)
    follows_id = fields.UUID(allow_none=True)
    lead_unit_id = fields.UUID(allow_none=True)
    lead_unit_name = fields.String()
    holder_post_id = fields.UUID(allow_none=True)
    holder_name = fields.String()
    leader_post_id = fields.UUID(allow_none=True)
    leader_name = fields.String()
    instructor_name = fields.String()
    origin = fields.Nested(OriginSchema, allow_none=True)
    due_on = fields.Date(allow_none=True)
    days = fields.Float(allow_none=True)
    original_due_at = fields.DateTime(allow_none=True)
    due_at = fields.DateTime(allow_none=True)
    extensions = fields.Integer()
    progress = fields.Integer()
    registered_at = fields.DateTime()
    established_at = fields.DateTime(allow_none=True)
    assigned_at = fields.DateTime(allow_none=True)
    signed_for_at = fields.DateTime(allow_none=True)
    suspended_at = fields.DateTime(allow_none=True)
    closure_asked_at = fields.DateTime(allow_none=True)
    reported_in_time = fields.Boolean(allow_none=True)
    closed_at = fields.DateTime(allow_none=True)
    score = fields.Integer(allow_none=True)
    concluded_at = fields.DateTime(allow_none=True)


class PartySchema(Schema):
    """A unit that takes part."""

    unit_id = fields.UUID()
    unit_name = fields.String()
    role = fields.String()
    post_id = fields.UUID(allow_none=True)


class GoalSchema(Schema):
    """What should be done by the end of a day."""

    on = fields.Date()
    progress = fields.Integer()
    text = fields.String()


class FeedbackSchema(Schema):
    """A report."""

    id = fields.UUID()
    kind = fields.String()
    unit_id = fields.UUID()
    progress = fields.Integer()
    report = fields.String()
    problems = fields.String()
    in_time = fields.Boolean()
    due_at = fields.DateTime(allow_none=True)
    at = fields.DateTime()
    person_name = fields.String()


class RequestSchema(Schema):
    """A request for more time, or to return the task."""

    id = fields.UUID()
    kind = fields.String()
    reason = fields.String()
    until = fields.DateTime(allow_none=True)
    due_before = fields.DateTime(allow_none=True)
    state = fields.String()
    asked_at = fields.DateTime()
    asked_by_name = fields.String()
    decided_at = fields.DateTime(allow_none=True)
    decided_by_name = fields.String()
    answer = fields.String()


class RestSchema(Schema):
    """A time in which it rested."""

    since = fields.DateTime()
    until = fields.DateTime(allow_none=True)
    reason = fields.String()
    due_before = fields.DateTime(allow_none=True)
    due_after = fields.DateTime(allow_none=True)


class SlipSchema(Schema):
    """A slip that was issued."""

    colour = fields.String()
    colour_label = fields.String()
    by_hand = fields.Boolean()
    issued_by_name = fields.String()
    due_at = fields.DateTime()
    unit_id = fields.UUID()
    to_post_id = fields.UUID(allow_none=True)
    reason = fields.String()
    issued_at = fields.DateTime()


class LinkSchema(Schema):
    """Something that belongs to it."""

    kind = fields.String()
    system = fields.String()
    item_id = fields.UUID()
    title = fields.String()
    number = fields.String()
    link = fields.String()
    noted_at = fields.DateTime()


class TaskFileSchema(Schema):
    """A file; fetch its content under `…/files/{id}/content`."""

    id = fields.UUID()
    title = fields.String()
    name = fields.String()
    digest = fields.String()
    size = fields.Integer()
    media_type = fields.String()
    added_at = fields.DateTime()
    added_by_name = fields.String()


class ActionSchema(Schema):
    """What the viewer may do now; `post_id` is whose item it is, under a delegation another's."""

    verb = fields.String()
    label = fields.String()
    item_id = fields.UUID(allow_none=True)
    post_id = fields.UUID(allow_none=True)


class TaskSchema(TaskSummarySchema):
    """A whole task."""

    correlation_id = fields.UUID()
    content = fields.String()
    external_ref = fields.String()
    instruction = fields.String()
    conclusion = fields.String()
    rating = fields.String()
    sign_by = fields.DateTime(allow_none=True)
    feedback_due_at = fields.DateTime(allow_none=True)
    rate_by = fields.DateTime(allow_none=True)
    registered_by_name = fields.String()
    parties = fields.List(fields.Nested(PartySchema))
    goals = fields.List(fields.Nested(GoalSchema))
    feedback = fields.List(fields.Nested(FeedbackSchema))
    requests = fields.List(fields.Nested(RequestSchema))
    rests = fields.List(fields.Nested(RestSchema))
    slips = fields.List(fields.Nested(SlipSchema))
    links = fields.List(fields.Nested(LinkSchema))
    files = fields.List(fields.Nested(TaskFileSchema))
    parts = fields.List(fields.Nested(TaskSummarySchema))
    actions = fields.List(fields.Nested(ActionSchema))


class TaskFilters(Schema):
    """Which tasks; `unit_id` is one that leads or assists, `leader_post_id` the leader in charge or who instructed."""

    q = Text(longest=200, load_default="", metadata={"description": "检索词"})
    state = fields.String(load_default="", validate=validate.OneOf(["", *(one.value for one in State)]))
    light = fields.String(load_default="", validate=validate.OneOf(["", *(one.value for one in Light)]))
    source = fields.String(load_default="", validate=validate.OneOf(["", *(one.value for one in TaskSource)]))
    urgency = fields.String(load_default="", validate=validate.OneOf([one.value for one in Urgency]))
    unit_id = fields.UUID(load_default=None)
    lead_unit_id = fields.UUID(load_default=None)
    leader_post_id = fields.UUID(load_default=None)
    parent_id = fields.UUID(load_default=None)
    follows_id = fields.UUID(load_default=None)
    origin_id = fields.UUID(load_default=None)
    registered_from = fields.Date(load_default=None)
    registered_to = fields.Date(load_default=None)
    due_from = fields.Date(load_default=None)
    due_to = fields.Date(load_default=None)


class TaskQuery(TaskFilters, PageQuery):
    """The same, page by page."""


class HistoryActSchema(ActSchema):
    """A line of the history, with the verb in Chinese."""

    verb_label = fields.String()
    person_id = fields.UUID(allow_none=True)
    details = fields.Dict()


class ClosedSchema(TaskSchema):
    """A task that the leader closed or sent back, and the new task that the leader's instruction became."""

    new_task_id = fields.UUID(allow_none=True)


class PartsSchema(Schema):
    """The subtasks that were made."""

    parts = fields.List(fields.Nested(TaskSummarySchema))


class ImportedRowSchema(Schema):
    """What became of one row."""

    reference = fields.String()
    task_id = fields.UUID()
    repeated = fields.Boolean(metadata={"description": "此前已经登记"})


class ImportedSchema(Schema):
    """What an import did."""

    registered = fields.Integer()
    repeated = fields.Integer()
    rows = fields.List(fields.Nested(ImportedRowSchema))
