"""Shapes of what the suite holds already (一次填报): held fields, reusable contents, departments' answers."""

from marshmallow import fields, validate

from shared.web import PageQuery, Schema, Text

LONGEST_TEXT = 2_000


class HeldFieldSchema(Schema):
    """A field whose value the suite holds; one that may change is offered, the others are not asked for."""

    field = fields.String()
    value = fields.Raw()
    source = fields.String()
    origin = fields.String()
    may_change = fields.Boolean()


class HoldingSchema(Schema):
    """A content that may be handed in again: an earlier material, a result, or a document that the organ issued."""

    kind = fields.String()
    id = fields.UUID()
    title = fields.String()
    number = fields.String()
    given_at = fields.DateTime()
    valid_until = fields.DateTime(allow_none=True)
    name = fields.String()
    size = fields.Integer()
    media_type = fields.String()


class ReuseRequest(Schema):
    """What is to be reused instead of an upload."""

    kind = fields.String(required=True, validate=validate.OneOf(["material", "result", "document"]))
    id = fields.UUID(required=True)


class OfferedMaterialSchema(Schema):
    """A material, and what may be handed in for it; one from a department is not asked for."""

    code = fields.String()
    name = fields.String()
    provided_by = fields.String()
    department_name = fields.String()
    asked = fields.Boolean(metadata={"description": "须由申请人提交"})
    required = fields.Boolean()
    may_defer = fields.Boolean()
    may_declare = fields.Boolean()
    offers = fields.List(fields.Nested(HoldingSchema))


class PrefilledSchema(Schema):
    """The form as it is served: held fields are read-only and need no answer."""

    matter_id = fields.UUID()
    version = fields.Integer()
    form = fields.Dict()
    held = fields.List(fields.Nested(HeldFieldSchema))
    materials = fields.List(fields.Nested(OfferedMaterialSchema))
    fields_asked = fields.Integer()
    fields_reused = fields.Integer()
    materials_asked = fields.Integer()
    materials_reused = fields.Integer()


class PrefillQuery(Schema):
    """For whom; `applicant_post_id` is whoever came to the window."""

    applicant_post_id = fields.UUID(load_default=None)


class KnownDocumentQuery(PageQuery):
    """Which documents."""

    q = Text(longest=100, load_default="")


class KnownDocumentSchema(Schema):
    """A document that the own organ issued."""

    document_id = fields.UUID()
    number = fields.String()
    title = fields.String()
    kind = fields.String()
    issued_at = fields.DateTime()


class ProvideRequest(Schema):
    """The department's answer: a file that was uploaded, or the data in words."""

    file_id = fields.UUID(load_default=None, allow_none=True)
    data = Text(longest=20_000, load_default="")
    opinion = Text(longest=LONGEST_TEXT, load_default="")


class DeclineRequest(Schema):
    """Why the department has no such thing."""

    reason = Text(longest=LONGEST_TEXT, shortest=1, required=True)


class AskedFileSchema(Schema):
    """A template of what is asked for, or what was given."""

    file_id = fields.UUID()
    name = fields.String()
    size = fields.Integer()


class AskedMaterialSchema(Schema):
    """A material as the department that provides it sees it: nothing else of the case."""

    id = fields.UUID()
    title = fields.String()
    case_number = fields.String()
    matter_name = fields.String()
    unit_name = fields.String()
    applicant_unit_name = fields.String()
    applicant_name = fields.String()
    name = fields.String()
    note = fields.String(metadata={"description": "对这份材料的要求"})
    required = fields.Boolean()
    state = fields.String()
    due_at = fields.DateTime(allow_none=True)
    given_at = fields.DateTime(allow_none=True)
    given_by_name = fields.String()
    declined_for = fields.String()
    files = fields.List(fields.Nested(AskedFileSchema), metadata={"description": "样表和已出具的文件"})
