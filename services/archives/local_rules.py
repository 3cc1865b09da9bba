"""What each fonds sets for itself: how it numbers its items and what it is called."""

from marshmallow import fields

from services.archives.domain.archival_number import DEFAULT_TEMPLATE
from services.archives.domain.unit_code import DEFAULT_CODE
from shared.dated_rules import RuleTable
from shared.web import Schema


class FondsRuleSchema(Schema):
    """How a fonds numbers its items and what it is called.

    `unit_codes` maps the id of an inner office to its 机构代码 in archival numbers; `default_unit_code` is for
    documents that name no office.
    """

    template = fields.String(required=True)
    category = fields.String(required=True)
    name = fields.String(load_default="")
    archive_name = fields.String(load_default="")
    archive_code = fields.String(load_default="")
    default_unit_code = fields.String(required=True)
    unit_codes = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)


# Its subjects are fonds: each division's archive counts its fonds by itself, so both codes name one.
FONDS = RuleTable(
    name="fonds",
    title="全宗设置",
    schema=FondsRuleSchema,
    source="DA/T 22-2015",
    default={"template": DEFAULT_TEMPLATE, "category": "WS", "default_unit_code": DEFAULT_CODE},
)
