"""Who is to do a coming step, from what a person sent."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from shared.events.work import ItemRole
from shared.flow.acts import Assignee, Choice


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
