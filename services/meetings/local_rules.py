"""What differs by locality: numbers of meetings a year, their length and attendance, what topics must bring along."""

from marshmallow import fields, validate

from services.meetings.domain.kinds import COMPREHENSIVE, QUOTA_KEYS, Grade
from shared.dated_rules import RuleTable
from shared.web import Schema

_HOURS = validate.Range(min=0, max=24 * 30)
_DAYS = validate.Range(min=0.5, max=30)


class QuotaSchema(Schema):
    """How many meetings of each kind may be called in a year; what is not named has no limit."""

    meetings = fields.Dict(
        keys=fields.String(validate=validate.OneOf(QUOTA_KEYS)),
        values=fields.Integer(validate=validate.Range(min=0, max=10_000)),
        required=True,
    )


class GradeLimitSchema(Schema):
    """Most people and days of a class of meetings."""

    grade = fields.String(required=True, validate=validate.OneOf([grade.value for grade in Grade]))
    people = fields.Integer(required=True, validate=validate.Range(min=1, max=100_000))
    days = fields.Float(required=True, validate=_DAYS)
    conveying_days = fields.Float(required=True, validate=_DAYS)


class LimitsSchema(Schema):
    """Length and attendance."""

    grades = fields.List(fields.Nested(GradeLimitSchema), required=True)
    general_days = fields.Float(required=True, validate=_DAYS)
    speech_minutes = fields.Integer(required=True, validate=validate.Range(min=1, max=600))
    recorded_within_hours = fields.Integer(required=True, validate=_HOURS)


class TopicRulesSchema(Schema):
    """What a topic must bring along."""

    uncoordinated = fields.String(required=True, validate=validate.OneOf(["ignore", "warn", "refuse"]))
    paper_characters = fields.Integer(required=True, validate=validate.Range(min=100, max=100_000))
    paper_days_ahead = fields.Integer(required=True, validate=validate.Range(min=0, max=30))


class TimesSchema(Schema):
    """When people are reminded, sign in, and have minutes ready."""

    remind_reply_hours = fields.Integer(required=True, validate=_HOURS)
    remind_start_hours = fields.List(fields.Integer(validate=_HOURS), required=True)
    remind_topics_hours = fields.Integer(required=True, validate=_HOURS)
    sign_in_minutes = fields.Integer(required=True, validate=validate.Range(min=0, max=600))
    late_after_minutes = fields.Integer(required=True, validate=validate.Range(min=0, max=120))
    minutes_days = fields.Integer(required=True, validate=validate.Range(min=1, max=60))
    issue_days = fields.Integer(required=True, validate=validate.Range(min=1, max=60))


class RoomRulesSchema(Schema):
    """How long and how far ahead rooms are booked, and when one that nobody entered is given back."""

    check_in_minutes = fields.Integer(required=True, validate=validate.Range(min=0, max=600))
    release_after_minutes = fields.Integer(required=True, validate=validate.Range(min=5, max=240))
    longest_hours = fields.Integer(required=True, validate=validate.Range(min=1, max=72))
    ahead_days = fields.Integer(required=True, validate=validate.Range(min=1, max=730))
    most_occurrences = fields.Integer(required=True, validate=validate.Range(min=2, max=260))


QUOTA = RuleTable(
    name="quota",
    title="年度会议计划数",
    schema=QuotaSchema,
    source="2024年整治形式主义为基层减负若干规定：系统综合性会议每年不超过1次；其余由各机关年度会议计划确定",
    default={"meetings": {COMPREHENSIVE: 1}},
    per_unit=True,
)
LIMITS = RuleTable(
    name="limits",
    title="会议会期和规模",
    schema=LimitsSchema,
    source="财行〔2016〕214号；2024年整治形式主义为基层减负若干规定",
    default={
        "grades": [
            {"grade": "二类", "people": 300, "days": 2, "conveying_days": 2},
            {"grade": "三类", "people": 150, "days": 1.5, "conveying_days": 1.5},
            {"grade": "四类", "people": 50, "days": 1.5, "conveying_days": 1},
        ],
        "general_days": 0.5,
        "speech_minutes": 60,
        "recorded_within_hours": 24,
    },
    per_unit=True,
)
TOPIC_RULES = RuleTable(
    name="topics",
    title="议题材料和协调要求",
    schema=TopicRulesSchema,
    source="地方政府工作规则（周口：材料不超过3000字，会前2天报送；未经充分协商的不上会）",
    default={"uncoordinated": "warn", "paper_characters": 3000, "paper_days_ahead": 2},
    per_unit=True,
)
TIMES = RuleTable(
    name="times",
    title="会议提醒、签到和纪要时限",
    schema=TimesSchema,
    source="地方会议管理办法：会前30分钟签到，纪要1日内成稿、3日内印发；提醒时点自定",
    default={
        "remind_reply_hours": 4,
        "remind_start_hours": [24, 2],
        "remind_topics_hours": 24,
        "sign_in_minutes": 30,
        "late_after_minutes": 0,
        "minutes_days": 1,
        "issue_days": 3,
    },
    per_unit=True,
)
ROOM_RULES = RuleTable(
    name="rooms",
    title="会议室预订和释放",
    schema=RoomRulesSchema,
    source="本系统设计：会前30分钟起登记使用，开始后15分钟无人签到即释放；各机关可自定",
    default={
        "check_in_minutes": 30,
        "release_after_minutes": 15,
        "longest_hours": 12,
        "ahead_days": 180,
        "most_occurrences": 60,
    },
    per_unit=True,
)
TABLES = (QUOTA, LIMITS, TOPIC_RULES, TIMES, ROOM_RULES)
