"""What differs by locality: how long documents may be, and how many an office plans to issue in a year."""

from marshmallow import fields, validate

from services.documents.domain.limits import DEFAULT_LENGTH_LIMITS, SOURCE, Scope
from shared.dated_rules import RuleTable
from shared.web import Schema


class LengthSchema(Schema):
    """How many characters a document should not exceed."""

    characters = fields.Integer(required=True, validate=validate.Range(min=100, max=1_000_000))


class PlanSchema(Schema):
    """How many documents may be issued in a year."""

    documents = fields.Integer(required=True, validate=validate.Range(min=0, max=100_000))


LENGTHS: dict[Scope, RuleTable] = {
    limit.scope: RuleTable(
        name=f"length.{limit.scope}",
        title=f"{limit.scope.label}的篇幅",
        schema=LengthSchema,
        source=SOURCE,
        default={"characters": limit.characters},
        per_unit=True,
    )
    for limit in DEFAULT_LENGTH_LIMITS
}
# Its subjects are issuing codes; a year's plan is from the first day of the year and ends with it.
YEARLY_PLAN = RuleTable(name="yearly_plan", title="年度发文计划数", schema=PlanSchema, source="各机关自定")
