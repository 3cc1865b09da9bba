"""Gaps: each closed document without a record, with its reason; they close once that is put right."""

from pathlib import Path
from typing import Any

from services.archives.models import ClosedDocument
from shared.directory import DirectoryUnit
from tests.service.archives.archive import Archive, FullStore
from tests.unit.archives import samples


def test_what_has_just_arrived_is_a_gap_until_it_is_filed(archive: Archive) -> None:
    document_id = archive.close(archive.dossier())
    assert archive.gaps() == {document_id: []}
    archive.tick()
    assert archive.gaps() == {}


def test_a_unit_without_a_fonds_is_told_and_files_once_it_has_one(archive: Archive) -> None:
    archive.settle_town(fonds=False)
    document_id = archive.close(archive.dossier())
    archive.tick()
    assert archive.gaps()[document_id] == [
        "单位没有全宗号：请在机构管理中为“萍乡市人民政府办公室”填写全宗号，填写后自动归档"
    ]
    with archive.transaction() as session:
        session.get_one(DirectoryUnit, archive.town.office).fonds_code = "Z002"
    archive.pass_time(30)
    archive.tick()
    assert archive.gaps() == {}
    assert archive.filed(document_id).number == "Z002-WS·2025-D30-BGS-0001"


def test_missing_facts_are_told_one_by_one(archive: Archive) -> None:
    lacking = samples.without(archive.dossier(), "number", "signer")
    document_id = archive.close(lacking)
    archive.tick()
    reasons = archive.gaps()[document_id]
    assert [reason.rpartition("》")[2] for reason in reasons] == ["缺少发文字号", "缺少签发人"]


def test_a_fonds_code_that_may_not_stand_in_a_number_is_told(archive: Archive) -> None:
    with archive.transaction() as session:
        session.get_one(DirectoryUnit, archive.town.office).fonds_code = "一号"
    document_id = archive.close(archive.dossier())
    archive.tick()
    assert archive.gaps()[document_id] == ["“一号”不是有效的全宗号（一个大写字母加三位数字，如 Z109）"]


def test_a_dossier_that_is_gone_damaged_or_of_another_document_is_told(archive: Archive) -> None:
    gone, damaged, other = (archive.closed(archive.dossier()) for _ in range(3))
    archive.blob_path(gone.dossier.digest).unlink()
    archive.blob_path(damaged.dossier.digest).write_bytes(b"{}")
    foreign = archive.closed(archive.dossier())
    exchanged = type(other)(**{**vars(other), "dossier": foreign.dossier})
    for event in (gone, damaged, exchanged):
        archive.deliver(archive.envelope(event))
    archive.tick()
    told = archive.gaps()
    assert told[gone.document_id][0].startswith("文件内容不存在：")
    assert told[damaged.document_id] == ["档案数据在存储中的内容与办结通知登记的摘要不符，可能已损坏"]
    assert told[other.document_id] == ["档案数据所述的公文与办结通知不是同一件"]


def test_a_full_disk_leaves_nothing_half_done_and_files_when_there_is_room(archive: Archive) -> None:
    closed = archive.closed(archive.dossier())
    store = FullStore(archive.settings.blob_url)
    archive.runtime._blobs = store
    archive.deliver(archive.envelope(closed))
    archive.tick()
    assert archive.gaps()[closed.document_id][0].startswith("文件存储空间不足：")
    assert archive.records() == []
    assert archive.told() == []
    assert list((archive.settings.home / "packing").iterdir()) == []
    store.full = False
    archive.pass_time(30)
    archive.tick()
    assert archive.filed(closed.document_id).item == 1


def test_a_folder_that_cannot_be_written_is_told(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "packing").write_text("in the way")
    document_id = archive.close(archive.dossier())
    archive.tick()
    assert archive.gaps()[document_id][0].endswith("信息包未能保存；排除后自动归档")


def test_one_bad_document_does_not_keep_its_neighbours_from_filing(archive: Archive) -> None:
    bad = archive.close(samples.without(archive.dossier(), "signer"))
    good = [archive.close(archive.dossier()) for _ in range(3)]
    archive.tick()
    assert set(archive.gaps()) == {bad}
    assert [record.document_id for record in archive.records()] == good


def test_pauses_grow_but_never_beyond_half_a_minute(archive: Archive) -> None:
    document_id = archive.close(samples.without(archive.dossier(), "signer"))
    pauses = []
    for _ in range(8):
        archive.tick()
        row = waiting_row(archive, document_id)
        pauses.append((row.next_attempt_at - archive.clock.now()).total_seconds())
        archive.clock.at = row.next_attempt_at
    assert pauses == [2, 4, 8, 16, 30, 30, 30, 30]
    assert waiting_row(archive, document_id).attempts == 8


def test_before_its_time_a_failed_document_is_left_alone(archive: Archive) -> None:
    document_id = archive.close(samples.without(archive.dossier(), "signer"))
    archive.tick()
    archive.tick()
    assert waiting_row(archive, document_id).attempts == 1


def test_a_day_before_any_schedule_is_told(archive: Archive) -> None:
    closed_at = archive.dossier().closed_at
    document_id = archive.close(archive.dossier(closed_at=closed_at.replace(year=2006)))
    archive.tick()
    assert archive.gaps()[document_id] == ["2006-03-18 尚无生效的保管期限表"]


def waiting_row(archive: Archive, document_id: Any) -> ClosedDocument:
    with archive.transaction() as session:
        return session.get_one(ClosedDocument, document_id)
