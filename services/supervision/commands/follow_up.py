"""A new instruction on a finished task (新批示) becomes a task of its own, linked both ways."""

from collections.abc import Mapping
from typing import Any

from services.supervision.commands.desk import Desk
from services.supervision.commands.links import add_link
from services.supervision.commands.matter import Matter, limit_of, named_of
from services.supervision.commands.register import add_task, check_matter
from services.supervision.commands.settling import settle
from services.supervision.domain.states import Verb
from services.supervision.domain.steps import Step
from services.supervision.models import Task
from shared.events.origin import Origin
from shared.events.supervision import TaskSource


def follow_up(desk: Desk, instruction: Mapping[str, Any]) -> Task:
    """Register what the leader wrote as a task that follows from this one (新交办)."""
    before = desk.task
    matter = Matter(
        title=instruction["title"],
        content=instruction["content"],
        source=TaskSource.INSTRUCTION,
        urgency=instruction["urgency"],
        limit=limit_of(instruction),
        lead=named_of(instruction["lead"]) if instruction["lead"] else None,
        assistants=[named_of(party) for party in instruction["assistants"]],
        origin=_as_origin(before),
        instruction=instruction["content"] or instruction["title"],
        instructor_post_id=before.leader_post_id,
        leader_post_id=before.leader_post_id,
        follows_id=before.id,
    )
    check_matter(desk.session, desk.clock, matter=matter, unit_id=before.unit_id)
    new = add_task(desk.session, desk.actor, desk.clock, matter=matter, unit_id=before.unit_id)
    new.task.officer_post_id = before.officer_post_id
    new.give_next(Step.PROPOSE)
    settle(new)
    add_link(desk, kind="follow_up", of=_as_origin(new.task))
    desk.note(Verb.FOLLOW_UP, step="领导审阅", opinion=matter.instruction, task_id=new.task.id)
    return new.task


def _as_origin(task: Task) -> Origin:
    return Origin(
        system="supervision",
        kind="task",
        id=task.id,
        title=task.title,
        number=task.number or "",
        link=f"/tasks/{task.id}",
    )
