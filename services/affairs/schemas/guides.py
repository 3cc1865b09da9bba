"""Shapes of the guides."""

from marshmallow import fields, validate

from shared.web import Schema


class GuideQuery(Schema):
    """Which version; the one in force when none is named."""

    version = fields.Integer(load_default=None, validate=validate.Range(min=1, max=100_000))
