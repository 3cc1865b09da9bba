"""What is asked and answered about assessment (督考合一)."""

from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.supervision.domain.scoring_rules import FOUND
from shared.web import PageQuery, Schema, Text

LONGEST_TEXT = 2_000
_SCORES = validate.Range(min=-1000, max=1000)


class Points(fields.Float):
    """Points with at most two digits, loaded as an exact number."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_nan=False, validate=_SCORES, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        number: float = super()._deserialize(value, attr, data, **kwargs)
        return Decimal(str(round(number, 2)))


class PeriodSchema(Schema):
    """The days of a period, both included."""

    period_from = fields.Date(required=True)
    period_to = fields.Date(required=True)

    @validates_schema
    def check_period(self, data: dict[str, Any], **_: Any) -> None:
        first, last = data.get("period_from"), data.get("period_to")
        if first and last and last < first:
            raise ValidationError("结束日期早于开始日期", "period_to")
        if first and last and (last - first).days > 366:
            raise ValidationError("考核期间不超过一年", "period_to")


class ComputeQuery(PeriodSchema):
    """Which scores, by what was known at the end of a day; now when none is named."""

    as_of = fields.Date(load_default=None, metadata={"description": "按该日的规则和记录计算"})
    lead_unit_id = fields.UUID(load_default=None)


class OwnComputeQuery(PeriodSchema):
    """How the own unit stands with a supervising organ."""

    unit_id = fields.UUID(required=True, metadata={"description": "督查机关"})
    as_of = fields.Date(load_default=None)


class PublishSchema(PeriodSchema):
    """A period to publish."""

    title = Text(longest=200, shortest=1, required=True)


class CauseSchema(Schema):
    """An event that took points off."""

    event_id = fields.UUID()
    key = fields.String()
    label = fields.String()
    at = fields.String()
    task_id = fields.UUID(allow_none=True)
    task_number = fields.String()
    task_title = fields.String()


class ScoringVersionSchema(Schema):
    """The version of the rules by which a line was made; revision 0 is the shipped default."""

    name = fields.String()
    subject = fields.String()
    revision = fields.Integer()


class ScoreLineSchema(Schema):
    """Points taken off, with every event that caused it."""

    key = fields.String()
    code = fields.String()
    title = fields.String()
    points = fields.Float(metadata={"description": "扣分"})
    text = fields.String()
    reduced = fields.Boolean(metadata={"description": "因本项上限少扣"})
    rule = fields.Nested(ScoringVersionSchema)
    causes = fields.List(fields.Nested(CauseSchema))


class ComputedUnitSchema(Schema):
    """A unit's score as computed."""

    unit_id = fields.UUID()
    unit_name = fields.String()
    score = fields.Float()
    place = fields.Integer(allow_none=True)
    lines = fields.List(fields.Nested(ScoreLineSchema))


class ComputedSchema(Schema):
    """Scores that are not published."""

    period_from = fields.Date()
    period_to = fields.Date()
    computed_at = fields.DateTime()
    rule_revision = fields.Integer()
    units = fields.List(fields.Nested(ComputedUnitSchema))


class AssessmentSummarySchema(Schema):
    """A published assessment."""

    id = fields.UUID()
    unit_id = fields.UUID()
    unit_name = fields.String()
    title = fields.String()
    period_from = fields.Date()
    period_to = fields.Date()
    computed_at = fields.DateTime()
    rule_revision = fields.Integer()
    appeal_by = fields.DateTime(allow_none=True)
    published_at = fields.DateTime()
    published_by_name = fields.String()


class RankedSchema(Schema):
    """A unit in the ranking: as published, and with the corrections since."""

    unit_id = fields.UUID()
    unit_name = fields.String()
    score = fields.Float()
    place = fields.Integer()
    corrected = fields.Float()
    final_score = fields.Float()
    final_place = fields.Integer()


class AssessmentSchema(AssessmentSummarySchema):
    """With the ranking."""

    base = fields.Float()
    units = fields.List(fields.Nested(RankedSchema))


class CorrectionSchema(Schema):
    """One correction of a score."""

    id = fields.UUID()
    points = fields.Float()
    line_keys = fields.List(fields.String())
    reason = fields.String()
    appeal_id = fields.UUID(allow_none=True)
    corrected_at = fields.DateTime()
    corrected_by_name = fields.String()


