"""At the window: ask for completion once with everything missing, accept, refuse, or finish an instant matter."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.affairs import errors
from services.affairs.commands.choosing import choices_for
from services.affairs.commands.clock import start_stop
from services.affairs.commands.decide import decide_case
from services.affairs.commands.desk import Desk, open_desk
from services.affairs.domain.materials import MaterialState
from services.affairs.domain.states import CaseState, CaseVerb
from services.affairs.domain.steps import GRANT, DutyStep
from services.affairs.domain.timing import StopCause, due_of
from services.affairs.local_rules import COMPLETION, DEFERRAL
from services.affairs.means import Means
from services.affairs.models import CaseMaterial
from services.affairs.queries.cases import find_material, list_materials
from services.affairs.queries.people import version_of
from shared.auth import Actor
from shared.clock import LOCAL_ZONE, Clock
from shared.events.affairs import CaseAccepted, CaseCompletionAsked, CaseRefused
from shared.flow import verbs
from shared.flow.catalog import definition_of, get_version_id

_MISSED = frozenset({MaterialState.MISSING, MaterialState.PRESENT})


def ask_completion(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    case_id: UUID,
    missing: Sequence[Mapping[str, str]],
    opinion: str = "",
) -> Desk:
    """Tell the applicant, once, everything that is missing (一次性告知补正).

    `missing` has kind (material, field or other), code and text. Before acceptance the case goes back to the
    applicant; after it the clock stops. A second asking is refused.
    """
    desk = open_desk(session, actor, clock, case_id=case_id)
    case = desk.case
    if case.completion_asked_at is not None:
        day = case.completion_asked_at.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d")
        raise errors.completion_asked_before(case.number, day)
    desk.require_window()
    checking = case.state == CaseState.CHECKING
    desk.move(CaseVerb.ASK_COMPLETION)
    _mark_missing(desk, missing)
    case.missing = [dict(entry) for entry in missing]
    case.completion_asked_at = desk.now
    texts = "；".join(entry["text"] for entry in missing)
    if checking:
        desk.fulfil(DutyStep.CHECK, outcome="ask_completion", label="补正", opinion=opinion)
    else:
        start_stop(desk, cause=StopCause.COMPLETION, reason=texts)
    desk.give(DutyStep.COMPLETE, [case.applicant_post_id], deadline=desk.days_ahead_if_known(COMPLETION))
    desk.note(CaseVerb.ASK_COMPLETION, opinion=opinion or texts, missing=case.missing)
    desk.tell(CaseCompletionAsked(case_id=case.id, missing=len(missing), doer=desk.doer, asked_at=desk.now))
    return desk


def _mark_missing(desk: Desk, missing: Sequence[Mapping[str, str]]) -> None:
    """What was named by its code is missing again, also a file that was no good."""
    for entry in missing:
        if entry["kind"] != "material":
            continue
        row = find_material(desk.session, desk.case, entry["code"])
        if row is None or MaterialState(row.state) not in _MISSED:
            raise errors.material_not_found(entry["code"])
        row.state = MaterialState.MISSING.value
        row.required = True


def accept_case(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    case_id: UUID,
    opinion: str = "",
    choices: Mapping[str, Mapping[str, Any]] | None = None,
) -> Desk:
    """Accept a case (受理): its clock runs, and its flow begins with the posts chosen or named by the matter.

    Raises `workdays.year_not_loaded` when the promise cannot be counted, and Problem when the flow finds nobody.
    """
    desk = open_desk(session, actor, clock, case_id=case_id)
    _accept(desk, opinion=opinion)
    _begin_flow(desk, choices=choices or {})
    return desk


def accept_part(
    desk: Desk, *, opinion: str = "", choices: Mapping[str, Mapping[str, Any]] | None = None
) -> None:
    """Accept a case of a bundle, whose materials were checked once for all at the bundle's intake."""
    desk.move(CaseVerb.ACCEPT)
    _require_materials(list_materials(desk.session, desk.case.id))
    _run_clock(desk, opinion=opinion)
    _begin_flow(desk, choices=choices or {})


