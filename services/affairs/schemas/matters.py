"""What the catalogue (事项清单) takes and shows."""

from marshmallow import fields, validate

from services.affairs.domain.materials import Provider
from shared.events.affairs import Channel
from shared.web import PageQuery, Schema, Text

_PROVIDERS = [provider.value for provider in Provider]
_CHANNELS = [channel.value for channel in Channel]
_DELIVERIES = ["online", "window"]
_APPLICANTS = ["unit", "person"]
_DAYS = validate.Range(min=0, max=1000)
_COUNT = validate.Range(min=0, max=200)
MOST_LINES = 50
MOST_MATERIALS = 100
MOST_UNITS = 50
_CODE = validate.Regexp(
    r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}\Z", error="应由字母、数字、点、横线组成，不超过 40 个字符"
)


def _lines(longest: int) -> fields.List:
    text = Text(longest=longest, shortest=1)
    return fields.List(text, load_default=[], validate=validate.Length(max=MOST_LINES))


class MaterialRuleSchema(Schema):
    """One material: who provides it, whether it may follow later (容缺), whether a declaration may stand for it."""

    code = Text(longest=40, shortest=1, required=True, validate=[_CODE])
    name = Text(longest=200, shortest=1, required=True)
    provided_by = fields.String(load_default="applicant", validate=validate.OneOf(_PROVIDERS))
    required = fields.Boolean(load_default=True)
    may_defer = fields.Boolean(load_default=False, metadata={"description": "可容缺"})
    may_declare = fields.Boolean(load_default=False, metadata={"description": "可告知承诺"})
    copies = fields.Integer(load_default=1, validate=validate.Range(min=1, max=100))
    note = Text(longest=500, load_default="")
    template_file_id = fields.UUID(load_default=None, allow_none=True, metadata={"description": "样表"})
    department_unit_id = fields.UUID(load_default=None, allow_none=True)
    valid_days = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=1, max=36500))


class JointSchema(Schema):
    """A department that takes part (联办单位), and the post that does its part unless another is chosen."""

    unit_id = fields.UUID(required=True)
    unit_name = fields.String(dump_only=True)
    post_id = fields.UUID(load_default=None, allow_none=True)


class MatterContentSchema(Schema):
    """What a version of a matter says."""

    name = Text(longest=200, shortest=1, required=True)
    parent_name = Text(longest=200, load_default="", metadata={"description": "主项名称"})
    level = Text(longest=40, load_default="", metadata={"description": "行使层级"})
    office_id = fields.UUID(load_default=None, allow_none=True, metadata={"description": "承办处室"})
    applicants = fields.List(
        fields.String(validate=validate.OneOf(_APPLICANTS)),
        load_default=["unit"],
        validate=validate.Length(min=1),
    )
    basis = _lines(500)
    conditions = _lines(500)
    instant = fields.Boolean(load_default=False, metadata={"description": "即办件"})
    legal_days = fields.Integer(required=True, validate=_DAYS)
    promised_days = fields.Integer(required=True, validate=_DAYS)
    promised_minutes = fields.Integer(
        load_default=60,
        validate=validate.Range(min=1, max=480),
        metadata={"description": "即办件: 受理后多少分钟内办结"},
    )
    original_materials = fields.Integer(load_default=0, validate=_COUNT)
    materials = fields.List(
        fields.Nested(MaterialRuleSchema), load_default=[], validate=validate.Length(max=MOST_MATERIALS)
    )
    original_trips = fields.Integer(load_default=0, validate=_COUNT)
    trips = fields.Integer(load_default=0, validate=_COUNT)
    channels = fields.List(
        fields.String(validate=validate.OneOf(_CHANNELS)),
        load_default=["web", "phone", "window"],
        validate=validate.Length(min=1, max=3),
    )
    form = fields.Dict(
        keys=fields.String(),
        load_default={"type": "object", "properties": {}},
        metadata={"description": "JSON Schema draft 2020-12"},
    )
    flow_key = Text(longest=80, load_default="case-simple")
    joint = fields.List(fields.Nested(JointSchema), load_default=[], validate=validate.Length(max=MOST_UNITS))
    handler_post_ids = fields.List(fields.UUID(), load_default=[], validate=validate.Length(max=MOST_UNITS))
    decider_post_ids = fields.List(fields.UUID(), load_default=[], validate=validate.Length(max=MOST_UNITS))
    result_name = Text(longest=60, load_default="")
    result_code = Text(longest=20, load_default="", metadata={"description": "结果文号代字, 如 萍人社证"})
    delivery = fields.List(
        fields.String(validate=validate.OneOf(_DELIVERIES)),
        load_default=["online"],
        validate=validate.Length(min=1, max=2),
    )
    fee = Text(longest=200, load_default="")
    contact = Text(longest=200, load_default="")
    supervision_contact = Text(longest=200, load_default="")
    confidential = fields.Boolean(load_default=False, metadata={"description": "涉密"})
    note = Text(longest=2000, load_default="")


class NewMatterSchema(MatterContentSchema):
    """A new matter."""

    code = Text(longest=40, shortest=1, required=True, validate=[_CODE])


class MatterSchema(MatterContentSchema):
    """A matter in one of its versions."""

    id = fields.UUID()
    code = fields.String()
    unit_id = fields.UUID()
    unit_name = fields.String()
    version = fields.Integer()
    state = fields.String()
    office_name = fields.String()
    online = fields.Boolean()
    high_frequency = fields.Boolean()
    effective_on = fields.Date(allow_none=True)
    saved_at = fields.DateTime()
    saved_by_name = fields.String()
    published_at = fields.DateTime(allow_none=True)
    published_by_name = fields.String()
    withdrawn_on = fields.Date(allow_none=True)
    withdraw_reason = fields.String()
    revision = fields.Integer()


class MatterVersionSchema(MatterSchema):
    """One of the versions of a matter."""

    in_force = fields.Boolean()


class MatterFilters(Schema):
    """Which matters, as in force on a day."""

    q = Text(longest=60, load_default="")
    code = Text(longest=40, load_default="")
    unit_id = fields.UUID(load_default=None)
    instant = fields.Boolean(load_default=None)
    high_frequency = fields.Boolean(load_default=None)
    on = fields.Date(load_default=None)


class MatterQuery(MatterFilters, PageQuery):
    """The same by pages."""


class MatterDayQuery(Schema):
    """As in force on which day; today unless named."""

    on = fields.Date(load_default=None)


class PublishSchema(Schema):
    """From which day on; today unless named."""

    effective_on = fields.Date(load_default=None, allow_none=True)


class WithdrawMatterSchema(Schema):
    """Why, and from which day on."""

    reason = Text(longest=500, shortest=1, required=True)
    effective_on = fields.Date(load_default=None, allow_none=True)
