"""Slips (督办单) blue, orange and red: what the ladder issues as time passes, and what a supervisor issues by hand.

Both are shown to the same people, stand in the history and are told by the same event; the assessment counts a colour
once for one date of the task, whoever issued it.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.supervision import errors
from services.supervision.commands.desk import Desk, lead_of, open_desk
from services.supervision.commands.settling import settle
from services.supervision.domain.points import Point
from services.supervision.domain.states import SLIP_LABELS, Verb
from services.supervision.domain.steps import HOLDING, Step
from services.supervision.models import Task, TaskSlip
from services.supervision.queries.course import find_asked, list_open_items
from services.supervision.queries.people import supervising_leader, unit_leaders
from shared.auth import Actor
from shared.clock import Clock
from shared.events.supervision import SlipColour, TaskSlipIssued
from shared.events.work import ItemRole
from shared.flow import verbs
from shared.ids import new_id

_REASONS = {
    "blue": "临近办结期限，请抓紧办理",
    "orange": "已超过办结期限，未申请延期，请限期办结",
    "red": "橙色督办单后仍未办结，予以通报",
}


def issue_slip(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any]
) -> Task:
    """A supervisor issues a slip of a colour for a reason, beside the ladder, which goes on as if there were none.

    The same as for the ladder, none goes out while the lead's request for more time waits for its answer (409).
    """
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.ISSUE_SLIP)
    desk.require_staff(Verb.ISSUE_SLIP)
    if find_asked(session, desk.task.id):
        raise errors.request_waits(desk.task.title, "延期")
    _issue(desk, request["colour"], reason=request["reason"], by_hand=True)
    settle(desk)
    return desk.task


def issue_due_slip(desk: Desk, point: Point) -> None:
    """The ladder issues a slip whose time has come (`settling.due_slip`), which is once for the date that holds."""
    _issue(desk, point.name, reason=_REASONS[point.name], by_hand=False)


def _issue(desk: Desk, colour: str, *, reason: str, by_hand: bool) -> None:
    """Blue to the holder, orange to the unit's leader, red to the supervising leader too."""
    shown_to = _up_the_line(desk, colour)
    slip = TaskSlip(
        id=new_id(),
        task_id=desk.task.id,
        due_at=desk.task.due_at,
        colour=colour,
        by_hand=by_hand,
        issued_by_name=desk.actor.person_name if by_hand else "",
        unit_id=lead_of(desk.task),
        to_post_id=shown_to[0] if shown_to else None,
        reason=reason,
        issued_at=desk.now,
    )
    desk.session.add(slip)
    _show(desk, shown_to, reason=reason)
    desk.note(Verb.ISSUE_SLIP, outcome=SLIP_LABELS[colour], opinion=reason, to=shown_to)
    desk.tell(
        TaskSlipIssued(
            task_id=slip.task_id,
            colour=SlipColour(colour),
            unit_id=slip.unit_id,
            to_post_id=slip.to_post_id,
            reason=reason,
            issued_at=slip.issued_at,
            doer=desk.doer if by_hand else None,
            due_at=slip.due_at,
        )
    )


def _show(desk: Desk, posts: list[UUID], *, reason: str) -> None:
    """Give a copy to read; whoever has not read the last one yet is reminded of it instead."""
    got = desk.give(Step.SLIP, posts, role=ItemRole.READER)
    for item in list_open_items(desk.session, desk.task.id, [Step.SLIP]):
        if item.post_id in posts and item.post_id not in got:
            verbs.remind(desk.session, desk.actor, desk.clock, item_id=item.id, opinion=reason)


def _up_the_line(desk: Desk, colour: str) -> list[UUID]:
    """Who is shown a slip; where a rung has nobody, the one below it."""
    holders = [item.post_id for item in list_open_items(desk.session, desk.task.id, HOLDING)]
    leaders = unit_leaders(desk.session, lead_of(desk.task)) or holders
    if colour == "blue":
        return list(dict.fromkeys(holders))
    if colour == "orange":
        return list(dict.fromkeys(leaders))
    return list(dict.fromkeys([*supervising_leader(desk.session, desk.task), *leaders]))
