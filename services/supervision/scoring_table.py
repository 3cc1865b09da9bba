"""The rule table of assessment (督考合一): which rows there are and how many points each takes off."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.supervision.domain.scoring_rules import (
    DEFAULT_ROWS,
    GUARD,
    Item,
    RuleRow,
    ScoringRules,
    forbidden_in_row,
)
from shared.dated_rules import Rule, RuleTable
from shared.web import Schema, Text

_POINTS = validate.Range(min=0, max=1000)


class ScoringRowSchema(Schema):
    """A row; `most_each` is the most that an assessor may take off at once, `most` the most in a period."""

    code = fields.String(required=True, validate=validate.OneOf([item.value for item in Item]))
    title = Text(longest=100, shortest=1, required=True)
    points = fields.Float(required=True, validate=_POINTS)
    most_each = fields.Float(load_default=None, allow_none=True, validate=_POINTS)
    most = fields.Float(load_default=None, allow_none=True, validate=_POINTS)
    source = Text(longest=200, load_default="")

    @validates_schema
    def check_guard(self, data: dict[str, Any], **_: Any) -> None:
        if word := forbidden_in_row(data.get("title", "")):
            raise ValidationError(f"不得以“{word}”评价工作（{GUARD}）", "title")


class ScoringSchema(Schema):
    """All rows; a row that is left out is not scored."""

    base = fields.Float(required=True, validate=validate.Range(min=1, max=1000))
    plan_days = fields.Integer(required=True, validate=validate.Range(min=1, max=365))
    appeal_half_days = fields.Integer(required=True, validate=validate.Range(min=1, max=200))
    rows = fields.List(fields.Nested(ScoringRowSchema), required=True, validate=validate.Length(max=50))

    @validates_schema
    def check_rows(self, data: dict[str, Any], **_: Any) -> None:
        codes = [row["code"] for row in data.get("rows", [])]
        if len(codes) != len(set(codes)):
            raise ValidationError("同一项只能有一行", "rows")


SCORING = RuleTable(
    name="scoring",
    title="督考合一评分规则",
    schema=ScoringSchema,
    source="各地公开的督考合一评分办法（没有全国统一标准）；逾期、退回、督办单等项为本系统设定",
    default={
        "base": 100,
        "plan_days": 15,
        "appeal_half_days": 10,
        "rows": [dict(row) for row in DEFAULT_ROWS],
    },
    per_unit=True,
)


def rules_of(rule: Rule) -> ScoringRules:
    """A version of the table as the scoring takes it."""
    value: Mapping[str, Any] = rule.value
    rows = {
        Item(row["code"]): RuleRow(
            code=Item(row["code"]),
            title=row["title"],
            points=_exact(row["points"]),
            most_each=_exact(row["most_each"] if row["most_each"] is not None else row["points"]),
            most=None if row["most"] is None else _exact(row["most"]),
            source=row["source"],
        )
        for row in value["rows"]
    }
    return ScoringRules(
        base=_exact(value["base"]),
        plan_days=value["plan_days"],
        rows=rows,
        revision=rule.revision,
        subject=rule.subject,
    )


def _exact(number: float) -> Decimal:
    return Decimal(str(number))
