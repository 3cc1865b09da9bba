"""Who does the steps of a case's flow: chosen by whoever passes it on, else as the matter names them."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from services.affairs import errors
from services.affairs.commands.desk import Desk
from services.affairs.domain.steps import DECIDE, JOINT
from services.affairs.models import MatterVersion
from services.affairs.queries.people import organ_of
from shared.clock import local_date
from shared.directory.looking import list_units_of_posts
from shared.events.work import ItemRole
from shared.flow.acts import Assignee, Choice
from shared.flow.steps import Step


def choices_for(
    desk: Desk, version: MatterVersion, coming: Iterable[Step], *, given: Mapping[str, Mapping[str, Any]]
) -> dict[str, Choice]:
    """The posts of the coming steps. Raises `affairs.posts_needed` for one that nobody would get.

    What is handled and decided is due when the case is; the parts of others by the step's own working days.
    """
    chosen = {step_id: _choice(choice, desk=desk, step_id=step_id) for step_id, choice in given.items()}
    for step in coming:
        if step.id not in chosen and (named := _named_by(version, step)):
            chosen[step.id] = Choice(tuple(map(Assignee, named)), _due_on(desk, step.id))
        if step.id == JOINT:
            _require_every_unit(desk, version, step, chosen.get(step.id))
        elif step.id not in chosen and not step.optional:
            raise errors.posts_needed(step.id, step.name, [])
    return chosen


def _choice(given: Mapping[str, Any], *, desk: Desk, step_id: str) -> Choice:
    lead: UUID | None = given.get("lead_post_id")
    posts = given.get("post_ids", ())
    deadline = given.get("deadline") or _due_on(desk, step_id)
    if lead is None:
        return Choice(tuple(map(Assignee, posts)), deadline)
    helpers = (Assignee(post_id, ItemRole.ASSISTANT) for post_id in posts if post_id != lead)
    return Choice((Assignee(lead), *helpers), deadline)


def _due_on(desk: Desk, step_id: str) -> Any:
    due_at = desk.case.due_at
    return None if step_id == JOINT or due_at is None else local_date(due_at)


def _named_by(version: MatterVersion, step: Step) -> list[UUID]:
    if step.id == JOINT:
        return [UUID(part["post_id"]) for part in version.joint if part.get("post_id")]
    return list(version.decider_post_ids if step.id == DECIDE else version.handler_post_ids)


def _require_every_unit(desk: Desk, version: MatterVersion, step: Step, choice: Choice | None) -> None:
    """Each department that takes part must have somebody for its part."""
    posts = [assignee.post_id for assignee in choice.assignees] if choice else []
    units = list_units_of_posts(desk.session, posts).values()
    organs = {str(organ_of(desk.session, unit_id)) for unit_id in units}
    without = [part["unit_name"] for part in version.joint if part["unit_id"] not in organs]
    if without or not posts:
        raise errors.posts_needed(step.id, step.name, without)
