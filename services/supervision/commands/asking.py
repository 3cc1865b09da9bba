"""What a lead unit asks for, more time (延期) or to give a task back (退回): kept, answered, or lapsed."""

from datetime import datetime

from services.supervision import errors
from services.supervision.commands.desk import Desk, lead_of
from services.supervision.models import TaskRequest
from services.supervision.queries.course import find_asked
from shared.ids import new_id


def add_request(desk: Desk, *, kind: str, reason: str, until: datetime | None = None) -> TaskRequest:
    """Keep what the lead asks for."""
    asked = TaskRequest(
        id=new_id(),
        task_id=desk.task.id,
        kind=kind,
        unit_id=lead_of(desk.task),
        reason=reason,
        until=until,
        due_before=desk.task.due_at,
        state="asked",
        asked_at=desk.now,
        asked_by_name=desk.actor.person_name,
    )
    desk.session.add(asked)
    desk.session.flush()
    return asked


def close_request(desk: Desk, *, kind: str, granted: bool, answer: str) -> TaskRequest:
    """Answer what was asked; Problem 409 when nothing waits for an answer."""
    asked = find_asked(desk.session, desk.task.id)
    if asked is None or asked.kind != kind:
        raise errors.nothing_asked(desk.task.title, "延期" if kind == "extension" else "退回")
    asked.state = "granted" if granted else "refused"
    asked.decided_at, asked.decided_by_name, asked.answer = desk.now, desk.actor.person_name, answer
    desk.session.flush()
    return asked


def lapse_request(desk: Desk) -> None:
    """What was asked needs no answer any more."""
    if asked := find_asked(desk.session, desk.task.id):
        asked.state, asked.decided_at = "lapsed", desk.now
        desk.session.flush()
