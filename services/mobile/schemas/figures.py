"""Shapes of the figures; which figures there are is said in one place, `services.mobile.domain.figures`."""

from marshmallow import fields, validate

from services.mobile.domain.figures import FIGURES, Form
from services.mobile.queries.figures import ItemPart
from shared.web import Schema
from shared.web.schema import PageQuery

_YEARS = validate.Range(min=2000, max=2100)


class PeriodQuery(Schema):
    """Over which units and which days: a year, a quarter or month of it, or from a day to a day; else this year."""

    unit_id = fields.UUID(load_default=None, metadata={"description": "单位, 含其下级; 默认本机关"})
    year = fields.Integer(load_default=None, validate=_YEARS)
    quarter = fields.Integer(load_default=None, validate=validate.Range(min=1, max=4))
    month = fields.Integer(load_default=None, validate=validate.Range(min=1, max=12))
    first = fields.Date(load_default=None, data_key="from")
    last = fields.Date(load_default=None, data_key="to")


class FigureItemsQuery(PeriodQuery, PageQuery):
    """Which of the items behind a figure."""

    part = fields.Enum(ItemPart, by_value=True, load_default=ItemPart.ALL)


class FigureExportQuery(PeriodQuery):
    """Which of the items behind a figure, for a spreadsheet."""

    part = fields.Enum(ItemPart, by_value=True, load_default=ItemPart.ALL)


class ChartQuery(PeriodQuery):
    """Bars for the units below, or the months of the period."""

    by = fields.String(load_default="unit", validate=validate.OneOf(["unit", "month"]))


class FigureValue(Schema):
    """A figure's value, declared formula and parts."""

    code = fields.String(required=True, metadata={"enum": list(FIGURES)})
    name = fields.String(required=True)
    section = fields.String(required=True)
    form = fields.Enum(Form, by_value=True, required=True)
    formula = fields.String(required=True)
    source = fields.String(required=True, metadata={"description": "出处"})
    unit = fields.String(required=True, metadata={"description": "计入哪个单位"})
    dated = fields.String(required=True, metadata={"description": "以何日期归入期间"})
    value = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "百分数或工作日数, 两位小数(截尾); 无可比时为空"},
    )
    numerator = fields.Float(required=True)
    denominator = fields.Integer(required=True, allow_none=True)


class FigurePart(Schema):
    """A figure for one unit or month."""

    key = fields.String(required=True)
    label = fields.String(required=True)
    value = fields.String(required=True, allow_none=True)
    numerator = fields.Float(required=True)
    denominator = fields.Integer(required=True, allow_none=True)


class FigureAsked(Schema):
    """For which unit and period the answer is."""

    unit_id = fields.UUID(required=True)
    unit_name = fields.String(required=True)
    period = fields.String(required=True)
    first = fields.Date(required=True, data_key="from")
    last = fields.Date(required=True, data_key="to")
    as_of = fields.Date(required=True, metadata={"description": "截至"})


class FigureList(FigureAsked):
    """All figures."""

    items = fields.List(fields.Nested(FigureValue), required=True)


class FigureDetail(FigureAsked):
    """One figure with its split."""

    figure = fields.Nested(FigureValue, required=True)
    by_unit = fields.List(fields.Nested(FigurePart), required=True)
    by_month = fields.List(fields.Nested(FigurePart), required=True)


class FigureItem(Schema):
    """One item behind a figure."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    title = fields.String(required=True)
    number = fields.String(required=True)
    unit_id = fields.UUID(required=True)
    unit_name = fields.String(required=True)
    day = fields.Date(required=True, allow_none=True)
    until_day = fields.Date(required=True, allow_none=True)
    counts = fields.Boolean(required=True, metadata={"description": "是否计入分子"})
    amount = fields.Integer(required=True)
    days = fields.Float(required=True, allow_none=True, metadata={"description": "所用工作日"})
