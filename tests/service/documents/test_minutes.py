"""Approved minutes become a 纪要 of their organ: once, in the drafter's post, and never lost."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.documents.commands.abandon import abandon_draft
from services.documents.commands.draft_minutes import draft_waiting_minutes, take_minutes
from services.documents.models import ApprovedMinutes, Document, DocumentVersion, Receipt
from services.documents.worker import DocumentsWorker
from shared.auth import Actor
from shared.config import read_settings
from shared.directory import DirectoryPost, DirectoryTenure
from shared.events.base import Envelope
from shared.events.documents import Blob
from shared.events.meetings import MinutesApproved, Party
from shared.events.minutes import MEDIA_TYPE, MinutesContent, to_json
from shared.flow.models import WorkItem
from shared.ids import new_id
from shared.messaging.handling import Verdict, handle
from shared.messaging.models import OutboxEvent
from shared.messaging.subscriptions import subscriptions_of
from shared.runtime_context import Runtime
from tests.service.documents.offices import MORNING, Offices

TITLE = "市政府第12次常务会议纪要"
CONTENT = MinutesContent(
    title=TITLE,
    body=("会议听取了电子文件归档工作情况汇报。", "会议决定，年底前归档率达到80%。"),
    present=("王示例（市长）", "李示例（副市长）"),
    excused=("张示例（副市长）",),
    attending=("赵示例（市数据局）",),
)


def approved(offices: Offices, *receivers: str, by: str = "市拟稿", **changes: Any) -> MinutesApproved:
    """What meetings tells when the chair has approved minutes of the city office."""
    data = changes.pop("content", to_json(CONTENT))
    blob = offices.blobs.put(data, media_type=MEDIA_TYPE, name="纪要.json")
    drafter = offices.people[by]
    assert drafter.person_id
    assert drafter.post_id
    told = MinutesApproved(
        minutes_id=new_id(),
        meeting_id=new_id(),
        unit_id=offices.units["市政府办"],
        title=TITLE,
        content=Blob(digest=blob.digest, size=blob.size, media_type=blob.media_type, name=blob.name),
        receivers=tuple(Party(unit_id=offices.units[name], unit_name=name) for name in receivers),
        drafter_person_id=drafter.person_id,
        drafter_post_id=drafter.post_id,
        approved_at=MORNING,
    )
    return replace(told, **changes)


def take(offices: Offices, told: MinutesApproved, *, chain: UUID | None = None) -> Sequence[Document]:
    """Hear of it; the documents that came of it until now."""
    actor = Actor.system(chain or new_id(), causation_id=new_id())
    with offices.session() as session:
        take_minutes(session, actor, offices.clock, blobs=offices.blobs, approved=told)
    return drafts_of(offices, told)


def drafts_of(offices: Offices, told: MinutesApproved) -> Sequence[Document]:
    wanted = sa.select(Document).where(Document.origin_id == told.minutes_id).order_by(Document.id)
    with offices.session() as session:
        return session.scalars(wanted).all()


def told_of(offices: Offices, key: str, document_id: UUID) -> dict[str, Any]:
    wanted = sa.select(OutboxEvent.data).where(OutboxEvent.key == key, OutboxEvent.subject == document_id)
    with offices.session() as session:
        data: dict[str, Any] = json.loads(session.scalars(wanted).one())
    return data


def test_approved_minutes_wait_in_their_drafters_post_as_a_draft(offices: Offices) -> None:
    told, chain = approved(offices, "安源", "市政府", "市政府办", "安源"), new_id()
    (draft,) = take(offices, told, chain=chain)
    assert (draft.kind, draft.form, draft.title, draft.state) == ("纪要", "minutes", TITLE, "drafting")
    assert (draft.correlation_id, draft.owner_unit_id) == (chain, offices.units["市政府办"])
    assert draft.elements["present"] == list(CONTENT.present)
    assert draft.elements["observing"] == list(CONTENT.attending)
    # To whom it goes down, and who above gets a copy; the organ itself has it already.
    assert [unit["name"] for unit in draft.elements["recipients"]] == ["安源区人民政府"]
    assert [unit["name"] for unit in draft.elements["copies"]] == ["萍乡市人民政府"]
    with offices.session() as session:
        assert session.get_one(DocumentVersion, (draft.id, 1)).body == list(CONTENT.body)
        item = session.scalars(sa.select(WorkItem).where(WorkItem.subject_id == draft.id)).one()
        assert (item.step_id, item.post_id) == ("draft", offices.post_id("市拟稿"))
    drafted = told_of(offices, "document.drafted.v1", draft.id)
    assert (drafted["origin"]["system"], drafted["origin"]["id"]) == ("meetings", str(told.minutes_id))


def test_the_same_minutes_are_drafted_once(offices: Offices) -> None:
    told = approved(offices, "安源")
    assert len(take(offices, told)) == len(take(offices, told)) == 1


def test_the_worker_drafts_them_from_the_event_alone_however_often_it_comes(
    offices: Offices, tmp_path: Path
) -> None:
    told = approved(offices, "安源")
    settings = replace(read_settings(), blob_url=tmp_path.as_uri())
    runtime = Runtime(settings=settings, clock=offices.clock)
    envelope = Envelope(
        id=new_id(),
        service="meetings",
        time=MORNING,
        sequence=1,
        actor_id=None,
        correlation_id=new_id(),
        causation_id=None,
        event=told,
    )
    method = DocumentsWorker().draft_minutes
    made = next(made for made in subscriptions_of(DocumentsWorker) if made.method == "draft_minutes")
    verdicts = []
    for _ in range(2):
        with offices.session() as session:
            verdicts.append(handle(session, envelope, subscription=made, runtime=runtime, method=method))
    assert verdicts == [Verdict.HANDLED, Verdict.DUPLICATE]
    (draft,) = drafts_of(offices, told)
    assert draft.correlation_id == envelope.correlation_id


def test_minutes_whose_draft_was_given_up_are_drafted_again_when_approved_anew(offices: Offices) -> None:
    told = approved(offices, "安源")
    (draft,) = take(offices, told)
    with offices.session() as session:
        abandon_draft(session, offices.actor("市拟稿"), offices.clock, document_id=draft.id, reason="有误")
    assert len(take(offices, told)) == 1
    anew = replace(told, approved_at=told.approved_at + timedelta(hours=1))
    assert [each.state for each in take(offices, anew)] == ["abandoned", "drafting"]


def test_minutes_go_through_signing_to_their_receivers_and_say_where_they_came_from(offices: Offices) -> None:
    told = approved(offices, "安源", "湘东")
    (draft,) = take(offices, told)
    offices.sign(draft.id)
    offices.do(draft.id, "check", "市文书", outcome="pass")
    offices.do(draft.id, "register", "市文书", issuing_code="萍府办发")
    offices.issue(draft.id)
    issued = told_of(offices, "document.issued.v1", draft.id)
    assert (issued["origin"]["kind"], issued["origin"]["id"]) == ("minutes", str(told.minutes_id))
    assert offices.blobs.read(issued["rendered"]["digest"]).startswith(b"%PDF")
    with offices.session() as session:
        states = session.scalars(sa.select(Receipt.state).where(Receipt.document_id == draft.id)).all()
    assert states == ["delivered", "delivered"]


def test_when_the_drafter_is_gone_the_registry_gets_the_draft(offices: Offices) -> None:
    told = approved(offices, "安源")
    gone = offices.people["市拟稿"].tenure_id
    with offices.session() as session:
        session.get_one(DirectoryTenure, gone).active = False
    (draft,) = take(offices, told)
    assert draft.drafter_post_id == offices.post_id("市文书")


def test_what_cannot_be_drafted_waits_with_its_reason_until_it_can(offices: Offices) -> None:
    told = approved(offices, "安源")
    posts = [offices.post_id("市拟稿"), offices.post_id("市文书")]
    standing(offices, posts, active=False)
    assert take(offices, told) == []
    with offices.session() as session:
        assert "没有人可以拟稿" in session.get_one(ApprovedMinutes, told.minutes_id).reason
    standing(offices, posts, active=True)
    with offices.session() as session:
        draft_waiting_minutes(session, offices.clock, blobs=offices.blobs)
    assert len(drafts_of(offices, told)) == 1


def standing(offices: Offices, posts: list[UUID], *, active: bool) -> None:
    with offices.session() as session:
        session.execute(sa.update(DirectoryPost).where(DirectoryPost.id.in_(posts)).values(active=active))


def test_unreadable_or_secret_minutes_are_not_drafted_and_keep_nobody_waiting(offices: Offices) -> None:
    secret = to_json(replace(CONTENT, body=("机密★1年", *CONTENT.body)))
    for content, reason in ((b"{}", "纪要内容无法读取"), (secret, "涉密")):
        told = approved(offices, "安源", content=content)
        assert take(offices, told) == []
        with offices.session() as session:
            assert reason in session.get_one(ApprovedMinutes, told.minutes_id).reason
    assert len(take(offices, approved(offices, "安源"))) == 1
