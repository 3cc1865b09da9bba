"""What other services tell becomes a task, once; and what answers a task's origin is linked to it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.identity.domain.roles import Role
from services.supervision.commands import take_up
from services.supervision.commands.matter import Named
from services.supervision.commands.take_up import (
    take_up_case,
    take_up_decision,
    take_up_demand,
)
from services.supervision.models import EarlyWord, Task
from services.supervision.queries.course import list_acts, list_links
from shared.clock import FixedClock
from shared.events.affairs import CaseOverdue, CaseStuck
from shared.events.base import example_of
from shared.events.documents import DocumentAnswerDemanded, DocumentClosed, DocumentIssued
from shared.events.meetings import DecisionRecorded, Party
from shared.events.origin import Origin
from shared.ids import new_id
from tests.service.supervision.offices import Offices


def party(offices: Offices, name: str) -> Party:
    return Party(unit_id=offices.units[name], unit_name=f"萍乡市{name}")


def hear(offices: Offices, handler: Any, event: Any) -> Any:
    with offices.session() as session:
        return handler(session, offices.system, offices.clock, event=event)


def decision(offices: Offices, **changes: Any) -> DecisionRecorded:
    facts = {
        "decision_id": new_id(),
        "unit_id": offices.units["市政府"],
        "lead": party(offices, "数据局"),
        "assistants": (party(offices, "财政局"),),
        **changes,
    }
    return replace(example_of(DecisionRecorded), **facts)


def demand(offices: Offices, **changes: Any) -> DocumentAnswerDemanded:
    facts = {"document_id": new_id(), "owner_unit_id": offices.units["数据局"], **changes}
    return replace(example_of(DocumentAnswerDemanded), **facts)


def reply(offices: Offices, to: UUID | None, *, by: str = "数据局", **changes: Any) -> DocumentIssued:
    facts = {"document_id": new_id(), "owner_unit_id": offices.units[by], "reply_to_id": to, **changes}
    return replace(example_of(DocumentIssued), **facts)


def closing(offices: Offices, document_id: UUID, *, of: str = "数据局", **changes: Any) -> DocumentClosed:
    facts = {"direction": "incoming", "owner_unit_id": offices.units[of], **changes}
    return replace(example_of(DocumentClosed), document_id=document_id, **facts)


def named(document_id: UUID) -> Origin:
    """A document as whoever registers by hand names it."""
    return Origin(
        system="documents",
        kind="incoming",
        id=document_id,
        title="来文",
        number="",
        link=f"/documents/{document_id}",
    )


def links_of(offices: Offices, task_id: UUID) -> list[str]:
    with offices.session() as session:
        return sorted(link.kind for link in list_links(session, task_id))


def task_of(offices: Offices, origin_id: UUID) -> Task:
    with offices.session() as session:
        return session.scalars(sa.select(Task).where(Task.origin_id == origin_id)).one()


def test_a_decision_waits_for_approval_with_lead_assistants_and_date(offices: Offices) -> None:
    event = decision(offices)
    task = hear(offices, take_up_decision, event)
    assert hear(offices, take_up_decision, event) is None
    # The government's supervisors sit in its general office.
    assert (task.unit_id, task.state) == (offices.units["市政府办"], "proposed")
    assert (task.lead_unit_id, task.due_on) == (offices.units["数据局"], date(2026, 12, 31))
    assert offices.open_items(task.id) == {"approve": ["市副职", "市领导"]}
    (told,) = offices.events(task.id, "task.registered")
    assert (told["source"], told["origin"]["id"]) == ("meeting", str(event.decision_id))
    offices.do("approve", task.id, "市领导")
    offices.do("assign", task.id, "督查员")
    assert set(offices.open_items(task.id)) == {"sign_for", "assist"}
    offices.do("sign_for", task.id, "数据局文书")
    offices.do("ask_closure", task.id, "数据局文书", conclusion="归档率达到83%。")
    offices.do("review", task.id, "督查员", passed=True)
    offices.do("close", task.id, "市领导", agreed=True)
    (closed,) = offices.events(task.id, "task.closed")
    assert (closed["origin"]["system"], closed["origin"]["number"]) == ("meetings", event.number)


def test_a_decision_of_a_unit_that_is_not_known_yet_waits_until_somebody_is_there(offices: Offices) -> None:
    task = hear(offices, take_up_decision, decision(offices, unit_id=new_id()))
    assert offices.open_items(task.id) == {}
    assert task.next_at


def test_a_demand_without_lead_is_proposed_by_a_person(offices: Offices) -> None:
    event = demand(offices, lead_unit_id=None)
    task = hear(offices, take_up_demand, event)
    assert (task.state, task.due_on) == ("registered", event.answer_by)
    assert offices.open_items(task.id) == {"propose": ["督查员", "督查员乙"]}


def test_late_and_stuck_cases_are_tasks_of_their_own_once_each(offices: Offices) -> None:
    case_id, unit_id = new_id(), offices.units["财政局"]
    late = replace(example_of(CaseOverdue), case_id=case_id, unit_id=unit_id, late_unit_id=unit_id)
    stuck = replace(example_of(CaseStuck), case_id=case_id, unit_id=unit_id)
    made = [hear(offices, take_up_case, event) for event in (late, stuck, late, stuck)]
    assert [task and task.cause for task in made] == ["overdue", "stuck", None, None]
    assert made[1].content == stuck.complaint
    assert made[0].half_days == 6


def test_who_supervises_looks_after_those_who_have_to_do_it(offices: Offices) -> None:
    with offices.session() as session:
        offices.post(session, "数据局督查员", offices.units["数据局"], Role.SUPERVISOR)
    data, finance = offices.units["数据局"], offices.units["财政局"]
    late = replace(example_of(CaseOverdue), case_id=new_id(), unit_id=data, late_unit_id=finance)
    task = hear(offices, take_up_case, late)
    assert task.unit_id == offices.units["市政府办"]
    offices.do("approve", task.id, "市领导")
    offices.do("assign", task.id, "督查员")
    assert offices.open_items(task.id) == {"sign_for": ["财政局承办", "财政局文书"]}
    own = replace(late, case_id=new_id(), late_unit_id=data)
    assert hear(offices, take_up_case, own).unit_id == data
    helped = decision(offices, unit_id=data)
    assert hear(offices, take_up_decision, helped).unit_id == offices.units["市政府办"]
    far = decision(offices, unit_id=data, assistants=(Party(unit_id=new_id(), unit_name="不详"),))
    assert hear(offices, take_up_decision, far).unit_id == data


def test_a_reply_to_the_origin_is_progress_and_linked_once(offices: Offices) -> None:
    event = demand(offices, lead_unit_id=offices.units["数据局"])
    task = hear(offices, take_up_demand, event)
    offices.do("approve", task.id, "市领导")
    offices.do("assign", task.id, "督查员")
    offices.do("sign_for", task.id, "数据局承办")
    answer = reply(offices, event.document_id)
    for _ in range(2):
        hear(offices, take_up.note_reply, answer)
    (told,) = offices.events(task.id, "task.fed_back")
    assert answer.number in told["report"]
    closed = closing(offices, event.document_id, answered_by_id=answer.document_id)
    for _ in range(2):
        hear(offices, take_up.note_closed, closed)
    assert offices.verbs(task.id).count("link") == 1


def test_a_reply_of_another_organ_than_the_lead_is_linked_but_no_feedback(offices: Offices) -> None:
    event = demand(offices, owner_unit_id=offices.units["市政府办"], lead_unit_id=offices.units["数据局"])
    task = hear(offices, take_up_demand, event)
    offices.do("approve", task.id, "市领导")
    offices.do("assign", task.id, "督查员")
    offices.do("sign_for", task.id, "数据局承办")
    hear(offices, take_up.note_reply, reply(offices, event.document_id, by="市政府办"))
    assert (offices.events(task.id, "task.fed_back"), links_of(offices, task.id)) == ([], ["reply"])
    assert "link" in offices.verbs(task.id)


def test_who_names_a_document_of_another_organ_is_told_nothing_of_it(offices: Offices) -> None:
    with offices.session() as session:
        offices.post(session, "财政局督查员", offices.units["财政局"], Role.SUPERVISOR)
    lead = Named(unit_id=offices.units["财政局"])
    before, after = new_id(), new_id()
    for document_id, heard_first in ((before, True), (after, False)):
        answer, closed = reply(offices, document_id), closing(offices, document_id)
        told = ((take_up.note_reply, answer), (take_up.note_closed, closed))
        if heard_first:
            for handler, event in told:
                hear(offices, handler, event)
        task_id = offices.register(by="财政局督查员", lead=lead, origin=named(document_id))
        assert [hear(offices, handler, event) for handler, event in told] == [0, 0]
        assert links_of(offices, task_id) == []
    written = reply(offices, None, origin=Origin(
        system="supervision", kind="task", id=task_id, title="", number="", link=""
    ))  # fmt: skip
    assert hear(offices, take_up.note_reply, written) == 0


def test_what_answered_a_document_is_known_to_a_task_by_hand_and_to_that_of_a_demand(
    offices: Offices,
) -> None:
    event = demand(offices, lead_unit_id=offices.units["数据局"])
    first = offices.register(origin=named(event.document_id))
    hear(offices, take_up.note_reply, reply(offices, event.document_id))
    hear(offices, take_up.note_closed, closing(offices, event.document_id))
    demanded = hear(offices, take_up_demand, event)
    last = offices.register(origin=named(event.document_id))
    for task_id in (first, demanded.id, last):
        assert links_of(offices, task_id) == ["origin_closed", "reply"]
        with offices.session() as session:
            noted = [act for act in list_acts(session, task_id) if act.verb == "link"]
        assert [(act.opinion.partition("《")[0], act.person_name) for act in noted] == [
            ("已核发复文", "系统"),
            ("来源公文已办结", "系统"),
        ]


def test_a_demand_that_is_heard_last_makes_a_task_that_knows_its_answer(offices: Offices) -> None:
    event = demand(offices, lead_unit_id=offices.units["数据局"])
    answer = reply(offices, event.document_id)
    closed = closing(offices, event.document_id, answered_by_id=answer.document_id)
    for _ in range(2):
        hear(offices, take_up.note_closed, closed)
        hear(offices, take_up.note_reply, answer)
    task = hear(offices, take_up_demand, event)
    hear(offices, take_up.note_closed, closed)
    assert hear(offices, take_up_demand, event) is None
    with offices.session() as session:
        noted = [act for act in list_acts(session, task.id) if act.verb == "link"]
    assert [act.opinion.partition("《")[0] for act in noted] == ["已核发复文", "来源公文已办结"]
    assert links_of(offices, task.id) == ["origin_closed", "reply"]
    assert offices.open_items(task.id) == {"approve": ["市副职", "市领导"]}


def test_what_is_told_of_documents_is_not_kept_for_good(offices: Offices) -> None:
    closed = closing(offices, new_id())
    hear(offices, take_up.note_closed, closed)
    later = FixedClock(offices.clock.now() + timedelta(days=91))
    with offices.session() as session:
        other = replace(closed, document_id=new_id())
        take_up.note_closed(session, offices.system, later, event=other)
        kept = session.scalars(sa.select(EarlyWord.origin_id)).all()
    assert closed.document_id not in kept
    assert other.document_id in kept


def test_a_document_written_for_a_task_is_linked_to_it(offices: Offices) -> None:
    task_id = offices.assigned()
    origin = Origin(system="supervision", kind="task", id=task_id, title="", number="", link="")
    assert hear(offices, take_up.note_reply, reply(offices, None, origin=origin)) == 1
    assert "link" in offices.verbs(task_id)
