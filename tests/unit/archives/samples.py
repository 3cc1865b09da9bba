"""A real small document for the archives' tests: PDFs made on the spot, texts, and a complete process
history.
"""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from pypdf import PdfWriter

from services.archives.domain.archival_number import Retention, Template
from services.archives.domain.filing import Filing, Fonds
from services.archives.domain.retention import decide_retention
from services.archives.domain.retention_defaults import DEFAULT_SCHEDULE
from services.archives.domain.year import filing_year
from services.archives.packaging import Package, build_package
from shared.events.dossier import (
    Act,
    Attachment,
    Direction,
    Dossier,
    Handling,
    Link,
    LinkKind,
    Person,
    ReceivedAs,
    Relation,
    Unit,
    Version,
)
from shared.files import BlobRef, BlobStore

FILED_AT = datetime(2025, 3, 20, 2, 30, tzinfo=UTC)
TEMPLATE = Template()
FONDS = Fonds(division="360300", code="Z109", name="萍乡市人民政府办公室", unit_name="萍乡市人民政府办公室")
OFFICE = Unit(name="萍乡市人民政府办公室", uscc="113603000000000195", code="BGS")
_XMP = (
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">'
    "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>"
    '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)


def pdf(pages: int = 1, *, archival: bool = True, password: str | None = None) -> bytes:
    """A PDF of blank A4 pages; `archival` makes it claim PDF/A-2B."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    if archival:
        writer.xmp_metadata = _XMP.encode()
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


class Store:
    """A real blob store in a folder, with short ways to put in what the tests need."""

    def __init__(self, folder: Path) -> None:
        self.blobs = BlobStore(folder.as_uri())

    def pdf(self, name: str, pages: int = 1, *, archival: bool = True) -> BlobRef:
        return self.blobs.put(pdf(pages, archival=archival), media_type="application/pdf", name=name)

    def text(self, name: str, content: str) -> BlobRef:
        return self.blobs.put(content.encode(), media_type="text/plain", name=name)


def dispatch(store: Store) -> Dossier:
    """A notice, drafted, reviewed, signed, numbered and issued, with two attachments and two earlier
    versions.
    """
    drafter = Person(name="王敏", post="科员", unit="综合科")
    began = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)
    return Dossier(
        document_id=UUID("01890a5d-ac96-774b-bcce-b302099a8057"),
        direction=Direction.DISPATCH,
        kind="通知",
        title="萍乡市人民政府办公室关于做好\n春季防汛准备工作的通知",
        number="萍府办发〔2025〕12号",
        owner=OFFICE,
        issuer=OFFICE,
        issuer_relation=Relation.OWN,
        receivers=(Unit(name="安源区人民政府"), Unit(name="湘东区人民政府")),
        copied=(Unit(name="市水利局"),),
        drafted_at=began,
        signed_on=date(2025, 3, 10),
        written_on=date(2025, 3, 10),
        issued_at=datetime(2025, 3, 12, 3, 0, tzinfo=UTC),
        closed_at=datetime(2025, 3, 18, 9, 0, tzinfo=UTC),
        urgency="加急",
        drafter=drafter,
        signer=Person(name="李志强", post="主任", unit="市政府办公室"),
        rendered=store.pdf("春季防汛通知.pdf", 2),
        final_text=store.text("定稿.txt", "各县区人民政府：\n请做好防汛准备。"),
        attachments=(
            Attachment(title="防汛物资清单", blob=store.text("防汛物资清单.txt", "沙袋 一万只")),
            Attachment(title="值守联系表", blob=store.pdf("联系表.pdf", 1, archival=False)),
        ),
        versions=tuple(
            Version(
                number=number,
                saved_at=began + timedelta(hours=number),
                saved_by=drafter,
                blob=store.text(f"第{number}稿.txt", f"第{number}稿内容"),
            )
            for number in (1, 2)
        ),
        processing_sheet=store.pdf("发文处理单.pdf"),
        acts=_history(began, ("起草", "核稿", "会签", "签发", "复核", "登记", "核发")),
        links=(Link(kind=LinkKind.REPLIES_TO, title="关于防汛工作的请示", number="安府字〔2025〕3号"),),
    )


def incoming(store: Store) -> Dossier:
    """A request from a county, received, registered, handled and closed."""
    received = datetime(2025, 2, 6, 1, 0, tzinfo=UTC)
    return Dossier(
        document_id=UUID("01890a5d-ac96-774b-bcce-b302099a8058"),
        direction=Direction.INCOMING,
        kind="请示",
        title="安源区人民政府关于修缮堤防的请示",
        number="安府字〔2025〕3号",
        owner=OFFICE,
        issuer=Unit(name="安源区人民政府"),
        issuer_relation=Relation.SUBORDINATE,
        received_as=ReceivedAs.ADDRESSEE,
        handling=Handling.ACT,
        written_on=date(2025, 2, 1),
        received_at=received,
        closed_at=datetime(2025, 3, 1, 1, 0, tzinfo=UTC),
        rendered=store.pdf("请示.pdf"),
        processing_sheet=store.pdf("收文处理单.pdf"),
        acts=_history(received, ("签收", "登记", "初审", "拟办", "批示", "承办")),
    )


def _history(began: datetime, steps: tuple[str, ...]) -> tuple[Act, ...]:
    return tuple(
        Act(
            at=began + timedelta(hours=3 * place),
            verb="complete",
            step=step,
            person=Person(name="王敏", post="科员", unit="综合科"),
            on_behalf_of=Person(name="李志强", post="主任") if step == "签发" else None,
            outcome="同意" if step == "签发" else None,
            opinion="同意。" if step in ("签发", "核稿") else None,
        )
        for place, step in enumerate(steps)
    )


def filing(
    dossier: Dossier, *, item: int = 1, template: Template = TEMPLATE, filed_at: datetime = FILED_AT
) -> Filing:
    """The filing decisions for a dossier by the default rules."""
    year = filing_year(dossier, filed_at=filed_at)
    retention = decide_retention(dossier, DEFAULT_SCHEDULE)
    series = template.series(
        "Z109", "WS", year=year.year, retention=retention.retention or Retention.YEARS_10, unit="BGS"
    )
    number = template.format(series, item=item)
    return Filing(
        fonds=FONDS,
        number=number,
        parts=template.parse(number),
        unit_title="办公室",
        year=year,
        retention=retention,
        filed_at=filed_at,
        software="yiwang-archives 0.1.0",
    )


def packed(dossier: Dossier, store: Store, folder: Path, *, item: int = 1) -> Package:
    """The dossier packed into a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    decided = filing(dossier, item=item)
    return build_package(dossier, decided, blobs=store.blobs, folder=folder, template=TEMPLATE)


def without(dossier: Dossier, *names: str) -> Dossier:
    """The same dossier with some facts taken away."""
    empty = {"acts": (), "receivers": (), "attachments": (), "versions": ()}
    return replace(dossier, **{name: empty.get(name) for name in names})
