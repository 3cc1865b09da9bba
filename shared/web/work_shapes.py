"""Shapes that services which route work have in common: work items, forms of steps, flows, and lines of a history."""

from marshmallow import fields, validate

from shared.flow.models import ItemStatus
from shared.web import PageQuery, Schema


class ItemQuery(PageQuery):
    """Which work items of a subject."""

    status = fields.String(
        load_default="", validate=validate.OneOf(["", *(item.value for item in ItemStatus)])
    )


class ItemSchema(Schema):
    """A work item."""

    id = fields.UUID()
    step_id = fields.String()
    step_name = fields.String()
    role = fields.String()
    status = fields.String()
    post_id = fields.UUID()
    unit_id = fields.UUID()
    holder = fields.String()
    sender_name = fields.String()
    received_at = fields.DateTime()
    read_at = fields.DateTime(allow_none=True)
    done_at = fields.DateTime(allow_none=True)
    deadline = fields.DateTime(allow_none=True)
    outcome = fields.String()
    opinion = fields.String()
    acted_person_name = fields.String()
    reminders = fields.Integer()


class OutcomeSchema(Schema):
    """One of the results that a step may have."""

    value = fields.String()
    label = fields.String()


class VariableSchema(Schema):
    """A fact that whoever completes the step may set."""

    name = fields.String()
    type = fields.String()
    label = fields.String()
    values = fields.List(fields.String())


class ComingStepSchema(Schema):
    """A coming step for which posts are chosen; `usual` did it the last time."""

    step_id = fields.String()
    name = fields.String()
    optional = fields.Boolean()
    with_lead = fields.Boolean()
    permission = fields.String()
    usual = fields.List(fields.UUID())


class EarlierStepSchema(Schema):
    """A step to which the item may be returned, and the posts that would get it."""

    step_id = fields.String()
    name = fields.String()
    post_ids = fields.List(fields.UUID())


class ItemFormSchema(Schema):
    """What whoever completes an item is asked, and what else may be done with it."""

    outcomes = fields.List(fields.Nested(OutcomeSchema))
    asks = fields.List(fields.Nested(VariableSchema))
    coming = fields.List(fields.Nested(ComingStepSchema))
    earlier = fields.List(fields.Nested(EarlierStepSchema))
    verbs = fields.List(fields.String())


class FlowVersionSchema(Schema):
    """A version of a flow."""

    key = fields.String()
    version = fields.Integer()
    name = fields.String()
    digest = fields.String()
    uploaded_at = fields.DateTime()
    uploaded_by_name = fields.String()


class ActSchema(Schema):
    """One act of a history: who, in which post, did what at which step, saying what."""

    id = fields.UUID()
    at = fields.DateTime()
    verb = fields.String()
    step = fields.String()
    outcome = fields.String()
    opinion = fields.String()
    person_name = fields.String()
    post_title = fields.String()
    unit_name = fields.String()
    on_behalf_name = fields.String()
