"""What happens between sender and receivers: delivery, signing for, returning, and who sees what of it."""

from uuid import UUID

import sqlalchemy as sa

from services.documents.commands.deliver import deliver_document, deliver_waiting
from services.documents.domain.rules import Step
from services.documents.models import Document, Receipt
from services.documents.queries.cases import list_findings
from services.identity.domain.roles import Role
from shared.auth import Actor
from shared.ids import new_id
from shared.messaging.models import OutboxEvent
from tests.service.documents.desk import Desk, Json
from tests.service.documents.offices import Offices


def receipts(desk: Desk, document_id: str) -> dict[str, Json]:
    found = desk.get("市拟稿", f"/documents/{document_id}/receipts")["items"]
    return {receipt["unit_name"]: receipt for receipt in found}


def test_the_sender_sees_who_has_it_and_who_has_not(desk: Desk) -> None:
    document_id = desk.numbered(copies=[{"unit_id": desk.unit("市财政局")}])
    desk.complete(document_id, "render", "市文书")
    desk.complete(document_id, "issue", "市文书")
    sent = receipts(desk, document_id)
    assert {receipt["state"] for receipt in sent.values()} == {"sent"}
    desk.deliver(document_id)
    desk.complete(desk.incoming(document_id, "安源"), "sign_for", "安源文书", outcome="accept")
    now = receipts(desk, document_id)
    assert {name: receipt["state_label"] for name, receipt in now.items()} == {
        "安源区人民政府": "已签收",
        "湘东区人民政府": "已送达",
        "萍乡市财政局": "已送达",
    }
    signed = now["安源区人民政府"]
    assert (signed["person_name"], signed["post_title"]) == ("安源文书", "文书")
    assert signed["sent_at"] <= signed["delivered_at"] <= signed["signed_for_at"]
    assert now["萍乡市财政局"]["received_as"] == "copy"


def test_what_is_returned_says_why(desk: Desk) -> None:
    document_id = desk.issued()
    incoming = desk.incoming(document_id, "湘东")
    item = desk.item(incoming, "sign_for", "湘东文书")
    without = desk.verb("湘东文书", incoming, item, "complete", {"outcome": "return_to_sender"})
    assert (without.status_code, without.json()["code"]) == (422, "documents.reason_missing")
    desk.complete(incoming, "sign_for", "湘东文书", outcome="return_to_sender", opinion="主送有误")
    returned = receipts(desk, document_id)["湘东区人民政府"]
    assert (returned["state"], returned["reason"]) == ("returned", "主送有误")
    assert desk.state(incoming) == "returned"


def test_what_breaks_the_rules_goes_back_after_signing_for_too(desk: Desk) -> None:
    document_id = desk.issued()
    incoming = desk.incoming(document_id, "安源")
    desk.complete(incoming, "sign_for", "安源文书", outcome="accept")
    desk.complete(incoming, "register", "安源文书")
    desk.complete(incoming, "first_check", "安源文书", outcome="return_to_sender", opinion="不属本机关职权")
    assert receipts(desk, document_id)["安源区人民政府"]["state"] == "returned"
    with desk.offices.session() as session:
        told = session.scalars(sa.select(OutboxEvent.key).where(OutboxEvent.subject == UUID(incoming))).all()
    assert "document.abandoned.v1" in told
    assert "document.closed.v1" not in told


def test_a_receiving_registry_sees_what_was_issued_and_nothing_of_how_it_came_about(desk: Desk) -> None:
    before = desk.numbered()
    assert desk.ask("安源文书", "GET", f"/documents/{before}").status_code == 404
    document_id = desk.issued()
    assert desk.ask("安源承办", "GET", f"/documents/{document_id}").status_code == 404
    seen = desk.get("安源文书", f"/documents/{document_id}")
    assert (seen["number"], seen["drafter_name"], seen["facts"]) == (desk.row(document_id).number, "", {})
    assert {file["role"] for file in seen["files"]} == {"rendered"}
    inside = desk.get("市拟稿", f"/documents/{document_id}")["files"]
    sheet = next(file["id"] for file in inside if file["role"] == "processing_sheet")
    content = f"/documents/{document_id}/files/{sheet}/content"
    assert desk.ask("市拟稿", "GET", content).status_code == 200
    assert desk.ask("安源文书", "GET", content).status_code == 404
    for path in ("history", "versions", "items", "receipts", "findings"):
        assert desk.ask("安源文书", "GET", f"/documents/{document_id}/{path}").status_code == 404
    listed = desk.get("安源文书", "/documents", params={"limit": 200})["items"]
    assert document_id not in [each["id"] for each in listed]
    assert desk.incoming(document_id, "安源") in [each["id"] for each in listed]