def _begin_flow(desk: Desk, *, choices: Mapping[str, Mapping[str, Any]]) -> None:
    version = version_of(desk.session, desk.case)
    definition = definition_of(desk.session, get_version_id(desk.session, key=version.flow_key))
    desk.end_work()
    act = verbs.start_flow(
        desk.session,
        desk.actor,
        desk.clock,
        key=version.flow_key,
        subject=desk.subject,
        unit_id=desk.case.unit_id,
        choices=choices_for(desk, version, definition.first_choices, given=choices),
        correlation_id=desk.case.correlation_id,
    )
    desk.session.flush()
    desk.case.flow_instance_id = act.instance_id
    desk.let_see([card.post_id for card in act.opened], reason="work_item")
    _ask_for_deferred(desk)
    desk.session.flush()


def finish_at_once(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    case_id: UUID,
    means: Means,
    outcome: str = GRANT,
    opinion: str = "",
) -> Desk:
    """Accept and decide an instant matter (即办件, 当场办结) in one act of the window."""
    desk = open_desk(session, actor, clock, case_id=case_id)
    if not desk.case.instant:
        raise errors.not_instant(desk.case.matter_name)
    _accept(desk, opinion=opinion)
    desk.case.verdict, desk.case.reason = outcome, opinion
    decide_case(desk, means=means)
    return desk


def refuse_case(session: Session, actor: Actor, clock: Clock, *, case_id: UUID, reason: str) -> Desk:
    """Do not accept a case (不予受理), with the reason; nothing follows."""
    desk = open_desk(session, actor, clock, case_id=case_id)
    desk.require_window()
    desk.refuse_own_case()
    checking = desk.case.state == CaseState.CHECKING
    desk.move(CaseVerb.REFUSE)
    if checking:
        desk.fulfil(DutyStep.CHECK, outcome="refuse", label="不予受理", opinion=reason)
    desk.end_work()
    desk.case.reason = reason
    desk.case.ended_at = desk.now
    desk.note(CaseVerb.REFUSE, opinion=reason)
    desk.tell(CaseRefused(case_id=desk.case.id, reason=reason, doer=desk.doer, refused_at=desk.now))
    return desk


def _accept(desk: Desk, *, opinion: str) -> None:
    desk.refuse_own_case()
    desk.move(CaseVerb.ACCEPT)
    _require_materials(list_materials(desk.session, desk.case.id))
    desk.fulfil(DutyStep.CHECK, outcome="accept", label="受理", opinion=opinion)
    _run_clock(desk, opinion=opinion)


def _run_clock(desk: Desk, *, opinion: str) -> None:
    case = desk.case
    due_at = _promise_of(desk)
    case.accepted_at, case.due_at, case.original_due_at = desk.now, due_at, due_at
    # A part of a bundle may have been told as late because it did not begin; its own promise is another matter.
    case.overdue_at = None
    deferred = 0
    for row in list_materials(desk.session, case.id):
        if row.state == MaterialState.DEFERRED:
            row.due_at = desk.days_ahead(DEFERRAL)
            deferred += 1
    desk.note(CaseVerb.ACCEPT, opinion=opinion)
    desk.tell(
        CaseAccepted(
            case_id=case.id,
            promised_days=case.promised_days,
            legal_days=case.legal_days,
            due_at=due_at,
            deferred=deferred,
            doer=desk.doer,
            accepted_at=desk.now,
        )
    )


def _promise_of(desk: Desk) -> datetime:
    """Until when the case is promised: so many working days, or for an instant matter so many minutes from now."""
    if desk.case.instant:
        return desk.now + timedelta(minutes=version_of(desk.session, desk.case).promised_minutes)
    return due_of(desk.calendar, desk.clock.today(), desk.case.promised_days)


def _require_materials(materials: Sequence[CaseMaterial]) -> None:
    lacking = [row for row in materials if row.required and row.state == MaterialState.MISSING]
    if lacking:
        raise errors.still_missing({f"materials.{row.code}": [f"缺少“{row.name}”"] for row in lacking})


def _ask_for_deferred(desk: Desk) -> None:
    owed = [row for row in list_materials(desk.session, desk.case.id) if row.state == MaterialState.DEFERRED]
    if owed:
        deadline = min(row.due_at for row in owed if row.due_at is not None)
        desk.give(DutyStep.SUPPLY, [desk.case.applicant_post_id], deadline=deadline)