class UnitScoreSchema(RankedSchema):
    """A unit's score with its explanation and its trail."""

    lines = fields.List(fields.Nested(ScoreLineSchema))
    corrections = fields.List(fields.Nested(CorrectionSchema))


class CheckedSchema(Schema):
    """What computing once more gave."""

    computed_at = fields.DateTime()
    units = fields.Integer()
    equal = fields.Boolean()
    differing = fields.List(fields.UUID())


_LINE_KEYS: dict[str, Any] = {"validate": validate.Length(max=50), "metadata": {"description": "所涉扣分项"}}


class CorrectSchema(Schema):
    """A correction to make."""

    points = Points(required=True)
    line_keys = fields.List(Text(longest=200), load_default=list, **_LINE_KEYS)
    reason = Text(longest=LONGEST_TEXT, shortest=1, required=True)


class AppealRequest(Schema):
    """An appeal of a unit."""

    unit_id = fields.UUID(required=True)
    line_keys = fields.List(Text(longest=200), load_default=list, **_LINE_KEYS)
    reason = Text(longest=LONGEST_TEXT, shortest=1, required=True)


class DecideAppealSchema(Schema):
    """The answer to an appeal; one that is accepted says by how many points the score changes."""

    accepted = fields.Boolean(required=True)
    answer = Text(longest=LONGEST_TEXT, shortest=1, required=True)
    points = Points(load_default=None, allow_none=True)
    for_post_id = fields.UUID(load_default=None, allow_none=True)


class AppealFileSchema(Schema):
    """A file of an appeal."""

    id = fields.UUID()
    name = fields.String()
    size = fields.Integer()
    media_type = fields.String()
    added_at = fields.DateTime()
    added_by_name = fields.String()


class ProofFormSchema(Schema):
    """A file that proves an appeal."""


class AppealSchema(Schema):
    """An appeal."""

    id = fields.UUID()
    assessment_id = fields.UUID()
    unit_id = fields.UUID()
    unit_name = fields.String()
    line_keys = fields.List(fields.String())
    reason = fields.String()
    state = fields.String()
    state_label = fields.String()
    made_at = fields.DateTime()
    made_by_name = fields.String()
    decided_at = fields.DateTime(allow_none=True)
    decided_by_name = fields.String()
    answer = fields.String()
    files = fields.List(fields.Nested(AppealFileSchema))


class AppealQuery(PageQuery):
    """Which appeals."""

    state = fields.String(load_default="", validate=validate.OneOf(["", "made", "accepted", "refused"]))


class FindingRequest(Schema):
    """What an assessor found; without points the row's least are taken off."""

    lead_unit_id = fields.UUID(required=True)
    code = fields.String(required=True, validate=validate.OneOf(sorted(item.value for item in FOUND)))
    points = Points(load_default=None, allow_none=True)
    task_id = fields.UUID(load_default=None, allow_none=True)
    about_event_id = fields.UUID(load_default=None, allow_none=True)
    reason = Text(longest=LONGEST_TEXT, shortest=1, required=True)
    on = fields.Date(required=True)


class WithdrawSchema(Schema):
    """Why a finding counts no more."""

    reason = Text(longest=LONGEST_TEXT, shortest=1, required=True)


class FindingSchema(Schema):
    """A finding."""

    id = fields.UUID()
    unit_id = fields.UUID()
    lead_unit_id = fields.UUID()
    lead_unit_name = fields.String()
    code = fields.String()
    title = fields.String()
    points = fields.Float()
    task_id = fields.UUID(allow_none=True)
    about_event_id = fields.UUID(allow_none=True)
    reason = fields.String()
    on = fields.Date()
    event_id = fields.UUID()
    recorded_at = fields.DateTime()
    recorded_by_name = fields.String()
    withdrawn_at = fields.DateTime(allow_none=True)
    withdrawn_by_name = fields.String()
    withdrawn_reason = fields.String()


class FindingQuery(PageQuery):
    """Which findings."""

    lead_unit_id = fields.UUID(load_default=None)
