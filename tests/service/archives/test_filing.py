"""Filing: exactly one record per closed document, whatever comes twice, late, at once or out of order."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from services.archives.commands.rules import set_fonds
from services.archives.domain.archival_number import DA_T_13
from services.archives.filer import file_due, file_next
from services.archives.models import ArchiveRecord, NotFiledDecision
from shared.auth import Actor
from shared.directory import DirectoryUnit
from shared.events.dossier import ReceivedAs
from shared.events.dossier import Unit as DossierUnit
from shared.ids import new_id
from shared.messaging.handling import Verdict
from tests.service.archives.archive import Archive, a_unit
from tests.unit.archives import samples


def test_a_closed_document_is_filed_without_anybody_filing_it(archive: Archive) -> None:
    document_id = archive.close(archive.dossier())
    archive.tick()
    record = archive.filed(document_id)
    assert record.number == "Z002-WS·2025-D30-BGS-0001"
    assert (record.fonds_code, record.year, record.retention, record.item) == ("Z002", 2025, "D30", 1)
    assert record.retention_rule == "4.2"
    # One attachment is a text file, whose pages nobody knows; a sum without it would be wrong.
    assert record.pages is None
    assert {file["role"] for file in record.files if file["role"]} == {
        "正本",
        "附件",
        "定稿",
        "过程稿",
        "处理单",
    }
    assert archive.blob_path(record.package["digest"]).stat().st_size == record.package["size"]
    assert record.package["digest"] == f"sha256:{record.fixity['sha256']}"
    assert archive.gaps() == {}


def test_filing_is_told_on_the_documents_own_chain(archive: Archive) -> None:
    envelope = archive.envelope(archive.closed(archive.dossier()))
    archive.deliver(envelope)
    archive.tick()
    told = archive.told()
    assert [row.key for row in told] == ["archive_record.filed.v1"]
    assert told[0].correlation_id == envelope.correlation_id
    assert told[0].causation_id == envelope.id
    assert json.loads(told[0].data)["number"] == "Z002-WS·2025-D30-BGS-0001"


def test_the_same_event_twice_and_the_same_document_twice_make_one_record(archive: Archive) -> None:
    closed = archive.closed(archive.dossier())
    envelope = archive.envelope(closed)
    assert archive.deliver(envelope) is Verdict.HANDLED
    assert archive.deliver(envelope) is Verdict.DUPLICATE
    archive.tick()
    assert archive.deliver(archive.envelope(closed, sequence=10)) is Verdict.HANDLED
    archive.tick()
    assert len(archive.records()) == 1
    assert len(archive.told()) == 1


def test_two_filers_at_once_make_one_record_per_document(archive: Archive) -> None:
    documents = [archive.close(archive.dossier()) for _ in range(6)]
    together = Barrier(4)

    def run(_: int) -> None:
        together.wait(30)
        while file_next(archive.runtime):
            pass

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))
    assert sorted(record.document_id for record in archive.records()) == sorted(documents)
    assert [record.item for record in archive.records()] == [1, 2, 3, 4, 5, 6]


def test_an_event_before_its_unit_is_known_waits_for_it(unsettled: Archive) -> None:
    document_id = unsettled.close(unsettled.dossier())
    unsettled.tick()
    assert unsettled.gaps()[document_id] == ["本地机构名录中还没有归档单位，机构信息送达后自动归档"]
    unsettled.settle_town()
    unsettled.pass_time(30)
    unsettled.tick()
    assert unsettled.filed(document_id).number == "Z002-WS·2025-D30-BGS-0001"


def test_what_the_schedule_excludes_gets_a_decision_and_no_number(archive: Archive) -> None:
    copy = archive.dossier(sample=samples.incoming, received_as=ReceivedAs.COPY)
    document_id = archive.close(copy)
    archive.tick()
    assert archive.records() == []
    assert archive.gaps() == {}
    with archive.transaction() as session:
        decision = session.get_one(NotFiledDecision, document_id)
    assert decision.rule_code == "N1"
    assert decision.explanation.startswith("不归档：符合保管期限表 默认-2007 第 N1 条")
    assert [row.key for row in archive.told()] == ["document.not_filed.v1"]


def test_the_office_gives_its_part_of_the_number(archive: Archive) -> None:
    office = DossierUnit(name="综合科", unit_id=archive.town.general)
    first = archive.close(archive.dossier(office=office))
    archive.tick()
    assert archive.filed(first).number == "Z002-WS·2025-D30-综合科-0001"
    assert archive.filed(first).described["unit_title"] == "萍乡市人民政府办公室综合科"


def test_a_fonds_numbers_by_its_own_rule(archive: Archive) -> None:
    setting = {
        "template": DA_T_13,
        "name": "萍乡市人民政府办公室全宗",
        "archive_name": "萍乡市档案馆",
        "archive_code": "436001",
        "default_unit_code": "办公室",
        "unit_codes": {str(archive.town.general): "ZHK"},
    }
    set_fonds_of(archive, archive.town.office, **setting)
    plain = archive.close(archive.dossier())
    office = archive.close(archive.dossier(office=DossierUnit(name="综合科", unit_id=archive.town.general)))
    archive.tick()
    assert archive.filed(plain).number == "Z002-WS·2025·D30·办公室-0001"
    assert archive.filed(office).number == "Z002-WS·2025·D30·ZHK-0001"
    assert archive.filed(plain).fonds_name == "萍乡市人民政府办公室全宗"


def set_fonds_of(archive: Archive, unit_id: UUID, **wanted: Any) -> None:
    with archive.transaction() as session:
        unit = session.get_one(DirectoryUnit, unit_id)
        actor = Actor.system(new_id())
        set_fonds(session, actor, archive.clock, unit=unit, wanted=wanted, expected_revision=None)


def test_fonds_of_the_same_number_in_two_archives_are_two(archive: Archive) -> None:
    county, township = new_id(), new_id()
    with archive.transaction() as session:
        session.add(a_unit(county, archive.town.city, "安源区府办", fonds="Z002", division="360302"))
        session.add(a_unit(township, county, "青山镇政府", fonds="Z090", division="360302101"))
    set_fonds_of(archive, county, template=DA_T_13)
    owners = [archive.town.office, county, archive.town.office, county, township]
    closed = [archive.close(archive.dossier(owner=owner)) for owner in owners]
    archive.tick()
    assert archive.gaps() == {}
    assert [archive.filed(document_id).number for document_id in closed] == [
        "Z002-WS·2025-D30-BGS-0001",
        "Z002-WS·2025·D30·BGS-0001",
        "Z002-WS·2025-D30-BGS-0002",
        "Z002-WS·2025·D30·BGS-0002",
        "Z090-WS·2025-D30-BGS-0001",
    ]
    assert [archive.filed(document_id).division_code for document_id in closed[-2:]] == ["360302"] * 2


def test_fifty_filings_at_once_with_failures_leave_no_gap_in_the_numbers(archive: Archive) -> None:
    good = [archive.dossier() for _ in range(50)]
    # Every fifth lacks a file: it fails late, after its number was taken.
    lost = archive.store.text("丢失.txt", "将要丢失的内容")
    for dossier in good[::5]:
        archive.close(replace(dossier, final_text=lost))
    for place, dossier in enumerate(good):
        if place % 5:
            archive.close(dossier)
    content = archive.blob_path(lost.digest).read_bytes()
    archive.blob_path(lost.digest).unlink()
    _file_with(archive, threads=8)
    assert [record.item for record in archive.records()] == list(range(1, 41))
    assert len(archive.gaps()) == 10
    archive.blob_path(lost.digest).write_bytes(content)
    archive.pass_time(30)
    _file_with(archive, threads=8)
    assert [record.item for record in archive.records()] == list(range(1, 51))
    assert archive.gaps() == {}


def _file_with(archive: Archive, *, threads: int) -> None:
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda _: file_due(archive.runtime, within=60), range(threads)))


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE archive_record SET number = 'Z999'",
        "DELETE FROM archive_record",
        "TRUNCATE archive_record CASCADE",
        "DELETE FROM archive_description",
        "DELETE FROM closed_document",
        "UPDATE closed_document SET state = 'waiting'",
        "UPDATE retention_schedule_version SET rules = '[]'",
    ],
)
def test_what_was_archived_cannot_be_changed_or_removed(archive: Archive, tampering: str) -> None:
    document_id = archive.close(archive.dossier())
    archive.tick()
    with pytest.raises(IntegrityError, match="kept as it is"), archive.transaction() as session:
        session.execute(sa.text(tampering))
    assert archive.filed(document_id).number == "Z002-WS·2025-D30-BGS-0001"


def test_a_document_has_at_most_one_record(archive: Archive) -> None:
    archive.close(archive.dossier())
    archive.tick()
    columns = ", ".join(
        column.key
        for column in sa.inspect(ArchiveRecord).columns
        if column.key not in ("id", "number", "item")
    )
    copied = f"SELECT gen_random_uuid(), 'x', 99, {columns} FROM archive_record"
    copy = f"INSERT INTO archive_record (id, number, item, {columns}) {copied}"
    with (
        pytest.raises(IntegrityError, match="uq_archive_record_document_id"),
        archive.transaction() as session,
    ):
        session.execute(sa.text(copy))
