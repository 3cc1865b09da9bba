"""One document from first draft to its end, at the sender and at a receiver."""

import json

import sqlalchemy as sa

from services.documents.commands.work import add_signers
from services.documents.domain.states import DispatchState, IncomingState, ReceiptState
from services.documents.models import DocumentAct, Receipt
from services.documents.queries.lists import list_documents
from shared.events.dossier import from_json
from shared.messaging.models import OutboxEvent
from tests.service.documents.offices import Offices


def test_a_document_goes_from_draft_to_issue_and_is_closed_at_its_receiver(offices: Offices) -> None:
    document_id = offices.draft()
    offices.do(document_id, "draft", "市拟稿", choices={"review": offices.choose("市核稿")})
    offices.do(
        document_id,
        "review",
        "市核稿",
        opinion="请档案局、财政局会签",
        choices={
            "countersign": offices.choose("市档案局领导", "市财政局领导"),
            "sign": offices.choose("市签发"),
        },
    )
    offices.do(document_id, "countersign", "市档案局领导", outcome="agree", opinion="同意")
    assert offices.get(document_id).state == DispatchState.COUNTERSIGNING
    offices.do(document_id, "countersign", "市财政局领导", outcome="agree", opinion="无意见")
    offices.do(document_id, "sign", "市签发", outcome="agree", opinion="同意印发")
    assert offices.number(document_id) == "萍府办发〔2026〕1号"
    offices.issue(document_id)

    issued = offices.get(document_id)
    assert issued.state == DispatchState.ISSUED
    assert issued.closed_at is not None

    incoming = offices.incoming(document_id, "安源")
    assert (incoming.state, incoming.correlation_id) == (IncomingState.ARRIVED, issued.correlation_id)
    offices.do(incoming.id, "sign_for", "安源文书", outcome="accept")
    offices.do(incoming.id, "register", "安源文书")
    offices.do(
        incoming.id,
        "first_check",
        "安源文书",
        outcome="accept",
        choices={"propose": offices.choose("安源主任")},
    )
    offices.do(
        incoming.id,
        "propose",
        "安源主任",
        opinion="拟请区长批示",
        choices={"instruct": offices.choose("安源区长")},
    )
    offices.do(
        incoming.id,
        "instruct",
        "安源区长",
        opinion="请承办",
        choices={"handle": offices.choose(lead="安源承办")},
    )
    offices.do(incoming.id, "handle", "安源承办", opinion="已办理")
    offices.do(incoming.id, "close", "安源文书")

    closed = offices.get(incoming.id)
    assert (closed.state, closed.incoming_number) == (IncomingState.CLOSED, "收〔2026〕1号")
    with offices.session() as session:
        receipts = dict(session.execute(sa.select(Receipt.unit_name, Receipt.state)).all())
        closings = session.scalars(
            sa.select(OutboxEvent)
            .where(OutboxEvent.key == "document.closed.v1")
            .order_by(OutboxEvent.position)
        ).all()
        acts = session.scalars(
            sa.select(DocumentAct.verb).where(DocumentAct.document_id == document_id).order_by(DocumentAct.at)
        ).all()
    assert receipts == {
        "安源区人民政府": ReceiptState.SIGNED_FOR,
        "湘东区人民政府": ReceiptState.DELIVERED,
    }
    assert [closing.subject for closing in closings] == [document_id, incoming.id]
    assert {closing.correlation_id for closing in closings} == {issued.correlation_id}
    assert set(acts) >= {"create", "submit", "review", "countersign", "sign", "check", "register", "issue"}


def test_the_dossier_of_a_closed_document_has_all_that_filing_needs(offices: Offices) -> None:
    document_id = offices.draft()
    offices.sign(document_id)
    offices.number(document_id)
    offices.issue(document_id)
    with offices.session() as session:
        data = session.scalars(
            sa.select(OutboxEvent.data).where(OutboxEvent.key == "document.closed.v1")
        ).one()
    digest = json.loads(data)["dossier"]["digest"]
    dossier = from_json(offices.blobs.read(digest))
    assert dossier.number == "萍府办发〔2026〕1号"
    assert dossier.signer
    assert dossier.signer.name == "市签发"
    assert dossier.rendered
    assert offices.blobs.read(dossier.rendered.digest).startswith(b"%PDF")
    assert dossier.processing_sheet
    assert dossier.final_text
    assert [unit.name for unit in dossier.receivers] == ["安源区人民政府", "湘东区人民政府"]


def test_a_registry_finds_its_documents_by_their_number(offices: Offices) -> None:
    document_id = offices.draft()
    offices.sign(document_id)
    number = offices.number(document_id)
    query = {"q": number, "limit": 20}
    with offices.session() as session:
        page = list_documents(session, offices.actor("市文书"), query=query, now=offices.clock.now())
        others = list_documents(session, offices.actor("安源文书"), query=query, now=offices.clock.now())
    assert [item["id"] for item in page.items] == [document_id]
    assert others.items == []


def test_who_was_only_asked_at_signing_is_not_named_as_signer(offices: Offices) -> None:
    document_id = offices.draft()
    offices.do(document_id, "draft", "市拟稿", choices={"review": offices.choose("市核稿")})
    offices.do(document_id, "review", "市核稿", choices={"sign": offices.choose("市签发")})
    with offices.session() as session:
        add_signers(
            session,
            offices.actor("市签发"),
            offices.clock,
            document_id=document_id,
            item_id=offices.open_item(session, document_id, "sign", "市签发"),
            post_ids=[offices.post_id("市拟稿")],
        )
    offices.do(document_id, "sign", "市拟稿", outcome="agree", opinion="内容属实")
    offices.do(document_id, "sign", "市签发", outcome="agree", opinion="同意")
    signed = offices.get(document_id)
    assert signed.signed_at is not None
    assert signed.elements["signers"] == ["市签发"]
