"""What remains of a task: its record as PDF (督查事项办理单), and all its facts for the archives."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.supervision.commands.desk import Desk
from services.supervision.domain.sources import SOURCE_LABELS
from services.supervision.domain.states import VERB_LABELS, Verb
from services.supervision.models import Task, TaskAct, TaskFile
from services.supervision.queries.course import list_acts, list_files, list_links, list_parties
from services.supervision.queries.people import name_of
from services.supervision.rendering import RecordLine, RecordSheet, render_record
from shared.clock import LOCAL_ZONE
from shared.directory import DirectoryUnit, find_unit
from shared.events import dossier
from shared.events.documents import Blob
from shared.files import BlobRef, BlobStore
from shared.history import act_for_archives
from shared.offload import offload
from shared.typesetting import FontSettings

PDF = "application/pdf"
RECORD_NAME = "督查事项办理单.pdf"
# What a reader of the record need not see: who looked, and when a lamp changed.
_UNSEEN = (Verb.READ, Verb.TURN_LIGHT)


def keep_record(desk: Desk, *, blobs: BlobStore, font_dir: str) -> Blob:
    """Set the record, keep it and the dossier in the content store; the reference that the archives are told."""
    acts = list_acts(desk.session, desk.task.id)
    pdf = offload(render_record, _sheet(desk, acts), FontSettings.of(font_dir))
    record = blobs.put(pdf, media_type=PDF, name=RECORD_NAME)
    desk.task.record_digest = record.digest
    kept = blobs.put(
        dossier.to_json(_dossier(desk, acts, record)),
        media_type=dossier.MEDIA_TYPE,
        name=f"{desk.task.id}.json",
    )
    return Blob(digest=kept.digest, size=kept.size, media_type=kept.media_type, name=kept.name)


def _sheet(desk: Desk, acts: list[TaskAct]) -> RecordSheet:
    task = desk.task
    assistants = [party.unit_name for party in list_parties(desk.session, task.id) if party.role != "lead"]
    elements = (
        ("来源", SOURCE_LABELS[task.source]),
        ("紧急程度", task.urgency),
        ("来源文号", task.origin_number),
        ("来源事项", task.origin_title),
        ("交办领导", task.instructor_name or task.leader_name),
        ("主办单位", task.lead_unit_name),
        ("协办单位", "、".join(assistants)),
        ("交办时间", _shown(task.assigned_at)),
        ("原定期限", _shown(task.original_due_at)),
        ("办结期限", _shown(task.due_at)),
        ("延期次数", str(task.extensions)),
        ("报办结时间", _shown(task.closure_asked_at)),
        ("销号时间", _shown(task.closed_at)),
        ("评价", f"{task.score}分" if task.score else "未评价"),
    )
    return RecordSheet(
        agency=task.unit_name or name_of(desk.session, task.unit_id) or "督查机关",
        title=task.title,
        number=task.number or "",
        elements=tuple((label, value) for label, value in elements if value),
        texts=tuple(
            (label, value)
            for label, value in (
                ("事项内容", task.content),
                ("批示意见", task.instruction),
                ("办理结果", task.conclusion),
            )
            if value
        ),
        lines=tuple(_line(act) for act in acts if act.verb not in _UNSEEN),
        produced_at=task.concluded_at or desk.now,
    )


def _line(act: TaskAct) -> RecordLine:
    who = [act.person_name, f"{act.unit_name}{act.post_title}"]
    who += [f"代 {act.on_behalf_name}"] if act.on_behalf_name else []
    told = "\n".join(text for text in (act.outcome, act.opinion) if text)
    return RecordLine(act=VERB_LABELS[act.verb], who="\n".join(filter(None, who)), opinion=told, at=act.at)


def _dossier(desk: Desk, acts: list[TaskAct], record: BlobRef) -> dossier.Dossier:
    session, task = desk.session, desk.task
    owner = _unit(find_unit(session, task.unit_id), task.unit_id, task.unit_name)
    parties = list_parties(session, task.id)
    return dossier.Dossier(
        document_id=task.id,
        correlation_id=task.correlation_id,
        direction=dossier.Direction.TASK,
        kind="督查事项",
        title=task.title,
        number=task.number,
        owner=owner,
        office=_office(session, acts),
        issuer=owner,
        issuer_relation=dossier.Relation.OWN,
        receivers=tuple(dossier.Unit(name=party.unit_name, unit_id=party.unit_id) for party in parties),
        drafted_at=task.registered_at,
        signed_on=task.established_at.astimezone(LOCAL_ZONE).date() if task.established_at else None,
        written_on=task.closed_at.astimezone(LOCAL_ZONE).date() if task.closed_at else None,
        issued_at=task.assigned_at,
        closed_at=task.concluded_at or desk.now,
        urgency=task.urgency or None,
        rendered=record,
        attachments=tuple(_attachment(file) for file in list_files(session, task.id)),
        acts=tuple(act_for_archives(act, unnamed=VERB_LABELS[act.verb]) for act in acts),
        links=_links(desk),
    )


def _office(session: Session, acts: Sequence[TaskAct]) -> dossier.Unit | None:
    """The inner office that gave the task out: the archives class by whose hands it went through, not by its lead."""
    gave = [act for act in acts if act.verb == Verb.ASSIGN and act.unit_id]
    if not gave:
        return None
    unit_id, name = gave[-1].unit_id, gave[-1].unit_name
    assert unit_id is not None
    return _unit(find_unit(session, unit_id), unit_id, name)


def _unit(unit: DirectoryUnit | None, unit_id: UUID, name: str) -> dossier.Unit:
    if unit is None:
        return dossier.Unit(name=name or str(unit_id), unit_id=unit_id)
    return dossier.Unit(name=unit.name, unit_id=unit.id, uscc=unit.credit_code)


def _attachment(file: TaskFile) -> dossier.Attachment:
    blob = BlobRef(digest=file.digest, size=file.size, media_type=file.media_type, name=file.name)
    return dossier.Attachment(title=file.title, blob=blob)


def _links(desk: Desk) -> tuple[dossier.Link, ...]:
    """What the task came from, the whole that it is a part of, and what is linked to it."""
    task = desk.task
    found = []
    if task.origin_id:
        found.append(
            dossier.Link(
                kind=dossier.LinkKind.REPLIES_TO,
                title=task.origin_title or task.title,
                document_id=task.origin_id,
                number=task.origin_number or None,
            )
        )
    if task.parent_id:
        whole = desk.session.get_one(Task, task.parent_id)
        found.append(
            dossier.Link(
                kind=dossier.LinkKind.RELATED, title=whole.title, document_id=whole.id, number=whole.number
            )
        )
    found += [
        dossier.Link(
            kind=dossier.LinkKind.REPLIED_BY if link.kind == "reply" else dossier.LinkKind.RELATED,
            title=link.title,
            document_id=link.item_id,
            number=link.number or None,
        )
        for link in list_links(desk.session, task.id)
    ]
    return tuple(found)


def _shown(moment: datetime | None) -> str:
    return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M") if moment else ""
