"""What follows from any change of a task: its light, and when something will happen by itself next."""

from datetime import datetime, timedelta
from uuid import UUID

from services.supervision.commands.desk import Desk
from services.supervision.domain.lights import Amber, Standing, light_of, next_turn
from services.supervision.domain.points import Point, next_point, passed, reminder_points, slip_points
from services.supervision.domain.states import LIGHT_LABELS, REPORTED, WITH_LEAD, State, Verb
from services.supervision.domain.steps import BESIDE, STEP_OF_STATE
from services.supervision.local_rules import REMINDERS, SLIPS
from services.supervision.queries.course import (
    find_asked,
    goals_of,
    reminders_of_date,
    slips_of_date,
    waits_in_vain,
)
from shared.clock import local_date
from shared.errors import Problem
from shared.events.supervision import Light, TaskLightTurned

_SECOND = timedelta(seconds=1)
# When nobody was there to do a step, or a calendar was missing: look again.
LOOK_AGAIN = timedelta(minutes=30)


def settle(desk: Desk) -> None:
    """Let the light follow the task, tell it once when it turned, and set when to look at the task again."""
    desk.session.flush()
    turn_light(desk)
    desk.task.next_at = next_look(desk)
    desk.session.flush()


def turn_light(desk: Desk) -> None:
    """Judge the light by now; a resting task keeps the light that it had."""
    task = desk.task
    if task.state == State.SUSPENDED:
        return
    try:
        light = light_of(standing_of(desk), desk.ground.calendar(_calendar_unit(desk)), _amber(desk))
    except Problem as problem:
        if problem.code != "workdays.year_not_loaded":
            raise
        return
    if light == task.light:
        return
    before, task.light, task.light_turned_at = task.light, light.value, desk.now
    desk.tell(TaskLightTurned(task_id=task.id, light=Light(light), turned_at=desk.now))
    desk.note(Verb.TURN_LIGHT, outcome=LIGHT_LABELS[light], before=before, light=light.value)


def standing_of(desk: Desk) -> Standing:
    """The task as the rules of lights see it: what was reported is judged by the time of the report."""
    task = desk.task
    reported = State(task.state) in REPORTED and task.closure_asked_at
    return Standing(
        state=State(task.state),
        signed_for=task.signed_for_at is not None,
        started_on=local_date(task.assigned_at) if task.assigned_at else None,
        due_at=task.due_at,
        progress=task.progress,
        goals=goals_of(desk.session, task.id),
        judged_at=reported or desk.now,
    )


def next_look(desk: Desk) -> datetime | None:
    """The next moment at which time alone changes something, or None."""
    task, state = desk.task, State(desk.task.state)
    moments: list[datetime | None] = []
    step = STEP_OF_STATE.get(state)
    if step and waits_in_vain(desk.session, task.id, step, BESIDE):
        moments.append(desk.now + LOOK_AGAIN)
    if state is State.CLOSED and task.rate_by:
        moments.append(task.rate_by + _SECOND)
    if state in WITH_LEAD and task.due_at:
        moments += _moments_with_lead(desk)
    return min((moment for moment in moments if moment), default=None)


def due_reminder(desk: Desk) -> Point | None:
    """The reminder whose time has come and that was not sent."""
    return passed(_reminders(desk), now=desk.now, done=reminders_of_date(desk.session, desk.task))


def due_slip(desk: Desk) -> Point | None:
    """The slip whose time has come and that was not issued; none while an extension waits for its answer."""
    if find_asked(desk.session, desk.task.id):
        return None
    return passed(_slips(desk), now=desk.now, done=slips_of_date(desk.session, desk.task))


def _moments_with_lead(desk: Desk) -> list[datetime | None]:
    task = desk.task
    calendar = desk.ground.calendar(_calendar_unit(desk))
    moments: list[datetime | None] = [
        next_turn(standing_of(desk), calendar, _amber(desk)),
        next_point(_reminders(desk), now=desk.now),
        next_point(_slips(desk), now=desk.now),
    ]
    if due_reminder(desk) or due_slip(desk):
        moments.append(desk.now)
    if task.feedback_due_at and task.state == State.WORKING:
        moments.append(task.feedback_due_at + _SECOND)
    return moments


def _reminders(desk: Desk) -> list[Point]:
    task, rule = desk.task, desk.ground.rule(REMINDERS, desk.task.unit_id)
    if task.due_at is None or task.dated_at is None:
        return []
    calendar = desk.ground.calendar(_calendar_unit(desk))
    return reminder_points(
        calendar, task.due_at, offsets=rule["offsets"], hour=rule["hour"], since=task.dated_at
    )


def _slips(desk: Desk) -> list[Point]:
    task, rule = desk.task, desk.ground.rule(SLIPS, desk.task.unit_id)
    if task.due_at is None or task.dated_at is None:
        return []
    calendar = desk.ground.calendar(_calendar_unit(desk))
    return slip_points(calendar, task.due_at, offsets=rule, hour=rule["hour"], since=task.dated_at)


def _amber(desk: Desk) -> Amber:
    return desk.ground.amber(desk.task.unit_id)


def _calendar_unit(desk: Desk) -> UUID:
    return desk.task.lead_unit_id or desk.task.unit_id
