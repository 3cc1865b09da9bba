"""At the intake of a bundle (一门受理): everything is checked and completed once for all, then accepted or refused."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.affairs.commands.bundle_clock import is_late
from services.affairs.commands.bundle_desk import (
    BundleDesk,
    intake_posts,
    open_bundle_desk,
    require_intake,
)
from services.affairs.commands.bundle_follow import begin_parts, settle_bundle
from services.affairs.commands.desk import Desk
from services.affairs.commands.fill_once import copy_of
from services.affairs.commands.materials import hand_in, replace_form
from services.affairs.commands.refusing import refuse_part
from services.affairs.commands.withdraw import withdraw_case
from services.affairs.domain.bundle_contents import form_of
from services.affairs.domain.bundle_steps import BundleStep, BundleVerb
from services.affairs.domain.bundles import BundleState
from services.affairs.domain.materials import MaterialSource, MaterialState, Provider, material_key
from services.affairs.domain.states import CaseState
from services.affairs.domain.timing import due_of
from services.affairs.errors import bundles as errors
from services.affairs.local_rules import COMPLETION
from services.affairs.means import Means
from services.affairs.models import AffairsFile, Bundle, BundleVersion
from services.affairs.queries.bundles import contents_of, get_bundle, get_version, list_parts_as_applied
from services.affairs.queries.cases import list_materials
from shared.auth import Actor
from shared.calendar_days import work_calendar
from shared.clock import LOCAL_ZONE, Clock
from shared.dated_rules import rule_for_unit
from shared.events.affairs import BundleFinished, CaseCompletionAsked

_MISSED = frozenset({MaterialState.MISSING, MaterialState.PRESENT})


def ask_bundle_completion(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    application_id: UUID,
    missing: Sequence[Mapping[str, str]],
    opinion: str = "",
) -> BundleDesk:
    """Tell the applicant, once, everything that is missing for all matters (一次性告知补正).

    `missing` has kind (material, field or other), key and text. A second asking is refused.
    """
    desk = open_bundle_desk(session, actor, clock, application_id=application_id)
    application = desk.application
    if application.completion_asked_at is not None:
        day = application.completion_asked_at.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d")
        raise errors.bundle_completion_before(application.number, day)
    desk.move(BundleVerb.ASK_COMPLETION)
    case_desks = [desk.desk_of(case) for _, case in desk.parts() if case.state == CaseState.CHECKING]
    for entry in missing:
        if entry["kind"] == "material":
            _mark_missing(case_desks, entry["key"])
    desk.fulfil(BundleStep.CHECK, outcome="ask_completion", label="补正", opinion=opinion)
    application.missing = [dict(entry) for entry in missing]
    application.completion_asked_at = desk.now
    for case_desk in case_desks:
        case_desk.case.completion_asked_at = desk.now
        case_desk.tell(
            CaseCompletionAsked(
                case_id=case_desk.case.id, missing=len(missing), doer=desk.doer, asked_at=desk.now
            )
        )
    rule = rule_for_unit(session, COMPLETION, clock.today(), unit_id=application.unit_id)
    calendar = work_calendar(session, unit_id=application.unit_id, since=clock.today())
    deadline = due_of(calendar, clock.today(), rule.value["days"])
    desk.give(BundleStep.COMPLETE, [application.applicant_post_id], deadline=deadline)
    desk.note(BundleVerb.ASK_COMPLETION, opinion=opinion, missing=application.missing)
    session.flush()
    return desk


def complete_bundle(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    application_id: UUID,
    materials: Sequence[Mapping[str, Any]] = (),
    form: Mapping[str, Any] | None = None,
    opinion: str = "",
) -> BundleDesk:
    """The applicant gives what was asked for, all at once and for every matter; then it is checked again."""
    desk = open_bundle_desk(session, actor, clock, application_id=application_id)
    desk.move(BundleVerb.COMPLETE)
    desk.fulfil(BundleStep.COMPLETE, opinion=opinion)
    case_desks = [desk.desk_of(case) for _, case in desk.parts() if case.state == CaseState.CHECKING]
    if form is not None:
        _replace_forms(desk, case_desks, form)
    for given in materials:
        _hand_in_everywhere(desk, case_desks, given["key"], given["file_id"])
    session.flush()
    asked = {material_key(entry["key"]) for entry in desk.application.missing if entry["kind"] == "material"}
    _require_complete(case_desks, of_departments=asked)
    desk.application.completed_at = desk.now
    bundle, version = _applied_for(desk)
    desk.give(BundleStep.CHECK, intake_posts(session, bundle=bundle, version=version))
    desk.note(BundleVerb.COMPLETE, opinion=opinion)
    session.flush()
    return desk


def accept_bundle(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    application_id: UUID,
    opinion: str = "",
    choices: Mapping[UUID, Mapping[str, Mapping[str, Any]]] | None = None,
) -> BundleDesk:
    """Accept the whole (受理): its clock runs to the end of the longest path, and what waits for nothing begins.

    `choices` say by matter who does the first steps; without, the matter's own posts, else the first handlers there.
    Raises `workdays.year_not_loaded` when the promise cannot be counted.
    """
    desk = open_bundle_desk(session, actor, clock, application_id=application_id)
    desk.move(BundleVerb.ACCEPT)
    _require_complete([desk.desk_of(case) for _, case in desk.parts() if case.state == CaseState.CHECKING])
    desk.fulfil(BundleStep.CHECK, outcome="accept", label="受理", opinion=opinion)
    desk.refuse_own()
    application = desk.application
    calendar = work_calendar(session, unit_id=application.unit_id, since=clock.today())
    application.accepted_at = desk.now
    application.due_at = due_of(calendar, clock.today(), application.promised_days)
    desk.note(BundleVerb.ACCEPT, opinion=opinion)
    begin_parts(desk, choices=choices or {})
    settle_bundle(desk)
    return desk


def refuse_bundle(
    session: Session, actor: Actor, clock: Clock, *, application_id: UUID, reason: str
) -> BundleDesk:
    """Do not accept the whole (不予受理), with the reason; none of its cases goes on."""
    desk = open_bundle_desk(session, actor, clock, application_id=application_id)
    desk.refuse_own()
    checking = desk.application.state == BundleState.CHECKING
    desk.move(BundleVerb.REFUSE)
    if checking:
        desk.fulfil(BundleStep.CHECK, outcome="refuse", label="不予受理", opinion=reason)
    else:
        _require_intake(desk)
    for _, case in desk.parts():
        if case.state == CaseState.CHECKING:
            refuse_part(desk.desk_of(case), reason=reason)
    desk.note(BundleVerb.REFUSE, opinion=reason)
    _end(desk, reason=reason)
    return desk


def withdraw_bundle_application(
    session: Session, actor: Actor, clock: Clock, *, application_id: UUID, reason: str, means: Means
) -> BundleDesk:
    """The applicant takes everything back that is not decided yet."""
    desk = open_bundle_desk(session, actor, clock, application_id=application_id)
    desk.require_applicant()
    desk.move(BundleVerb.WITHDRAW)
    open_states = {CaseState.CHECKING, CaseState.COMPLETING, CaseState.HANDLING}
    for _, case in desk.parts():
        if case.state in open_states:
            withdraw_case(session, actor, clock, case_id=case.id, reason=reason, means=means)
    desk.note(BundleVerb.WITHDRAW, opinion=reason)
    _end(desk, reason=reason)
    return desk


def _end(desk: BundleDesk, *, reason: str) -> None:
    application = desk.application
    desk.end_work(stopped=True)
    application.reason = reason
    application.finished_at = desk.now
    application.in_time = not is_late(desk)
    desk.tell(
        BundleFinished(
            bundle_id=application.id,
            unit_id=application.unit_id,
            in_time=application.in_time,
            finished_at=desk.now,
        )
    )
    desk.session.flush()


def _mark_missing(case_desks: Sequence[Desk], key: str) -> None:
    """What was named is missing again in every case that has it, also a file that was no good."""
    found = False
    for case_desk in case_desks:
        for row in list_materials(case_desk.session, case_desk.case.id):
            if material_key(row.name) == material_key(key) and MaterialState(row.state) in _MISSED:
                row.state = MaterialState.MISSING.value
                row.required = found = True
    if not found:
        raise errors.shared_material_unknown(key)


def _hand_in_everywhere(desk: BundleDesk, case_desks: Sequence[Desk], key: str, file_id: UUID) -> None:
    """The first case gets the file, the others share it."""
    first: AffairsFile | None = None
    for case_desk in case_desks:
        for row in list_materials(case_desk.session, case_desk.case.id):
            if material_key(row.name) != material_key(key) or row.state != MaterialState.MISSING:
                continue
            if first is None:
                hand_in(case_desk, row, file_id)
                first = case_desk.session.get_one(AffairsFile, file_id)
                continue
            copied = copy_of(case_desk.session, case_desk.actor, case_desk.clock, first)
            copied.case_id = case_desk.case.id
            row.file_id, row.state = copied.id, MaterialState.PRESENT.value
            row.source = MaterialSource.REUSED.value
            row.source_id, row.source_title = desk.application.id, "一件事共享"
            row.given_at, row.given_by_name = desk.now, desk.actor.person_name
    if first is None:
        raise errors.shared_material_unknown(key)


def _replace_forms(desk: BundleDesk, case_desks: Sequence[Desk], form: Mapping[str, Any]) -> None:
    contents = {
        content.matter_id: content
        for content in contents_of(list_parts_as_applied(desk.session, [one.case for one in case_desks]))
    }
    for case_desk in case_desks:
        own = form_of(contents[case_desk.case.matter_id], form)
        replace_form(case_desk, {**case_desk.case.form, **own})


def _require_complete(case_desks: Sequence[Desk], *, of_departments: Collection[str] | None = None) -> None:
    """Problem when a required material is missing, of those that departments have to provide only these, else all."""
    faults = {
        f"materials.{material_key(row.name)}": [f"缺少“{row.name}”"]
        for case_desk in case_desks
        for row in list_materials(case_desk.session, case_desk.case.id)
        if row.required and row.state == MaterialState.MISSING
        if of_departments is None
        or row.provided_by != Provider.DEPARTMENT
        or material_key(row.name) in of_departments
    }
    if faults:
        raise errors.bundle_still_missing(faults)


def _require_intake(desk: BundleDesk) -> None:
    """While the applicant has it, whoever takes in may still refuse it, and nobody else."""
    bundle, version = _applied_for(desk)
    require_intake(desk.session, desk.actor, bundle=bundle, version=version)


def _applied_for(desk: BundleDesk) -> tuple[Bundle, BundleVersion]:
    """The bundle, in the version that the application runs on."""
    application = desk.application
    version = get_version(desk.session, application.bundle_id, application.bundle_version)
    return get_bundle(desk.session, application.bundle_id), version
