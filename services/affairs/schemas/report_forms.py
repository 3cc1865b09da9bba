"""Shapes of the shared report forms (一表同享)."""

from marshmallow import fields, validate

from services.affairs.domain.reporting import FieldKind, FormState, PeriodKind
from shared.web import PageQuery, Schema, Text

LONGEST_TEXT = 2_000
MOST_FIELDS = 200
MOST_UNITS = 500
_CODE = validate.Regexp(r"^[a-z][a-z0-9_]{0,59}\Z", error="应为小写字母开头的字母、数字或下划线，至多 60 个")


class FieldRequest(Schema):
    """A field for the dictionary."""

    code = fields.String(required=True, validate=_CODE)
    name = Text(longest=100, shortest=1, required=True)
    kind = fields.String(required=True, validate=validate.OneOf([kind.value for kind in FieldKind]))
    measure = Text(longest=20, load_default="", metadata={"description": "计量单位"})
    choices = fields.List(Text(longest=100, shortest=1), load_default=list, validate=validate.Length(max=100))
    note = Text(longest=500, load_default="", metadata={"description": "口径说明"})


class SharedFieldSchema(Schema):
    """A field of the dictionary."""

    code = fields.String()
    name = fields.String()
    kind = fields.String()
    measure = fields.String()
    choices = fields.List(fields.String())
    note = fields.String()
    unit_id = fields.UUID(allow_none=True)
    made_at = fields.DateTime()
    made_by_name = fields.String()


class SharedFieldQuery(PageQuery):
    """Which fields."""

    q = Text(longest=100, load_default="")


class AskedFieldRequest(Schema):
    """A field that a form asks for."""

    code = fields.String(required=True, validate=_CODE)
    required = fields.Boolean(load_default=True)


class AskedRequest(Schema):
    """What of whom: to see what is collected already."""

    fields_ = fields.List(
        fields.Nested(AskedFieldRequest),
        required=True,
        data_key="fields",
        attribute="fields",
        validate=validate.Length(min=1, max=MOST_FIELDS),
    )
    unit_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1, max=MOST_UNITS))


class ReportFormRequest(AskedRequest):
    """A new form of the actor's organ."""

    name = Text(longest=200, shortest=1, required=True)
    basis = Text(longest=LONGEST_TEXT, load_default="", metadata={"description": "制发依据"})
    period = fields.String(required=True, validate=validate.OneOf([kind.value for kind in PeriodKind]))
    due_days = fields.Integer(
        load_default=5,
        validate=validate.Range(min=1, max=60),
        metadata={"description": "报告期结束后的工作日数"},
    )
    starts_on = fields.Date(load_default=None, allow_none=True)
    reason = Text(longest=LONGEST_TEXT, load_default="", metadata={"description": "重复采集的理由"})


class OverlapFormSchema(Schema):
    """A form that collects the field."""

    form_id = fields.UUID()
    form_name = fields.String()
    unit_name = fields.String()
    units = fields.Integer(metadata={"description": "重复要求的单位数"})


class OverlapSchema(Schema):
    """A field that is collected already, and by which forms."""

    field_code = fields.String()
    field_name = fields.String()
    forms = fields.List(fields.Nested(OverlapFormSchema))


class OverlapsSchema(Schema):
    """What would be asked once more."""

    overlap = fields.List(fields.Nested(OverlapSchema))


class FormSummarySchema(OverlapsSchema):
    """A form in a list."""

    id = fields.UUID()
    revision = fields.Integer()
    unit_id = fields.UUID()
    unit_name = fields.String()
    name = fields.String()
    basis = fields.String()
    period = fields.String()
    period_label = fields.String()
    due_days = fields.Integer()
    starts_on = fields.Date()
    state = fields.String()
    state_label = fields.String()
    reason = fields.String()
    proposed_at = fields.DateTime()
    proposed_by_name = fields.String()
    decided_at = fields.DateTime(allow_none=True)
    decided_by_name = fields.String()
    decision = fields.String()
    ended_at = fields.DateTime(allow_none=True)


class FormFieldSchema(Schema):
    """A field as a form asks for it."""

    code = fields.String()
    name = fields.String()
    kind = fields.String()
    measure = fields.String()
    choices = fields.List(fields.String())
    note = fields.String()
    required = fields.Boolean()


class FormUnitSchema(Schema):
    """A unit that must fill a form."""

    unit_id = fields.UUID()
    unit_name = fields.String()


