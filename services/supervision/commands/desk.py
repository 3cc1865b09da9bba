"""What every verb has in common: the task under lock, one line of history and one event for each act, duties given
and done, and what follows from it for lights and set points.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.supervision import errors
from services.supervision.domain.secrecy import refuse_secret
from services.supervision.domain.states import SETS_TO_WORK, VERB_LABELS, State, Verb, after
from services.supervision.domain.steps import STEP_NAMES, STEP_PERMISSIONS, WORK_KIND, Step
from services.supervision.models import Task, TaskAccess, TaskAct
from services.supervision.queries.course import last_act, last_doer
from services.supervision.queries.ground import Ground
from services.supervision.queries.people import name_of, posts_for
from services.supervision.queries.visibility import get_task, is_staff_of, lock_task
from shared.auth import Actor
from shared.clock import Clock, FixedClock
from shared.events.base import Event
from shared.events.documents import Doer
from shared.events.work import ItemRole
from shared.flow import duties, verbs
from shared.flow.acts import Act, Assignee, Subject
from shared.flow.claims import lock_own_item
from shared.history import absent_name, columns_of_actor, doer_of
from shared.ids import new_id
from shared.messaging import outbox
from shared.permissions import CHINESE_NAMES
from shared.search import bigrams
from shared.sight import SightTable

_SIGHT = SightTable(TaskAccess.task_id)


class Desk:
    """One task in one transaction, with who acts on it.

    All of it happens at one instant, on what else is done from this desk too: its clock stands still.
    """

    def __init__(
        self, session: Session, actor: Actor, clock: Clock, *, task: Task, ground: Ground | None = None
    ) -> None:
        self.session = session
        self.actor = actor
        self.task = task
        self.now: datetime = clock.now()
        self.clock: Clock = FixedClock(self.now)
        self.for_post_id: UUID | None = None
        if ground is not None:
            self.ground = ground

    @cached_property
    def ground(self) -> Ground:
        """The rules and calendars that hold now."""
        return Ground(self.session, now=self.now)

    def move(self, verb: Verb) -> None:
        """The task's state after this verb; Problem 409 where the verb has no place, saying who was faster."""
        last = last_act(self.session, self.task.id)
        self.task.state = after(self.task.state, verb, title=self.task.title, last=last).value

    def require_staff(self, verb: Verb) -> None:
        """Refuse whoever does not register, assign or approve for the supervising organ (403)."""
        if not is_staff_of(self.session, self.actor, self.task):
            raise errors.not_your_staff(self.task.title, VERB_LABELS[verb])

    def refuse_own(self, verb: Verb, *, asked: Verb) -> None:
        """Refuse whoever reported or asked for it, in whatever post and whosever name (403)."""
        act = last_doer(self.session, self.task.id, asked)
        if act and act.person_id and act.person_id == self.actor.person_id:
            raise errors.own_request(self.task.title, VERB_LABELS[verb])

    def tell(self, event: Event) -> None:
        """Record an event on the task's chain."""
        outbox.record(self.session, self.actor, event, correlation_id=self.task.correlation_id)

    @property
    def doer(self) -> Doer:
        """Who acts, as events name it."""
        return doer_of(self.actor, on_behalf_of=absent_name(self.session, self.for_post_id))

    def note(
        self, verb: Verb, *, step: str = "", outcome: str = "", opinion: str = "", **details: Any
    ) -> TaskAct:
        """One line of history; the task has changed. Problem 422 for an opinion that bears a secrecy mark."""
        if not self.actor.is_system:
            refuse_secret(opinion)
        act = TaskAct(
            id=new_id(),
            task_id=self.task.id,
            at=self.now,
            verb=verb.value,
            step=step,
            outcome=outcome,
            opinion=opinion,
            **columns_of_actor(self.actor),
            on_behalf_post_id=self.for_post_id,
            on_behalf_name=absent_name(self.session, self.for_post_id),
            details={name: _plain(value) for name, value in details.items()},
        )
        self.session.add(act)
        if verb is not Verb.REGISTER:
            self.task.revision += 1
        if opinion:
            self.task.terms = sorted({*self.task.terms, *bigrams(opinion)})
        return act

    def open_work(self) -> None:
        """Begin the work on a new task, which must have been flushed."""
        self.task.work_id = duties.open_work(
            self.session,
            self.actor,
            self.clock,
            subject=subject_of(self.task),
            unit_id=self.task.unit_id,
            name="督查事项办理",
            correlation_id=self.task.correlation_id,
        )

    def give(
        self,
        step: Step,
        posts: Iterable[UUID],
        *,
        deadline: datetime | None = None,
        role: ItemRole = ItemRole.LEAD,
    ) -> list[UUID]:
        """Give posts a step to do, and sight of the task; those that got it now."""
        duty = duties.Duty(
            step_id=step.value, step_name=STEP_NAMES[step], work_kind=WORK_KIND, deadline=deadline
        )
        made = duties.give_duty(
            self.session,
            self.actor,
            self.clock,
            subject_id=self.task.id,
            duty=duty,
            assignees=[Assignee(post_id, role) for post_id in posts],
        )
        got = [item.post_id for item in made]
        self.grant(got, reason="work_item")
        return got

    def give_next(self, step: Step, *, deadline: datetime | None = None) -> list[UUID]:
        """Give a step to whoever it is for; Problem 422 when nobody is there, but for the suite, which tries again.

        What the actor asks for is not given to the post that asks.
        """
        posts = posts_for(self.session, self.task, step, but=self.actor.post_id)
        if not posts and not self.actor.is_system:
            raise self.nobody(step)
        return self.give(step, posts, deadline=deadline)

    def nobody(self, step: Step) -> Exception:
        """Nobody is there to do that step."""
        if step in (Step.SIGN_FOR, Step.HANDLE):
            return errors.nobody_receives(self.task.lead_unit_name)
        unit = self.task.unit_name or name_of(self.session, self.task.unit_id)
        return errors.nobody_holds(unit, STEP_NAMES[step], CHINESE_NAMES[STEP_PERMISSIONS[step]])

    def fulfil(self, step: Step, *, request: Mapping[str, Any], outcome: str = "", label: str = "") -> Act:
        """Do the actor's own open item of that step; nobody else has to do it any more."""
        act = duties.fulfil_duty(
            self.session,
            self.actor,
            self.clock,
            subject_id=self.task.id,
            step_id=step.value,
            outcome=outcome,
            outcome_label=label,
            opinion=request.get("opinion", "") or request.get("reason", ""),
            alone=True,
            for_post_id=request.get("for_post_id"),
        )
        self.for_post_id = act.for_post_id
        return act

    def hold(self, step: Step, *, request: Mapping[str, Any]) -> UUID:
        """The post in which the actor has that step open, which stays open; Problem when it has not."""
        _, item, acting = lock_own_item(
            self.session,
            self.actor,
            self.clock,
            subject_id=self.task.id,
            step_id=step.value,
            for_post_id=request.get("for_post_id"),
        )
        self.for_post_id = acting.for_post_id
        return item.post_id

    def cancel(self, *steps: Step, posts: Sequence[UUID] | None = None) -> None:
        """Take back what is open of those steps."""
        duties.cancel_duties(
            self.session,
            self.actor,
            self.clock,
            subject_id=self.task.id,
            step_ids=[step.value for step in steps],
            post_ids=posts,
        )

    def show_anew(self) -> None:
        """Let open items show what the task is called now."""
        if self.task.work_id:
            verbs.describe_subject(
                self.session,
                self.actor,
                self.clock,
                instance_id=self.task.work_id,
                subject=subject_of(self.task),
            )

    def grant(self, holders: Iterable[UUID], *, reason: str) -> None:
        """Let posts, or the staff of units, see the task from now on; repeating it changes nothing."""
        self.session.flush()
        _SIGHT.grant(self.session, self.task.id, holders, reason=reason)


