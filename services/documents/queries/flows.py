"""Reading flows, and what may be chosen in them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from marshmallow import fields
from sqlalchemy.orm import Session

from services.documents.models import Document, LengthLimitRow
from services.documents.queries.work import find_instance
from shared.auth import Actor
from shared.directory import DirectoryUnit, get_organ, list_holders
from shared.flow.catalog import definition_of, get_version, list_versions
from shared.flow.diagram import draw_diagram as draw
from shared.flow.engine import Run
from shared.flow.models import FlowDefinition
from shared.permissions import Permission
from shared.web.paging import Page, make_page, read_cursor
from shared.web.schema import PageQuery, Schema, Text


class UnitQuery(PageQuery):
    """Filters of the list of organs."""

    q = Text(longest=60, load_default="")
    level = Text(longest=20, load_default="")


class PostQuery(Schema):
    """Which posts: of the actor's organ unless another is named."""

    unit_id = fields.UUID(load_default=None)
    permission = fields.Enum(Permission, by_value=True, required=True)


def list_flow_versions(session: Session, key: str) -> list[FlowDefinition]:
    """All versions of a flow, newest first."""
    return list_versions(session, key=key)


def get_flow_xml(session: Session, key: str) -> bytes:
    """The newest version as BPMN 2.0."""
    return get_version(session, key=key).xml


def list_steps(session: Session, document: Document) -> list[dict[str, Any]]:
    """The steps of the document's own flow version, in order."""
    instance = find_instance(session, document)
    if instance is None:
        return []
    definition = definition_of(session, instance.definition_id)
    ordered = sorted(definition.steps.values(), key=lambda step: definition.order[step.id])
    return [
        {
            "id": step.id,
            "name": step.name,
            "assigned_by": step.assign.by.value,
            "permission": step.assign.permission,
            "optional": step.optional,
            "with_lead": step.with_lead,
            "outcomes": [{"value": outcome.value, "label": outcome.label} for outcome in step.outcomes],
            "asks": list(step.asks),
        }
        for step in ordered
    ]


def draw_diagram(session: Session, document: Document) -> str:
    """The document's flow as SVG, with done and current steps marked."""
    instance = find_instance(session, document)
    if instance is None:
        return '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
    definition = definition_of(session, instance.definition_id)
    return draw(definition, Run.load(definition, instance.state).marks())


def list_units(session: Session, *, query: Mapping[str, Any]) -> Page[DirectoryUnit]:
    """Organs that may be named as recipients, by code."""
    wanted = sa.select(DirectoryUnit).where(DirectoryUnit.active, DirectoryUnit.issues_documents)
    if query["q"]:
        pattern = query["q"]
        wanted = wanted.where(
            sa.or_(
                DirectoryUnit.name.contains(pattern, autoescape=True),
                DirectoryUnit.short_name.contains(pattern, autoescape=True),
            )
        )
    if query["level"]:
        wanted = wanted.where(DirectoryUnit.level == query["level"])
    if query.get("after"):
        code, last_id = read_cursor(query["after"], str, UUID)
        wanted = wanted.where(sa.tuple_(DirectoryUnit.code, DirectoryUnit.id) > (code, last_id))
    limit = query["limit"]
    rows = session.scalars(wanted.order_by(DirectoryUnit.code, DirectoryUnit.id).limit(limit + 1))
    return make_page(list(rows), limit, lambda unit: (unit.code, unit.id))


def list_choosable_posts(session: Session, actor: Actor, *, query: Mapping[str, Any]) -> list[Any]:
    """The posts of an organ that carry a permission and are held by somebody."""
    unit_id = query["unit_id"] or actor.unit_id
    if unit_id is None:
        return []
    return list_holders(session, get_organ(session, unit_id).id, query["permission"])


def list_length_limit_rows(session: Session) -> list[LengthLimitRow]:
    """All length limits, newest first."""
    rows = sa.select(LengthLimitRow).order_by(LengthLimitRow.effective_from.desc(), LengthLimitRow.scope)
    return list(session.scalars(rows))
