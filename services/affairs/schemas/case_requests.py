"""What is sent about a case."""

from marshmallow import fields, validate

from services.affairs.domain.steps import GRANT, REFUSE
from services.affairs.domain.timing import SPECIAL_PROCEDURES
from services.affairs.schemas.offers import ReuseRequest
from shared.events.affairs import Channel
from shared.web import Schema, Text

LONGEST_OPINION = 2_000
MOST_POSTS = 100
MOST_ENTRIES = 100
CHANNELS = [channel.value for channel in Channel]


class OfferSchema(Schema):
    """One material of an application: a file, or that it will follow (容缺), or a declaration instead (告知承诺)."""

    code = Text(longest=40, shortest=1, required=True)
    file_id = fields.UUID(load_default=None, allow_none=True)
    deferred = fields.Boolean(load_default=False)
    declared = fields.Boolean(load_default=False)
    reuse = fields.Nested(ReuseRequest, load_default=None, allow_none=True)


class ApplicationSchema(Schema):
    """An application for a matter."""

    matter_id = fields.UUID(required=True)
    form = fields.Dict(keys=fields.String(), load_default={})
    materials = fields.List(
        fields.Nested(OfferSchema), load_default=[], validate=validate.Length(max=MOST_ENTRIES)
    )
    promise = fields.Boolean(load_default=False, metadata={"description": "申请人确认容缺或告知承诺"})
    channel = fields.String(load_default="web", validate=validate.OneOf(CHANNELS))
    delivery = fields.String(load_default="online", validate=validate.OneOf(["online", "window"]))
    contact = Text(longest=100, load_default="")
    applicant_post_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "窗口申请: 来办事的岗位"}
    )


class MissingSchema(Schema):
    """One thing that is missing: a material or a field by its code, or something else in words."""

    kind = fields.String(required=True, validate=validate.OneOf(["material", "field", "other"]))
    code = Text(longest=40, load_default="")
    text = Text(longest=500, shortest=1, required=True)


class AskCompletionSchema(Schema):
    """Everything that is missing, told once (一次性告知)."""

    missing = fields.List(
        fields.Nested(MissingSchema), required=True, validate=validate.Length(min=1, max=MOST_ENTRIES)
    )
    opinion = Text(longest=LONGEST_OPINION, load_default="")


class HandedInSchema(Schema):
    """A file for a material."""

    code = Text(longest=40, shortest=1, required=True)
    file_id = fields.UUID(required=True)


class CompletionSchema(Schema):
    """What the applicant completes; a form takes the place of the former one."""

    materials = fields.List(
        fields.Nested(HandedInSchema), load_default=[], validate=validate.Length(max=MOST_ENTRIES)
    )
    form = fields.Dict(keys=fields.String(), load_default=None, allow_none=True)
    opinion = Text(longest=LONGEST_OPINION, load_default="")


class ChoiceSchema(Schema):
    """Who is to do a coming step: posts on equal terms, or one lead (主办) and assistants (协办)."""

    post_ids = fields.List(fields.UUID(), load_default=[], validate=validate.Length(max=MOST_POSTS))
    lead_post_id = fields.UUID(allow_none=True, load_default=None)
    deadline = fields.Date(allow_none=True, load_default=None)


def _choices() -> fields.Dict:
    return fields.Dict(
        keys=fields.String(validate=validate.Length(max=100)),
        values=fields.Nested(ChoiceSchema),
        load_default={},
        validate=validate.Length(max=20),
    )


class AcceptSchema(Schema):
    """Accepting: who does the first steps, unless the matter says so."""

    opinion = Text(longest=LONGEST_OPINION, load_default="")
    choices = _choices()


class FinishSchema(Schema):
    """Finishing an instant matter at once."""

    outcome = fields.String(load_default=GRANT, validate=validate.OneOf([GRANT, REFUSE]))
    opinion = Text(longest=LONGEST_OPINION, load_default="")


class CompleteSchema(Schema):
    """Doing an item of the flow."""

    opinion = Text(longest=LONGEST_OPINION, load_default="")
    outcome = Text(longest=40, load_default="")
    variables = fields.Dict(
        keys=fields.String(validate=validate.Length(max=40)),
        values=fields.Raw(),
        load_default={},
        validate=validate.Length(max=40),
    )
    choices = _choices()


class ReturnSchema(Schema):
    """Returning to an earlier step (退回)."""

    step_id = Text(longest=100, shortest=1, required=True)
    reason = Text(longest=LONGEST_OPINION, shortest=1, required=True)


class TransferSchema(Schema):
    """Handing an item to another post (转办)."""

    to_post_id = fields.UUID(required=True)
    opinion = Text(longest=LONGEST_OPINION, load_default="")


class PostsSchema(Schema):
    """Asking further posts (加签)."""

    post_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1, max=MOST_POSTS))
    opinion = Text(longest=LONGEST_OPINION, load_default="")


class WordSchema(Schema):
    """A word that may go with an act."""

    opinion = Text(longest=LONGEST_OPINION, load_default="")


class ReasonSchema(Schema):
    """A reason that is needed."""

    reason = Text(longest=LONGEST_OPINION, shortest=1, required=True)


class StopSchema(Schema):
    """A special procedure (特别程序) during which the clock stands still."""

    cause = fields.String(
        required=True, validate=validate.OneOf([cause.value for cause in SPECIAL_PROCEDURES])
    )
    reason = Text(longest=LONGEST_OPINION, shortest=1, required=True)


class DeliverSchema(Schema):
    """Handing a result over at the window; whoever came for it made a trip."""

    in_person = fields.Boolean(load_default=True)
    opinion = Text(longest=LONGEST_OPINION, load_default="")


class RateSchema(Schema):
    """How a case was handled (好差评)."""

    score = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=5))
    comment = Text(longest=LONGEST_OPINION, load_default="")


class ComplaintSchema(Schema):
    """What could not be done (办不成事)."""

    complaint = Text(longest=LONGEST_OPINION, shortest=1, required=True)


class SupplySchema(Schema):
    """The file of a deferred material."""

    file_id = fields.UUID(required=True)


class DeclarationSchema(Schema):
    """Whether what was declared is true."""

    holds = fields.Boolean(required=True)
    note = Text(longest=LONGEST_OPINION, shortest=1, required=True)
