"""What is to be supervised, as requests, imports and events name it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.supervision import errors
from services.supervision.domain.deadlines import Limit
from services.supervision.domain.sources import ORIGIN_ROOMS
from services.supervision.models import Task
from services.supervision.queries.course import list_parties
from shared.events.origin import Origin
from shared.events.supervision import TaskSource


@dataclass(frozen=True, kw_only=True)
class Named:
    """A unit that shall take part, perhaps with the post that shall receive the task."""

    unit_id: UUID
    unit_name: str = ""
    post_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What is to be supervised. Without a limit the rule for its source and urgency holds."""

    title: str
    source: TaskSource = TaskSource.MANUAL
    content: str = ""
    urgency: str = ""
    limit: Limit = field(default_factory=Limit)
    lead: Named | None = None
    assistants: Sequence[Named] = ()
    origin: Origin | None = None
    cause: str = ""
    external_ref: str = ""
    instruction: str = ""
    instructor_post_id: UUID | None = None
    instructor_name: str = ""
    leader_post_id: UUID | None = None
    parent_id: UUID | None = None
    follows_id: UUID | None = None


def named_of(request: Mapping[str, Any]) -> Named:
    """A unit as a request names it."""
    return Named(unit_id=request["unit_id"], post_id=request.get("post_id"))


def named_parties(
    session: Session, task: Task, request: Mapping[str, Any]
) -> tuple[Named | None, list[Named]]:
    """Lead and assistants as the request names them, and as they were where it names none."""
    kept = [
        (row.role, Named(unit_id=row.unit_id, unit_name=row.unit_name, post_id=row.post_id))
        for row in list_parties(session, task.id)
    ]
    lead = next((party for role, party in kept if role == "lead"), None)
    assistants = [party for role, party in kept if role == "assistant"]
    if request.get("lead") is not None:
        lead = named_of(request["lead"])
    if request.get("assistants") is not None:
        assistants = [named_of(party) for party in request["assistants"]]
    return lead, assistants


def matter_of(body: Mapping[str, Any]) -> Matter:
    """A request to register, as the commands take it."""
    return Matter(
        title=body["title"],
        source=TaskSource(body["source"]),
        content=body["content"],
        urgency=body["urgency"],
        limit=limit_of(body),
        lead=named_of(body["lead"]) if body["lead"] else None,
        assistants=[named_of(party) for party in body["assistants"]],
        instruction=body["instruction"],
        instructor_post_id=body["instructor_post_id"],
        instructor_name=body["instructor_name"],
        leader_post_id=body["leader_post_id"],
        origin=_named_origin(body["origin"]) if body.get("origin") else None,
    )


def _named_origin(named: Mapping[str, Any]) -> Origin:
    room = ORIGIN_ROOMS[named["system"], named["kind"]]
    return Origin(**named, link=f"/{room}/{named['id']}")


def limit_of(request: Mapping[str, Any]) -> Limit:
    """The limit in a request: a date, or working days; Problem 422 for both, or beside an hour."""
    on: date | None = request.get("due_on")
    days = request.get("days")
    if sum(named is not None for named in (on, days, request.get("due_at"))) > 1:
        raise errors.due_twice()
    return Limit(on=on, half_days=None if days is None else int(days * 2))


def origin_of(task: Task) -> Origin | None:
    """The item of another service, or another task, that led to this one."""
    if task.origin_id is None:
        return None
    return Origin(
        system=task.origin_system,
        kind=task.origin_kind,
        id=task.origin_id,
        title=task.origin_title,
        number=task.origin_number,
        link=task.origin_link,
    )
