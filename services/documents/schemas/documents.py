"""How a document, its history, files, versions and receipts are shown."""

from marshmallow import fields, validate

from services.documents.domain.elements import Urgency
from shared.web import PageQuery, Schema, Text
from shared.web.work_shapes import ActSchema


class DocumentSummarySchema(Schema):
    """A document in a list."""

    id = fields.UUID()
    direction = fields.String()
    state = fields.String()
    state_label = fields.String()
    kind = fields.String()
    title = fields.String()
    urgency = fields.String()
    number = fields.String(allow_none=True)
    source_number = fields.String(allow_none=True)
    incoming_number = fields.String(allow_none=True)
    sender_name = fields.String(allow_none=True)
    drafter_name = fields.String()
    owner_unit_id = fields.UUID()
    created_at = fields.DateTime()
    issued_at = fields.DateTime(allow_none=True)
    closed_at = fields.DateTime(allow_none=True)


class DocumentFileSchema(Schema):
    """A file of a document; fetch its content under `…/files/{id}/content`."""

    id = fields.UUID()
    role = fields.String()
    position = fields.Integer()
    title = fields.String()
    name = fields.String()
    digest = fields.String()
    size = fields.Integer()
    media_type = fields.String()
    added_at = fields.DateTime()
    added_by_name = fields.String()


class DocumentTaskSchema(Schema):
    """A task (督查事项) that supervises the document."""

    task_id = fields.UUID()
    title = fields.String()
    number = fields.String(metadata={"description": "督办编号"})
    state = fields.String()
    state_label = fields.String()
    light = fields.String()
    light_label = fields.String()
    late = fields.Boolean(metadata={"description": "是否超期"})
    due_on = fields.Date(allow_none=True)
    in_time = fields.Boolean(allow_none=True)
    conclusion = fields.String()
    link = fields.String()


class DocumentSchema(DocumentSummarySchema):
    """A whole document."""

    revision = fields.Integer()
    correlation_id = fields.UUID()
    version_number = fields.Integer()
    body = fields.List(fields.String())
    form = fields.String()
    issuing_code = fields.String(allow_none=True)
    dated = fields.Date(allow_none=True)
    signed_at = fields.DateTime(allow_none=True)
    received_at = fields.DateTime(allow_none=True)
    received_as = fields.String(allow_none=True)
    handling = fields.String(allow_none=True)
    source_id = fields.UUID(allow_none=True)
    reply_to_id = fields.UUID(allow_none=True)
    answer_by = fields.Date(allow_none=True)
    answer_lead_unit_id = fields.UUID(allow_none=True)
    origin = fields.Dict(allow_none=True)
    elements = fields.Dict()
    facts = fields.Dict()
    files = fields.List(fields.Nested(DocumentFileSchema))
    tasks = fields.List(fields.Nested(DocumentTaskSchema))


class VersionSchema(Schema):
    """A state of the text in a list; fetch the text itself under `…/versions/{number}`."""

    number = fields.Integer()
    title = fields.String()
    note = fields.String()
    saved_at = fields.DateTime()
    saved_by_name = fields.String()


class VersionTextSchema(VersionSchema):
    """A state of the text, with the text."""

    body = fields.List(fields.String())


class HistoryActSchema(ActSchema):
    """One act of the history, with what belongs to it."""

    details = fields.Dict()


class ReceiptSchema(Schema):
    """How far a receiving unit has got."""

    id = fields.UUID()
    unit_id = fields.UUID()
    unit_name = fields.String()
    received_as = fields.String()
    state = fields.String()
    state_label = fields.String()
    reason = fields.String()
    person_name = fields.String()
    post_title = fields.String()
    sent_at = fields.DateTime()
    delivered_at = fields.DateTime(allow_none=True)
    signed_for_at = fields.DateTime(allow_none=True)
    returned_at = fields.DateTime(allow_none=True)


class DocumentFilters(Schema):
    """Which documents; `q` searches title, numbers, body and opinions."""

    direction = fields.String(validate=validate.OneOf(["dispatch", "incoming"]))
    state = fields.String(validate=validate.Length(max=40))
    kind = fields.String(validate=validate.Length(max=10))
    urgency = fields.String(validate=validate.OneOf([item.value for item in Urgency]))
    q = Text(longest=100)
    created_from = fields.AwareDateTime()
    created_to = fields.AwareDateTime()


class DocumentQuery(DocumentFilters, PageQuery):
    """The same, page by page."""


class KindSchema(Schema):
    """A kind of document (文种) and what it is for."""

    code = fields.String()
    name = fields.String()
    applies_to = fields.String()
    directions = fields.List(fields.String())
    title_words = fields.List(fields.String())
    usual_form = fields.String()


class FileFormSchema(Schema):
    """The fields that go with an uploaded file."""

    title = Text(longest=200)


class ReadFileSchema(Schema):
    """What a person's own file says; a draft can be made of it."""

    title = fields.String()
    title_source = fields.String()
    paragraphs = fields.List(fields.String())
    media_type = fields.String()
