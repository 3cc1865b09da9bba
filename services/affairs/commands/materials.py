"""What the applicant hands in later: the completion, what was deferred (容缺); what is waived; checked declarations."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs import errors
from services.affairs.commands.clock import end_stop, find_open_stop, require_handler
from services.affairs.commands.desk import Desk, open_desk
from services.affairs.commands.files import take_file
from services.affairs.commands.rate import conclude_case, owes_anything
from services.affairs.commands.revoke import break_promise
from services.affairs.domain.forms import filled_fields, form_faults
from services.affairs.domain.materials import MaterialSource, MaterialState, Provider
from services.affairs.domain.prefill import read_source, sources_of
from services.affairs.domain.secrecy import refuse_secret, texts_in
from services.affairs.domain.states import CaseState, CaseVerb
from services.affairs.domain.steps import DutyStep
from services.affairs.domain.timing import StopCause
from services.affairs.means import Means
from services.affairs.models import Case, CaseField, CaseMaterial
from services.affairs.queries.cases import get_material, list_materials
from services.affairs.queries.people import organ_of, version_of
from shared.auth import Actor
from shared.clock import Clock
from shared.offload import offload


def complete_materials(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    case_id: UUID,
    materials: Sequence[Mapping[str, Any]] = (),
    form: Mapping[str, Any] | None = None,
    opinion: str = "",
) -> Desk:
    """The applicant gives what was asked for, all of it at once; the case goes on where it stopped."""
    desk = open_desk(session, actor, clock, case_id=case_id)
    case = desk.case
    desk.move(CaseVerb.COMPLETE_MATERIALS)
    desk.fulfil(DutyStep.COMPLETE, opinion=opinion)
    if form is not None:
        replace_form(desk, form)
    for given in materials:
        row = get_material(session, case, given["code"])
        if not _may_be_completed(row):
            raise errors.material_settled(row.name)
        hand_in(desk, row, given["file_id"])
    session.flush()
    lacking = [
        row
        for row in list_materials(session, case.id)
        if row.state == MaterialState.MISSING and row.required and _is_applicants(case, row)
    ]
    if lacking:
        raise errors.still_missing({f"materials.{row.code}": [f"缺少“{row.name}”"] for row in lacking})
    case.completed_at = desk.now
    if case.state == CaseState.CHECKING:
        desk.give_window(DutyStep.CHECK)
    elif (stop := find_open_stop(desk)) and stop.cause == StopCause.COMPLETION:
        end_stop(desk)
    desk.note(CaseVerb.COMPLETE_MATERIALS, opinion=opinion, materials=[given["code"] for given in materials])
    return desk


def supply_material(
    session: Session, actor: Actor, clock: Clock, *, case_id: UUID, code: str, file_id: UUID, means: Means
) -> Desk:
    """The applicant hands in a deferred material; with the last one nothing is owed any more."""
    desk = open_desk(session, actor, clock, case_id=case_id)
    desk.require_applicant()
    desk.require_open(CaseVerb.SUPPLY)
    row = get_material(session, desk.case, code)
    if row.state != MaterialState.DEFERRED:
        raise errors.material_settled(row.name)
    hand_in(desk, row, file_id)
    session.flush()
    desk.note(CaseVerb.SUPPLY, opinion=row.name, material=code)
    owed = [other for other in list_materials(session, desk.case.id) if other.state == MaterialState.DEFERRED]
    if not owed and desk.is_open(DutyStep.SUPPLY):
        desk.fulfil(DutyStep.SUPPLY)
    conclude_if_done(desk, means=means)
    return desk


def waive_material(
    session: Session, actor: Actor, clock: Clock, *, case_id: UUID, code: str, reason: str
) -> Desk:
    """Whoever handles the case in its organ says why it goes on without a material that did not come (免予提交).

    A department may have no such thing, or the applicant not have completed. Problem 409 while the applicant has time
    to give just that.
    """
    desk = open_desk(session, actor, clock, case_id=case_id)
    require_handler(desk)
    if actor.unit_id is None or organ_of(session, actor.unit_id) != desk.case.unit_id:
        raise errors.not_at_window(desk.case.unit_name)
    desk.move(CaseVerb.WAIVE_MATERIAL)
    if (stop := find_open_stop(desk)) and stop.cause == StopCause.COMPLETION and _was_asked(desk.case, code):
        raise errors.completion_awaited(desk.case.number)
    row = get_material(session, desk.case, code)
    if not row.required or row.state != MaterialState.MISSING:
        raise errors.material_settled(row.name)
    row.required = False
    desk.note(CaseVerb.WAIVE_MATERIAL, outcome=row.name, opinion=reason, material=code)
    session.flush()
    return desk


def check_declaration(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    case_id: UUID,
    code: str,
    holds: bool,
    note: str,
    means: Means,
) -> Desk:
    """The window says whether what was declared is true; if not, the result is revoked and it stays on record."""
    desk = open_desk(session, actor, clock, case_id=case_id)
    desk.require_window()
    desk.refuse_own_case()
    desk.require_open(CaseVerb.CHECK_DECLARATION)
    row = get_material(session, desk.case, code)
    if row.state != MaterialState.DECLARED:
        raise errors.material_settled(row.name)
    row.state = (MaterialState.CONFIRMED if holds else MaterialState.FALSE).value
    row.checked_at, row.checked_by_name, row.check_note = desk.now, actor.person_name, note
    session.flush()
    desk.note(CaseVerb.CHECK_DECLARATION, outcome="属实" if holds else "不实", opinion=note, material=code)
    if not holds:
        break_promise(desk, row, note=f"告知承诺不实：{row.name}。{note}")
    rows = list_materials(session, desk.case.id)
    unchecked = [other for other in rows if other.state == MaterialState.DECLARED]
    if not unchecked and desk.is_open(DutyStep.INSPECT):
        desk.fulfil(DutyStep.INSPECT, opinion=note)
    conclude_if_done(desk, means=means)
    return desk


def conclude_if_done(desk: Desk, *, means: Means) -> None:
    """Conclude a case that waited only for what was owed: it is rated, or the time for that is over."""
    case = desk.case
    over = case.rate_by is not None and case.rate_by < desk.now
    waits = case.state == CaseState.DELIVERED and (case.score is not None or over)
    if waits and not owes_anything(desk):
        conclude_case(desk, means=means)


def _may_be_completed(row: CaseMaterial) -> bool:
    """What is missing, or the applicant's own; what others provided, owed and declared things have their own ways."""
    own = row.state == MaterialState.PRESENT and row.source == MaterialSource.GIVEN
    return row.state == MaterialState.MISSING or own


