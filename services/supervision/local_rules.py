"""What differs by locality: limits, feedback, lights, reminders, slips, rating and the form of numbers."""

from collections.abc import Sequence
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.supervision.domain.limits import DEFAULT_LIMITS, DEFAULT_PERIODS, Urgency
from services.supervision.domain.numbers import FORM, is_form
from services.supervision.scoring_table import SCORING
from shared.dated_rules import RuleTable
from shared.events.supervision import TaskSource
from shared.web import Schema, Text

_PUBLISHED = "各地公开的督查督办规定（没有全国统一标准）"
_OWN = "本系统设定"
_SOURCES = ["", *(source.value for source in TaskSource)]
_URGENCIES = [urgency.value for urgency in Urgency]


class LimitRowSchema(Schema):
    """Half working days for a source and an urgency; an empty one fits all."""

    source = fields.String(load_default="", validate=validate.OneOf(_SOURCES))
    urgency = fields.String(load_default="", validate=validate.OneOf(_URGENCIES))
    half_days = fields.Integer(required=True, validate=validate.Range(min=1, max=2000))


class LimitsSchema(Schema):
    """The first row that fits says how many half working days."""

    rows = fields.List(fields.Nested(LimitRowSchema), required=True, validate=validate.Length(min=1, max=200))


class SignForSchema(Schema):
    """Within how many half working days a task is to be signed for."""

    half_days = fields.Integer(required=True, validate=validate.Range(min=1, max=200))


class LightsSchema(Schema):
    """Amber begins with the larger of so many working days and that share of the whole time."""

    amber_days = fields.Integer(required=True, validate=validate.Range(min=0, max=200))
    amber_percent = fields.Integer(required=True, validate=validate.Range(min=0, max=100))


_OFFSET = validate.Range(min=-60, max=250)
_HOUR = validate.Range(min=0, max=23)


class RemindersSchema(Schema):
    """At which working days before (negative) and after the date holders are reminded, and at what hour."""

    offsets = fields.List(fields.Integer(validate=_OFFSET), required=True, validate=validate.Length(max=20))
    hour = fields.Integer(required=True, validate=_HOUR)


class SlipsSchema(Schema):
    """At which working days from the date each slip is issued: rising from blue to red."""

    blue = fields.Integer(required=True, validate=_OFFSET)
    orange = fields.Integer(required=True, validate=_OFFSET)
    red = fields.Integer(required=True, validate=_OFFSET)
    hour = fields.Integer(required=True, validate=_HOUR)

    @validates_schema
    def check_ladder(self, data: dict[str, Any], **_: Any) -> None:
        if not data["blue"] < data["orange"] < data["red"]:
            raise ValidationError("蓝、橙、红应依次推后", "orange")


class RatingSchema(Schema):
    """For how many half working days a closed task may be rated."""

    half_days = fields.Integer(required=True, validate=validate.Range(min=1, max=200))


class NumberSchema(Schema):
    """How numbers are formed: `code` empty takes the organ's issuing code."""

    code = Text(longest=20, load_default="")
    form = Text(longest=60, shortest=1, required=True)

    @validates_schema
    def check_form(self, data: dict[str, Any], **_: Any) -> None:
        if not is_form(data["form"]):
            raise ValidationError("须含 {year} 和 {sequence}，另可有 {code}", "form")


LIMITS = RuleTable(
    name="limits",
    title="督查事项办理时限（半个工作日）",
    schema=LimitsSchema,
    source=_PUBLISHED,
    default={"rows": [dict(row) for row in DEFAULT_LIMITS]},
    per_unit=True,
)
SIGN_FOR = RuleTable(
    name="sign_for",
    title="签收时限（半个工作日）",
    schema=SignForSchema,
    source=_OWN,
    default={"half_days": 4},
    per_unit=True,
)
FEEDBACK = RuleTable(
    name="feedback",
    title="阶段反馈周期（半个工作日）",
    schema=LimitsSchema,
    source=_OWN,
    default={"rows": [dict(row) for row in DEFAULT_PERIODS]},
    per_unit=True,
)
LIGHTS = RuleTable(
    name="lights",
    title="亮灯规则",
    schema=LightsSchema,
    source=_OWN,
    default={"amber_days": 3, "amber_percent": 20},
    per_unit=True,
)
REMINDERS = RuleTable(
    name="reminders",
    title="到期提醒时点（工作日）",
    schema=RemindersSchema,
    source=_OWN,
    default={"offsets": [-5, -3, -1, 0, 1], "hour": 9},
    per_unit=True,
)
SLIPS = RuleTable(
    name="slips",
    title="三单督办时点（工作日）",
    schema=SlipsSchema,
    source="三单督办的地方做法（蓝单提醒、橙单警告、红单通报）",
    default={"blue": -1, "orange": 1, "red": 4, "hour": 9},
    per_unit=True,
)
RATING = RuleTable(
    name="rating",
    title="评价时限（半个工作日）",
    schema=RatingSchema,
    source=_OWN,
    default={"half_days": 20},
    per_unit=True,
)
NUMBER = RuleTable(
    name="number",
    title="督办编号",
    schema=NumberSchema,
    source=_OWN,
    default={"code": "", "form": FORM},
    per_unit=True,
)
RULES: Sequence[RuleTable] = (
    LIMITS, SIGN_FOR, FEEDBACK, LIGHTS, REMINDERS, SLIPS, RATING, NUMBER, SCORING
)  # fmt: skip
