"""Numbers are given at registration only: gap-free, unique, never reissued, whatever is repeated or rolled back."""

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.documents.commands.work import complete_step
from services.documents.models import Document, DocumentAccess, DocumentAct, DocumentVersion
from shared.db import Database
from shared.errors import Problem
from shared.flow.models import FlowInstance, ItemStatus, WorkItem
from shared.ids import new_id
from shared.messaging.models import OutboxEvent
from shared.numbering import last_number
from tests.service.documents.offices import Offices

DOCUMENTS = 200
AT_ONCE = 8


class Torn(Exception):
    """The connection broke before the commit."""


def ready_to_register(offices: Offices, **changes: Any) -> UUID:
    document_id = offices.draft(**changes)
    offices.sign(document_id)
    offices.do(document_id, "check", "市文书", outcome="pass")
    return document_id


def copies_of(offices: Offices, document_id: UUID, count: int) -> list[UUID]:
    """More documents that stand where this one stands; going all the way with each would take minutes."""
    with offices.session() as session:
        return [_copy(session, document_id) for _ in range(count)]


def _copy(session: Session, document_id: UUID) -> UUID:
    new_document, new_instance = new_id(), new_id()
    instance_id = session.get_one(Document, document_id).flow_instance_id
    known: dict[Any, UUID] = {document_id: new_document, instance_id: new_instance}
    tables: list[tuple[Any, Any]] = [
        (Document, Document.id),
        (DocumentVersion, DocumentVersion.document_id),
        (DocumentAccess, DocumentAccess.document_id),
        (DocumentAct, DocumentAct.document_id),
        (FlowInstance, FlowInstance.subject_id),
        (WorkItem, WorkItem.subject_id),
    ]
    for table, owner in tables:
        for row in session.execute(sa.select(table.__table__).where(owner == document_id)).mappings():
            copied = {name: known.get(value, value) if isinstance(value, UUID) else value for name, value in row.items()}
            if table in (DocumentAct, WorkItem):
                copied["id"] = new_id()
            session.execute(sa.insert(table.__table__).values(copied))
    return new_document


def register(offices: Offices, document_id: UUID, *, torn: bool) -> None:
    """One click on 登记; with `torn` everything happens but the commit."""
    with offices.database.transaction() as session:
        item = session.scalars(
            sa.select(WorkItem.id).where(WorkItem.subject_id == document_id, WorkItem.step_id == "register")
        ).one()
        complete_step(
            session,
            offices.actor("市文书"),
            offices.clock,
            document_id=document_id,
            item_id=item,
            blobs=offices.blobs,
            font_dir="",
            request={},
        )
        if torn:
            session.flush()
            raise Torn


def test_two_hundred_registrations_at_once_leave_no_gap_and_no_double(offices: Offices) -> None:
    first = ready_to_register(offices)
    waiting = [first, *copies_of(offices, first, DOCUMENTS - 1)]
    chance = random.Random(7)
    # Every document is registered for good once or twice, and about as often torn off before the commit.
    clicks = [(each, False) for each in waiting]
    clicks += [(each, False) for each in chance.sample(waiting, 80)]
    clicks += [(each, True) for each in chance.sample(waiting, 80)]
    chance.shuffle(clicks)
    outcomes: list[str] = []

    def click(each: tuple[UUID, bool]) -> None:
        try:
            register(offices, each[0], torn=each[1])
            outcomes.append("registered")
        except Torn:
            outcomes.append("torn")
        except Problem as problem:
            outcomes.append(problem.code)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(click, clicks))

    assert outcomes.count("registered") == DOCUMENTS
    assert set(outcomes) == {"registered", "torn", "flow.item_closed"}
    with offices.session() as session:
        numbers = session.scalars(sa.select(Document.number).where(Document.id.in_(waiting))).all()
        told = session.scalars(sa.select(OutboxEvent.subject).where(OutboxEvent.key == "document.numbered.v1")).all()
        last = last_number(session, series="dispatch:萍府办发:2026")
    assert sorted(number or "" for number in numbers) == sorted(f"萍府办发〔2026〕{n}号" for n in range(1, DOCUMENTS + 1))
    assert sorted(told) == sorted(waiting)
    assert last == DOCUMENTS


