"""Reading the work on a case: its items, what doing one asks, its flow and the diagram of it."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs import errors
from services.affairs.domain.steps import DUTY_STEPS
from services.affairs.models import Case
from shared.directory import list_posts
from shared.flow.catalog import definition_of, get_version, list_versions
from shared.flow.models import FlowDefinition, FlowInstance, WorkItem
from shared.flow.work import ItemForm, draw_flow, form_of
from shared.web.paging import Page, make_page, read_cursor

_COLUMNS = [column.key for column in sa.inspect(WorkItem).columns]
_NOTHING_ASKED = ItemForm(outcomes=(), asks=(), coming=(), earlier=(), verbs=frozenset())


def get_item(session: Session, case: Case, item_id: UUID) -> WorkItem:
    """A work item of the case; Problem 404 when it has no such item."""
    item = session.get(WorkItem, item_id)
    if item is None or item.subject_id != case.id:
        raise errors.item_not_found(item_id)
    return item


def page_items(session: Session, case: Case, *, query: Mapping[str, Any]) -> Page[dict[str, Any]]:
    """The case's work items in the order in which they were given out, each with the post that has it."""
    wanted = sa.select(WorkItem).where(WorkItem.subject_id == case.id)
    if query["status"]:
        wanted = wanted.where(WorkItem.status == query["status"])
    if query.get("after"):
        last = read_cursor(query["after"], datetime, UUID)
        wanted = wanted.where(sa.tuple_(WorkItem.received_at, WorkItem.id) > sa.tuple_(*last))
    ordered = wanted.order_by(WorkItem.received_at, WorkItem.id)
    rows = session.scalars(ordered.limit(query["limit"] + 1)).all()
    page = make_page(rows, query["limit"], lambda item: (item.received_at, item.id))
    cards = list_posts(session, {item.post_id for item in page.items})
    shown = [
        {
            **{name: getattr(item, name) for name in _COLUMNS},
            "holder": cards[item.post_id].label if item.post_id in cards else "",
        }
        for item in page.items
    ]
    return Page(shown, page.next)


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


def list_flow_versions(session: Session, key: str) -> list[FlowDefinition]:
    """All versions of a flow, newest first."""
    return list_versions(session, key=key)


def get_flow_xml(session: Session, key: str) -> bytes:
    """The newest version as BPMN 2.0."""
    return get_version(session, key=key).xml
