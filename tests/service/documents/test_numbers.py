"""Numbers are given at registration only: gap-free, unique, never reissued, whatever is repeated or rolled back."""

import random
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.documents.commands.work import complete_step, return_item, withdraw_item
from services.documents.models import Document, DocumentAccess, DocumentAct, DocumentVersion
from shared.clock import FixedClock
from shared.directory import DirectoryUnit
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


COPIED: tuple[tuple[Any, Any], ...] = (
    (Document, Document.id),
    (DocumentVersion, DocumentVersion.document_id),
    (DocumentAccess, DocumentAccess.document_id),
    (DocumentAct, DocumentAct.document_id),
    (FlowInstance, FlowInstance.subject_id),
    (WorkItem, WorkItem.subject_id),
)


def copies_of(offices: Offices, document_id: UUID, count: int) -> list[UUID]:
    """More documents that stand where this one stands; going all the way with each would take minutes."""
    instance_id = offices.get(document_id).flow_instance_id
    known: list[dict[Any, UUID]] = [{document_id: new_id(), instance_id: new_id()} for _ in range(count)]
    with offices.session() as session:
        for table, owner in COPIED:
            columns = table.__table__
            rows = session.execute(sa.select(columns).where(owner == document_id)).mappings().all()
            copies = [_copied(row, ids) for row in rows for ids in known]
            if table in (DocumentAct, WorkItem):
                copies = [{**copy, "id": new_id()} for copy in copies]
            session.execute(sa.insert(columns), copies)
    return [ids[document_id] for ids in known]


def _copied(row: Mapping[str, Any], ids: Mapping[Any, UUID]) -> dict[str, Any]:
    return {name: ids.get(value, value) if isinstance(value, UUID) else value for name, value in row.items()}


def items_of(document_id: UUID) -> sa.Select[UUID]:
    return sa.select(WorkItem.id).where(WorkItem.subject_id == document_id, WorkItem.step_id == "register")


def register(offices: Offices, document_id: UUID, *, torn: bool) -> None:
    """One click on 登记; with `torn` everything happens but the commit."""
    with offices.database.transaction() as session:
        item = session.scalars(items_of(document_id)).one()
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
    clicks += [(each, False) for each in chance.sample(waiting, 40)]
    clicks += [(each, True) for each in chance.sample(waiting, 40)]
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
    numbered = sa.select(OutboxEvent.subject).where(OutboxEvent.key == "document.numbered.v1")
    with offices.session() as session:
        numbers = session.scalars(sa.select(Document.number).where(Document.id.in_(waiting))).all()
        told = session.scalars(numbered).all()
        last = last_number(session, series="dispatch:萍府办发:2026")
    assert sorted(number or "" for number in numbers) == sorted(
        f"萍府办发〔2026〕{n}号" for n in range(1, DOCUMENTS + 1)
    )
    assert sorted(told) == sorted(waiting)
    assert last == DOCUMENTS


def test_each_code_and_each_year_counts_by_itself(offices: Offices) -> None:
    first = ready_to_register(offices)
    assert register_one(offices, first) == "萍府办发〔2026〕1号"
    with offices.session() as session:
        unit = session.get_one(DirectoryUnit, offices.units["市政府办"])
        unit.issuing_codes = ["萍府办发", "萍府办字"]
    other = ready_to_register(offices, issuing_code="萍府办字")
    assert register_one(offices, other) == "萍府办字〔2026〕1号"
    offices.clock = FixedClock(offices.clock.now().replace(year=2027))
    late = ready_to_register(offices)
    assert register_one(offices, late) == "萍府办发〔2027〕1号"


def register_one(offices: Offices, document_id: UUID) -> str | None:
    register(offices, document_id, torn=False)
    return offices.get(document_id).number


def test_what_comes_after_never_changes_a_number(offices: Offices) -> None:
    document_id = ready_to_register(offices)
    number = register_one(offices, document_id)
    with offices.session() as session:
        registered = items_of(document_id).where(WorkItem.status == ItemStatus.DONE)
        case: dict[str, Any] = {"document_id": document_id, "item_id": session.scalars(registered).one()}
    clerk, clock = offices.actor("市文书"), offices.clock
    with pytest.raises(Problem, match="numbered_not_returned"), offices.session() as session:
        return_item(session, clerk, clock, step_id="check", reason="退", **case)
    with pytest.raises(Problem, match="not_withdrawable"), offices.session() as session:
        withdraw_item(session, clerk, clock, **case)
    with pytest.raises(Problem, match="item_closed"):
        register(offices, document_id, torn=False)
    assert offices.get(document_id).number == number


def test_returned_before_registration_it_takes_its_place_only_when_registered(offices: Offices) -> None:
    early, late = ready_to_register(offices), ready_to_register(offices)
    with offices.session() as session:
        item = offices.open_item(session, early, "register", "市文书")
        return_item(
            session,
            offices.actor("市文书"),
            offices.clock,
            document_id=early,
            item_id=item,
            step_id="check",
            reason="核对",
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


def test_incoming_numbers_of_a_unit_have_no_gap_either(offices: Offices) -> None:
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
