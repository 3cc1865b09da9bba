"""What archives tells: that a closed document was filed, or that the schedule says not to file it."""

from datetime import datetime
from uuid import UUID

from shared.events.base import Event, described, event
from shared.events.documents import Blob

_ID = "0190f000-0000-7000-8000-0000000001"
_UNIT = "0190f000-0000-7000-8000-000000000002"
_WHEN = "2026-11-03T01:30:00+00:00"
_PACKAGE = {
    "digest": "sha256:" + "0" * 64,
    "size": 204800,
    "media_type": "application/zip",
    "name": "Z109-WS·2026-D30-BGS-0001.zip",
}


@event("archive_record.filed.v1", aggregate="archive_record")
class RecordArchived(Event):
    """A closed document was filed (归档): it has its archival number, and its package is sealed."""

    archive_record_id: UUID = described("The record", _ID + "07")
    document_id: UUID = described("The document that was filed", _ID + "01")
    owner_unit_id: UUID = described("The organ whose archives it belongs to", _UNIT)
    number: str = described("档号; it never changes", "Z109-WS·2026-D30-BGS-0001")
    fonds_code: str = described("全宗号", "Z109")
    year: int = described("年度", 2026)
    retention: str = described("保管期限: Y (permanent), D30 or D10 (years)", "D30")
    title: str = described("题名", "萍乡市人民政府办公室关于做好电子文件归档工作的通知")
    package: Blob = described("The sealed package in the object store", _PACKAGE)
    archived_at: datetime = described("When", _WHEN)
    system: str = described("The service whose item it is", "documents", default="documents")


@event("document.not_filed.v1", aggregate="document")
class DocumentNotFiled(Event):
    """A closed document is not to be filed (不归档), by the row of the retention schedule that is named."""

    document_id: UUID = described("The document", _ID + "01")
    owner_unit_id: UUID = described("The organ that decided", _UNIT)
    rule_code: str = described("Row of the schedule", "N2")
    schedule_version: str = described("Version of the schedule", "默认-2007")
    explanation: str = described(
        "Why, in a sentence", "不归档：符合保管期限表第 N2 条“普发不需本机关办理的阅知性来文”"
    )
    decided_at: datetime = described("When", _WHEN)
    system: str = described("The service whose item it is", "documents", default="documents")
