"""What documents tells: the life of a document from first draft to its end, and of its receipts."""

from datetime import date, datetime
from uuid import UUID

from shared.events.base import Event, Value, described, event, value
from shared.events.origin import EXAMPLE_ORIGIN, Origin

_ID = "0190f000-0000-7000-8000-0000000001"
_UNIT = "0190f000-0000-7000-8000-000000000002"
_WHEN = "2026-11-02T01:30:00+00:00"
_DIGEST = "sha256:" + "0" * 64
_TITLE = "萍乡市人民政府办公室关于做好电子文件归档工作的通知"


@value
class Blob(Value):
    """A piece of content in the object store (never its bytes)."""

    digest: str = described("sha256: and 64 hexadecimal digits", _DIGEST)
    size: int = described("Bytes", 1024)
    media_type: str = described("Media type", "application/pdf")
    name: str = described("File name to show", "正本.pdf")


@value
class Doer(Value):
    """Who did it, in which post, and on whose behalf when acting for somebody absent."""

    person_id: UUID | None = described("The person; none when the suite acted by itself", _ID + "03")
    person_name: str = described("Name", "王示例")
    post_id: UUID | None = described("In which post", _ID + "04")
    post_title: str = described("Title of the post", "文书")
    unit_name: str = described("Unit of the post", "萍乡市人民政府办公室")
    on_behalf_of: str = described("For whom, when acting under a delegation", "", default="")


_DOER = {
    "person_id": _ID + "03",
    "person_name": "王示例",
    "post_id": _ID + "04",
    "post_title": "文书",
    "unit_name": "萍乡市人民政府办公室",
}
_BLOB = {"digest": _DIGEST, "size": 1024, "media_type": "application/pdf", "name": "正本.pdf"}


@value
class Recipient(Value):
    """A receiving unit of an issued document."""

    unit_id: UUID = described("The unit", _UNIT)
    unit_name: str = described("Its name", "安源区人民政府")
    received_as: str = described("addressee (主送) or copy (抄送)", "addressee")


@event("document.drafted.v1", aggregate="document")
class DocumentDrafted(Event):
    """A document was drafted (起草); the chain of everything that follows begins here."""

    document_id: UUID = described("The document", _ID + "01")
    owner_unit_id: UUID = described("The organ whose document it is", _UNIT)
    direction: str = described("Always dispatch", "dispatch")
    kind: str = described("文种", "通知")
    title: str = described("标题", _TITLE)
    urgency: str = described("紧急程度, empty when ordinary", "")
    doer: Doer = described("Who drafted", _DOER)
    drafted_at: datetime = described("When", _WHEN)
    reply_to_id: UUID | None = described("The incoming document that it answers", _ID + "02", default=None)
    origin: Origin | None = described(
        "The item of another service that led to it", EXAMPLE_ORIGIN, default=None
    )


@event("document.revised.v1", aggregate="document")
class DocumentRevised(Event):
    """The text or an element of a document was changed; a new version was kept."""

    document_id: UUID = described("The document", _ID + "01")
    version: int = described("Number of the new version", 2)
    title: str = described("标题", _TITLE)
    urgency: str = described("紧急程度, empty when ordinary", "加急")
    doer: Doer = described("Who changed it", _DOER)
    revised_at: datetime = described("When", _WHEN)


@event("document.moved_on.v1", aggregate="document")
class DocumentMovedOn(Event):
    """A step of a document was done, sent back, withdrawn or handed over; one entry of its history."""

    document_id: UUID = described("The document", _ID + "01")
    verb: str = described("What was done, as in the history", "complete")
    step: str = described("The step's name", "核稿")
    outcome: str = described("Result of the step, if it has one", "agree")
    opinion: str = described("Opinion, if any", "拟同意。")
    state: str = described("Where the document stands now", "countersigning")
    doer: Doer = described("Who", _DOER)
    done_at: datetime = described("When", _WHEN)


@event("document.signed.v1", aggregate="document")
class DocumentSigned(Event):
    """A document was approved for issue (签发)."""

    document_id: UUID = described("The document", _ID + "01")
    dated: date = described("成文日期", "2026-11-02")
    doer: Doer = described("Who signed", _DOER)
    signed_at: datetime = described("When", _WHEN)


@event("document.numbered.v1", aggregate="document")
class DocumentNumbered(Event):
    """A document was registered and given its number (登记, 发文字号); it never changes."""

    document_id: UUID = described("The document", _ID + "01")
    number: str = described("发文字号", "萍府办发〔2026〕21号")
    doer: Doer = described("Who registered", _DOER)
    numbered_at: datetime = described("When", _WHEN)


@event("document.rendered.v1", aggregate="document")
class DocumentRendered(Event):
    """The final text was set as PDF/A (印制)."""

    document_id: UUID = described("The document", _ID + "01")
    rendered: Blob = described("The PDF", _BLOB)
    rendered_at: datetime = described("When", _WHEN)


