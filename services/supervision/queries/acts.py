"""What a viewer may do about a task now: by the state, and by the open items that the viewer has."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.supervision.domain.states import VERB_LABELS, Verb, may
from services.supervision.domain.steps import BY_STAFF, STEP_OF_VERB, Step
from services.supervision.models import Task
from services.supervision.queries.course import find_asked, list_open_items
from services.supervision.queries.visibility import acting_posts, is_staff_of
from shared.auth import Actor
from shared.events.work import ItemRole

_OF_REQUESTS = {
    Verb.ASK_EXTENSION: None,
    Verb.GRANT_EXTENSION: "extension",
    Verb.REFUSE_EXTENSION: "extension",
    Verb.GRANT_RETURN: "return",
    Verb.REFUSE_RETURN: "return",
}


def actions_of(session: Session, actor: Actor, task: Task, *, now: datetime) -> list[dict[str, Any]]:
    """The verbs that are open to the viewer, each with the item that makes it so and whose that is."""
    posts = acting_posts(session, actor, now=now)
    items = [item for item in list_open_items(session, task.id) if item.post_id in posts]
    asked = find_asked(session, task.id)
    held = {item.step_id: item for item in items if item.role != ItemRole.READER}
    copies = [item for item in items if item.role == ItemRole.READER]
    found: list[dict[str, Any]] = []
    for verb, steps in STEP_OF_VERB.items():
        item = next((held[step] for step in steps if step in held), None)
        if item is None or not may(task.state, verb):
            continue
        if verb in _OF_REQUESTS and (asked.kind if asked else None) != _OF_REQUESTS[verb]:
            continue
        found.append(_action(verb, item.id, item.post_id))
    found += [_action(Verb.READ, item.id, item.post_id) for item in copies]
    is_staff = is_staff_of(session, actor, task)
    if is_staff:
        found += [_action(verb, None, None) for verb in BY_STAFF if may(task.state, verb)]
    if may(task.state, Verb.SPLIT) and task.parent_id is None and (is_staff or Step.HANDLE in held):
        found.append(_action(Verb.SPLIT, None, None))
    if may(task.state, Verb.ATTACH) and (is_staff or held):
        found.append(_action(Verb.ATTACH, None, None))
    return found


def _action(verb: Verb, item_id: UUID | None, post_id: UUID | None) -> dict[str, Any]:
    return {"verb": verb.value, "label": VERB_LABELS[verb], "item_id": item_id, "post_id": post_id}
