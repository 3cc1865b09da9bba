"""Taking up what other services tell: a decision, a demand for an answer, a late or stuck case; and what answers it.

Each item gives rise to one task per cause, however often it is told.
"""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.supervision.commands.desk import Desk
from services.supervision.commands.early import item_of, remember_word, take_words
from services.supervision.commands.establish import put_forward
from services.supervision.commands.follow_up import add_link
from services.supervision.commands.matter import Matter, Named
from services.supervision.commands.register import add_task
from services.supervision.commands.settling import settle
from services.supervision.commands.work import keep_feedback
from services.supervision.domain.deadlines import Limit
from services.supervision.domain.states import State, Verb
from services.supervision.domain.steps import Step
from services.supervision.models import Task
from services.supervision.queries.people import supervising_organ
from shared.auth import Actor
from shared.clock import Clock
from shared.events.affairs import CaseOverdue, CaseStuck
from shared.events.documents import DocumentAnswerDemanded, DocumentClosed, DocumentIssued
from shared.events.meetings import DecisionRecorded
from shared.events.origin import Origin
from shared.events.supervision import TaskSource

_DEMANDED = "answer_demanded"


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
        cause=_DEMANDED,
    )
    task = _take_up(session, actor, clock, matter=matter, unit_id=event.owner_unit_id)
    for word in take_words(session, event.document_id) if task else []:
        assert task is not None, "words are taken for a task"
        desk = Desk(session, actor.within(task.correlation_id), clock, task=task)
        if word.kind == "reply":
            _add_reply(desk, item_of(word))
        else:
            _add_closing(desk, item_of(word), answered_by_id=word.answered_by_id)
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
    """A document was issued that answers the origin of tasks, or was written for a task: it is progress, and linked."""
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
        _hold_demand(session, event.reply_to_id)
        tasks = _tasks_of(session, event.reply_to_id)
        if not tasks:
            remember_word(session, clock, origin_id=event.reply_to_id, kind="reply", of=link)
    if event.origin and event.origin.system == "supervision":
        tasks += [task for task in _tasks_by_id(session, event.origin.id) if task not in tasks]
    for task in tasks:
        _add_reply(Desk(session, actor.within(task.correlation_id), clock, task=task), link)
    return len(tasks)


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
    _hold_demand(session, event.document_id)
    tasks = _tasks_of(session, event.document_id)
    if not tasks and event.direction == "incoming":
        remember_word(
            session, clock,
            origin_id=event.document_id, kind="origin_closed", of=link, answered_by_id=event.answered_by_id,
        )  # fmt: skip
    for task in tasks:
        desk = Desk(session, actor.within(task.correlation_id), clock, task=task)
        _add_closing(desk, link, answered_by_id=event.answered_by_id)
    return len(tasks)


def _add_reply(desk: Desk, link: Origin) -> None:
    if not add_link(desk, kind="reply", of=link):
        return
    report = f"已核发复文《{link.title}》（{link.number}）"
    if State(desk.task.state) is State.WORKING:
        keep_feedback(desk, kind="document", progress=desk.task.progress, report=report)
    else:
        desk.note(Verb.LINK, opinion=report, document_id=link.id)
    settle(desk)


def _add_closing(desk: Desk, link: Origin, *, answered_by_id: UUID | None) -> None:
    if add_link(desk, kind="origin_closed", of=link):
        desk.note(Verb.LINK, opinion="来源公文已办结", answered_by=answered_by_id)
        settle(desk)


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
    _hold(session, origin.system, origin.id, cause)
    known = sa.select(Task.id).where(
        Task.origin_system == origin.system, Task.origin_id == origin.id, Task.cause == cause
    )
    return session.scalars(known.limit(1)).first() is not None


def _hold_demand(session: Session, document_id: UUID) -> None:
    """Wait for a task that is being made of that document at this moment."""
    _hold(session, "documents", document_id, _DEMANDED)


def _hold(session: Session, system: str, item_id: UUID, cause: str) -> None:
    lock = sa.func.hashtextextended(f"task {system} {item_id} {cause}", 0)
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(lock)))


def _tasks_of(session: Session, origin_id: UUID) -> list[Task]:
    wanted = sa.select(Task).where(Task.origin_id == origin_id).order_by(Task.id)
    return list(session.scalars(wanted.with_for_update(of=Task)))


def _tasks_by_id(session: Session, task_id: UUID) -> Sequence[Task]:
    return session.scalars(sa.select(Task).where(Task.id == task_id).with_for_update(of=Task)).all()


def _title(text: str) -> str:
    """The first sentence of a decision, shortened where it is long."""
    first = text.strip().split("。", 1)[0]
    return first if len(first) <= 80 else f"{first[:79]}…"
