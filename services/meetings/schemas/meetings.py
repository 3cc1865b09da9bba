"""Shapes of meetings, agendas and invitations."""

from marshmallow import fields, validate

from services.meetings.domain.kinds import Grade, Kind
from services.meetings.domain.states import MeetingState
from services.meetings.schemas.minutes import DecisionSchema, MinutesSchema
from services.meetings.schemas.topics import FileSchema, FindingSchema, MeetingFileSchema
from shared.web import PageQuery, Schema, Text

_KINDS = [kind.value for kind in Kind]
_GRADES = ["", *(grade.value for grade in Grade)]


class PlanPartsSchema(Schema):
    """What may be changed of a planned meeting."""

    kind = fields.String(validate=validate.OneOf(_KINDS))
    grade = fields.String(validate=validate.OneOf(_GRADES))
    title = Text(longest=200, shortest=1)
    purpose = Text(longest=2000)
    comprehensive = fields.Boolean(metadata={"description": "是否系统综合性会议"})
    conveys_only = fields.Boolean(metadata={"description": "是否传达布置类会议"})
    speech_minutes = fields.Integer(allow_none=True, validate=validate.Range(min=1, max=1000))
    expected_people = fields.Integer(allow_none=True, validate=validate.Range(min=1, max=100_000))
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    place = Text(longest=200)
    chair_post_id = fields.UUID()
    convener_post_id = fields.UUID()


class NewMeetingSchema(PlanPartsSchema):
    """A meeting to plan; the convener is the chair unless named, and the place the room that is booked for it."""

    kind = fields.String(required=True, validate=validate.OneOf(_KINDS))
    title = Text(longest=200, shortest=1, required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    chair_post_id = fields.UUID(required=True)


class MeetingSummarySchema(Schema):
    """A meeting in a list."""

    id = fields.UUID()
    unit_id = fields.UUID()
    unit_name = fields.String()
    kind = fields.String()
    grade = fields.String()
    title = fields.String()
    number = fields.String(allow_none=True)
    state = fields.String()
    state_label = fields.String()
    starts_at = fields.DateTime()
    ends_at = fields.DateTime()
    place = fields.String()
    within_quota = fields.Boolean()
    organiser_name = fields.String()
    called_at = fields.DateTime(allow_none=True)
    closed_at = fields.DateTime(allow_none=True)
    concluded_at = fields.DateTime(allow_none=True)


class AgendaItemSchema(Schema):
    """A point of an agenda."""

    id = fields.UUID()
    topic_id = fields.UUID(allow_none=True)
    position = fields.Integer()
    title = fields.String()
    minutes = fields.Integer(allow_none=True)
    reporting_unit_id = fields.UUID(allow_none=True)
    reporting_unit_name = fields.String()
    state = fields.String()
    outcome_note = fields.String()
    leave_reason = fields.String()
    leave_opinion = fields.String()
    leave_by_name = fields.String()
    leave_at = fields.DateTime(allow_none=True)
    added_by_name = fields.String()
    files = fields.List(fields.Nested(FileSchema))


class InvitationSchema(Schema):
    """A seat: who is invited, what was answered, who came."""

    id = fields.UUID()
    position = fields.Integer()
    role = fields.String()
    unit_id = fields.UUID()
    unit_name = fields.String()
    post_id = fields.UUID(allow_none=True)
    post_title = fields.String()
    person_name = fields.String()
    agenda_item_ids = fields.List(fields.UUID())
    state = fields.String()
    state_label = fields.String()
    reason = fields.String()
    stand_in_post_id = fields.UUID(allow_none=True)
    stand_in_title = fields.String()
    stand_in_name = fields.String()
    stand_in_unit_name = fields.String()
    decision_opinion = fields.String()
    decided_by_name = fields.String()
    decided_at = fields.DateTime(allow_none=True)
    answered_at = fields.DateTime(allow_none=True)
    opened_at = fields.DateTime(allow_none=True)
    opened_by_name = fields.String()
    attendance = fields.String()
    attendance_label = fields.String()
    stood_in = fields.Boolean()
    arrived_at = fields.DateTime(allow_none=True)
    arrived_how = fields.String()


class MeetingSchema(MeetingSummarySchema):
    """A meeting with everything that its reader may see."""

    revision = fields.Integer()
    purpose = fields.String()
    comprehensive = fields.Boolean()
    conveys_only = fields.Boolean()
    speech_minutes = fields.Integer(allow_none=True)
    expected_people = fields.Integer(allow_none=True)
    chair_post_id = fields.UUID()
    convener_post_id = fields.UUID()
    reply_by = fields.DateTime(allow_none=True)
    year = fields.Integer(allow_none=True)
    quota_waiver = fields.String()
    told_findings = fields.List(fields.Nested(FindingSchema))
    frozen_at = fields.DateTime(allow_none=True)
    began_at = fields.DateTime(allow_none=True)
    ended_at = fields.DateTime(allow_none=True)
    cancelled_at = fields.DateTime(allow_none=True)
    cancel_reason = fields.String()
    is_inside = fields.Boolean()
    agenda = fields.List(fields.Nested(AgendaItemSchema))
    files = fields.List(fields.Nested(MeetingFileSchema))
    own_invitation = fields.Nested(InvitationSchema, allow_none=True)
    invitations = fields.List(fields.Nested(InvitationSchema))
    decisions = fields.List(fields.Nested(DecisionSchema))
    minutes = fields.Nested(MinutesSchema, allow_none=True)


class MeetingFilters(Schema):
    """Which meetings; `invited` those that the reader is invited to."""

    state = fields.String(validate=validate.OneOf([state.value for state in MeetingState]))
    kind = fields.String(validate=validate.OneOf(_KINDS))
    grade = fields.String(validate=validate.OneOf(_GRADES))
    unit_id = fields.UUID()
    year = fields.Integer(validate=validate.Range(min=2000, max=2200))
    starts_from = fields.AwareDateTime()
    starts_to = fields.AwareDateTime()
    over_quota = fields.Boolean()
    invited = fields.Boolean()
    q = Text(longest=100)


class MeetingQuery(MeetingFilters, PageQuery):
    """The same, page by page."""


class QuotaUseSchema(Schema):
    """One head of a year's plan."""

    key = fields.String()
    year = fields.Integer()
    planned = fields.Integer(allow_none=True)
    used = fields.Integer()
    is_full = fields.Boolean()


class QuotaQuery(Schema):
    """Whose plan, and of which day's year; the own organ's of today when not named."""

    unit_id = fields.UUID(load_default=None)
    on = fields.Date(load_default=None)


class CheckSchema(Schema):
    """What is to be acknowledged before the notice, and the year's plan."""

    findings = fields.List(fields.Nested(FindingSchema))
    quota = fields.List(fields.Nested(QuotaUseSchema))


class CallMeetingSchema(Schema):
    """The notice."""

    acknowledged = fields.List(fields.String(), load_default=list, validate=validate.Length(max=200))
    quota_waiver = Text(longest=500, load_default="")
    reply_by = fields.AwareDateTime(load_default=None)


class RescheduleSchema(Schema):
    """Another time or place; without a place the room that is booked for then, else the same place."""

    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    place = Text(longest=200, load_default="")
    reason = Text(longest=500, shortest=1, required=True)


class PresidingSchema(Schema):
    """Who presides or convenes from now on, and why; whoever did both hands on both unless a convener is named."""

    chair_post_id = fields.UUID(load_default=None)
    convener_post_id = fields.UUID(load_default=None)
    reason = Text(longest=500, shortest=1, required=True)


class NewAgendaItemSchema(Schema):
    """A topic, or another matter by its title; `reason` after the freeze."""

    topic_id = fields.UUID(load_default=None)
    title = Text(longest=200, load_default="")
    minutes = fields.Integer(load_default=None, validate=validate.Range(min=1, max=600))
    reporting_unit_id = fields.UUID(load_default=None)
    reason = Text(longest=500, load_default="")


class OptionalReasonSchema(Schema):
    """Why, where it is needed."""

    reason = Text(longest=500, load_default="")


class OrderSchema(Schema):
    """Every point once, in the new order."""

    item_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1, max=200))


