"""What is sent with the verbs of office work, and how work items are shown."""

from marshmallow import fields, validate

from services.documents.domain.elements import Urgency
from shared.events.dossier import Importance, Relation
from shared.permissions import Permission
from shared.web import PageQuery, Schema, Text, work_shapes

LONGEST_OPINION = 2_000
MOST_POSTS = 100


class ChoiceSchema(Schema):
    """Who is to do a coming step: posts on equal terms, or one lead (主办) and assistants (协办)."""

    post_ids = fields.List(fields.UUID(), load_default=[], validate=validate.Length(max=MOST_POSTS))
    lead_post_id = fields.UUID(allow_none=True, load_default=None)
    deadline = fields.Date(allow_none=True, load_default=None)


class CompleteSchema(Schema):
    """Doing an item (办理)."""

    opinion = Text(longest=LONGEST_OPINION, load_default="")
    outcome = Text(longest=40, load_default="")
    variables = fields.Dict(
        keys=fields.String(validate=validate.Length(max=40)),
        values=fields.Raw(),
        load_default={},
        validate=validate.Length(max=40),
    )
    choices = fields.Dict(
        keys=fields.String(validate=validate.Length(max=100)),
        values=fields.Nested(ChoiceSchema),
        load_default={},
        validate=validate.Length(max=40),
    )
    issuing_code = Text(longest=15, load_default="", metadata={"description": "登记环节: 机关代字"})
    answer_by = fields.Date(
        allow_none=True,
        load_default=None,
        metadata={"description": "收文登记、拟办、批示环节: 答复或办理期限"},
    )
    lead_unit_id = fields.UUID(allow_none=True, load_default=None, metadata={"description": "同上: 主办单位"})
    importance = fields.String(
        load_default="",
        validate=validate.OneOf(["", *(item.value for item in Importance)]),
        metadata={"description": "同上: 对本机关的重要程度, 归档时据以确定保管期限"},
    )
    subject_class = Text(longest=100, load_default="", metadata={"description": "同上: 主题分类"})


class ReturnSchema(Schema):
    """Returning to an earlier step (退回)."""

    step_id = Text(longest=100, shortest=1, required=True)
    reason = Text(longest=LONGEST_OPINION, shortest=1, required=True)
    post_ids = fields.List(fields.UUID(), load_default=[], validate=validate.Length(max=MOST_POSTS))


class TransferSchema(Schema):
    """Handing an item to another post (转办)."""

    to_post_id = fields.UUID(required=True)
    opinion = Text(longest=LONGEST_OPINION, load_default="")


class PostsSchema(Schema):
    """Asking further posts (加签), or sending round to be read (传阅)."""

    post_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1, max=MOST_POSTS))
    opinion = Text(longest=LONGEST_OPINION, load_default="")


class WordSchema(Schema):
    """A word that may go with an act."""

    opinion = Text(longest=LONGEST_OPINION, load_default="")


class AnswerSchema(Schema):
    """A word that is the act."""

    opinion = Text(longest=LONGEST_OPINION, shortest=1, required=True)


class ReasonSchema(Schema):
    """A reason that is needed."""

    reason = Text(longest=LONGEST_OPINION, shortest=1, required=True)


class ItemFormSchema(work_shapes.ItemFormSchema):
    """What whoever completes an item is asked; `answer_by` the day that was set or asked for."""

    answer_by = fields.Date(allow_none=True, metadata={"description": "答复期限: 已确定的, 或来文要求的"})


class StepSchema(Schema):
    """A step of a flow, for whoever has to choose among them."""

    id = fields.String()
    name = fields.String()
    assigned_by = fields.String()
    permission = fields.String()
    optional = fields.Boolean()
    with_lead = fields.Boolean()
    outcomes = fields.List(fields.Nested(work_shapes.OutcomeSchema))
    asks = fields.List(fields.String())


class ExternalFormSchema(Schema):
    """The facts of a document that came from outside the suite; its file goes with them."""

    kind = Text(longest=10, shortest=1, required=True)
    title = Text(longest=300, load_default="")
    sender_name = Text(longest=200, shortest=1, required=True)
    sender_relation = fields.String(
        required=True,
        validate=validate.OneOf([item.value for item in Relation if item is not Relation.OWN]),
        metadata={"description": "来文单位是本机关的上级、下级或不相隶属机关, 归档时据以确定保管期限"},
    )
    source_number = Text(longest=60, load_default="")
    urgency = fields.String(load_default="", validate=validate.OneOf(["", *(item.value for item in Urgency)]))
    received_as = fields.String(load_default="addressee", validate=validate.OneOf(["addressee", "copy"]))
    dated = fields.Date(load_default=None)
    answer_by = fields.Date(load_default=None, metadata={"description": "来文要求的答复期限"})


class UnitQuery(PageQuery):
    """Filters of the list of organs."""

    q = Text(longest=60, load_default="")
    level = Text(longest=20, load_default="")


class PostQuery(Schema):
    """Which posts: of the actor's organ unless another is named."""

    unit_id = fields.UUID(load_default=None)
    permission = fields.Enum(Permission, by_value=True, required=True)


class PostCardSchema(Schema):
    """A post that may be chosen."""

    post_id = fields.UUID()
    title = fields.String()
    unit_id = fields.UUID()
    unit_name = fields.String()
    holders = fields.List(fields.String())
    label = fields.String()


class UnitCardSchema(Schema):
    """A unit that may be named as recipient."""

    id = fields.UUID()
    code = fields.String()
    name = fields.String()
    short_name = fields.String()
    level = fields.String()
    kind = fields.String()
    parent_id = fields.UUID(allow_none=True)
    issuing_codes = fields.List(fields.String())