def _is_applicants(case: Case, row: CaseMaterial) -> bool:
    """What a department has to provide, and may decline meanwhile, is the applicant's only where it was asked for."""
    return row.provided_by != Provider.DEPARTMENT or _was_asked(case, row.code)


def _was_asked(case: Case, code: str) -> bool:
    """Whether the applicant was asked for that material when the completion was asked for."""
    return any(entry["kind"] == "material" and entry["code"] == code for entry in case.missing)


def hand_in(desk: Desk, row: CaseMaterial, file_id: UUID) -> None:
    """The applicant gives a material: a file of the actor's becomes the case's."""
    row.file_id = take_file(desk.session, desk.actor, file_id, case=desk.case).id
    row.state = MaterialState.PRESENT.value
    row.source = MaterialSource.GIVEN.value
    row.given_at, row.given_by_name = desk.now, desk.actor.person_name


def replace_form(desk: Desk, form: Mapping[str, Any]) -> None:
    """The form anew; it says of each offered field whether the applicant changed it."""
    case = desk.case
    # What the suite put in was not asked of the applicant, and need not be answered now either.
    held = _put_in(desk)
    schema = version_of(desk.session, case).form
    faults = _held_faults(schema, held, form)
    form = {**held, **form}
    refuse_secret(*texts_in(form), where="申请表")
    faults = faults or offload(form_faults, schema, form)
    if faults:
        raise errors.application_invalid(faults)
    before = case.form
    case.form = dict(form)
    for name in filled_fields(form):
        field = desk.session.get(CaseField, (case.id, name))
        if field is None:
            desk.session.add(CaseField(case_id=case.id, name=name, source="applicant"))
        elif before.get(name) != form[name]:
            field.changed = field.source != "applicant"


def _held_faults(
    schema: Mapping[str, Any], held: Mapping[str, Any], form: Mapping[str, Any]
) -> dict[str, list[str]]:
    """What the directory or a result says stays as it was said, also in a completion."""
    sources = {name: read_source(text) for name, text in sources_of(schema).items()}
    return {
        f"form.{name}": ["本项由系统提供，不能修改；如有错误请联系信息来源单位更正"]
        for name, source in sources.items()
        if source and not source.is_offer and name in held and name in form and form[name] != held[name]
    }


def _put_in(desk: Desk) -> dict[str, Any]:
    case = desk.case
    held = sa.select(CaseField.name).where(CaseField.case_id == case.id, CaseField.source != "applicant")
    return {name: case.form[name] for name in desk.session.scalars(held) if name in case.form}
