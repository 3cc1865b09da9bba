"""Reading what happened while a task was worked on."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.supervision.domain.lights import Goal
from services.supervision.domain.states import STRUCK_OFF, VERB_LABELS, Verb
from services.supervision.models import (
    Task,
    TaskAct,
    TaskFeedback,
    TaskFile,
    TaskGoal,
    TaskLink,
    TaskParty,
    TaskReminder,
    TaskRequest,
    TaskRest,
    TaskSlip,
)
from services.supervision.queries.visibility import sight_of
from shared.auth import Actor
from shared.clock import LOCAL_ZONE
from shared.directory import DirectoryPost, list_lines
from shared.flow.models import ItemStatus, WorkItem


def list_parties(session: Session, task_id: UUID) -> list[TaskParty]:
    """The lead first, then the assistants in order."""
    wanted = sa.select(TaskParty).where(TaskParty.task_id == task_id)
    return list(session.scalars(wanted.order_by(TaskParty.position)))


def waiting_assistants(session: Session, task: Task) -> list[TaskParty]:
    """The assistants that have not reported since the task was given out."""
    reported = sa.select(TaskFeedback.unit_id).where(
        TaskFeedback.task_id == task.id, TaskFeedback.kind == "assistant", TaskFeedback.at >= task.assigned_at
    )
    wanted = sa.select(TaskParty).where(
        TaskParty.task_id == task.id, TaskParty.role == "assistant", TaskParty.unit_id.not_in(reported)
    )
    return list(session.scalars(wanted.order_by(TaskParty.position)))


def assistants_of_posts(
    session: Session, task_id: UUID, post_ids: Collection[UUID]
) -> dict[UUID, UUID | None]:
    """The assistant that each post belongs to or did before it was abolished; none when that is no assistant now."""
    assistants = {party.unit_id for party in list_parties(session, task_id) if party.role == "assistant"}
    posts = session.scalars(sa.select(DirectoryPost).where(DirectoryPost.id.in_(post_ids))).all()
    lines = list_lines(session, {post.unit_id for post in posts})
    return {
        post.id: next((unit.id for unit in lines.get(post.unit_id, []) if unit.id in assistants), None)
        for post in posts
    }


def list_goals(session: Session, task_id: UUID) -> list[TaskGoal]:
    """The plan, by date."""
    return list(session.scalars(sa.select(TaskGoal).where(TaskGoal.task_id == task_id).order_by(TaskGoal.on)))


def goals_of(session: Session, task_id: UUID) -> list[Goal]:
    """The same as the rules of lights see it."""
    return [Goal(on=row.on, progress=row.progress) for row in list_goals(session, task_id)]


def list_feedback(session: Session, task_id: UUID) -> list[TaskFeedback]:
    """Every report, oldest first."""
    wanted = sa.select(TaskFeedback).where(TaskFeedback.task_id == task_id)
    return list(session.scalars(wanted.order_by(TaskFeedback.at, TaskFeedback.id)))


def missed_feedback(session: Session, task_id: UUID) -> datetime | None:
    """When the last feedback should have come that was missed, unless the lead has reported since."""
    reported = sa.select(sa.func.max(TaskFeedback.at)).where(
        TaskFeedback.task_id == task_id, TaskFeedback.kind != "assistant"
    )
    last = sa.select(TaskAct.details["due_at"].astext).where(
        TaskAct.task_id == task_id,
        TaskAct.verb == Verb.MISS_FEEDBACK,
        sa.func.coalesce(TaskAct.at > reported.scalar_subquery(), sa.true()),
    )
    due_at = session.scalars(last.order_by(TaskAct.at.desc()).limit(1)).one_or_none()
    return datetime.fromisoformat(due_at) if due_at else None


def list_requests(session: Session, task_id: UUID) -> list[TaskRequest]:
    """Every request for more time or to return the task, oldest first."""
    wanted = sa.select(TaskRequest).where(TaskRequest.task_id == task_id)
    return list(session.scalars(wanted.order_by(TaskRequest.asked_at, TaskRequest.id)))


def find_asked(session: Session, task_id: UUID) -> TaskRequest | None:
    """The request that waits for its answer, if one does."""
    wanted = sa.select(TaskRequest).where(TaskRequest.task_id == task_id, TaskRequest.state == "asked")
    return session.scalars(wanted).one_or_none()


def list_rests(session: Session, task_id: UUID) -> list[TaskRest]:
    """The times in which it rested, oldest first."""
    return list(
        session.scalars(sa.select(TaskRest).where(TaskRest.task_id == task_id).order_by(TaskRest.since))
    )


def list_slips(session: Session, task_id: UUID) -> list[TaskSlip]:
    """The slips issued, oldest first."""
    wanted = sa.select(TaskSlip).where(TaskSlip.task_id == task_id)
    return list(session.scalars(wanted.order_by(TaskSlip.issued_at, TaskSlip.id)))


def slips_of_date(session: Session, task: Task) -> set[str]:
    """The colours that the ladder issued for the date that holds; what was issued by hand is beside it."""
    wanted = sa.select(TaskSlip.colour).where(
        TaskSlip.task_id == task.id, TaskSlip.due_at == task.due_at, TaskSlip.by_hand.is_(False)
    )
    return set(session.scalars(wanted))


def reminders_of_date(session: Session, task: Task) -> set[str]:
    """The set points seen to for the date that holds."""
    wanted = sa.select(TaskReminder.occasion).where(
        TaskReminder.task_id == task.id, TaskReminder.due_at == task.due_at
    )
    return set(session.scalars(wanted))


def list_links(session: Session, task_id: UUID) -> list[TaskLink]:
    """What belongs to it, oldest first."""
    wanted = sa.select(TaskLink).where(TaskLink.task_id == task_id)
    return list(session.scalars(wanted.order_by(TaskLink.noted_at, TaskLink.item_id)))


def list_links_for(session: Session, actor: Actor, task_id: UUID, *, now: datetime) -> list[TaskLink]:
    """The same without the tasks that the actor may not see."""
    links = list_links(session, task_id)
    tasks = {link.item_id for link in links if link.system == "supervision"}
    # Most tasks are linked to none, so that sight need not be looked for.
    if not tasks:
        return links
    sight = sight_of(session, actor, now=now).covers()
    unseen = tasks.difference(session.scalars(sa.select(Task.id).where(Task.id.in_(tasks), sight)))
    return [link for link in links if link.item_id not in unseen]


def list_files(session: Session, task_id: UUID) -> list[TaskFile]:
    """Its files, oldest first."""
    wanted = sa.select(TaskFile).where(TaskFile.task_id == task_id)
    return list(session.scalars(wanted.order_by(TaskFile.added_at, TaskFile.id)))


def list_acts(session: Session, task_id: UUID) -> list[TaskAct]:
    """The history, oldest first."""
    wanted = sa.select(TaskAct).where(TaskAct.task_id == task_id)
    return list(session.scalars(wanted.order_by(TaskAct.at, TaskAct.id)))


def list_parts(session: Session, actor: Actor, task_id: UUID, *, now: datetime) -> list[Task]:
    """The subtasks that the actor may see, in order of their numbers."""
    parts = sa.select(Task).where(Task.parent_id == task_id).order_by(Task.id)
    # Most tasks have none, so that sight need not be looked for.
    if not session.scalars(parts.limit(1)).first():
        return []
    return list(session.scalars(parts.where(sight_of(session, actor, now=now).covers())))


def open_parts(session: Session, task_id: UUID) -> list[str]:
    """The numbers of the subtasks that are not closed or called off."""
    wanted = sa.select(Task.number).where(
        Task.parent_id == task_id, Task.state.not_in([state.value for state in STRUCK_OFF])
    )
    return [number or "" for number in session.scalars(wanted.order_by(Task.id))]


def list_open_items(session: Session, task_id: UUID, steps: Collection[str] = ()) -> list[WorkItem]:
    """The open work items of a task, copies to read too, at those steps or at all."""
    wanted = sa.select(WorkItem).where(WorkItem.subject_id == task_id, WorkItem.status == ItemStatus.OPEN)
    if steps:
        wanted = wanted.where(WorkItem.step_id.in_(steps))
    return list(session.scalars(wanted.order_by(WorkItem.received_at, WorkItem.id)))


def waits_in_vain(session: Session, task_id: UUID, step: str, beside: Collection[str]) -> bool:
    """Whether nobody has that step, or an abolished post has it or one beside it."""
    wanted = (
        sa.select(WorkItem.step_id, DirectoryPost.active)
        .outerjoin(DirectoryPost, DirectoryPost.id == WorkItem.post_id)
        .where(WorkItem.subject_id == task_id, WorkItem.status == ItemStatus.OPEN)
        .where(WorkItem.step_id.in_([step, *beside]))
    )
    held = session.execute(wanted).all()
    return all(found != step for found, _ in held) or any(active is False for _, active in held)


def last_doer(session: Session, task_id: UUID, verb: Verb) -> TaskAct | None:
    """The last act of that kind."""
    wanted = sa.select(TaskAct).where(TaskAct.task_id == task_id, TaskAct.verb == verb.value)
    return session.scalars(wanted.order_by(TaskAct.at.desc(), TaskAct.id.desc()).limit(1)).one_or_none()


def last_act(session: Session, task_id: UUID) -> str:
    """Who did what last, when, in words: for whoever came too late."""
    wanted = sa.select(TaskAct).where(TaskAct.task_id == task_id, TaskAct.person_id.is_not(None))
    act = session.scalars(wanted.order_by(TaskAct.at.desc(), TaskAct.id.desc()).limit(1)).one_or_none()
    if act is None:
        return ""
    at = act.at.astimezone(LOCAL_ZONE).strftime("%m月%d日 %H:%M")
    return f"{act.person_name}已于 {at} 办理“{VERB_LABELS[act.verb]}”"
