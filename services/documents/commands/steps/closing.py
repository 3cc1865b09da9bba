"""Closing (办结): everything about the document is gathered into a dossier, and the archives are told."""

from uuid import UUID

import sqlalchemy as sa

from services.documents.commands.files import PDF, ref_of, replace_file, told
from services.documents.commands.steps.case import StepCase
from services.documents.commands.steps.issuing import recipients_of
from services.documents.models import Document, DocumentAct, DocumentVersion
from services.documents.queries.documents import list_acts, list_files, list_versions
from services.documents.rendering import (
    ProcessingSheet,
    ProcessStep,
    render_processing_sheet,
)
from shared.clock import local_date
from shared.directory import DirectoryUnit, find_unit, get_organ, list_line
from shared.events import dossier
from shared.events.documents import DocumentClosed
from shared.files import BlobRef
from shared.history import act_for_archives
from shared.messaging import outbox
from shared.offload import offload
from shared.typesetting import FontSettings

TEXT = "text/plain; charset=utf-8"
_SHEETS = {"dispatch": "发文稿纸", "incoming": "文件处理单"}


def close(case: StepCase) -> None:
    """Gather the dossier, keep it in the content store, and tell that the document is done."""
    document, now = case.document, case.clock.now()
    document.closed_at = now
    case.session.flush()
    acts = list_acts(case.session, document.id)
    sheet = _processing_sheet(case, acts)
    gathered = _dossier(case, acts, sheet)
    blob = case.blobs.put(
        dossier.to_json(gathered), media_type=dossier.MEDIA_TYPE, name=f"{document.id}.json"
    )
    outbox.record(
        case.session,
        case.actor,
        DocumentClosed(
            document_id=document.id,
            owner_unit_id=document.owner_unit_id,
            direction=document.direction,
            kind=document.kind,
            title=document.title,
            number=document.number or document.source_number or "",
            dossier=told(blob),
            closed_at=now,
            answered_by_id=_answered_by(case),
        ),
    )


def _processing_sheet(case: StepCase, acts: list[DocumentAct]) -> BlobRef:
    """The sheet with the whole history of handling, as PDF, kept as a file of the document."""
    document = case.document
    organ = get_organ(case.session, document.owner_unit_id)
    sheet = ProcessingSheet(
        agency=organ.name,
        heading=_SHEETS[document.direction],
        title=document.title,
        elements=tuple((label, value) for label, value in _sheet_elements(document) if value),
        steps=tuple(_sheet_step(act) for act in acts if act.verb not in ("read", "revise")),
        produced_at=document.closed_at or case.clock.now(),
    )
    pdf = offload(render_processing_sheet, sheet, FontSettings.of(case.font_dir))
    blob = case.blobs.put(pdf, media_type=PDF, name=f"{_SHEETS[document.direction]}.pdf")
    replace_file(
        case.session,
        case.actor,
        case.clock,
        document_id=document.id,
        role="processing_sheet",
        blob=blob,
        title=_SHEETS[document.direction],
    )
    return blob


def _sheet_elements(document: Document) -> list[tuple[str, str]]:
    kept = document.elements
    return [
        ("发文字号", document.number or ""),
        ("来文字号", document.source_number or ""),
        ("收文编号", document.incoming_number or ""),
        ("来文单位", document.sender_name or ""),
        ("文种", document.kind),
        ("紧急程度", document.urgency),
        ("拟稿人", document.drafter_name),
        ("主送", "、".join(unit["name"] for unit in kept.get("recipients", []))),
        ("抄送", "、".join(unit["name"] for unit in kept.get("copies", []))),
        ("附件", "、".join(kept.get("attachment_names", []))),
    ]


def _sheet_step(act: DocumentAct) -> ProcessStep:
    return ProcessStep(
        step=act.step,
        person=act.person_name,
        post=f"{act.unit_name}{act.post_title}",
        act=act.outcome or act.step,
        at=act.at,
        opinion=act.opinion,
        on_behalf_of=act.on_behalf_name,
    )


def _dossier(case: StepCase, acts: list[DocumentAct], sheet: BlobRef) -> dossier.Dossier:
    document = case.document
    versions = list_versions(case.session, document.id)
    texts = [_text_blob(case, version) for version in versions]
    rendered = list_files(case.session, document.id, role="rendered")
    owner = get_organ(case.session, document.owner_unit_id)
    issuer = find_unit(case.session, document.sender_unit_id) if document.sender_unit_id else None
    dispatch = document.direction == "dispatch"
    return dossier.Dossier(
        document_id=document.id,
        correlation_id=document.correlation_id,
        direction=dossier.Direction(document.direction),
        kind=document.kind,
        title=document.title,
        number=document.number or document.source_number,
        owner=_unit(owner),
        office=_office(case, document.office_unit_id),
        issuer=_unit(owner) if dispatch else _issuer(document, issuer),
        issuer_relation=dossier.Relation.OWN if dispatch else _relation(case, owner, issuer),
        receivers=_receivers(document, "addressee"),
        copied=_receivers(document, "copy"),
        received_as=dossier.ReceivedAs(document.received_as) if document.received_as else None,
        handling=dossier.Handling(document.handling) if document.handling else None,
        drafted_at=document.created_at if dispatch else None,
        signed_on=local_date(document.signed_at) if document.signed_at else document.dated,
        written_on=document.dated,
        issued_at=document.issued_at,
        received_at=document.received_at,
        closed_at=document.closed_at or case.clock.now(),
        urgency=document.urgency or None,
        importance=_importance(document),
        subject_class=document.elements.get("subject_class") or None,
        drafter=_drafter(document) if dispatch else None,
        signer=_signer(acts),
        rendered=ref_of(rendered[0]) if rendered else None,
        final_text=texts[-1],
        attachments=tuple(
            dossier.Attachment(title=file.title, blob=ref_of(file))
            for file in list_files(case.session, document.id, role="attachment")
        ),
        versions=tuple(
            _version(version, text) for version, text in zip(versions[:-1], texts[:-1], strict=True)
        ),
        processing_sheet=sheet,
        acts=tuple(act_for_archives(act) for act in acts),
        links=_links(case),
    )


