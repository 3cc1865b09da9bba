"""What happens to tasks as time passes: lights turn, reminders and slips go out, feedback is missed, rating ends.

Only tasks whose time has come are looked at, found by the index on `next_at`; a tick takes a bounded batch of them.
"""

import logging
from collections import defaultdict
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.supervision.commands.assign import ask_feedback_after, give_parts_anew, take_in_hand
from services.supervision.commands.close import Press, conclude
from services.supervision.commands.desk import Desk, lead_of
from services.supervision.commands.settling import LOOK_AGAIN, due_reminder, due_slip, settle
from services.supervision.commands.slips import issue_due_slip
from services.supervision.commands.timing import remind_holders
from services.supervision.domain.points import Point
from services.supervision.domain.states import WITH_LEAD, State, Verb
from services.supervision.domain.steps import ASKED_BY, BESIDE, STEP_OF_STATE, Step
from services.supervision.models import Task, TaskReminder
from services.supervision.queries.course import assistants_of_posts, last_doer, list_open_items
from services.supervision.queries.ground import Ground
from services.supervision.queries.people import posts_for
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import list_posts
from shared.events.supervision import TaskFeedbackMissed
from shared.flow.work import left_by_abolished_posts

logger = logging.getLogger(__name__)
BATCH = 100


def watch_tasks(session: Session, actor: Actor, clock: Clock, *, press: Press, batch: int = BATCH) -> int:
    """See to the tasks whose time has come, the longest waiting first; says how many there were.

    Each in a savepoint of its own: one that fails stands in nobody's way, and is tried again later.
    """
    come = (
        sa.select(Task)
        .where(Task.next_at <= clock.now())
        .order_by(Task.next_at)
        .limit(batch)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    tasks = session.scalars(come).all()
    ground = Ground(session, now=clock.now())
    for task in tasks:
        try:
            with session.begin_nested():
                own = actor.within(task.correlation_id)
                look_after(Desk(session, own, clock, task=task, ground=ground), press=press)
        except Exception:
            logger.exception("task %s could not be looked after", task.id)
            task.next_at = clock.now() + LOOK_AGAIN
            session.flush()
    return len(tasks)


def look_after(desk: Desk, *, press: Press) -> None:
    """Everything that is due for one task now; safe to repeat, each thing is done once."""
    state = State(desk.task.state)
    give_what_waits(desk)
    if state in WITH_LEAD:
        if point := due_reminder(desk):
            send_reminder(desk, point)
        if slip := due_slip(desk):
            issue_due_slip(desk, slip)
    if state is State.WORKING:
        miss_feedback(desk)
    if state is State.CLOSED and desk.task.rate_by and desk.now > desk.task.rate_by:
        desk.cancel(Step.RATE)
        conclude(desk, press=press)
    settle(desk)


def wake_orphaned(session: Session, clock: Clock) -> int:
    """Let tasks be looked at of which an abolished post still has something to do, though nothing else is due for them.

    Says how many.
    """
    now = clock.now()
    asleep = sa.or_(Task.next_at.is_(None), Task.next_at > now + LOOK_AGAIN)
    found = (
        sa.select(Task.id)
        .where(Task.id.in_(left_by_abolished_posts()), asleep)
        .with_for_update(skip_locked=True)
    )
    woken = sa.update(Task).where(Task.id.in_(found)).values(next_at=now).returning(Task.id)
    return len(session.execute(woken).all())


def give_what_waits(desk: Desk) -> None:
    """Give what a task waits for to whoever can do it now: when nobody could before, or the post that has it was
    abolished since.
    """
    step = STEP_OF_STATE.get(State(desk.task.state))
    if step is None:
        return
    items = list_open_items(desk.session, desk.task.id, [step, *BESIDE])
    there = list_posts(desk.session, [item.post_id for item in items])
    held = {item.step_id for item in items if item.post_id in there}
    gone: dict[str, list[UUID]] = defaultdict(list)
    for item in items:
        if item.post_id not in there:
            gone[item.step_id].append(item.post_id)
    if step in gone:
        desk.cancel(step, posts=gone[step])
    if step not in held:
        _give_step(desk, step)
    # What nobody can take stays where it is, and is looked at again.
    if Step.DECIDE_EXTENSION in gone and (Step.DECIDE_EXTENSION in held or _give_decision(desk)):
        desk.cancel(Step.DECIDE_EXTENSION, posts=gone[Step.DECIDE_EXTENSION])
    if Step.ASSIST in gone:
        vacant = give_parts_anew(desk)
        units = assistants_of_posts(desk.session, desk.task.id, gone[Step.ASSIST])
        desk.cancel(Step.ASSIST, posts=[post for post, unit in units.items() if unit not in vacant])


def _give_step(desk: Desk, step: Step) -> None:
    deadlines: dict[Step, datetime | None] = {
        Step.SIGN_FOR: desk.task.sign_by,
        Step.HANDLE: desk.task.due_at,
        Step.RATE: desk.task.rate_by,
    }
    got = desk.give(step, _posts_for(desk, step), deadline=deadlines.get(step))
    if step is Step.HANDLE and got:
        take_in_hand(desk, got[0])


def _give_decision(desk: Desk) -> bool:
    """Whether there is another post to decide on the extension."""
    posts = _posts_for(desk, Step.DECIDE_EXTENSION)
    desk.give(Step.DECIDE_EXTENSION, posts)
    return bool(posts)


def _posts_for(desk: Desk, step: Step) -> list[UUID]:
    """Who can do it now, but for the post that asked for it."""
    asked = last_doer(desk.session, desk.task.id, ASKED_BY[step]) if step in ASKED_BY else None
    return posts_for(desk.session, desk.task, step, but=asked.post_id if asked else None)


def send_reminder(desk: Desk, point: Point) -> None:
    """Remind the present holders at a set point, once."""
    task = desk.task
    row = {"task_id": task.id, "due_at": task.due_at, "occasion": point.name}
    first = insert(TaskReminder).values(**row, post_ids=[], sent_at=desk.now).on_conflict_do_nothing()
    if desk.session.execute(first.returning(TaskReminder.task_id)).first() is None:
        return
    note = _note_for(point.name)
    posts = remind_holders(desk, occasion=point.name, note=note)
    desk.session.execute(
        sa.update(TaskReminder)
        .where(
            TaskReminder.task_id == task.id,
            TaskReminder.due_at == task.due_at,
            TaskReminder.occasion == point.name,
        )
        .values(post_ids=posts)
    )
    desk.note(Verb.REMIND_AT_POINT, outcome=point.name, opinion=note, posts=posts)


def miss_feedback(desk: Desk) -> None:
    """Tell that a feedback did not come in time, once, and ask for the next."""
    task, due_at = desk.task, desk.task.feedback_due_at
    if due_at is None or desk.now <= due_at:
        return
    desk.note(Verb.MISS_FEEDBACK, due_at=due_at)
    desk.tell(TaskFeedbackMissed(task_id=task.id, unit_id=lead_of(task), due_at=due_at, missed_at=desk.now))
    ask_feedback_after(desk, desk.now)


def _note_for(occasion: str) -> str:
    offset = int(occasion.removeprefix("due") or 0)
    if offset < 0:
        return f"距离办结期限还有{-offset}个工作日，请抓紧办理"
    return "今天是办结期限，请及时报办结" if offset == 0 else f"已超过办结期限{offset}个工作日，请尽快办结"
