"""How the local rules of filing are sent and shown."""

from marshmallow import fields, validate

from services.archives.schemas.days import Day
from shared.web import Schema, Text

MOST_ROWS = 500


class ScheduleQuery(Schema):
    """The day to look at; today when none is named."""

    on = Day()


class ScheduleSummarySchema(Schema):
    """A version of the retention schedule (保管期限表) in a list."""

    id = fields.UUID(dump_only=True)
    unit_id = fields.UUID(dump_only=True, allow_none=True)
    version = Text(longest=40, shortest=1, required=True)
    effective_from = Day(required=True)
    approval = Text(
        longest=500, shortest=1, required=True, metadata={"description": "档案主管部门审查同意的文号或意见"}
    )
    put_at = fields.DateTime(dump_only=True)
    put_by_name = fields.String(dump_only=True)


class ScheduleSchema(ScheduleSummarySchema):
    """A whole version; rows are tried in order, and `retention` null means 不归档."""

    rules = fields.List(
        fields.Dict(keys=fields.String()), required=True, validate=validate.Length(min=1, max=MOST_ROWS)
    )


class FondsQuery(Schema):
    """Which archive's fonds, where several have one of the same number."""

    division = Text(longest=6, load_default=None, metadata={"description": "档案馆所在区划代码, 6 位"})


class FondsChangeSchema(Schema):
    """How a fonds numbers its items from now on; what is not named stays."""

    template = Text(longest=200, shortest=1, metadata={"description": "档号规则"})
    category = Text(longest=2, shortest=2, metadata={"description": "档案门类代码"})
    name = Text(longest=200)
    archive_name = Text(longest=200)
    archive_code = Text(longest=50)
    default_unit_code = Text(longest=20, shortest=1)
    unit_codes = fields.Dict(
        keys=fields.UUID(),
        values=fields.String(validate=validate.Length(min=1, max=20)),
        validate=validate.Length(max=500),
        metadata={"description": "内设机构标识与机构代码的对应"},
    )
    reason = Text(longest=500, load_only=True, metadata={"description": "依据或理由"})


class FondsSchema(FondsChangeSchema):
    """A fonds (全宗) with its setting."""

    division_code = fields.String()
    fonds_code = fields.String()
    unit_id = fields.UUID()
    unit_name = fields.String()
    revision = fields.Integer()
    unit_codes = fields.Dict()
