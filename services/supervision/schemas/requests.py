"""What is sent to register a task and with the verbs of its life."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.supervision.domain.limits import Urgency
from services.supervision.domain.sources import ORIGIN_ROOMS
from shared.events.supervision import SlipColour, TaskSource
from shared.web import Schema, Text

LONGEST_TEXT = 2_000
MOST_UNITS = 50
_HALVES = "以半天为单位的工作日数, 如 3 或 0.5"


class HalfDays(fields.Float):
    """Working days in whole and half days."""

    default_error_messages = {"halves": "应为大于 0、以半天为单位的工作日数，如 3 或 0.5"}

    def _deserialize(self, value: object, attr: object, data: object, **kwargs: object) -> float:
        days: float = super()._deserialize(value, attr, data, **kwargs)
        if not 0 < days <= 1000 or days * 2 != int(days * 2):
            raise self.make_error("halves")
        return days


class LimitSchema(Schema):
    """Until when: a date, or working days from the assignment; neither lets the rule decide."""

    due_on = fields.Date(load_default=None, allow_none=True)
    days = HalfDays(load_default=None, allow_none=True, metadata={"description": _HALVES})


class PartyRequest(Schema):
    """A unit, perhaps with the post of it that shall receive the task."""

    unit_id = fields.UUID(required=True)
    post_id = fields.UUID(load_default=None, allow_none=True)


class MatterSchema(LimitSchema):
    """A matter to supervise."""

    title = Text(longest=500, shortest=1, required=True)
    content = Text(longest=20_000, load_default="")
    source = fields.String(
        load_default=TaskSource.MANUAL.value, validate=validate.OneOf([one.value for one in TaskSource])
    )
    urgency = fields.String(load_default="", validate=validate.OneOf([one.value for one in Urgency]))
    lead = fields.Nested(PartyRequest, load_default=None, allow_none=True)
    assistants = fields.List(
        fields.Nested(PartyRequest), load_default=list, validate=validate.Length(max=MOST_UNITS)
    )
    instruction = Text(longest=LONGEST_TEXT, load_default="", metadata={"description": "领导批示"})
    instructor_post_id = fields.UUID(load_default=None, allow_none=True)
    instructor_name = Text(longest=100, load_default="")
    leader_post_id = fields.UUID(load_default=None, allow_none=True)


class OriginRequest(Schema):
    """The item of another service that a matter comes from: an incoming document or dispatch, a meeting, a case."""

    system = fields.String(required=True, validate=validate.OneOf(sorted({one for one, _ in ORIGIN_ROOMS})))
    kind = fields.String(required=True, validate=validate.OneOf(sorted({kind for _, kind in ORIGIN_ROOMS})))
    id = fields.UUID(required=True)
    title = Text(longest=500, shortest=1, required=True)
    number = Text(longest=100, load_default="")

    @validates_schema
    def check_kind(self, data: dict[str, Any], **_: Any) -> None:
        if (data["system"], data["kind"]) not in ORIGIN_ROOMS:
            raise ValidationError("来源系统没有这一类事项", "kind")


class RegisterSchema(MatterSchema):
    """A matter to register, and the item that it comes from if another service has it."""

    origin = fields.Nested(OriginRequest, load_default=None, allow_none=True)


class ActSchema(Schema):
    """A word that may go with an act; `for_post_id` says for which absent post, for a deputy of several."""

    opinion = Text(longest=LONGEST_TEXT, load_default="")
    for_post_id = fields.UUID(load_default=None, allow_none=True)


class ReasonSchema(Schema):
    """An act that needs a reason."""

    reason = Text(longest=LONGEST_TEXT, shortest=1, required=True)
    for_post_id = fields.UUID(load_default=None, allow_none=True)


class SlipRequest(Schema):
    """A slip by hand: which, and why."""

    colour = fields.String(required=True, validate=validate.OneOf([one.value for one in SlipColour]))
    reason = Text(longest=LONGEST_TEXT, shortest=1, required=True)


class PlanningSchema(ActSchema, LimitSchema):
    """Who shall do it until when; what is left out stays as it was."""

    lead = fields.Nested(PartyRequest, load_default=None, allow_none=True)
    assistants = fields.List(
        fields.Nested(PartyRequest),
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=MOST_UNITS),
    )


class AssignSchema(PlanningSchema):
    """The assignment (交办); `due_at` names the hour of a 限时件 and takes the place of a date or days."""

    due_at = fields.AwareDateTime(load_default=None, allow_none=True)


class ProposeSchema(PlanningSchema):
    """A proposal (拟办)."""

    leader_post_id = fields.UUID(load_default=None, allow_none=True)
    approver_post_ids = fields.List(
        fields.UUID(), load_default=list, validate=validate.Length(max=MOST_UNITS)
    )


class DecideSchema(ActSchema):
    """The answer to a request; a refusal says why."""

    granted = fields.Boolean(required=True)


class HandOverSchema(ActSchema):
    """Passing on within the unit (转办)."""

    to_post_id = fields.UUID(required=True)


class GoalRequest(Schema):
    """What should be done by the end of a day."""

    on = fields.Date(required=True)
    progress = fields.Integer(required=True, validate=validate.Range(min=1, max=100))
    text = Text(longest=500, load_default="")


class PlanSchema(ActSchema):
    """The plan (办理计划) with its goals; the assessment has a row for a plan that has none."""

    goals = fields.List(fields.Nested(GoalRequest), required=True, validate=validate.Length(max=100))


class FeedbackRequest(Schema):
    """A periodic report."""

    progress = fields.Integer(required=True, validate=validate.Range(min=0, max=100))
    report = Text(longest=LONGEST_TEXT, shortest=1, required=True)
    problems = Text(longest=LONGEST_TEXT, load_default="")
    for_post_id = fields.UUID(load_default=None, allow_none=True)


class AssistSchema(Schema):
    """An assistant's report."""

    report = Text(longest=LONGEST_TEXT, shortest=1, required=True)
    for_post_id = fields.UUID(load_default=None, allow_none=True)


