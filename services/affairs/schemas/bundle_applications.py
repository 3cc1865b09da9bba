"""Shapes of applications for one-thing bundles (一件事): what is sent, and how they are shown."""

from marshmallow import fields, validate

from services.affairs.domain.bundles import MOST_PARTS, BundleState
from services.affairs.schemas.bundles import LONGEST_TEXT
from services.affairs.schemas.offers import ReuseRequest
from shared.events.affairs import Channel
from shared.web import PageQuery, Schema, Text

MOST_MATERIALS = 300


class SharedMaterialRequest(Schema):
    """One material of the whole: a file, what is to be reused, that it will follow, or a declaration instead."""

    key = Text(longest=200, shortest=1, required=True)
    file_id = fields.UUID(load_default=None, allow_none=True)
    reuse = fields.Nested(ReuseRequest, load_default=None, allow_none=True)
    deferred = fields.Boolean(load_default=False)
    declared = fields.Boolean(load_default=False)


class ApplyBundleRequest(Schema):
    """One application for all matters of a bundle."""

    bundle_id = fields.UUID(required=True)
    form = fields.Dict(required=True)
    materials = fields.List(
        fields.Nested(SharedMaterialRequest), load_default=list, validate=validate.Length(max=MOST_MATERIALS)
    )
    promise = fields.Boolean(load_default=False)
    channel = fields.String(
        load_default="web", validate=validate.OneOf([channel.value for channel in Channel])
    )
    delivery = fields.String(load_default="online", validate=validate.OneOf(["online", "window"]))
    contact = Text(longest=200, load_default="")
    applicant_post_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "窗口申请: 来办事的岗位"}
    )


class MissingRequest(Schema):
    """One thing that is missing; `key` names a material or a field."""

    kind = fields.String(required=True, validate=validate.OneOf(["material", "field", "other"]))
    key = Text(longest=200, load_default="")
    text = Text(longest=500, shortest=1, required=True)


class AskBundleCompletionRequest(Schema):
    """Everything that is missing, at once."""

    missing = fields.List(
        fields.Nested(MissingRequest), required=True, validate=validate.Length(min=1, max=100)
    )
    opinion = Text(longest=LONGEST_TEXT, load_default="")


class GivenRequest(Schema):
    """A material that was missing."""

    key = Text(longest=200, shortest=1, required=True)
    file_id = fields.UUID(required=True)


class CompleteBundleRequest(Schema):
    """What was asked for."""

    materials = fields.List(
        fields.Nested(GivenRequest), load_default=list, validate=validate.Length(max=MOST_MATERIALS)
    )
    form = fields.Dict(load_default=None, allow_none=True)
    opinion = Text(longest=LONGEST_TEXT, load_default="")


class PostsRequest(Schema):
    """Who does a step."""

    post_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=50))
    lead_post_id = fields.UUID(load_default=None, allow_none=True)


class AcceptBundleRequest(Schema):
    """Acceptance; `choices` by matter and step, where others than the matter's own posts shall do it."""

    opinion = Text(longest=LONGEST_TEXT, load_default="")
    choices = fields.Dict(
        keys=fields.UUID(),
        values=fields.Dict(keys=fields.String(), values=fields.Nested(PostsRequest)),
        load_default=dict,
        validate=validate.Length(max=MOST_PARTS),
    )


class ReasonRequest(Schema):
    """An act that needs a reason."""

    reason = Text(longest=LONGEST_TEXT, shortest=1, required=True)


class ApplicationPartSchema(Schema):
    """A part of an application: its case, and how far it is."""

    matter_id = fields.UUID()
    matter_name = fields.String()
    unit_id = fields.UUID()
    unit_name = fields.String()
    case_id = fields.UUID()
    case_number = fields.String()
    after = fields.List(fields.UUID())
    promised_days = fields.Integer()
    state = fields.String()
    state_label = fields.String()
    reason = fields.String()
    begun_at = fields.DateTime(allow_none=True)
    due_at = fields.DateTime(allow_none=True)
    ended_at = fields.DateTime(allow_none=True)
    overdue = fields.Boolean()


class ApplicationSummarySchema(Schema):
    """An application in a list."""

    id = fields.UUID()
    revision = fields.Integer()
    bundle_id = fields.UUID()
    bundle_version = fields.Integer()
    name = fields.String()
    number = fields.String()
    title = fields.String()
    unit_id = fields.UUID()
    unit_name = fields.String()
    state = fields.String()
    state_label = fields.String()
    applicant_unit_id = fields.UUID()
    applicant_unit_name = fields.String()
    applicant_name = fields.String()
    channel = fields.String()
    applied_at = fields.DateTime()
    completion_asked_at = fields.DateTime(allow_none=True)
    completed_at = fields.DateTime(allow_none=True)
    accepted_at = fields.DateTime(allow_none=True)
    promised_days = fields.Integer()
    due_at = fields.DateTime(allow_none=True)
    overdue = fields.Boolean()
    reason = fields.String()
    finished_at = fields.DateTime(allow_none=True)
    in_time = fields.Boolean(allow_none=True)


class MaterialInCaseSchema(Schema):
    """Where a shared material stands in one of the cases."""

    case_id = fields.UUID()
    matter_name = fields.String()
    code = fields.String()
    state = fields.String()
    source = fields.String()
    source_title = fields.String()
    file_id = fields.UUID(allow_none=True)


class ApplicationMaterialSchema(Schema):
    """A material of the whole."""

    key = fields.String()
    name = fields.String()
    cases = fields.List(fields.Nested(MaterialInCaseSchema))


class BundleApplicationSchema(ApplicationSummarySchema):
    """An application with its progress; `steps` are what the viewer has to do about it."""

    missing = fields.List(fields.Dict())
    parts = fields.List(fields.Nested(ApplicationPartSchema))
    ended = fields.Integer()
    total = fields.Integer()
    longest_path = fields.List(fields.UUID())
    materials = fields.List(fields.Nested(ApplicationMaterialSchema))
    steps = fields.List(fields.String())


class ApplicationQuery(PageQuery):
    """Which applications."""

    state = fields.String(
        load_default="", validate=validate.OneOf(["", *(state.value for state in BundleState)])
    )
    bundle_id = fields.UUID(load_default=None)
    unit_id = fields.UUID(load_default=None)
    applicant_unit_id = fields.UUID(load_default=None)
    overdue = fields.Boolean(load_default=None)


class BundleActSchema(Schema):
    """A line of the history."""

    id = fields.UUID()
    at = fields.DateTime()
    verb = fields.String()
    verb_label = fields.String()
    opinion = fields.String()
    person_name = fields.String()
    post_title = fields.String()
    unit_name = fields.String()
    on_behalf_name = fields.String()
    details = fields.Dict()


class BundleHistorySchema(Schema):
    """The history, oldest first."""

    acts = fields.List(fields.Nested(BundleActSchema))
