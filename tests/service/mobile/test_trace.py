"""The trace of a document: its whole chain across services, for those who may know of it."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from services.mobile.domain.sentences import has_wording, tell
from shared.events import affairs, archives, documents, identity, meetings, work
from shared.events.base import example_of
from shared.events.suite import suite_events
from shared.ids import new_id
from shared.permissions import Permission
from tests.service.mobile.office import (
    Office,
    cancelled,
    completed,
    doer,
    opened,
    read,
    started,
    subject,
)
from tests.support.api import RunningApi, SignedIn, a_person


@pytest.fixture
def office(api: RunningApi) -> Office:
    return Office(api.database)


class Story:
    """A document from draft to archive: reviewed here, received and handled by another unit, on one chain."""

    def __init__(self, office: Office) -> None:
        self.chain = new_id()
        self.document_id, self.incoming_id = new_id(), new_id()
        self.drafter = office.person("李娟", title="主办科员")
        self.reviewer = office.person("王明", title="办公室主任")
        self.clerk = office.person("周文书", title="收文员")
        about = subject(self.document_id, title="关于归档的通知")
        drafted = documents.Doer(
            person_id=self.drafter.person_id,
            person_name="李娟",
            post_id=self.drafter.post_id,
            post_title="主办科员",
            unit_name="市政府办",
        )
        self.review = opened(self.reviewer.post_id, about, sender_name="李娟")
        arrived = subject(self.incoming_id, title="关于归档的通知", kind="incoming")
        self.handling = opened(
            self.clerk.post_id, arrived, step="登记", sender_name="系统", sender_post_id=None
        )
        self.envelopes = office.tell(
            self.of(documents.DocumentDrafted, doer=drafted, title="关于归档的通知"),
            started(doer(self.drafter), about, work_id=self.review.work_id),
            self.review,
            read(self.review, doer(self.reviewer)),
            completed(self.review, doer(self.reviewer)),
            self.of(documents.DocumentIssued, doer=drafted),
            replace(
                example_of(documents.DocumentArrived),
                document_id=self.incoming_id,
                source_id=self.document_id,
            ),
            self.of(documents.ReceiptConfirmed, receipt_id=new_id()),
            self.handling,
            completed(self.handling, doer(self.clerk), label="已登记"),
            self.of(archives.RecordArchived, archive_record_id=new_id()),
            chain=self.chain,
        )

    def of(self, kind: Any, **facts: Any) -> Any:
        return replace(example_of(kind), document_id=self.document_id, **facts)


@pytest.fixture
def story(office: Office) -> Story:
    return Story(office)


def sentences(api: RunningApi, path: str, person: SignedIn) -> list[str]:
    answer = api.get(path, person)
    assert answer.status_code == 200, answer.text
    return [line["sentence"] for line in answer.json()["items"]]


MILESTONES = [
    "以 萍府办发〔2026〕21号 印发至安源区人民政府",
    "安源区人民政府已签收",
    "归档，档号 Z109-WS·2026-D30-BGS-0001",
]


def test_a_stranger_does_not_learn_that_the_document_exists(
    api: RunningApi, office: Office, story: Story
) -> None:
    stranger = office.person("外人")
    unknown = api.get(f"/trace/{new_id()}", stranger)
    for path in (f"/trace/{story.document_id}", f"/trace?correlation_id={story.chain}"):
        answer = api.get(path, stranger)
        assert answer.status_code == unknown.status_code == 404
        assert answer.json()["code"] == unknown.json()["code"]
        assert answer.json()["detail"] == unknown.json()["detail"]


def test_a_chain_must_be_named(api: RunningApi, office: Office) -> None:
    assert api.get("/trace", office.person()).status_code == 422


def test_those_who_worked_on_it_read_the_chain_from_draft_to_archive(api: RunningApi, story: Story) -> None:
    told = [
        "起草通知《关于归档的通知》",
        "发起“发文办理”流程",
        "“核稿”送办：市政府办办公室主任",
        "“核稿”办理完毕：同意",
        *MILESTONES,
    ]
    for person in (story.drafter, story.reviewer):
        for path in (f"/trace/{story.document_id}", f"/trace?correlation_id={story.chain}"):
            assert sentences(api, path, person) == told


def test_a_receiving_unit_reads_its_own_steps_and_the_milestones(api: RunningApi, story: Story) -> None:
    told = sentences(api, f"/trace/{story.incoming_id}", story.clerk)
    assert told == [
        MILESTONES[0],
        "收到萍乡市人民政府办公室的来文 萍府办发〔2026〕21号",
        MILESTONES[1],
        "“登记”送办：市政府办收文员",
        "“登记”办理完毕：已登记",
        MILESTONES[2],
    ]


def test_who_is_only_asked_for_a_material_is_told_nothing_of_the_case(
    api: RunningApi, office: Office
) -> None:
    chain, case_id, material_id = new_id(), new_id(), new_id()
    window, asked = office.person("窗口"), office.person("出具人", title="承办人")
    handling = opened(window.post_id, subject(case_id, kind="case"), step="预审")
    providing = opened(
        asked.post_id, subject(material_id, kind=affairs.MATERIAL_KIND), step="出具材料", sender_name="窗口"
    )
    applied = replace(example_of(affairs.CaseApplied), case_id=case_id)
    decided = replace(example_of(affairs.CaseDecided), case_id=case_id)
    office.tell(
        applied, handling, providing, completed(providing, doer(asked), label="已出具"), decided, chain=chain
    )
    own = ["“出具材料”送办：市政府办承办人", "“出具材料”办理完毕：已出具"]
    paths = (f"/trace/{material_id}", f"/trace/{case_id}", f"/trace?correlation_id={chain}")
    for path in paths:
        told = api.get(path, asked).json()
        assert [line["sentence"] for line in told["items"]] == own
        assert [lane["id"] for lane in told["subjects"]] == [str(material_id)]
    milestones = {tell(applied).sentence, tell(decided).sentence}
    assert milestones < set(sentences(api, paths[2], window))
    office.tell(opened(asked.post_id, subject(case_id, kind="case"), step="会签"), chain=chain)
    assert {*milestones, *own} < set(sentences(api, paths[2], asked))


def test_an_auditor_reads_whole_what_lies_in_the_scope_and_else_what_a_unit_of_it_had_a_part_in(
    api: RunningApi, office: Office, story: Story
) -> None:
    unit, post = example_of(identity.UnitRegistered), example_of(identity.PostCreated)
    top, county, bureau = unit.particulars.parent_id, new_id(), new_id()
    for unit_id, parent_id in ((top, None), (county, top), (bureau, top)):
        particulars = replace(unit.particulars, parent_id=parent_id)
        office.keep(identity.UnitRegistered(unit_id=unit_id, particulars=particulars))

    def auditor(unit_id: UUID, *scope: UUID) -> SignedIn:
        made = a_person(Permission.AUDIT_READ)
        seat = {"post_id": made.post_id, "unit_id": unit_id, "scope_unit_ids": scope}
        office.keep(replace(post, **seat))
        return made

    office.keep(replace(post, post_id=story.clerk.post_id, unit_id=county, title="收文员"))
    told = api.get(f"/trace/{story.document_id}?details=true", auditor(bureau, top)).json()["items"]
    assert [UUID(line["id"]) for line in told] == [envelope.id for envelope in story.envelopes]
    path = f"/trace/{story.incoming_id}"
    assert sentences(api, path, auditor(county)) == sentences(api, path, story.clerk)
    assert api.get(path, auditor(bureau)).status_code == 404


def test_a_line_says_who_and_at_which_step(api: RunningApi, story: Story) -> None:
    answer = api.get(f"/trace/{story.document_id}", story.drafter).json()
    lines = {line["sentence"]: line for line in answer["items"]}
    sent = lines["“核稿”送办：市政府办办公室主任"]
    assert (sent["step"], sent["person_name"]) == ("核稿", "李娟")
    assert (sent["to_post"]["title"], sent["to_post"]["unit_name"]) == ("办公室主任", "市政府办")
    done = lines["“核稿”办理完毕：同意"]
    assert (done["person_name"], done["post"]["title"], done["service"]) == (
        "王明",
        "办公室主任",
        "supervision",
    )
    assert lines[MILESTONES[2]]["service"] == "archives"
    assert lines[MILESTONES[2]]["person_name"] == "系统"
    assert {lane["title"] for lane in answer["subjects"]} == {"关于归档的通知"}


def test_a_long_chain_comes_in_pages(api: RunningApi, story: Story) -> None:
    path = f"/trace/{story.document_id}"
    whole = sentences(api, path, story.drafter)
    paged: list[str] = []
    after = None
    while True:
        page = api.get(
            path, story.drafter, params={"limit": 3, "after": after} if after else {"limit": 3}
        ).json()
        paged.extend(line["sentence"] for line in page["items"])
        after = page["next"]
        if after is None:
            break
    assert paged == whole


def test_whoever_stands_in_for_the_holder_may_read_it(api: RunningApi, office: Office, story: Story) -> None:
    deputy = office.person("赵代")
    assert api.get(f"/trace/{story.document_id}", deputy).status_code == 404
    office.delegate(story.reviewer, deputy)
    assert api.get(f"/trace/{story.document_id}", deputy).status_code == 200


def test_whoever_had_an_item_may_read_it_still(api: RunningApi, office: Office, story: Story) -> None:
    former = office.person("陈前")
    item = opened(former.post_id, subject(story.document_id))
    office.tell(item, cancelled(item), chain=story.chain)
    assert api.get(f"/trace/{story.document_id}", former).status_code == 200


def test_every_event_reads_as_a_sentence() -> None:
    unworded = [event.key for event in suite_events() if not has_wording(event)]
    assert unworded == [], "say in services/mobile/domain/words how these read"
    for event in suite_events():
        told = tell(example_of(event))
        assert told.sentence
        assert not told.sentence.isascii()


def test_what_happened_around_a_meeting_is_told_as_its_meeting() -> None:
    decided = example_of(meetings.DecisionRecorded)
    assert tell(decided).about_id == decided.meeting_id
    revoked = example_of(affairs.ResultRevoked)
    assert tell(revoked).about_id == revoked.case_id
    advised = replace(example_of(meetings.TopicMovedOn), verb="ask_advice", state="draft")
    assert tell(advised).sentence == "就议题征求意见"
    unheard_of = replace(advised, verb="something_else", state="heard")
    assert tell(unheard_of).sentence == "议题已上会"


def test_opinions_stay_out_of_the_trace() -> None:
    moved = replace(example_of(documents.DocumentMovedOn), opinion="此处不宜外传")
    assert "不宜外传" not in tell(moved).sentence
    noted = replace(example_of(work.WorkItemReminded), note="此处不宜外传")
    assert "不宜外传" not in tell(noted).sentence
