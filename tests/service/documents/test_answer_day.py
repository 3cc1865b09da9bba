"""Until when a document must be answered: offered by the sender, decided by the receiver, told once."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.documents.commands.revise import revise_document
from services.documents.queries.documents import list_acts
from services.documents.queries.work import show_form
from shared.errors import Problem
from shared.ids import new_id
from shared.messaging.models import OutboxEvent
from tests.service.documents.offices import Offices

Json = dict[str, Any]


def told(offices: Offices, document_id: UUID) -> list[Json]:
    wanted = sa.select(OutboxEvent.data).where(
        OutboxEvent.key == "document.answer_demanded.v1", OutboxEvent.subject == document_id
    )
    with offices.session() as session:
        return [json.loads(data) for data in session.scalars(wanted.order_by(OutboxEvent.sequence))]


def arrived(offices: Offices, **changes: Any) -> UUID:
    """A document that one county has signed for."""
    source = offices.draft(**changes)
    offices.sign(source)
    offices.number(source)
    offices.issue(source)
    incoming = offices.incoming(source, "安源").id
    offices.do(incoming, "sign_for", "安源文书", outcome="accept")
    return incoming


def test_who_receives_decides_the_day_and_it_is_told_once(offices: Offices) -> None:
    today = offices.clock.today()
    offered, first, later = (today + timedelta(days=days) for days in (10, 9, 12))
    incoming = arrived(offices, answer_by=offered)
    with offices.session() as session:
        item = offices.open_item(session, incoming, "register", "安源文书")
        assert show_form(session, offices.get(incoming), item)["answer_by"] == offered

    bureau = offices.units["市财政局"]
    offices.do(incoming, "register", "安源文书", answer_by=first, lead_unit_id=bureau)
    kept = offices.get(incoming)
    assert (kept.answer_by, kept.answer_lead_unit_id) == (first, bureau)
    (said,) = told(offices, incoming)
    assert (said["answer_by"], said["lead_unit_id"]) == (first.isoformat(), str(bureau))
    assert (said["number"], said["sender_name"]) == (kept.source_number, "萍乡市人民政府办公室")

    # The same day again says nothing new; another day does.
    offices.do(
        incoming,
        "first_check",
        "安源文书",
        outcome="accept",
        choices={"propose": offices.choose("安源主任")},
    )
    to_leader = {"instruct": offices.choose("安源区长")}
    offices.do(incoming, "propose", "安源主任", answer_by=first, choices=to_leader)
    assert len(told(offices, incoming)) == 1
    to_handler = {"handle": offices.choose(lead="安源承办")}
    offices.do(incoming, "instruct", "安源区长", answer_by=later, choices=to_handler)
    assert [each["answer_by"] for each in told(offices, incoming)] == [first.isoformat(), later.isoformat()]
    # Whoever was chosen to lead belongs to the unit that is to see to it.
    assert told(offices, incoming)[-1]["lead_unit_id"] == str(offices.units["安源"])
    with offices.session() as session:
        spoken = [act for act in list_acts(session, incoming) if act.verb == "demand_answer"]
    assert [act.details["answer_by"] for act in spoken] == [first.isoformat(), later.isoformat()]


@pytest.mark.parametrize(
    ("ahead", "lead", "refused"),
    [
        (-1, None, "documents.answer_day_past"),
        (4000, None, "workdays.year_not_loaded"),
        (5, new_id(), "directory.unit_unknown"),
        (None, new_id(), "documents.lead_without_day"),
    ],
)
def test_a_day_that_cannot_be_is_refused_and_nothing_is_done(
    offices: Offices, ahead: int | None, lead: UUID | None, refused: str
) -> None:
    incoming = arrived(offices)
    day = None if ahead is None else offices.clock.today() + timedelta(days=ahead)
    with pytest.raises(Problem) as problem:
        offices.do(incoming, "register", "安源文书", answer_by=day, lead_unit_id=lead)
    assert problem.value.code == refused
    assert offices.get(incoming).incoming_number is None
    assert told(offices, incoming) == []


def test_a_day_is_set_where_it_is_decided_and_not_in_passing(offices: Offices) -> None:
    incoming = arrived(offices)
    offices.do(incoming, "register", "安源文书")
    with pytest.raises(Problem) as problem:
        offices.do(incoming, "first_check", "安源文书", outcome="accept", answer_by=offices.clock.today())
    assert problem.value.code == "documents.no_demand_here"


def test_a_draft_may_ask_for_an_answer_by_a_day_to_come(offices: Offices) -> None:
    today = offices.clock.today()
    with pytest.raises(Problem) as problem:
        offices.draft(answer_by=today - timedelta(days=1))
    assert problem.value.code == "documents.answer_day_past"
    made = offices.draft(answer_by=today)
    assert offices.get(made).elements["answer_by"] == today.isoformat()
    with offices.session() as session:
        revise_document(
            session, offices.actor("市拟稿"), offices.clock, document_id=made, changes={"answer_by": None}
        )
    assert offices.get(made).elements["answer_by"] is None
