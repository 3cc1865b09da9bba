"""Putting a document on its way, and how its work items name it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.documents.commands.history import grant_sights
from services.documents.models import Document
from shared.auth import Actor
from shared.clock import Clock
from shared.flow.acts import Act, Subject
from shared.flow.verbs import describe_subject, start_flow


def start_work(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    document: Document,
    variables: Mapping[str, Any],
    sight: Mapping[UUID, str],
) -> Act:
    """Put a new document, not yet flushed, on its way through its flow.

    Those in `sight` may see it, each for its reason, and so may whoever gets an item.
    """
    # All that the document begins with is written at once, when it also knows its flow.
    with session.no_autoflush:
        act = start_flow(
            session,
            actor,
            clock,
            key=document.direction,
            subject=subject_of(document),
            unit_id=document.owner_unit_id,
            variables=variables,
            correlation_id=document.correlation_id,
        )
        document.flow_instance_id = act.instance_id
    session.flush()
    holders = {card.post_id: "work_item" for card in act.opened}
    grant_sights(session, document.id, {**holders, **sight})
    return act


def subject_of(document: Document) -> Subject:
    """The document as work items show it."""
    return Subject(
        id=document.id,
        kind=document.direction,
        title=document.title,
        link=f"/documents/{document.id}",
        number=document.number or document.source_number or "",
        document_kind=document.kind,
        urgency=document.urgency,
    )


def show_anew(session: Session, actor: Actor, clock: Clock, document: Document) -> None:
    """Let open items show what the document is called now."""
    if document.flow_instance_id:
        describe_subject(
            session, actor, clock, instance_id=document.flow_instance_id, subject=subject_of(document)
        )
