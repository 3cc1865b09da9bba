"""Appeals of units against their published scores (申诉): made, proved by files, decided by an assessor."""

from collections.abc import Mapping
from typing import IO, Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.supervision.commands.assessment import (
    add_correction,
    get_score,
    refuse_own_score,
    require_lines,
)
from services.supervision.commands.files import keep_upload
from services.supervision.domain.secrecy import refuse_secret
from services.supervision.domain.steps import WORK_KIND
from services.supervision.errors import assessment as assessment_errors
from services.supervision.models import Appeal, AppealFile, Assessment
from services.supervision.queries.assessment import get_assessment, units_spoken_for
from services.supervision.queries.assessment_appeals import STATE_LABELS, get_appeal
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import list_holders
from shared.events.assessment import AppealDecided, AppealMade
from shared.files import BlobStore
from shared.flow import duties
from shared.flow.acts import Assignee, Subject
from shared.history import doer_of
from shared.ids import new_id
from shared.messaging import outbox
from shared.permissions import Permission

DECIDE_APPEAL = "decide_appeal"


def make_appeal(
    session: Session, actor: Actor, clock: Clock, *, assessment_id: UUID, request: Mapping[str, Any]
) -> Appeal:
    """A unit appeals against its score, naming the lines and the reason; the organ's assessors get it to decide.

    Raises `supervision.not_your_score`, `supervision.appeal_too_late`, `supervision.appeal_waits`,
    `supervision.nobody_decides`.
    """
    assessment = get_assessment(session, actor, assessment_id)
    unit_id = request["unit_id"]
    if unit_id not in units_spoken_for(session, actor):
        raise assessment_errors.not_your_score()
    refuse_secret(request["reason"])
    score = get_score(session, assessment, unit_id)
    # Two who appeal for one unit come one after the other.
    session.refresh(score, with_for_update=True)
    require_lines(score, request["line_keys"])
    if assessment.appeal_by is not None and clock.now() > assessment.appeal_by:
        raise assessment_errors.appeal_too_late(assessment.appeal_by)
    if session.query(Appeal).filter_by(assessment_id=assessment.id, unit_id=unit_id, state="made").first():
        raise assessment_errors.appeal_waits(score.unit_name)
    appeal = Appeal(
        id=new_id(),
        assessment_id=assessment.id,
        unit_id=unit_id,
        unit_name=score.unit_name,
        line_keys=request["line_keys"],
        reason=request["reason"],
        state="made",
        made_at=clock.now(),
        made_by_name=actor.person_name,
    )
    session.add(appeal)
    session.flush()
    _give_out(session, actor, clock, appeal=appeal, assessment=assessment)
    outbox.record(
        session,
        actor,
        AppealMade(
            appeal_id=appeal.id,
            assessment_id=assessment.id,
            lead_unit_id=unit_id,
            reason=appeal.reason,
            doer=doer_of(actor),
            made_at=appeal.made_at,
        ),
    )
    return appeal


def attach_proof(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    appeal_id: UUID,
    blobs: BlobStore,
    stream: IO[bytes],
    name: str,
) -> AppealFile:
    """Add a file to an appeal that waits; the unit itself may. Problems as for files of tasks."""
    appeal = get_appeal(session, actor, clock, appeal_id, for_update=True)
    if appeal.unit_id not in units_spoken_for(session, actor):
        raise assessment_errors.not_your_score()
    _require_waiting(appeal)
    blob = keep_upload(blobs, stream, name=name)
    file = AppealFile(
        id=new_id(),
        appeal_id=appeal.id,
        name=name,
        digest=blob.digest,
        size=blob.size,
        media_type=blob.media_type,
        added_at=clock.now(),
        added_by_name=actor.person_name,
    )
    session.add(file)
    session.flush()
    return file


def decide_appeal(
    session: Session, actor: Actor, clock: Clock, *, appeal_id: UUID, request: Mapping[str, Any]
) -> Appeal:
    """Accept an appeal with a correction of the score, or refuse it, with the reason; whoever has it to decide may."""
    appeal = get_appeal(session, actor, clock, appeal_id, for_update=True)
    _require_waiting(appeal)
    refuse_secret(request["answer"])
    accepted: bool = request["accepted"]
    duties.fulfil_duty(
        session,
        actor,
        clock,
        subject_id=appeal.id,
        step_id=DECIDE_APPEAL,
        outcome="agree" if accepted else "disagree",
        outcome_label=STATE_LABELS["accepted" if accepted else "refused"],
        opinion=request["answer"],
        alone=True,
        for_post_id=request["for_post_id"],
    )
    refuse_own_score(session, actor, organ_id=_organ_of(session, appeal), unit_id=appeal.unit_id)
    duties.close_work(session, actor, clock, subject_id=appeal.id)
    appeal.state = "accepted" if accepted else "refused"
    appeal.decided_at, appeal.decided_by_name = clock.now(), actor.person_name
    appeal.answer = request["answer"]
    if accepted:
        _correct(session, actor, clock, appeal=appeal, request=request)
    outbox.record(
        session,
        actor,
        AppealDecided(
            appeal_id=appeal.id,
            assessment_id=appeal.assessment_id,
            lead_unit_id=appeal.unit_id,
            accepted=accepted,
            answer=appeal.answer,
            doer=doer_of(actor),
            decided_at=clock.now(),
        ),
    )
    return appeal


def _correct(
    session: Session, actor: Actor, clock: Clock, *, appeal: Appeal, request: Mapping[str, Any]
) -> None:
    if request["points"] is None:
        raise assessment_errors.correction_empty()
    add_correction(
        session,
        actor,
        clock,
        assessment=session.get_one(Assessment, appeal.assessment_id),
        unit_id=appeal.unit_id,
        points=request["points"],
        line_keys=appeal.line_keys,
        reason=request["answer"],
        appeal_id=appeal.id,
    )


def _give_out(
    session: Session, actor: Actor, clock: Clock, *, appeal: Appeal, assessment: Assessment
) -> None:
    holders = list_holders(session, assessment.unit_id, Permission.SUPERVISION_ASSESS)
    if not holders:
        raise assessment_errors.nobody_decides(assessment.unit_name)
    subject = Subject(
        id=appeal.id,
        kind="appeal",
        title=f"{appeal.unit_name}对《{assessment.title}》的申诉",
        link=f"/appeals/{appeal.id}",
        document_kind="考核申诉",
    )
    duties.open_work(session, actor, clock, subject=subject, unit_id=assessment.unit_id, name="考核申诉处理")
    duty = duties.Duty(step_id=DECIDE_APPEAL, step_name="申诉处理", work_kind=WORK_KIND)
    duties.give_duty(
        session,
        actor,
        clock,
        subject_id=appeal.id,
        duty=duty,
        assignees=[Assignee(card.post_id) for card in holders],
    )


def _organ_of(session: Session, appeal: Appeal) -> UUID:
    return session.get_one(Assessment, appeal.assessment_id).unit_id


def _require_waiting(appeal: Appeal) -> None:
    if appeal.state != "made":
        raise assessment_errors.appeal_decided(STATE_LABELS[appeal.state])
