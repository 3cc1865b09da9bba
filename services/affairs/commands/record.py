"""What remains of a case: its record as PDF (办件记录), and all its facts for the archives."""

from datetime import datetime

from services.affairs.commands.decide import told
from services.affairs.commands.desk import Desk
from services.affairs.domain.media import PDF
from services.affairs.domain.states import CaseState
from services.affairs.means import Means
from services.affairs.models import CaseAct, Result, SupervisedTask
from services.affairs.queries.cases import list_acts, list_files, list_materials, list_supervision, ref_of
from services.affairs.queries.people import version_of
from services.affairs.queries.results import find_result
from services.affairs.rendering import RecordLine, RecordSheet, render_record
from shared.clock import LOCAL_ZONE, local_date
from shared.directory import DirectoryUnit, find_unit, get_organ
from shared.events import dossier
from shared.events.documents import Blob
from shared.files import BlobRef
from shared.history import act_for_archives
from shared.offload import offload

RECORD_NAME = "办件记录.pdf"
_OUTCOMES = {"granted": "准予", "refused": "不予批准", "withdrawn": "申请人撤回"}
_CHANNELS = {"web": "网上", "phone": "掌上", "window": "窗口"}
_MATERIALS = {
    "missing": "未提交",
    "present": "已提交",
    "awaited": "待部门出具",
    "deferred": "容缺待补",
    "lapsed": "逾期未补",
    "declared": "告知承诺",
    "confirmed": "承诺属实",
    "false": "承诺不实",
}


def keep_record(desk: Desk, *, means: Means) -> Blob:
    """Set the record, keep it and the dossier in the content store; the reference that the archives are told."""
    acts = list_acts(desk.session, desk.case.id)
    result = find_result(desk.session, desk.case.id)
    pdf = offload(render_record, _sheet(desk, acts, result), means.fonts)
    record = means.blobs.put(pdf, media_type=PDF, name=RECORD_NAME)
    desk.case.record_digest = record.digest
    gathered = _dossier(desk, acts, result, record)
    kept = means.blobs.put(
        dossier.to_json(gathered), media_type=dossier.MEDIA_TYPE, name=f"{desk.case.id}.json"
    )
    return told(kept)


def _sheet(desk: Desk, acts: list[CaseAct], result: Result | None) -> RecordSheet:
    case = desk.case
    elements = (
        ("申请单位", case.applicant_unit_name),
        ("申请人", case.applicant_name),
        ("申请渠道", _CHANNELS[case.channel]),
        ("跑动次数", str(case.trips)),
        ("申请时间", _shown(case.applied_at)),
        ("受理时间", _shown(case.accepted_at)),
        ("承诺期限", _shown(case.due_at)),
        ("办结时间", _shown(case.decided_at)),
        ("办理结果", _OUTCOMES.get(case.outcome or "", CaseState(case.state).label)),
        ("结果文号", result.number if result else ""),
        ("用时", f"{(case.used_half_days or 0) / 2:g} 个工作日" if case.accepted_at else ""),
        ("评价", f"{case.score}分" if case.score else "未评价"),
    )
    materials = [(row.name, _MATERIALS[row.state]) for row in list_materials(desk.session, case.id)]
    return RecordSheet(
        organ=case.unit_name,
        title=case.title,
        number=case.number,
        elements=tuple((label, value) for label, value in elements if value),
        form=tuple((_label(desk, name), _plain(value)) for name, value in case.form.items()),
        materials=tuple(materials),
        lines=tuple(_line(act) for act in acts),
        produced_at=desk.now,
    )


def _label(desk: Desk, name: str) -> str:
    """What the form calls a field."""
    asked = version_of(desk.session, desk.case).form.get("properties", {}).get(name, {})
    title = asked.get("title") if isinstance(asked, dict) else None
    return str(title or name)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(_plain, value))
    if isinstance(value, dict):
        return "；".join(f"{name}：{_plain(inner)}" for name, inner in value.items())
    return "" if value is None else str(value)


def _line(act: CaseAct) -> RecordLine:
    who = act.person_name or "系统"
    if act.on_behalf_name:
        who = f"{who}\n代 {act.on_behalf_name}"
    said = "\n".join(filter(None, (act.outcome, act.opinion)))
    return RecordLine(act=act.step, who=f"{who}\n{act.unit_name}{act.post_title}", opinion=said, at=act.at)


def _dossier(desk: Desk, acts: list[CaseAct], result: Result | None, record: BlobRef) -> dossier.Dossier:
    case = desk.case
    owner = get_organ(desk.session, case.unit_id)
    version = version_of(desk.session, case)
    applicant = find_unit(desk.session, case.applicant_unit_id)
    return dossier.Dossier(
        document_id=case.id,
        correlation_id=case.correlation_id,
        direction=dossier.Direction.CASE,
        kind="办件",
        title=case.title,
        number=case.number,
        owner=_unit(owner),
        office=dossier.Unit(name=version.office_name, unit_id=version.office_id)
        if version.office_id
        else None,
        issuer=_unit(owner),
        issuer_relation=dossier.Relation.OWN,
        receivers=(_unit(applicant),) if applicant else (),
        drafted_at=case.applied_at,
        signed_on=local_date(case.decided_at) if case.decided_at else None,
        written_on=local_date(case.decided_at) if case.decided_at else None,
        issued_at=case.delivered_at,
        received_at=case.accepted_at,
        closed_at=desk.now,
        drafter=dossier.Person(name=case.applicant_name or "（未填）", person_id=case.applicant_person_id),
        rendered=record,
        attachments=_attachments(desk, result),
        acts=tuple(act_for_archives(act) for act in acts),
        links=tuple(_link(task) for task in list_supervision(desk.session, case)),
    )


def _attachments(desk: Desk, result: Result | None) -> tuple[dossier.Attachment, ...]:
    names = {row.file_id: row.name for row in list_materials(desk.session, desk.case.id) if row.file_id}
    found = [
        dossier.Attachment(title=names.get(file.id, file.name), blob=ref_of(file))
        for file in list_files(desk.session, desk.case.id)
    ]
    if result is not None:
        blob = BlobRef(digest=result.digest, size=result.size, media_type=PDF, name=f"{result.name}.pdf")
        found.insert(0, dossier.Attachment(title=f"{result.name}（{result.number}）", blob=blob))
    return tuple(found)


def _link(task: SupervisedTask) -> dossier.Link:
    return dossier.Link(
        kind=dossier.LinkKind.RELATED,
        title=task.title,
        document_id=task.task_id,
        number=task.number or None,
    )


def _unit(unit: DirectoryUnit) -> dossier.Unit:
    return dossier.Unit(name=unit.name, unit_id=unit.id, uscc=unit.credit_code, code=None)


def _shown(moment: datetime | None) -> str:
    return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M") if moment else ""