@event("document.issued.v1", aggregate="document")
class DocumentIssued(Event):
    """A document was issued to its receiving units (核发)."""

    document_id: UUID = described("The document", _ID + "01")
    owner_unit_id: UUID = described("The issuing organ", _UNIT)
    number: str = described("发文字号", "萍府办发〔2026〕21号")
    title: str = described("标题", _TITLE)
    kind: str = described("文种", "通知")
    urgency: str = described("紧急程度, empty when ordinary", "")
    recipients: tuple[Recipient, ...] = described(
        "Receiving units", [{"unit_id": _UNIT, "unit_name": "安源区人民政府", "received_as": "addressee"}]
    )
    doer: Doer = described("Who issued", _DOER)
    issued_at: datetime = described("When", _WHEN)
    reply_to_id: UUID | None = described("The incoming document that it answers", _ID + "02", default=None)
    origin: Origin | None = described(
        "The item of another service that led to it", EXAMPLE_ORIGIN, default=None
    )
    rendered: Blob | None = described("The text as issued", _BLOB, default=None)


@event("document.arrived.v1", aggregate="document")
class DocumentArrived(Event):
    """An issued document arrived at a receiving unit and waits to be signed for (收文)."""

    document_id: UUID = described("The incoming document", _ID + "05")
    source_id: UUID = described("The issued document", _ID + "01")
    owner_unit_id: UUID = described("The receiving organ", _UNIT)
    direction: str = described("Always incoming", "incoming")
    kind: str = described("文种", "通知")
    title: str = described("标题", _TITLE)
    number: str = described("来文字号", "萍府办发〔2026〕21号")
    urgency: str = described("紧急程度, empty when ordinary", "")
    sender_name: str = described("来文单位", "萍乡市人民政府办公室")
    arrived_at: datetime = described("When", _WHEN)


@event("document.answer_demanded.v1", aggregate="document")
class DocumentAnswerDemanded(Event):
    """An incoming document has to be answered or acted on by a date; supervision makes a task of it."""

    document_id: UUID = described("The incoming document", _ID + "05")
    owner_unit_id: UUID = described("The organ that received it", _UNIT)
    title: str = described("标题", _TITLE)
    number: str = described("来文字号", "萍府办发〔2026〕21号")
    sender_name: str = described("来文单位", "萍乡市人民政府办公室")
    lead_unit_id: UUID | None = described("The unit that is to handle it (主办)", _UNIT, default=None)
    answer_by: date = described("Until when", "2026-11-20")
    doer: Doer = described("Who said so", _DOER)
    demanded_at: datetime = described("When", _WHEN)


@event("receipt.confirmed.v1", aggregate="receipt")
class ReceiptConfirmed(Event):
    """A receiving unit got, signed for or returned a document that was sent to it."""

    receipt_id: UUID = described("The receipt", _ID + "06")
    document_id: UUID = described("The issued document", _ID + "01")
    unit_id: UUID = described("The receiving unit", _UNIT)
    unit_name: str = described("Its name", "安源区人民政府")
    state: str = described("delivered, signed_for or returned", "signed_for")
    reason: str = described("Why it was returned", "", default="")
    confirmed_at: datetime = described("When", _WHEN)


@event("document.closed.v1", aggregate="document")
class DocumentClosed(Event):
    """Everything about a document is done (办结); it is due for filing."""

    document_id: UUID = described("The document", _ID + "01")
    owner_unit_id: UUID = described("The organ that files it", _UNIT)
    direction: str = described("dispatch or incoming", "dispatch")
    kind: str = described("文种", "通知")
    title: str = described("标题", _TITLE)
    number: str = described("发文字号 or 来文字号", "萍府办发〔2026〕21号")
    dossier: Blob = described("All facts for the archives, as JSON in the object store", _BLOB)
    closed_at: datetime = described("When", _WHEN)
    answered_by_id: UUID | None = described("The document that answered it", _ID + "01", default=None)


@event("document.abandoned.v1", aggregate="document")
class DocumentAbandoned(Event):
    """A draft was given up, or an incoming document was returned to its sender; nothing follows and it is not filed."""

    document_id: UUID = described("The document", _ID + "01")
    reason: str = described("Why", "不符合行文规则")
    doer: Doer = described("Who", _DOER)
    abandoned_at: datetime = described("When", _WHEN)


@event("document_quota.set.v1", aggregate="document_quota")
class DocumentQuotaSet(Event):
    """It was set how many documents may be issued under an issuing code in a year (发文计划)."""

    document_quota_id: UUID = described("The plan of that code and year, always the same", _ID + "08")
    unit_id: UUID = described("The organ whose code it is", _UNIT)
    code: str = described("机关代字", "萍府办发")
    year: int = described("Year", 2026)
    documents: int = described("How many documents", 120)
    set_at: datetime = described("When", _WHEN)