def test_delivering_twice_brings_one_document(offices: Offices) -> None:
    document_id = issued(offices)
    with offices.session() as session:
        deliver_document(session, Actor.system(new_id()), offices.clock, document_id=document_id)
    with offices.session() as session:
        arrived = session.scalar(
            sa.select(sa.func.count()).select_from(Document).where(Document.source_id == document_id)
        )
    assert arrived == 2


def test_a_unit_without_a_registry_keeps_nobody_waiting_and_gets_it_later(offices: Offices) -> None:
    with offices.session() as session:
        offices.unit(session, "上栗", "上栗县人民政府", kind="government", level="county")
    document_id = issued(
        offices, recipients=[{"unit_id": offices.units["上栗"]}, {"unit_id": offices.units["安源"]}]
    )
    waiting = receipt_of(offices, document_id, "上栗")
    assert (waiting.state, waiting.incoming_id) == ("sent", None)
    assert "岗位" in waiting.reason
    assert receipt_of(offices, document_id, "安源").state == "delivered"
    try_again(offices)
    assert receipt_of(offices, document_id, "上栗").state == "sent"
    with offices.session() as session:
        offices.post(session, "上栗文书", offices.units["上栗"], Role.REGISTRY)
    try_again(offices)
    delivered = receipt_of(offices, document_id, "上栗")
    assert (delivered.state, delivered.reason) == ("delivered", "")
    incoming = offices.incoming(document_id, "上栗")
    assert incoming.sender_name == "萍乡市人民政府办公室"
    assert incoming.correlation_id == offices.get(document_id).correlation_id


def test_many_receivers_cost_a_handful_of_queries_to_check(offices: Offices) -> None:
    with offices.session() as session:
        names = [f"乡{place}" for place in range(200)]
        for name in names:
            offices.unit(
                session,
                name,
                f"{name}人民政府",
                kind="government",
                level="township",
                parent=offices.units["安源"],
            )
    recipients = [{"unit_id": offices.units[name]} for name in names]
    document_id = offices.draft(recipients=recipients)
    with offices.session() as session:
        document = session.get_one(Document, document_id)
        asked: list[str] = []
        sa.event.listen(session.connection(), "before_cursor_execute", lambda *call: asked.append(call[2]))
        list_findings(session, document, step=Step.REGISTER, today=offices.clock.today())
    assert len(asked) <= 8


def issued(offices: Offices, **changes: object) -> UUID:
    document_id = offices.draft(**changes)
    offices.sign(document_id)
    offices.number(document_id)
    offices.issue(document_id)
    return document_id


def receipt_of(offices: Offices, document_id: UUID, unit: str) -> Receipt:
    wanted = sa.select(Receipt).where(
        Receipt.document_id == document_id, Receipt.unit_id == offices.units[unit]
    )
    with offices.session() as session:
        return session.scalars(wanted).one()


def try_again(offices: Offices) -> None:
    with offices.session() as session:
        deliver_waiting(session, Actor.system(new_id()), offices.clock)


def test_what_is_only_to_be_read_is_circulated_and_closed(desk: Desk) -> None:
    incoming = desk.incoming(desk.issued(), "安源")
    desk.complete(incoming, "sign_for", "安源文书", outcome="accept")
    desk.complete(incoming, "register", "安源文书")
    chosen = {"propose": desk.choose("安源主任")}
    desk.complete(
        incoming, "first_check", "安源文书", outcome="accept", choices=chosen, variables={"read_only": True}
    )
    assert desk.row(incoming).handling == "read"
    desk.complete(incoming, "propose", "安源主任", opinion="传阅", variables={"read_only": True})
    desk.ask(
        "安源文书", "POST", f"/documents/{incoming}/circulate", json={"post_ids": [desk.post("安源区长")]}
    )
    desk.complete(incoming, "circulate", "安源文书")
    desk.complete(incoming, "close", "安源文书")
    assert desk.state(incoming) == "closed"
