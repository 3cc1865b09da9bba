"""Taking up what other services tell: a decision, a demand for an answer, a late or stuck case; and what answers it.

Each item gives rise to one task per cause, however often it is told.
"""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.supervision.commands.desk import Desk, lead_of
from services.supervision.commands.early import DEMANDED, hold_document, hold_item, link_words, remember_word
from services.supervision.commands.establish import put_forward
from services.supervision.commands.links import add_link, note_closing_of, note_reply_of, report_of
from services.supervision.commands.matter import Matter, Named
from services.supervision.commands.register import add_task
from services.supervision.commands.settling import settle
from services.supervision.commands.work import keep_feedback
from services.supervision.domain.deadlines import Limit
from services.supervision.domain.states import State
from services.supervision.domain.steps import Step
from services.supervision.models import Task
from services.supervision.queries.people import is_below, organ_of, supervising_organ
from shared.auth import Actor
from shared.clock import Clock
from shared.events.affairs import CaseOverdue, CaseStuck
from shared.events.documents import DocumentAnswerDemanded, DocumentClosed, DocumentIssued
from shared.events.meetings import DecisionRecorded
from shared.events.origin import Origin
from shared.events.supervision import TaskSource


def take_up_decision(session: Session, actor: Actor, clock: Clock, *, event: DecisionRecorded) -> Task | None:
    """A decision of a meeting (议定事项) becomes a task with its lead, assistants and date; it waits for approval."""
    origin = Origin(
        system="meetings",
        kind="decision",
        id=event.decision_id,
        title=event.meeting_title,
        number=event.number,
        link=f"/meetings/{event.meeting_id}",
    )
    matter = Matter(
        title=_title(event.text),
        content=event.text,
        source=TaskSource.MEETING,
        limit=Limit(on=event.due_on),
        lead=Named(unit_id=event.lead.unit_id, unit_name=event.lead.unit_name),
        assistants=[
            Named(unit_id=party.unit_id, unit_name=party.unit_name)
            for party in dict.fromkeys(event.assistants)
            if party.unit_id != event.lead.unit_id
        ],
        origin=origin,
        cause="decision",
    )
    return _take_up(session, actor, clock, matter=matter, unit_id=event.unit_id)


def take_up_demand(
    session: Session, actor: Actor, clock: Clock, *, event: DocumentAnswerDemanded
) -> Task | None:
    """An incoming document that has to be answered becomes a task, which knows at once if it has been answered."""
    origin = Origin(
        system="documents",
        kind="incoming",
        id=event.document_id,
        title=event.title,
        number=event.number,
        link=f"/documents/{event.document_id}",
    )
    matter = Matter(
        title=f"办理并答复：{event.title}",
        content=f"来文单位：{event.sender_name}",
        source=TaskSource.DOCUMENT,
        limit=Limit(on=event.answer_by),
        lead=Named(unit_id=event.lead_unit_id) if event.lead_unit_id else None,
        origin=origin,
        cause=DEMANDED,
    )
    task = _take_up(session, actor, clock, matter=matter, unit_id=event.owner_unit_id)
    if task is not None:
        desk = Desk(session, actor.within(task.correlation_id), clock, task=task)
        link_words(desk)
        settle(desk)
    return task


def take_up_case(
    session: Session, actor: Actor, clock: Clock, *, event: CaseOverdue | CaseStuck
) -> Task | None:
    """A late case, or one of which the applicant says that it could not be done (办不成事), becomes a task."""
    late = isinstance(event, CaseOverdue)
    lead = (
        Named(unit_id=event.late_unit_id, unit_name=event.late_unit_name)
        if isinstance(event, CaseOverdue)
        else Named(unit_id=event.unit_id, unit_name=event.unit_name)
    )
    origin = Origin(
        system="affairs",
        kind="case",
        id=event.case_id,
        title=event.title,
        number=event.number,
        link=f"/cases/{event.case_id}",
    )
    matter = Matter(
        title=f"{'督办超期办件' if late else '督办办不成事反映'}：{event.title}",
        content="" if isinstance(event, CaseOverdue) else event.complaint,
        source=TaskSource.AFFAIRS,
        urgency="急件",
        lead=lead,
        origin=origin,
        cause="overdue" if late else "stuck",
    )
    return _take_up(session, actor, clock, matter=matter, unit_id=event.unit_id)


