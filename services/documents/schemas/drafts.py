"""What a drafter sends, and what comes back of a document."""

from marshmallow import fields, validate

from services.documents.domain.elements import Urgency
from services.documents.domain.limits import Scope
from services.documents.domain.rules import REVIEW_POINTS
from services.documents.rendering.layout import LayoutForm
from services.documents.schemas.work import LONGEST_OPINION
from shared.web import Schema, Text

LONGEST_TITLE = 300
LONGEST_PARAGRAPH = 20_000
MOST_PARAGRAPHS = 5_000
MOST_UNITS = 500


class AddresseeSchema(Schema):
    """A receiving unit, or with `leader` a leader of it."""

    unit_id = fields.UUID(required=True)
    name = fields.String(dump_only=True)
    leader = fields.Boolean(load_default=False)


class ContactSchema(Schema):
    """联系人和电话."""

    name = Text(longest=60, shortest=1, required=True)
    phone = Text(longest=40, shortest=1, required=True)


class FactsSchema(Schema):
    """What the drafter or reviewer states because no program can read it from the text."""

    scope = fields.String(validate=validate.OneOf([scope.value for scope in Scope]))
    important = fields.Boolean()
    major_matter = fields.Boolean()
    government_consent = fields.Boolean()
    entrusted_by_leader = fields.Boolean()
    in_leaders_name = fields.Boolean()
    forwards_a_request = fields.Boolean()
    gives_own_opinion = fields.Boolean()
    led_by = fields.List(fields.UUID(), validate=validate.Length(max=5))
    concerned = fields.List(fields.UUID(), validate=validate.Length(max=MOST_UNITS))
    consulted = fields.List(fields.UUID(), validate=validate.Length(max=MOST_UNITS))


class _Elements(Schema):
    urgency = fields.String(validate=validate.OneOf(["", *(item.value for item in Urgency)]))
    form = fields.String(validate=validate.OneOf([item.value for item in LayoutForm]))
    issuing_code = Text(longest=15, allow_none=True)
    recipients = fields.List(fields.Nested(AddresseeSchema), validate=validate.Length(max=MOST_UNITS))
    copies = fields.List(fields.Nested(AddresseeSchema), validate=validate.Length(max=MOST_UNITS))
    co_issuers = fields.List(fields.UUID(), validate=validate.Length(max=20))
    mark = fields.List(Text(longest=60, shortest=1), validate=validate.Length(max=20))
    secrecy = Text(longest=40)
    signatories = fields.List(Text(longest=60, shortest=1), validate=validate.Length(max=20))
    note = Text(longest=500)
    contact = fields.Nested(ContactSchema, allow_none=True)
    present = fields.List(Text(longest=100, shortest=1), validate=validate.Length(max=500))
    excused = fields.List(Text(longest=100, shortest=1), validate=validate.Length(max=500))
    observing = fields.List(Text(longest=100, shortest=1), validate=validate.Length(max=500))
    answer_by = fields.Date(allow_none=True, metadata={"description": "请于何日前反馈"})
    passed_on = fields.Date(allow_none=True, metadata={"description": "会议通过的日期, 即成文日期"})
    importance = fields.String(validate=validate.OneOf(["important", "general"]))
    subject_class = Text(longest=100)
    facts = fields.Nested(FactsSchema)


def _body_field(*, required: bool) -> fields.List:
    return fields.List(
        fields.String(validate=validate.Length(max=LONGEST_PARAGRAPH)),
        required=required,
        validate=validate.Length(min=1, max=MOST_PARAGRAPHS),
        metadata={"description": "正文各段, 按顺序"},
    )


class DraftSchema(_Elements):
    """A new dispatch (发文拟稿)."""

    kind = Text(longest=10, shortest=1, required=True, metadata={"description": "文种"})
    title = Text(longest=LONGEST_TITLE, shortest=1, required=True)
    body = _body_field(required=True)
    reply_to_id = fields.UUID(allow_none=True)


class RevisionSchema(_Elements):
    """Changes to a dispatch on its way; what is not named stays."""

    kind = Text(longest=10, shortest=1)
    title = Text(longest=LONGEST_TITLE, shortest=1)
    body = _body_field(required=False)
    version_note = Text(longest=200)


class FindingSchema(Schema):
    """What a rule has to say."""

    level = fields.String(required=True)
    rule = fields.String(required=True)
    article = fields.String()
    field = fields.String()
    message = fields.String(required=True)
    quote = fields.String()
    may_be_set_aside = fields.Boolean()
    set_aside = fields.Boolean()


class FindingsSchema(Schema):
    """What the rules say of a document up to a step, and what its reviewer has to judge in person."""

    findings = fields.List(fields.Nested(FindingSchema))
    review_points = fields.List(fields.String(), dump_default=list(REVIEW_POINTS))


class SetAsideSchema(Schema):
    """A reviewer's judgement that a rule took the text's wording for what it is not."""

    rule = Text(longest=10, shortest=1, required=True)
    quote = fields.String(load_default="", validate=validate.Length(max=2_000))
    reason = Text(longest=LONGEST_OPINION, shortest=1, required=True)


class FindingsQuery(Schema):
    """Up to which step the rules are asked."""

    step = fields.String(
        load_default="submit", validate=validate.OneOf(["draft", "submit", "approve", "check", "register"])
    )
