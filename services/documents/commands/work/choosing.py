"""Who is to do a coming step, from what a person sent."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.documents.models import Document
from services.documents.queries.issuers import check_signers
from shared.events.work import ItemRole
from shared.flow.acts import Assignee, Choice

SIGNING = "sign"


def choices_of(given: Mapping[str, Mapping[str, Any]]) -> dict[str, Choice]:
    """The choices by step id."""
    return {step_id: choice_of(choice) for step_id, choice in given.items()}


def choice_of(given: Mapping[str, Any]) -> Choice:
    """Posts on equal terms, or one lead (主办) and assistants (协办)."""
    lead: UUID | None = given.get("lead_post_id")
    posts: Sequence[UUID] = given.get("post_ids", ())
    deadline: date | None = given.get("deadline")
    if lead is None:
        return Choice(tuple(Assignee(post_id) for post_id in posts), deadline)
    helpers = (Assignee(post_id, ItemRole.ASSISTANT) for post_id in posts if post_id != lead)
    return Choice((Assignee(lead), *helpers), deadline)


def check_posts(session: Session, document: Document, *, step_id: str, post_ids: Collection[UUID]) -> None:
    """Refuse whoever may not have a step of this document, beyond what its flow says of the step."""
    if document.direction == "dispatch" and step_id == SIGNING:
        check_signers(session, document, post_ids)


def check_choices(session: Session, document: Document, choices: Mapping[str, Choice]) -> None:
    """The same for all that was chosen for coming steps."""
    for step_id, choice in choices.items():
        posts = [assignee.post_id for assignee in choice.assignees]
        check_posts(session, document, step_id=step_id, post_ids=posts)
