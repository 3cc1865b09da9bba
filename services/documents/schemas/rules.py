"""Shapes of the rules that an administrator sets."""

from marshmallow import fields, validate

from shared.web import Schema, Text


class QuotaUseSchema(Schema):
    """How many documents were issued under a code in a year, and how many may be; no plan, no limit."""

    code = fields.String()
    year = fields.Integer()
    issued = fields.Integer()
    documents = fields.Integer(allow_none=True)
    set_at = fields.DateTime(allow_none=True)
    set_by_name = fields.String()
    reason = fields.String()


class QuotaQuery(Schema):
    """Which year; this one unless another is named."""

    year = fields.Integer(load_default=None, validate=validate.Range(min=2000, max=2100))


class QuotaSchema(Schema):
    """How many documents may be issued under a code in a year."""

    code = Text(longest=15, shortest=1, required=True)
    year = fields.Integer(required=True, validate=validate.Range(min=2000, max=2100))
    documents = fields.Integer(required=True, validate=validate.Range(min=0, max=100_000))
    reason = Text(longest=500, load_default="", metadata={"description": "依据或理由"})
