"""Shapes of one-thing bundles (一件事): definitions, the prefilled form, applications."""

from marshmallow import fields, validate

from services.affairs.domain.bundles import MOST_PARTS, BundleState
from services.affairs.schemas.offers import HeldFieldSchema, HoldingSchema, ReuseRequest
from shared.events.affairs import Channel
from shared.web import PageQuery, Schema, Text

LONGEST_TEXT = 2_000
MOST_MATERIALS = 300
_CODE = validate.Regexp(
    r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}\Z", error="应为字母、数字、点、横线，至多 60 个字符"
)


class PartRequest(Schema):
    """A matter of a bundle, and which of the others must be granted before it begins."""

    matter_id = fields.UUID(required=True)
    after = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MOST_PARTS))


class BundleContentRequest(Schema):
    """What a definition says."""

    name = Text(longest=200, shortest=1, required=True)
    note = Text(longest=LONGEST_TEXT, load_default="")
    parts = fields.List(
        fields.Nested(PartRequest), required=True, validate=validate.Length(min=1, max=MOST_PARTS)
    )
    intake_post_ids = fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=50),
        metadata={"description": "受理岗位, 空缺时为牵头机关的窗口"},
    )


class NewBundleRequest(BundleContentRequest):
    """A new bundle of the actor's organ."""

    code = fields.String(required=True, validate=_CODE)


class WithdrawBundleRequest(Schema):
    """Why, and from which day."""

    reason = Text(longest=LONGEST_TEXT, shortest=1, required=True)
    effective_on = fields.Date(load_default=None, allow_none=True)


class BundlePartSchema(Schema):
    """A matter of a bundle as it is in force today."""

    matter_id = fields.UUID()
    code = fields.String()
    name = fields.String()
    unit_name = fields.String()
    promised_days = fields.Integer()
    in_force = fields.Boolean()
    after = fields.List(fields.UUID())


class BundleSummarySchema(Schema):
    """A bundle in a list."""

    id = fields.UUID()
    revision = fields.Integer()
    unit_id = fields.UUID()
    unit_name = fields.String()
    code = fields.String()
    withdrawn_on = fields.Date(allow_none=True)
    number = fields.Integer(metadata={"description": "版本"})
    state = fields.String()
    name = fields.String()
    note = fields.String()
    intake_post_ids = fields.List(fields.UUID())
    saved_at = fields.DateTime()
    saved_by_name = fields.String()
    published_at = fields.DateTime(allow_none=True)


class BundleVersionSchema(BundleSummarySchema):
    """One version with its matters; `promised_days` is the longest path, `longest_path` its matters."""

    parts = fields.List(fields.Nested(BundlePartSchema))
    promised_days = fields.Integer()
    longest_path = fields.List(fields.UUID())


class BundleSchema(BundleVersionSchema):
    """A bundle in force; its keepers see the draft beside it."""

    draft = fields.Nested(BundleVersionSchema, allow_none=True)
    may_manage = fields.Boolean()


class BundleQuery(PageQuery):
    """Which bundles; with `drafts` those that the own organ is editing."""

    unit_id = fields.UUID(load_default=None)
    drafts = fields.Boolean(load_default=False)


class SharedMaterialSchema(Schema):
    """A material of the whole, asked for once; `saved` is how often it need not be given again."""

    key = fields.String()
    name = fields.String()
    provided_by = fields.String()
    required = fields.Boolean()
    may_defer = fields.Boolean()
    may_declare = fields.Boolean()
    copies = fields.Integer()
    note = fields.String()
    matters = fields.List(fields.String())
    saved = fields.Integer()
    offers = fields.List(fields.Nested(HoldingSchema))


class BundleFormSchema(Schema):
    """The one form of a bundle, prefilled, and its materials with what may be reused."""

    bundle_id = fields.UUID()
    version = fields.Integer()
    form = fields.Dict()
    held = fields.List(fields.Nested(HeldFieldSchema))
    shared_fields = fields.List(fields.String())
    materials = fields.List(fields.Nested(SharedMaterialSchema))


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