class PartSchema(LimitSchema):
    """A subtask."""

    title = Text(longest=500, shortest=1, required=True)
    content = Text(longest=20_000, load_default="")
    lead = fields.Nested(PartyRequest, required=True)
    assistants = fields.List(
        fields.Nested(PartyRequest), load_default=list, validate=validate.Length(max=MOST_UNITS)
    )


class SplitSchema(Schema):
    """Subtasks of a task."""

    parts = fields.List(fields.Nested(PartSchema), required=True, validate=validate.Length(min=1, max=50))


class ExtensionSchema(LimitSchema):
    """More time: until a date, or so many working days more."""

    reason = Text(longest=LONGEST_TEXT, shortest=1, required=True)
    for_post_id = fields.UUID(load_default=None, allow_none=True)


class ClosureSchema(Schema):
    """The report of completion (办结申请)."""

    conclusion = Text(longest=LONGEST_TEXT, shortest=1, required=True)
    for_post_id = fields.UUID(load_default=None, allow_none=True)


class ReviewSchema(ActSchema):
    """Whether the report holds; sending it back needs an opinion."""

    passed = fields.Boolean(required=True)


class CloseSchema(ActSchema):
    """Whether the leader agrees, and a new instruction if there is one."""

    agreed = fields.Boolean(required=True)
    instruction = fields.Nested(MatterSchema, load_default=None, allow_none=True)


class RateSchema(ActSchema):
    """A rating."""

    score = fields.Integer(required=True, validate=validate.Range(min=1, max=5))


class FileFormSchema(Schema):
    """A file, and what to call it."""

    title = Text(longest=200, load_default="")


class RowSchema(Schema):
    """One matter of an import, as the hotline or a media watch names it."""

    reference = Text(longest=100, shortest=1, required=True, metadata={"description": "来源编号"})
    source = fields.String(
        load_default=TaskSource.HOTLINE.value,
        validate=validate.OneOf([TaskSource.HOTLINE.value, TaskSource.MEDIA.value]),
    )
    title = Text(longest=500, shortest=1, required=True)
    content = Text(longest=20_000, load_default="")
    urgency = fields.String(load_default="", validate=validate.OneOf([one.value for one in Urgency]))
    lead = Text(longest=200, load_default="", metadata={"description": "主办单位名称或代码"})
    due_on = fields.Date(load_default=None, allow_none=True)
    days = HalfDays(load_default=None, allow_none=True)


class ImportSchema(Schema):
    """Matters to register, all or none; whatever was registered before is passed over."""

    rows = fields.List(fields.Raw(), required=True, validate=validate.Length(min=1, max=2000))