class ReportFormSchema(FormSummarySchema):
    """A whole form."""

    fields_ = fields.List(fields.Nested(FormFieldSchema), data_key="fields", attribute="fields")
    units = fields.List(fields.Nested(FormUnitSchema))
    may_decide = fields.Boolean()
    may_manage = fields.Boolean()


class ReportFormQuery(PageQuery):
    """Which forms; `filled_by` is a unit that must fill them."""

    unit_id = fields.UUID(load_default=None)
    filled_by = fields.UUID(load_default=None)
    field_code = fields.String(load_default="")
    state = fields.String(
        load_default="", validate=validate.OneOf(["", *(state.value for state in FormState)])
    )


class DecideFormSchema(Schema):
    """The decision on a form that was held; a refusal says why."""

    approved = fields.Boolean(required=True)
    reason = Text(longest=LONGEST_TEXT, load_default="")
    for_post_id = fields.UUID(load_default=None, allow_none=True)


class EndFormSchema(Schema):
    """Why a form is asked for no more."""

    reason = Text(longest=LONGEST_TEXT, shortest=1, required=True)


class FilingQuery(PageQuery):
    """Which filings."""

    form_id = fields.UUID(load_default=None)
    unit_id = fields.UUID(load_default=None)
    period = Text(longest=7, load_default="")
    state = fields.String(load_default="", validate=validate.OneOf(["", "open", "filed", "dropped"]))
    overdue = fields.Boolean(load_default=None)


class FilingSummarySchema(Schema):
    """A unit's filling of a form for a period; `reused` fields were there, `asked` were filled for it."""

    id = fields.UUID()
    form_id = fields.UUID()
    form_name = fields.String()
    form_unit_name = fields.String()
    unit_id = fields.UUID()
    unit_name = fields.String()
    period = fields.String()
    period_label = fields.String()
    state = fields.String()
    opened_at = fields.DateTime()
    due_at = fields.DateTime()
    overdue = fields.Boolean()
    filed_at = fields.DateTime(allow_none=True)
    filed_by_name = fields.String()
    in_time = fields.Boolean(allow_none=True)
    reused = fields.Integer()
    asked = fields.Integer()


class FilledFieldSchema(FormFieldSchema):
    """A field with what the unit filled in, and in which form."""

    value = fields.Raw(allow_none=True)
    from_form = fields.String()
    filled_at = fields.DateTime(allow_none=True)
    filled_by_name = fields.String()
    corrected_at = fields.DateTime(allow_none=True)


class FilingSchema(FilingSummarySchema):
    """The prefilled form."""

    fields_ = fields.List(fields.Nested(FilledFieldSchema), data_key="fields", attribute="fields")
    may_fill = fields.Boolean()
    may_correct = fields.Boolean()


class FileReportSchema(Schema):
    """The values that no form has asked before."""

    values = fields.Dict(
        keys=fields.String(),
        values=fields.Raw(allow_none=True),
        required=True,
        validate=validate.Length(max=MOST_FIELDS),
    )
    for_post_id = fields.UUID(load_default=None, allow_none=True)


class CorrectValueSchema(Schema):
    """A value that was wrong."""

    field_code = fields.String(required=True, validate=_CODE)
    value = fields.Raw(required=True)
    reason = Text(longest=LONGEST_TEXT, shortest=1, required=True)


class CorrectionSchema(Schema):
    """A correction."""

    id = fields.UUID()
    field_code = fields.String()
    period = fields.String()
    before = fields.Raw()
    after = fields.Raw()
    reason = fields.String()
    at = fields.DateTime()
    person_name = fields.String()


class CorrectionsSchema(Schema):
    """Corrections, newest first."""

    corrections = fields.List(fields.Nested(CorrectionSchema))


class PeriodQuery(Schema):
    """Which period."""

    period = Text(longest=7, shortest=1, required=True)


class DataRowSchema(Schema):
    """One unit's data."""

    unit_id = fields.UUID()
    unit_name = fields.String()
    filing_id = fields.UUID(allow_none=True)
    state = fields.String()
    due_at = fields.DateTime(allow_none=True)
    filed_at = fields.DateTime(allow_none=True)
    overdue = fields.Boolean()
    values = fields.Dict(keys=fields.String(), values=fields.Raw())


class FormDataSchema(Schema):
    """A form's data of a period."""

    form_id = fields.UUID()
    form_name = fields.String()
    period = fields.String()
    state_label = fields.String()
    fields_ = fields.List(fields.Nested(FormFieldSchema), data_key="fields", attribute="fields")
    rows = fields.List(fields.Nested(DataRowSchema))
