"""Meetings, supervised tasks and cases are filed like documents: once, by their own rules, and linked both ways."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from services.archives.domain.retention import schedule_faults
from services.archives.domain.retention_defaults import EXTENDED_SCHEDULE
from services.archives.packaging import verify_package
from services.archives.packaging.digests import Fixity
from services.archives.queries.closings import list_gaps
from services.archives.queries.rates import show_rate
from services.archives.queries.records import show_record
from shared.auth import Actor
from shared.events.affairs import CaseConcluded
from shared.events.base import Event, example_of
from shared.events.documents import Blob
from shared.events.dossier import (
    MEDIA_TYPE,
    Act,
    Attachment,
    Direction,
    Dossier,
    Importance,
    Link,
    LinkKind,
    Person,
    Relation,
    to_json,
)
from shared.events.dossier import Unit as DossierUnit
from shared.events.meetings import MeetingConcluded
from shared.events.supervision import TaskConcluded
from shared.ids import new_id
from shared.messaging.handling import Verdict
from tests.service.archives.archive import Archive

CONCLUDED_AT = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Kind:
    """One of the three kinds: its event, its names here and there, and what the default schedule says of it."""

    event: type[Any]
    id_field: str
    direction: Direction
    kind: str
    system: str
    retention: str
    rule: str


MEETING = Kind(MeetingConcluded, "meeting_id", Direction.MEETING, "会议", "meetings", "Y", "H1")
TASK = Kind(TaskConcluded, "task_id", Direction.TASK, "督查事项", "supervision", "D30", "D3")
CASE = Kind(CaseConcluded, "case_id", Direction.CASE, "办件", "affairs", "D10", "B3")
KINDS = [MEETING, TASK, CASE]
NAMES = {
    MEETING: ("市政府第12次常务会议", "〔2026〕12号"),
    TASK: ("年底前电子文件归档率达到80%", "萍督〔2026〕8号"),
    CASE: ("机关事业单位人员调动（萍乡市教育局）", "BJ-2026-000123"),
}


@pytest.fixture
def of_today(archive: Archive) -> Archive:
    archive.clock.at = CONCLUDED_AT
    return archive


def a_dossier(archive: Archive, kind: Kind, **facts: Any) -> Dossier:
    """What a service hands over of a concluded item: its record as PDF, its history, its attachments."""
    title, number = NAMES[kind]
    unit = DossierUnit(name="萍乡市人民政府办公室", unit_id=archive.town.office)
    act = Act(
        at=datetime(2026, 10, 20, 1, 0, tzinfo=UTC),
        verb="close",
        step="办结",
        person=Person(name="王示例", post="科长"),
        opinion="同意办结。",
    )
    made = Dossier(
        document_id=new_id(),
        direction=kind.direction,
        kind=kind.kind,
        title=title,
        number=number,
        owner=unit,
        office=unit,
        issuer=unit,
        issuer_relation=Relation.OWN,
        drafted_at=datetime(2025, 12, 1, 1, 0, tzinfo=UTC),
        closed_at=CONCLUDED_AT,
        rendered=archive.store.pdf("记录.pdf", 2),
        attachments=(Attachment(title="附件一", blob=archive.store.pdf("附件.pdf")),),
        acts=(act,),
    )
    return replace(made, **facts)


def concluded(archive: Archive, kind: Kind, dossier: Dossier) -> Event:
    ref = archive.store.blobs.put(to_json(dossier), media_type=MEDIA_TYPE, name="档案数据.json")
    told: Event = replace(
        example_of(kind.event),
        **{kind.id_field: dossier.document_id},
        unit_id=dossier.owner.unit_id,
        title=dossier.title,
        number=dossier.number or "",
        dossier=Blob(digest=ref.digest, size=ref.size, media_type=ref.media_type, name=ref.name),
        concluded_at=dossier.closed_at,
    )
    return told


def conclude(archive: Archive, kind: Kind, dossier: Dossier) -> UUID:
    archive.deliver(archive.envelope(concluded(archive, kind, dossier)))
    return dossier.document_id


def shown(archive: Archive, item_id: UUID) -> dict[str, Any]:
    with archive.transaction() as session:
        return show_record(session, Actor.system(new_id()), archive.filed(item_id).id)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.system)
def test_each_kind_is_filed_once_however_often_it_is_told(of_today: Archive, kind: Kind) -> None:
    archive = of_today
    event = concluded(archive, kind, a_dossier(archive, kind))
    envelope = archive.envelope(event)
    assert [archive.deliver(envelope), archive.deliver(envelope)] == [Verdict.HANDLED, Verdict.DUPLICATE]
    archive.tick()
    archive.deliver(archive.envelope(event, sequence=10))
    archive.tick()
    (record,) = archive.records()
    assert (record.direction, record.retention, record.retention_rule) == (
        kind.direction,
        kind.retention,
        kind.rule,
    )
    (told,) = archive.told()
    said = json.loads(told.data)
    assert (told.key, said["system"], said["number"]) == (
        "archive_record.filed.v1",
        kind.system,
        record.number,
    )
    assert told.correlation_id == envelope.correlation_id
    assert archive.gaps() == {}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.system)
def test_the_package_has_the_record_its_attachments_and_the_whole_history(
    of_today: Archive, kind: Kind
) -> None:
    archive = of_today
    item_id = conclude(archive, kind, a_dossier(archive, kind))
    archive.tick()
    record = archive.filed(item_id)
    assert [file["role"] for file in record.files if file["role"]] == ["正本", "附件"]
    assert (record.pages, record.failed_checks) == (3, 0)
    assert record.described["kind"] == kind.kind
    package = archive.blob_path(record.package["digest"])
    assert verify_package(package, expected=Fixity(**record.fixity)).sound
    assert "同意办结。" in package.read_bytes().decode("utf-8", errors="ignore")


@pytest.mark.parametrize(
    ("kind", "facts", "year", "why"),
    [
        (MEETING, {"meeting_ended_on": date(2025, 12, 31)}, 2025, "会议闭幕日期"),
        (MEETING, {}, 2026, "未注闭幕日期"),
        (TASK, {}, 2026, "跨年办理"),
        (CASE, {"drafted_at": CONCLUDED_AT}, 2026, "按办结日期"),
    ],
)
def test_the_year_is_that_of_the_last_day_or_of_closing(
    of_today: Archive, kind: Kind, facts: dict[str, Any], year: int, why: str
) -> None:
    item_id = conclude(of_today, kind, a_dossier(of_today, kind, **facts))
    of_today.tick()
    record = of_today.filed(item_id)
    assert record.year == year
    assert why in record.year_explanation


@pytest.mark.parametrize(
    ("kind", "facts", "kept"),
    [
        (MEETING, {"title": "全市防汛工作会议"}, "Y"),
        (MEETING, {"title": "关于某项目的会议", "subject_class": "专题会"}, "Y"),
        (MEETING, {"title": "某项目协调会"}, "D30"),
        (TASK, {"importance": Importance.IMPORTANT}, "Y"),
        (TASK, {"title": "市政协提案第3号办理"}, "Y"),
        (TASK, {"title": "节日值班安排落实情况"}, "D30"),
        (CASE, {"title": "科级干部任免备案（市教育局）"}, "Y"),
        (CASE, {"importance": Importance.IMPORTANT}, "D30"),
    ],
)
def test_retention_goes_by_the_rows_of_the_kind(
    of_today: Archive, kind: Kind, facts: dict[str, Any], kept: str
) -> None:
    item_id = conclude(of_today, kind, a_dossier(of_today, kind, **facts))
    of_today.tick()
    assert of_today.filed(item_id).retention == kept


def test_the_shipped_rows_are_sound() -> None:
    assert schedule_faults(EXTENDED_SCHEDULE) == ()


@pytest.mark.parametrize("task_first", [True, False], ids=["task first", "meeting first"])
def test_linked_items_find_each_other_whichever_was_filed_first(of_today: Archive, task_first: bool) -> None:
    archive = of_today
    meeting = a_dossier(archive, MEETING)
    link = Link(
        kind=LinkKind.RELATED,
        document_id=meeting.document_id,
        title=meeting.title,
        number=meeting.number,
    )
    task = a_dossier(archive, TASK, links=(link,))
    order = [(TASK, task), (MEETING, meeting)]
    for kind, dossier in order if task_first else order[::-1]:
        conclude(archive, kind, dossier)
        archive.tick()
        package = archive.filed(dossier.document_id).package
        if kind is TASK and task_first:
            (waiting,) = shown(archive, task.document_id)["linked_items"]
            assert (waiting["title"], waiting["archival_number"]) == (meeting.title, None)
            sealed = package
    numbers = {kind: archive.filed(item.document_id).number for kind, item in order}
    (here,) = shown(archive, task.document_id)["linked_items"]
    (there,) = shown(archive, meeting.document_id)["linked_items"]
    assert (here["archival_number"], here["label"]) == (numbers[MEETING], "相关文件")
    assert (there["archival_number"], there["item_id"]) == (numbers[TASK], task.document_id)
    if task_first:
        assert archive.filed(task.document_id).package == sealed
    else:
        bytes_of = archive.blob_path(archive.filed(task.document_id).package["digest"]).read_bytes()
        assert f"档号 {numbers[MEETING]}" in bytes_of.decode("utf-8", errors="ignore")


def test_a_reply_and_what_it_answers_are_linked_before_and_after(archive: Archive) -> None:
    asked = archive.dossier()
    link = Link(
        kind=LinkKind.REPLIES_TO, document_id=asked.document_id, title=asked.title, number=asked.number
    )
    reply = archive.dossier(links=(link,), number="萍府办发〔2025〕13号")
    archive.close(reply)
    archive.tick()
    archive.close(asked)
    archive.tick()
    seen = [item["label"] for item in shown(archive, asked.document_id)["linked_items"]]
    # The sample names a letter of its own beside it.
    assert "复文" in seen
    (answered,) = shown(archive, reply.document_id)["linked_items"]
    assert (answered["label"], answered["archival_number"]) == (
        "来文",
        archive.filed(asked.document_id).number,
    )


def test_what_cannot_be_filed_is_listed_with_its_service_and_lowers_its_rate_alone(of_today: Archive) -> None:
    archive = of_today
    conclude(archive, TASK, a_dossier(archive, TASK, number=None))
    conclude(archive, CASE, a_dossier(archive, CASE, rendered=None))
    wrong = a_dossier(archive, MEETING)
    conclude(archive, TASK, wrong)
    good = conclude(archive, MEETING, a_dossier(archive, MEETING))
    archive.tick()
    actor = Actor.system(new_id())
    with archive.transaction() as session:
        gaps = list_gaps(session, actor, query={"limit": 20}).items
        one = list_gaps(session, actor, query={"limit": 20, "system": "affairs"}).items
        rate = show_rate(session, actor, query={"by": "system"})
    found = {(gap["system_label"], reason.rpartition("》")[2]) for gap in gaps for reason in gap["reasons"]}
    assert found == {
        ("督查督办", "缺少督办编号"),
        ("机关办事", "缺少办件记录（PDF）"),
        ("督查督办", "档案数据所述的事项与办结通知不是同一类"),
    }
    assert [gap["system"] for gap in one] == ["affairs"]
    parts = {part["key"]: (part["filed"], part["due"], part["rate"]) for part in rate["parts"]}
    assert parts == {
        "meetings": (1, 1, "100.00"),
        "supervision": (0, 2, "0.00"),
        "affairs": (0, 1, "0.00"),
    }
    assert rate["parts"][0]["documents"].startswith("/closed-documents?system=")
    assert archive.filed(good).number