def _text_blob(case: StepCase, version: DocumentVersion) -> BlobRef:
    text = "\n".join([version.title, "", *version.body]) + "\n"
    return case.blobs.put(text.encode(), media_type=TEXT, name=f"第{version.number}稿.txt")


def _version(version: DocumentVersion, text: BlobRef) -> dossier.Version:
    return dossier.Version(
        number=version.number,
        saved_at=version.saved_at,
        saved_by=dossier.Person(name=version.saved_by_name or "系统", person_id=version.saved_by_person_id),
        blob=text,
        note=version.note or None,
    )


def _unit(unit: DirectoryUnit) -> dossier.Unit:
    return dossier.Unit(name=unit.name, unit_id=unit.id, uscc=unit.credit_code, code=None)


def _office(case: StepCase, unit_id: UUID) -> dossier.Unit | None:
    unit = find_unit(case.session, unit_id)
    return _unit(unit) if unit else None


def _issuer(document: Document, known: DirectoryUnit | None) -> dossier.Unit:
    return _unit(known) if known else dossier.Unit(name=document.sender_name or "（未填）")


def _relation(case: StepCase, owner: DirectoryUnit, issuer: DirectoryUnit | None) -> dossier.Relation:
    if issuer is None:
        # Of a sender outside the directory only whoever entered the document knows it.
        stated = case.document.elements.get("sender_relation")
        return dossier.Relation(stated) if stated else dossier.Relation.PEER
    if issuer.id in {unit.id for unit in list_line(case.session, owner.id)}:
        return dossier.Relation.SUPERIOR
    if owner.id in {unit.id for unit in list_line(case.session, issuer.id)}:
        return dossier.Relation.SUBORDINATE
    ranks = ("nation", "province", "city", "county", "township")
    above = ranks.index(issuer.level) < ranks.index(owner.level)
    return dossier.Relation.SUPERIOR if above else dossier.Relation.PEER


def _receivers(document: Document, received_as: str) -> tuple[dossier.Unit, ...]:
    return tuple(
        dossier.Unit(name=to.unit_name, unit_id=to.unit_id)
        for to in recipients_of(document)
        if to.received_as == received_as
    )


def _importance(document: Document) -> dossier.Importance | None:
    if document.facts.get("important"):
        return dossier.Importance.IMPORTANT
    stated = document.elements.get("importance")
    return dossier.Importance(stated) if stated else None


def _drafter(document: Document) -> dossier.Person:
    return dossier.Person(name=document.drafter_name, person_id=document.drafter_person_id)


def _signer(acts: list[DocumentAct]) -> dossier.Person | None:
    signed = [act for act in acts if act.verb == "sign"]
    if not signed:
        return None
    last = signed[-1]
    return dossier.Person(
        name=last.person_name,
        person_id=last.person_id,
        post=last.post_title or None,
        unit=last.unit_name or None,
    )


def _links(case: StepCase) -> tuple[dossier.Link, ...]:
    """来文 and 复文: what this one answers, and what answers it."""
    document = case.document
    found: list[dossier.Link] = []
    if document.reply_to_id and (asked := case.session.get(Document, document.reply_to_id)):
        found.append(_link(dossier.LinkKind.REPLIES_TO, asked))
    answers = _answers(case)
    found.extend(_link(dossier.LinkKind.REPLIED_BY, answer) for answer in answers)
    return tuple(found)


def _answers(case: StepCase) -> list[Document]:
    """The documents that answered this one, in the order in which they were issued."""
    issued = sa.select(Document).where(
        Document.reply_to_id == case.document.id, Document.issued_at.is_not(None)
    )
    return list(case.session.scalars(issued.order_by(Document.issued_at, Document.id)))


def _answered_by(case: StepCase) -> UUID | None:
    """The last document that answered this one."""
    answers = _answers(case)
    return answers[-1].id if answers else None


def _link(kind: dossier.LinkKind, other: Document) -> dossier.Link:
    number = other.number or other.source_number
    return dossier.Link(kind=kind, title=other.title, document_id=other.id, number=number)
