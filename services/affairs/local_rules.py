"""What differs by locality: which matters are high-frequency, and how long applicants and raters have."""

from collections.abc import Sequence

from marshmallow import fields, validate

from shared.dated_rules import RuleTable
from shared.web import Schema

_OWN = "本系统设定"
_DAYS = validate.Range(min=1, max=250)


class FrequencySchema(Schema):
    """From how many cases a year, or within which place of its organ, a matter is high-frequency."""

    cases = fields.Integer(required=True, validate=validate.Range(min=1, max=1_000_000))
    top = fields.Integer(required=True, validate=validate.Range(min=0, max=100))


class DaysSchema(Schema):
    """So many working days."""

    days = fields.Integer(required=True, validate=_DAYS)


class TrustSchema(Schema):
    """For how many days after a broken promise an applicant may give no other; 0 lets it at once."""

    days = fields.Integer(required=True, validate=validate.Range(min=0, max=3650))


HIGH_FREQUENCY = RuleTable(
    name="high_frequency",
    title="高频事项的认定",
    schema=FrequencySchema,
    source="杭州2019年做法：年办件100件以上或本部门前五",
    default={"cases": 100, "top": 5},
)
COMPLETION = RuleTable(
    name="completion_days",
    title="申请人补正期限（工作日）",
    schema=DaysSchema,
    source=_OWN,
    default={"days": 15},
    per_unit=True,
)
DEFERRAL = RuleTable(
    name="deferral_days",
    title="容缺材料补交期限（工作日，自受理起）",
    schema=DaysSchema,
    source=_OWN,
    default={"days": 10},
    per_unit=True,
)
INSPECTION = RuleTable(
    name="inspection_days",
    title="告知承诺核查期限（工作日，自办结起）",
    schema=DaysSchema,
    source=_OWN,
    default={"days": 20},
    per_unit=True,
)
PROVISION = RuleTable(
    name="provision_days",
    title="部门出具材料期限（工作日，自申请起）",
    schema=DaysSchema,
    source=_OWN,
    default={"days": 2},
    per_unit=True,
)
RATING = RuleTable(
    name="rating_days",
    title="评价期限（工作日，自送达起）",
    schema=DaysSchema,
    source=_OWN,
    default={"days": 10},
    per_unit=True,
)
TRUST = RuleTable(
    name="broken_promise_days",
    title="承诺失信后不得再次承诺的天数",
    schema=TrustSchema,
    source=_OWN,
    default={"days": 365},
)
RULES: Sequence[RuleTable] = (HIGH_FREQUENCY, COMPLETION, DEFERRAL, INSPECTION, PROVISION, RATING, TRUST)
