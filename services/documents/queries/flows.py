"""Reading flows: their versions, their steps, and the diagram of where a document is."""

from typing import Any

from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.models import Document
from services.documents.queries.work import find_instance
from shared.flow.catalog import definition_of
from shared.flow.work import draw_flow


def list_steps(session: Session, document: Document) -> list[dict[str, Any]]:
    """The steps of the document's own flow version, in order."""
    instance = find_instance(session, document)
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
            "optional": step.optional,
            "with_lead": step.with_lead,
            "outcomes": step.outcomes,
            "asks": list(step.asks),
        }
        for step in ordered
    ]


def draw_diagram(session: Session, document: Document) -> str:
    """The document's flow as SVG, with done and current steps marked; Problem 404 when it has none."""
    instance = find_instance(session, document)
    if instance is None:
        raise errors.no_flow(document.title)
    return draw_flow(session, instance.id)
