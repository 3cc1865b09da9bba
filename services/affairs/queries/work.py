"""Reading the work on a case: its items, what doing one asks, its flow and the diagram of it."""

from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.affairs import errors
from services.affairs.domain.steps import DUTY_STEPS
from services.affairs.models import Case
from shared.flow.catalog import definition_of
from shared.flow.models import FlowInstance, WorkItem
from shared.flow.work import ItemForm, draw_flow, form_of

_NOTHING_ASKED = ItemForm(outcomes=(), asks=(), coming=(), earlier=(), verbs=frozenset())


def get_item(session: Session, case: Case, item_id: UUID) -> WorkItem:
    """A work item of the case; Problem 404 when it has no such item."""
    item = session.get(WorkItem, item_id)
    if item is None or item.subject_id != case.id:
        raise errors.item_not_found(item_id)
    return item


def show_form(session: Session, case: Case, item_id: UUID) -> dict[str, Any]:
    """What the holder of an item is asked, whom to choose for which step, and where it may be returned to."""
    item = get_item(session, case, item_id)
    form = _NOTHING_ASKED if item.step_id in DUTY_STEPS else form_of(session, item.id)
    return {part.name: getattr(form, part.name) for part in fields(form)}


def draw_case(session: Session, case: Case) -> str:
    """The case's flow as SVG, with done and current steps marked; Problem 404 before acceptance."""
    if case.flow_instance_id is None:
        raise errors.no_flow(case.number)
    return draw_flow(session, case.flow_instance_id)


def list_steps(session: Session, case: Case) -> list[dict[str, Any]]:
    """The steps of the case's own flow version, in order."""
    instance = session.get(FlowInstance, case.flow_instance_id) if case.flow_instance_id else None
    if instance is None or instance.definition_id is None:
        return []
    definition = definition_of(session, instance.definition_id)
    ordered = sorted(definition.steps.values(), key=lambda step: definition.order[step.id])
    return [
        {
            "id": step.id,
            "name": step.name,
            "assigned_by": step.assign.by.value,
            "permission": step.assign.permission,
            "outcomes": step.outcomes,
        }
        for step in ordered
    ]
