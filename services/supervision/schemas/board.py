"""What the board is asked and what it answers."""

import re
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from shared.events.supervision import Light, TaskSource
from shared.web import PageQuery, Schema
from shared.web.schema import paged

_MONTH = re.compile(r"20[0-9][0-9]-(0[1-9]|1[0-2])")
_PATTERN = {"pattern": f"^{_MONTH.pattern}$"}


class Month(fields.String):
    """A month such as 2026-11; loaded as 202611."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not _MONTH.fullmatch(value):
            raise ValidationError("应为月份, 形如 2026-11")
        return int(value.replace("-", ""))


class BoardQuery(Schema):
    """Which tasks are counted; `unit_id` is a supervising organ of the scope, the period is that of establishment."""

    unit_id = fields.UUID(load_default=None, metadata={"description": "督查机关"})
    lead_unit_id = fields.UUID(load_default=None, metadata={"description": "主办单位"})
    source = fields.String(load_default="", validate=validate.OneOf(["", *(one.value for one in TaskSource)]))
    light = fields.String(load_default="", validate=validate.OneOf(["", *(one.value for one in Light)]))
    leader_post_id = fields.UUID(load_default=None, metadata={"description": "批示或批准的领导"})
    month_from = Month(load_default=None, metadata={"description": "立项月份自, 形如 2026-01", **_PATTERN})
    month_to = Month(load_default=None, metadata={"description": "立项月份至", **_PATTERN})

    @validates_schema
    def check_period(self, data: dict[str, Any], **_: Any) -> None:
        first, last = data.get("month_from"), data.get("month_to")
        if first and last and last < first:
            raise ValidationError("止于的月份早于开始的月份", "month_to")


class BoardTaskQuery(BoardQuery, PageQuery):
    """The same, page by page."""


class LineSchema(Schema):
    """One line: tasks by light; mean handling time in working days, of open ones as they are now."""

    tasks = fields.Integer()
    grey = fields.Integer()
    green = fields.Integer()
    amber = fields.Integer()
    red = fields.Integer()
    done = fields.Integer()
    mean_days = fields.Float(allow_none=True, metadata={"description": "平均办理工作日, 含在办事项已用时间"})
    mean_closed_days = fields.Float(allow_none=True)
    mean_open_days = fields.Float(allow_none=True)


class UnitLineSchema(LineSchema):
    """A lead unit."""

    unit_id = fields.UUID(allow_none=True)
    name = fields.String()


class SourceLineSchema(LineSchema):
    """A source."""

    source = fields.String()
    name = fields.String()


class LeaderLineSchema(LineSchema):
    """A leader, by post."""

    post_id = fields.UUID(allow_none=True)
    name = fields.String()


class MonthLineSchema(LineSchema):
    """A month of establishment."""

    month = fields.String()


class BoardSchema(Schema):
    """The board at one moment."""

    on = fields.Date()
    total = fields.Nested(LineSchema)
    units = fields.List(fields.Nested(UnitLineSchema))
    sources = fields.List(fields.Nested(SourceLineSchema))
    leaders = fields.List(fields.Nested(LeaderLineSchema))
    months = fields.List(fields.Nested(MonthLineSchema))
    late = fields.Nested(
        lambda: paged(BoardTaskSchema)(), metadata={"description": "最久的超期事项, 其余见 /board/late"}
    )


class HolderSchema(Schema):
    """A post that has an open item of a task."""

    post_id = fields.UUID()
    name = fields.String()
    step = fields.String()


class BoardTaskSchema(Schema):
    """A task as the board lists it."""

    id = fields.UUID()
    number = fields.String(allow_none=True)
    title = fields.String()
    source = fields.String()
    source_label = fields.String()
    unit_id = fields.UUID()
    unit_name = fields.String()
    lead_unit_id = fields.UUID(allow_none=True)
    lead_unit_name = fields.String()
    leader_name = fields.String()
    state = fields.String()
    state_label = fields.String()
    light = fields.String()
    light_label = fields.String()
    progress = fields.Integer()
    extensions = fields.Integer()
    assigned_at = fields.DateTime(allow_none=True)
    original_due_at = fields.DateTime(allow_none=True)
    due_at = fields.DateTime(allow_none=True)
    closed_at = fields.DateTime(allow_none=True)
    late_days = fields.Float(allow_none=True, metadata={"description": "超期工作日"})
    holders = fields.List(fields.Nested(HolderSchema))
