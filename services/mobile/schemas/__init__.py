"""Shapes of the mobile API."""

from typing import Any

from marshmallow import fields, validate

from services.mobile.domain.boxes import BOX_NAMES, ROLE_NAMES, Box, State
from shared.web import PageQuery, Schema, Text

_BOXES = "、".join(f"{box.value} {name}" for box, name in BOX_NAMES.items())
MOST_TRACED = 1000


class InboxFilters(Schema):
    """What a person narrows an inbox to."""

    system = Text(longest=50, load_default="", metadata={"description": "所属系统, 如 documents"})
    kind = Text(longest=50, load_default="", metadata={"description": "文种或类别, 如 通知、dispatch"})
    urgency = Text(longest=20, load_default="", metadata={"description": "紧急程度, 如 特急"})
    overdue = fields.Boolean(load_default=None, metadata={"description": "是否超期"})
    post_id = fields.UUID(load_default=None, metadata={"description": "只看某一岗位"})
    subject_id = fields.UUID(load_default=None, metadata={"description": "只看某一公文、会议、督查事项等"})
    q = Text(longest=100, load_default="", metadata={"description": "关键词: 标题、文号、环节、发送人"})


class InboxQuery(PageQuery, InboxFilters):
    """A box, narrowed and paged."""

    box = fields.Enum(Box, by_value=True, load_default=Box.TODO, metadata={"description": _BOXES})


class ExportQuery(InboxFilters):
    """A box, narrowed, as a whole."""

    box = fields.Enum(Box, by_value=True, load_default=Box.TODO, metadata={"description": _BOXES})


class BoxCounts(Schema):
    """How many rows each box has; `overdue` are the late ones to do."""

    todo = fields.Integer(required=True)
    to_read = fields.Integer(required=True)
    done = fields.Integer(required=True)
    read = fields.Integer(required=True)
    started = fields.Integer(required=True)
    overdue = fields.Integer(required=True)


class InboxPost(Schema):
    """A post by name."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    unit_name = fields.String(required=True)


class InboxOnBehalf(Schema):
    """For whom it is, or was, done; `acting_post_id` is the post in which to act."""

    person_id = fields.UUID(required=True)
    person_name = fields.String(required=True)
    acting_post_id = fields.UUID(allow_none=True)


class InboxStep(Schema):
    """Where a started piece of work is now."""

    step = fields.String(required=True)
    post = fields.Nested(InboxPost, required=True)
    deadline = fields.AwareDateTime(allow_none=True)
    overdue = fields.Boolean(required=True)
    read = fields.Boolean(required=True)


class InboxItem(Schema):
    """One line of an inbox: an item of a post, or a piece of work that the person started (`is_work`)."""

    id = fields.UUID(required=True)
    is_work = fields.Boolean(required=True)
    system = fields.String(required=True)
    subject_id = fields.UUID(required=True)
    subject_kind = fields.String(required=True)
    document_kind = fields.String(required=True)
    title = fields.String(required=True)
    number = fields.String(required=True)
    urgency = fields.String(required=True)
    link = fields.String(required=True)
    correlation_id = fields.UUID(required=True)
    state = fields.Enum(State, by_value=True, required=True)
    state_label = fields.String(required=True)
    step_id = fields.String(required=True)
    step = fields.String(required=True)
    role = fields.String(required=True, validate=validate.OneOf(["", *ROLE_NAMES]))
    role_label = fields.String(required=True)
    flow = fields.String(required=True)
    post = fields.Nested(InboxPost, allow_none=True)
    sender_name = fields.String(required=True)
    sender_post = fields.Nested(InboxPost, allow_none=True)
    received_at = fields.AwareDateTime(allow_none=True)
    deadline = fields.AwareDateTime(allow_none=True)
    overdue = fields.Boolean(required=True)
    read_at = fields.AwareDateTime(allow_none=True)
    done_at = fields.AwareDateTime(allow_none=True)
    answered_at = fields.AwareDateTime(allow_none=True)
    outcome = fields.String(required=True)
    acted_by = fields.String(required=True)
    on_behalf_of = fields.Nested(InboxOnBehalf, allow_none=True)
    reminders = fields.Integer(required=True)
    reminded_at = fields.AwareDateTime(allow_none=True)
    reminder_note = fields.String(required=True)
    current_steps = fields.List(fields.Nested(InboxStep), required=True)


class TraceQuery(Schema):
    """How much of a trace."""

    details = fields.Boolean(load_default=False, metadata={"description": "是否包括细节(查看、取消等)"})
    after = fields.String(load_default=None, metadata={"description": "上一页答复中的 next"})
    limit = fields.Integer(
        load_default=500,
        validate=validate.Range(min=1, max=MOST_TRACED),
        metadata={"description": "每页条数"},
    )


class ChainQuery(TraceQuery):
    """A chain, named by its correlation id."""

    correlation_id = fields.UUID(required=True)


class TraceSubject(Schema):
    """A document or other matter in the chain: one lane of its timeline."""

    id = fields.UUID(required=True)
    system = fields.String(required=True)
    subject_kind = fields.String(required=True)
    title = fields.String(required=True)
    number = fields.String(required=True)
    link = fields.String(required=True)


class TraceLine(Schema):
    """One event of a chain; `rank` is milestone, step or detail."""

    id = fields.UUID(required=True)
    at = fields.AwareDateTime(required=True)
    correlation_id = fields.UUID(required=True)
    causation_id = fields.UUID(allow_none=True)
    service = fields.String(required=True)
    type = fields.String(required=True, attribute="key")
    rank = fields.String(required=True)
    about_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True)
    step = fields.String(required=True)
    sentence = fields.String(required=True)
    person_id = fields.UUID(allow_none=True)
    person_name = fields.String(required=True)
    post = fields.Nested(InboxPost, allow_none=True)
    on_behalf_of = fields.String(required=True)
    to_post = fields.Nested(InboxPost, allow_none=True)


class Trace(Schema):
    """A chain, oldest first, as data for a timeline."""

    correlation_ids = fields.List(fields.UUID(), required=True)
    subjects = fields.List(fields.Nested(TraceSubject), required=True)
    items = fields.List(fields.Nested(TraceLine), required=True)
    next = fields.String(allow_none=True, required=True)


def dump_item(card: Any) -> dict[str, Any]:
    """An item as plain JSON, for streams."""
    dumped: dict[str, Any] = _ITEM.dump(card)
    return dumped


_ITEM = InboxItem()
