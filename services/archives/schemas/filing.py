"""How closed documents, gaps and the filing rate are asked for and shown."""

from marshmallow import fields, validate

from services.archives.domain.archival_number import Retention
from services.archives.domain.closing import SYSTEM_LABELS
from services.archives.models import FilingState
from services.archives.schemas.days import Day
from shared.web import PageQuery, Schema, Text


class GapQuery(PageQuery):
    """Filters of the list of gaps."""

    unit_id = fields.UUID()
    system = fields.String(validate=validate.OneOf(list(SYSTEM_LABELS)))
    closed_from = Day()
    closed_to = Day()


class ClosedQuery(GapQuery):
    """Filters of the list of closed documents."""

    state = fields.String(validate=validate.OneOf([state.value for state in FilingState]))


class DecisionSchema(Schema):
    """Why a document is not filed (不归档)."""

    rule_code = fields.String()
    material = fields.String()
    source = fields.String()
    schedule_version = fields.String()
    explanation = fields.String()
    decided_at = fields.DateTime()


class RulingSchema(Schema):
    """A person's word on how long a document is kept, against the schedule (人工鉴定); null: not to be filed."""

    retention = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf([period.value for period in Retention]),
        metadata={"description": "保管期限代码, 空为不归档"},
    )
    reason = Text(longest=500, shortest=1, required=True)
    at = fields.DateTime(dump_only=True)
    person_name = fields.String(dump_only=True)
    post_title = fields.String(dump_only=True)
    unit_name = fields.String(dump_only=True)


class ClosedDocumentSchema(Schema):
    """A closed document, meeting, task or case and what became of it; `reasons` say why it has no record yet."""

    document_id = fields.UUID()
    correlation_id = fields.UUID()
    system = fields.String(metadata={"description": "办结它的服务"})
    system_label = fields.String()
    direction = fields.String()
    kind = fields.String()
    title = fields.String()
    number = fields.String()
    owner_unit_id = fields.UUID()
    owner_unit_name = fields.String()
    closed_at = fields.DateTime()
    noted_at = fields.DateTime()
    state = fields.String()
    reasons = fields.List(fields.String())
    attempts = fields.Integer()
    last_attempt_at = fields.DateTime(allow_none=True)
    next_attempt_at = fields.DateTime(allow_none=True)
    record_id = fields.UUID(allow_none=True)
    archival_number = fields.String(allow_none=True)
    decision = fields.Nested(DecisionSchema, allow_none=True)
    rulings = fields.List(fields.Nested(RulingSchema))


class RateQuery(Schema):
    """Over which documents, by day of closing, and by what to break down."""

    unit_id = fields.UUID()
    system = fields.String(validate=validate.OneOf(list(SYSTEM_LABELS)))
    closed_from = Day()
    closed_to = Day()
    by = fields.String(load_default="unit", validate=validate.OneOf(["unit", "month", "year", "system"]))


class _Figures(Schema):
    filed = fields.Integer(metadata={"description": "已归档, 分子"})
    due = fields.Integer(metadata={"description": "应归档, 分母"})
    not_filed = fields.Integer(metadata={"description": "按保管期限表不归档, 不计入"})
    rate = fields.String(allow_none=True, metadata={"description": "归档率, 百分数; 没有应归档的为空"})
    documents = fields.String(metadata={"description": "这些公文的清单地址"})


class RatePartSchema(_Figures):
    """The rate of one unit, month or year."""

    key = fields.String()
    label = fields.String()


class RateSchema(_Figures):
    """The filing rate (归档率) as a whole and in parts."""

    by = fields.String()
    parts = fields.List(fields.Nested(RatePartSchema))
