"""Shapes of the rules that an administrator sets."""

from marshmallow import fields, validate

from services.documents.domain.limits import Scope
from shared.web import Schema, Text


class LengthLimitSchema(Schema):
    """From that day on, how many characters a document of this scope should not exceed; no unit means all."""

    unit_id = fields.UUID(allow_none=True, load_default=None)
    scope = fields.String(required=True, validate=validate.OneOf([scope.value for scope in Scope]))
    characters = fields.Integer(required=True, validate=validate.Range(min=100, max=1_000_000))
    effective_from = fields.Date(required=True)
    source = Text(longest=200, shortest=1, required=True)


class QuotaUseSchema(Schema):
    """How many documents were issued under a code in a year, and how many may be; no plan, no limit."""

    code = fields.String()
    year = fields.Integer()
    issued = fields.Integer()
    documents = fields.Integer(allow_none=True)
    set_at = fields.DateTime(allow_none=True)
    set_by_name = fields.String()


class QuotaQuery(Schema):
    """Which year; this one unless another is named."""

    year = fields.Integer(load_default=None, validate=validate.Range(min=2000, max=2100))


class QuotaSchema(Schema):
    """How many documents may be issued under a code in a year."""

    code = Text(longest=15, shortest=1, required=True)
    year = fields.Integer(required=True, validate=validate.Range(min=2000, max=2100))
    documents = fields.Integer(required=True, validate=validate.Range(min=0, max=100_000))