def open_desk(session: Session, actor: Actor, clock: Clock, *, task_id: UUID, verb: Verb) -> Desk:
    """A task that the actor may see, held until the transaction ends and moved by the verb.

    Raises `supervision.whole_rests` for what sets a part to work while the whole of it rests.
    """
    whole = _hold_whole(session, actor, clock, task_id=task_id) if verb in SETS_TO_WORK else None
    desk = Desk(session, actor, clock, task=lock_task(session, actor, task_id, now=clock.now()))
    desk.move(verb)
    if whole and whole.state == State.SUSPENDED:
        raise errors.whole_rests(whole.title)
    return desk


def lead_of(task: Task) -> UUID:
    """The lead unit of a task that was given out."""
    assert task.lead_unit_id is not None, "a task that was given out has a lead"
    return task.lead_unit_id


def subject_of(task: Task) -> Subject:
    """The task as work items show it."""
    return Subject(
        id=task.id,
        kind="task",
        title=task.title,
        link=f"/tasks/{task.id}",
        number=task.number or "",
        document_kind="督查事项",
        urgency=task.urgency,
    )


def terms_of(task: Task) -> list[str]:
    """Under which terms a task is found."""
    return bigrams(
        task.title, task.content, task.number, task.external_ref, task.origin_title, task.origin_number,
        task.instruction, task.lead_unit_name,
    )  # fmt: skip


def _hold_whole(session: Session, actor: Actor, clock: Clock, *, task_id: UUID) -> Task | None:
    """The whole of a part, which nobody puts to rest meanwhile; it is always locked before the part."""
    part = get_task(session, actor, task_id, now=clock.now())
    if part.parent_id is None:
        return None
    held = sa.select(Task).where(Task.id == part.parent_id).with_for_update(read=True)
    return session.scalars(held.execution_options(populate_existing=True)).one()


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, bool | int | str | dict) else str(value)