def note_reply(session: Session, actor: Actor, clock: Clock, *, event: DocumentIssued) -> int:
    """A document was issued that answers the origin of tasks, or was written for a task: it is linked, and progress
    when it is of the lead's organ. Only tasks whose organ looks after the issuing one get to know of it.
    """
    link = Origin(
        system="documents",
        kind="dispatch",
        id=event.document_id,
        title=event.title,
        number=event.number,
        link=f"/documents/{event.document_id}",
    )
    tasks = []
    if event.reply_to_id:
        hold_document(session, event.reply_to_id)
        tasks = _tasks_of(session, event.reply_to_id)
        remember_word(
            session,
            clock,
            origin_id=event.reply_to_id,
            unit_id=event.owner_unit_id,
            kind="reply",
            of=link,
        )
    if event.origin and event.origin.system == "supervision":
        tasks += [task for task in _tasks_by_id(session, event.origin.id) if task not in tasks]
    concerned = _under(session, tasks, event.owner_unit_id)
    for task in concerned:
        desk = Desk(session, actor.within(task.correlation_id), clock, task=task)
        _add_reply(desk, link, unit_id=event.owner_unit_id)
    return len(concerned)


def note_closed(session: Session, actor: Actor, clock: Clock, *, event: DocumentClosed) -> int:
    """The document that tasks came from is closed: that is noted, with what answered it."""
    link = Origin(
        system="documents",
        kind=event.direction,
        id=event.document_id,
        title=event.title,
        number=event.number,
        link=f"/documents/{event.document_id}",
    )
    hold_document(session, event.document_id)
    concerned = _under(session, _tasks_of(session, event.document_id), event.owner_unit_id)
    if event.direction == "incoming":
        remember_word(
            session,
            clock,
            origin_id=event.document_id,
            unit_id=event.owner_unit_id,
            kind="origin_closed",
            of=link,
            answered_by_id=event.answered_by_id,
        )
    for task in concerned:
        desk = Desk(session, actor.within(task.correlation_id), clock, task=task)
        if add_link(desk, kind="origin_closed", of=link):
            note_closing_of(desk, answered_by_id=event.answered_by_id)
            settle(desk)
    return len(concerned)


def _add_reply(desk: Desk, link: Origin, *, unit_id: UUID) -> None:
    if not add_link(desk, kind="reply", of=link):
        return
    session, task = desk.session, desk.task
    if task.state == State.WORKING and organ_of(session, unit_id) == organ_of(session, lead_of(task)):
        keep_feedback(desk, kind="document", progress=task.progress, report=report_of(link))
    else:
        note_reply_of(desk, link)
    settle(desk)


def _under(session: Session, tasks: Sequence[Task], unit_id: UUID) -> list[Task]:
    """The tasks whose organ looks after the unit: whoever registers by hand may name any document."""
    return [task for task in tasks if is_below(session, unit_id, task.unit_id)]


def _take_up(session: Session, actor: Actor, clock: Clock, *, matter: Matter, unit_id: UUID) -> Task | None:
    assert matter.origin is not None
    if _is_taken_up(session, matter.origin, matter.cause):
        return None
    named = [*([matter.lead] if matter.lead else []), *matter.assistants]
    organ_id = supervising_organ(session, unit_id, parties=[party.unit_id for party in named])
    desk = add_task(session, actor, clock, matter=matter, unit_id=organ_id)
    if matter.lead is None:
        desk.give_next(Step.PROPOSE)
        settle(desk)
    else:
        put_forward(desk, opinion="来源已明确主办单位和要求，报请立项")
    return desk.task


def _is_taken_up(session: Session, origin: Origin, cause: str) -> bool:
    """Behind a lock on the item, so that a task that is being made at this moment is waited for."""
    hold_item(session, origin.system, origin.id, cause)
    known = sa.select(Task.id).where(
        Task.origin_system == origin.system, Task.origin_id == origin.id, Task.cause == cause
    )
    return session.scalars(known.limit(1)).first() is not None


def _tasks_of(session: Session, origin_id: UUID) -> list[Task]:
    wanted = sa.select(Task).where(Task.origin_id == origin_id).order_by(Task.id)
    return list(session.scalars(wanted.with_for_update(of=Task)))


def _tasks_by_id(session: Session, task_id: UUID) -> Sequence[Task]:
    return session.scalars(sa.select(Task).where(Task.id == task_id).with_for_update(of=Task)).all()


def _title(text: str) -> str:
    """The first sentence of a decision, shortened where it is long."""
    first = text.strip().split("。", 1)[0]
    return first if len(first) <= 80 else f"{first[:79]}…"