def test_each_code_and_each_year_counts_by_itself(offices: Offices) -> None:
    first = ready_to_register(offices)
    assert register_one(offices, first) == "萍府办发〔2026〕1号"
    with offices.session() as session:
        from shared.directory import DirectoryUnit

        unit = session.get_one(DirectoryUnit, offices.units["市政府办"])
        unit.issuing_codes = ["萍府办发", "萍府办字"]
    other = ready_to_register(offices, issuing_code="萍府办字")
    assert register_one(offices, other) == "萍府办字〔2026〕1号"
    offices.clock.at = offices.clock.at.replace(year=2027)
    late = ready_to_register(offices)
    assert register_one(offices, late) == "萍府办发〔2027〕1号"


def register_one(offices: Offices, document_id: UUID) -> str | None:
    register(offices, document_id, torn=False)
    return offices.get(document_id).number


@pytest.mark.parametrize("verb", ["return", "withdraw", "complete"])
def test_what_comes_after_never_changes_a_number(offices: Offices, verb: str) -> None:
    from services.documents.commands.work import return_item, withdraw_item

    document_id = ready_to_register(offices)
    number = register_one(offices, document_id)
    with offices.session() as session:
        done = session.scalars(
            sa.select(WorkItem.id).where(
                WorkItem.subject_id == document_id,
                WorkItem.step_id == "register",
                WorkItem.status == ItemStatus.DONE,
            )
        ).one()
        waiting = offices.open_item(session, document_id, "render", "市文书")
    case: dict[str, Any] = {"document_id": document_id}
    with pytest.raises(Problem), offices.session() as session:
        actor = offices.actor("市文书")
        if verb == "return":
            return_item(session, actor, offices.clock, item_id=waiting, step_id="check", reason="退", **case)
        elif verb == "withdraw":
            withdraw_item(session, actor, offices.clock, item_id=done, **case)
        else:
            register(offices, document_id, torn=False)
    assert offices.get(document_id).number == number


def test_returned_before_registration_it_takes_its_place_only_when_registered(offices: Offices) -> None:
    from services.documents.commands.work import return_item

    early, late = ready_to_register(offices), ready_to_register(offices)
    with offices.session() as session:
        item = offices.open_item(session, early, "register", "市文书")
        return_item(
            session, offices.actor("市文书"), offices.clock, document_id=early, item_id=item, step_id="check", reason="核对"
        )
    assert register_one(offices, late) == "萍府办发〔2026〕1号"
    offices.do(early, "check", "市文书", outcome="pass")
    offices.do(early, "register", "市文书")
    assert offices.get(early).number == "萍府办发〔2026〕2号"


def test_the_database_itself_keeps_a_number_that_was_taken(offices: Offices) -> None:
    register_one(offices, ready_to_register(offices))
    for change in ("DELETE FROM number_taken", "UPDATE number_taken SET number = 5"):
        with pytest.raises(sa.exc.DatabaseError), offices.session() as session:
            session.execute(sa.text(change))


def test_incoming_numbers_of_a_unit_have_no_gap_either(offices: Offices, ) -> None:
    numbers = []
    for _ in range(2):
        document_id = offices.draft()
        offices.sign(document_id)
        offices.number(document_id)
        offices.issue(document_id)
        incoming = offices.incoming(document_id, "安源").id
        offices.do(incoming, "sign_for", "安源文书", outcome="accept")
        offices.do(incoming, "register", "安源文书")
        numbers.append(offices.get(incoming).incoming_number)
    assert numbers == ["收〔2026〕1号", "收〔2026〕2号"]
