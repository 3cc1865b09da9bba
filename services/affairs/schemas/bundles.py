"""Shapes of one-thing bundles (一件事): definitions, and the prefilled form."""

from marshmallow import fields, validate

from services.affairs.domain.bundles import MOST_PARTS
from services.affairs.schemas.offers import HeldFieldSchema, HoldingSchema
from shared.web import PageQuery, Schema, Text

LONGEST_TEXT = 2_000
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
