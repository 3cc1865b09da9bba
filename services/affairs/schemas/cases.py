"""How a case is shown, and by what cases are searched."""

from marshmallow import fields, validate

from services.affairs.domain.states import CaseState
from services.affairs.schemas.case_requests import CHANNELS, MissingSchema
from shared.events.affairs import CaseOutcome
from shared.web import PageQuery, Schema, Text


class FileSchema(Schema):
    """An uploaded file."""

    id = fields.UUID()
    name = fields.String()
    size = fields.Integer()
    media_type = fields.String()
    digest = fields.String()
    uploaded_at = fields.DateTime()


class CaseMaterialSchema(Schema):
    """A material of a case."""

    id = fields.UUID()
    code = fields.String()
    name = fields.String()
    provided_by = fields.String()
    required = fields.Boolean()
    state = fields.String()
    source = fields.String()
    source_id = fields.UUID(allow_none=True)
    source_title = fields.String()
    department_unit_id = fields.UUID(allow_none=True)
    file_id = fields.UUID(allow_none=True)
    due_at = fields.DateTime(allow_none=True)
    given_at = fields.DateTime(allow_none=True)
    given_by_name = fields.String()
    valid_until = fields.DateTime(allow_none=True)
    checked_at = fields.DateTime(allow_none=True)
    checked_by_name = fields.String()
    check_note = fields.String()


class CaseFieldSchema(Schema):
    """Where the value of a field came from."""

    name = fields.String()
    source = fields.String()
    source_id = fields.UUID(allow_none=True)
    source_title = fields.String()
    changed = fields.Boolean()


class TripSchema(Schema):
    """Somebody came in person."""

    at = fields.DateTime()
    reason = fields.String()
    noted_by_name = fields.String()


class ClockStopSchema(Schema):
    """A time at which the clock stood still."""

    cause = fields.String()
    reason = fields.String()
    began_at = fields.DateTime()
    ended_at = fields.DateTime(allow_none=True)
    half_days = fields.Integer(allow_none=True)
    stopped_by_name = fields.String()


class ResultSchema(Schema):
    """The result document, and the code by which it is verified."""

    id = fields.UUID()
    number = fields.String()
    name = fields.String()
    granted = fields.Boolean()
    code = fields.String()
    issued_at = fields.DateTime()
    digest = fields.String()
    size = fields.Integer()
    revoked_at = fields.DateTime(allow_none=True)
    revoke_reason = fields.String()


class SupervisionSchema(Schema):
    """A supervised task (督查事项) that the case led to."""

    task_id = fields.UUID()
    title = fields.String()
    number = fields.String()
    state = fields.String()
    registered_at = fields.DateTime()
    outcome = fields.String()
    ended_at = fields.DateTime(allow_none=True)


class CaseSummarySchema(Schema):
    """A case in a list."""

    id = fields.UUID()
    number = fields.String()
    title = fields.String()
    matter_id = fields.UUID()
    matter_name = fields.String()
    unit_id = fields.UUID()
    unit_name = fields.String()
    applicant_unit_id = fields.UUID()
    applicant_unit_name = fields.String()
    applicant_name = fields.String()
    channel = fields.String()
    state = fields.String()
    state_label = fields.String()
    instant = fields.Boolean()
    bundle_id = fields.UUID(allow_none=True)
    applied_at = fields.DateTime()
    accepted_at = fields.DateTime(allow_none=True)
    due_at = fields.DateTime(allow_none=True)
    stopped_at = fields.DateTime(allow_none=True)
    overdue_at = fields.DateTime(allow_none=True)
    outcome = fields.String(allow_none=True)
    in_time = fields.Boolean(allow_none=True)
    decided_at = fields.DateTime(allow_none=True)
    delivered_at = fields.DateTime(allow_none=True)
    score = fields.Integer(allow_none=True)
    trips = fields.Integer()


class CaseSchema(CaseSummarySchema):
    """A case with all that belongs to it."""

    revision = fields.Integer()
    flow_instance_id = fields.UUID(allow_none=True)
    matter_version = fields.Integer()
    applicant_post_id = fields.UUID()
    contact = fields.String()
    delivery = fields.String()
    form = fields.Dict()
    promise = fields.String()
    promised_by_name = fields.String()
    promised_at = fields.DateTime(allow_none=True)
    completion_asked_at = fields.DateTime(allow_none=True)
    completed_at = fields.DateTime(allow_none=True)
    missing = fields.List(fields.Nested(MissingSchema))
    promised_days = fields.Integer()
    legal_days = fields.Integer()
    original_due_at = fields.DateTime(allow_none=True)
    reason = fields.String()
    used_half_days = fields.Integer(allow_none=True)
    decided_by_name = fields.String()
    delivered_online = fields.Boolean(allow_none=True)
    rate_by = fields.DateTime(allow_none=True)
    comment = fields.String()
    rated_at = fields.DateTime(allow_none=True)
    ended_at = fields.DateTime(allow_none=True)
    materials = fields.List(fields.Nested(CaseMaterialSchema))
    fields_ = fields.List(fields.Nested(CaseFieldSchema), attribute="fields", data_key="fields")
    trip_list = fields.List(fields.Nested(TripSchema))
    clock_stops = fields.List(fields.Nested(ClockStopSchema))
    result = fields.Nested(ResultSchema, allow_none=True)
    supervision = fields.List(fields.Nested(SupervisionSchema))


class CaseFilters(Schema):
    """Which cases."""

    q = Text(longest=60, load_default="")
    state = fields.String(
        load_default="", validate=validate.OneOf(["", *(state.value for state in CaseState)])
    )
    outcome = fields.String(
        load_default="", validate=validate.OneOf(["", *(outcome.value for outcome in CaseOutcome)])
    )
    channel = fields.String(load_default="", validate=validate.OneOf(["", *CHANNELS]))
    matter_id = fields.UUID(load_default=None)
    unit_id = fields.UUID(load_default=None)
    applicant_unit_id = fields.UUID(load_default=None)
    bundle_id = fields.UUID(load_default=None)
    overdue = fields.Boolean(load_default=None)
    applied_from = fields.AwareDateTime(load_default=None)
    applied_to = fields.AwareDateTime(load_default=None)


class CaseQuery(CaseFilters, PageQuery):
    """The same by pages."""