class GrantSchema(Schema):
    """Yes or no, and why not."""

    granted = fields.Boolean(required=True)
    opinion = Text(longest=1000, load_default="")


class ItemOutcomeSchema(Schema):
    """Whether a point was heard."""

    outcome = fields.String(required=True, validate=validate.OneOf(["heard", "postponed"]))
    note = Text(longest=500, load_default="")


class InviteeSchema(Schema):
    """A post, or a unit that names somebody."""

    post_id = fields.UUID(load_default=None)
    unit_id = fields.UUID(load_default=None)
    role = fields.String(load_default="attendee", validate=validate.OneOf(["attendee", "observer"]))
    agenda_item_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=100))


class InviteSchema(Schema):
    """Whom to invite."""

    invitees = fields.List(
        fields.Nested(InviteeSchema), required=True, validate=validate.Length(min=1, max=1000)
    )


class AnswerSchema(Schema):
    """Whether one comes; `for_post_id` names the absent one for whom a deputy answers who is invited as well."""

    outcome = fields.String(required=True, validate=validate.OneOf(["attend", "ask_leave", "stand_in"]))
    reason = Text(longest=500, load_default="")
    stand_in_post_id = fields.UUID(load_default=None)
    for_post_id = fields.UUID(load_default=None)


class NameSchema(Schema):
    """Who comes for the unit."""

    post_id = fields.UUID(required=True)


class MomentSchema(Schema):
    """When it was, now when not said."""

    at = fields.AwareDateTime(load_default=None)


class AttendanceSchema(Schema):
    """Who came, put right."""

    attendance = fields.String(
        required=True, validate=validate.OneOf(["present", "late", "absent", "excused"])
    )
    stood_in = fields.Boolean(load_default=False)
    arrived_at = fields.AwareDateTime(load_default=None)
    reason = Text(longest=500, shortest=1, required=True)
