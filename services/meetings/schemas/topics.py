"""Shapes of topics, calls for them, and advice."""

from marshmallow import fields, validate

from services.meetings.commands.topics.advising import STANCES
from services.meetings.domain.kinds import Kind
from services.meetings.domain.states import TopicState
from shared.web import PageQuery, Schema, Text
from shared.web.work_shapes import ActSchema

_KINDS = [kind.value for kind in Kind]
_COORDINATED = ["none_needed", "agreed", "disputed", "pending"]


class FindingSchema(Schema):
    """What a rule says; a warning is acknowledged by its `key`."""

    key = fields.String()
    code = fields.String()
    about = fields.String()
    message = fields.String()
    refuses = fields.Boolean()


class FileSchema(Schema):
    """A file; fetch its content under `…/files/{id}/content`."""

    id = fields.UUID()
    role = fields.String()
    position = fields.Integer()
    title = fields.String()
    name = fields.String()
    digest = fields.String()
    size = fields.Integer()
    media_type = fields.String()
    characters = fields.Integer(allow_none=True)
    added_at = fields.DateTime()
    added_by_name = fields.String()


class MeetingFileSchema(FileSchema):
    """A file of a meeting; a paper that came after the freeze is one of its papers once the chair has agreed."""

    leave = fields.String(metadata={"description": "锁定后增加：asked、granted、refused；空为不需同意"})
    leave_reason = fields.String()
    leave_opinion = fields.String()
    leave_by_name = fields.String()
    leave_at = fields.DateTime(allow_none=True)


class FileFormSchema(Schema):
    """The fields that go with an uploaded file."""

    title = Text(longest=200)


class MeetingFileFormSchema(FileFormSchema):
    """The same for a meeting; after the freeze the chair is asked, with the reason."""

    reason = Text(longest=500)


class NewCallSchema(Schema):
    """A call for topics."""

    meeting_kind = fields.String(required=True, validate=validate.OneOf(_KINDS))
    title = Text(longest=200, shortest=1, required=True)
    note = Text(longest=2000, load_default="")
    unit_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1, max=500))
    closes_on = fields.Date(required=True)


class CallSchema(Schema):
    """A call for topics as it stands."""

    id = fields.UUID()
    unit_id = fields.UUID()
    unit_name = fields.String()
    meeting_kind = fields.String()
    title = fields.String()
    note = fields.String()
    unit_ids = fields.List(fields.UUID())
    state = fields.String()
    opened_at = fields.DateTime()
    opened_by_name = fields.String()
    closes_at = fields.DateTime()
    closed_at = fields.DateTime(allow_none=True)


class CallQuery(PageQuery):
    """Which calls."""

    state = fields.String(validate=validate.OneOf(["open", "closed"]))


class TopicPartsSchema(Schema):
    """What may be changed of a topic."""

    title = Text(longest=200, shortest=1)
    content = Text(longest=5000, shortest=1)
    question = Text(longest=2000, shortest=1, metadata={"description": "需会议决定的问题"})
    unit_ids_involved = fields.List(fields.UUID(), validate=validate.Length(max=100))
    coordinated = fields.String(validate=validate.OneOf(_COORDINATED))
    coordination = Text(longest=2000, metadata={"description": "协调情况"})
    meeting_kind = fields.String(validate=validate.OneOf(_KINDS))


class NewTopicSchema(TopicPartsSchema):
    """A topic; for the meetings of `unit_id`, or in answer to a call."""

    title = Text(longest=200, shortest=1, required=True)
    content = Text(longest=5000, shortest=1, required=True)
    question = Text(longest=2000, shortest=1, required=True)
    coordinated = fields.String(required=True, validate=validate.OneOf(_COORDINATED))
    unit_id = fields.UUID(load_default=None)
    call_id = fields.UUID(load_default=None)


class TopicSummarySchema(Schema):
    """A topic in a list."""

    id = fields.UUID()
    unit_id = fields.UUID()
    submitting_unit_id = fields.UUID()
    submitting_unit_name = fields.String()
    call_id = fields.UUID(allow_none=True)
    meeting_id = fields.UUID(allow_none=True)
    meeting_kind = fields.String()
    title = fields.String()
    state = fields.String()
    state_label = fields.String()
    coordinated = fields.String()
    submitter_name = fields.String()
    created_at = fields.DateTime()
    submitted_at = fields.DateTime(allow_none=True)
    approved_at = fields.DateTime(allow_none=True)
    pooled_at = fields.DateTime(allow_none=True)


class AdviceSchema(Schema):
    """What a unit was asked and answered."""

    id = fields.UUID()
    unit_id = fields.UUID()
    unit_name = fields.String()
    note = fields.String()
    asked_at = fields.DateTime()
    asked_by_name = fields.String()
    due_at = fields.DateTime(allow_none=True)
    stance = fields.String(allow_none=True)
    text = fields.String()
    given_at = fields.DateTime(allow_none=True)
    given_by_name = fields.String()
    given_by_post = fields.String()


class TopicSchema(TopicSummarySchema):
    """A whole topic."""

    revision = fields.Integer()
    content = fields.String()
    question = fields.String()
    units_involved = fields.List(fields.Dict())
    coordination = fields.String()
    approved_by_name = fields.String()
    pool_reason = fields.String()
    findings = fields.List(fields.Nested(FindingSchema))
    told_findings = fields.List(fields.Nested(FindingSchema))
    files = fields.List(fields.Nested(FileSchema))
    advice = fields.List(fields.Nested(AdviceSchema))


class TopicFilters(Schema):
    """Which topics; the pool is `state=pooled`."""

    state = fields.String(validate=validate.OneOf([state.value for state in TopicState]))
    unit_id = fields.UUID()
    submitting_unit_id = fields.UUID()
    call_id = fields.UUID()
    meeting_id = fields.UUID()
    meeting_kind = fields.String(validate=validate.OneOf(_KINDS))
    q = Text(longest=100)


class TopicQuery(TopicFilters, PageQuery):
    """The same, page by page."""


class AcknowledgedSchema(Schema):
    """The keys of the warnings that were read."""

    acknowledged = fields.List(fields.String(), load_default=list, validate=validate.Length(max=200))


class AskAdviceSchema(Schema):
    """Whom to ask, and until when."""

    unit_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1, max=50))
    due_on = fields.Date(load_default=None)
    note = Text(longest=500, load_default="")


class GiveAdviceSchema(Schema):
    """A unit's advice."""

    stance = fields.String(required=True, validate=validate.OneOf(list(STANCES)))
    text = Text(longest=2000, load_default="")


class ScreenSchema(Schema):
    """The secretary's word."""

    outcome = fields.String(required=True, validate=validate.OneOf(["pass", "return", "decline", "pool"]))
    opinion = Text(longest=1000, load_default="")
    chair_post_id = fields.UUID(load_default=None)


class ApproveSchema(Schema):
    """The chair's word on a topic."""

    outcome = fields.String(required=True, validate=validate.OneOf(["approve", "return", "decline", "pool"]))
    opinion = Text(longest=1000, load_default="")


class TakeUpSchema(Schema):
    """Taking a topic out of the pool."""

    opinion = Text(longest=1000, load_default="")
    chair_post_id = fields.UUID(load_default=None)


class ReasonSchema(Schema):
    """Why."""

    reason = Text(longest=1000, shortest=1, required=True)


class HistoryActSchema(ActSchema):
    """One act of a history, with what belongs to it."""

    details = fields.Dict()
