"""Publishing the scores of a period, and correcting them afterwards with a trail."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.supervision.domain.deadlines import due_after
from services.supervision.domain.scoring import rank
from services.supervision.domain.scoring_facts import Period, Sheet
from services.supervision.domain.scoring_rules import ScoringRules
from services.supervision.domain.secrecy import refuse_secret
from services.supervision.errors import assessment as assessment_errors
from services.supervision.models import Assessment, AssessmentScore, Correction
from services.supervision.queries.assessment import assesses, get_assessment
from services.supervision.queries.assessment_facts import compute, known_rule, lines_of
from services.supervision.queries.ground import Ground
from services.supervision.queries.people import name_of
from services.supervision.queries.scope import organ_of_actor, own_units, unit_names
from shared.auth import Actor
from shared.clock import Clock
from shared.errors import Problem
from shared.events.assessment import AssessmentCorrected, AssessmentPublished
from shared.history import doer_of
from shared.ids import new_id
from shared.messaging import outbox


def publish_assessment(
    session: Session, actor: Actor, clock: Clock, *, request: Mapping[str, Any]
) -> Assessment:
    """Compute the scores of a period that is over, freeze and publish them; once for an organ and a period.

    Raises `supervision.period_not_over`, `supervision.already_published`, `supervision.nobody_scored`.
    """
    organ_id, now = organ_of_actor(session, actor), clock.now()
    refuse_secret(request["title"])
    first, last = request["period_from"], request["period_to"]
    if last >= clock.today():
        raise assessment_errors.period_not_over(last)
    if organ_id is None:
        raise assessment_errors.nobody_scored()
    _require_unpublished(session, organ_id, request)
    period = Period(first=first, last=last, until=now)
    rules, sheets = compute(session, organ_id=organ_id, period=period)
    if not sheets:
        raise assessment_errors.nobody_scored()
    assessment = Assessment(
        id=new_id(),
        unit_id=organ_id,
        unit_name=name_of(session, organ_id),
        title=request["title"],
        period_from=first,
        period_to=last,
        computed_at=now,
        base=rules.base,
        rule_subject=rules.subject,
        rule_revision=rules.revision,
        appeal_by=_appeal_by(session, organ_id, period=period),
        published_at=now,
        published_by_name=actor.person_name,
    )
    session.add(assessment)
    session.flush()
    _keep_scores(session, assessment, sheets, rules=rules)
    outbox.record(
        session,
        actor,
        AssessmentPublished(
            assessment_id=assessment.id,
            unit_id=organ_id,
            title=assessment.title,
            period_from=first,
            period_to=last,
            units=len(sheets),
            doer=doer_of(actor),
            published_at=now,
        ),
    )
    return assessment


def correct_score(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    assessment_id: UUID,
    unit_id: UUID,
    request: Mapping[str, Any],
) -> Correction:
    """Add points to a published score, or take some off, with the reason; assessors of the organ may."""
    assessment = get_assessment(session, actor, assessment_id)
    if not assesses(session, actor, assessment.unit_id):
        raise assessment_errors.assessment_not_found(assessment_id)
    refuse_own_score(session, actor, organ_id=assessment.unit_id, unit_id=unit_id)
    refuse_secret(request["reason"])
    return add_correction(
        session,
        actor,
        clock,
        assessment=assessment,
        unit_id=unit_id,
        points=request["points"],
        line_keys=request["line_keys"],
        reason=request["reason"],
    )


def add_correction(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    assessment: Assessment,
    unit_id: UUID,
    points: Decimal,
    line_keys: Sequence[str],
    reason: str,
    appeal_id: UUID | None = None,
) -> Correction:
    """One more line in the trail of a unit's score, told."""
    score = get_score(session, assessment, unit_id)
    require_lines(score, line_keys)
    if points == 0:
        raise assessment_errors.correction_empty()
    correction = Correction(
        id=new_id(),
        assessment_id=assessment.id,
        unit_id=unit_id,
        points=points,
        line_keys=list(line_keys),
        reason=reason,
        appeal_id=appeal_id,
        corrected_at=clock.now(),
        corrected_by_name=actor.person_name,
    )
    session.add(correction)
    session.flush()
    outbox.record(
        session,
        actor,
        AssessmentCorrected(
            assessment_id=assessment.id,
            lead_unit_id=unit_id,
            points=f"{points.normalize():f}",
            reason=reason,
            appeal_id=appeal_id,
            doer=doer_of(actor),
            corrected_at=clock.now(),
        ),
    )
    return correction


def get_score(session: Session, assessment: Assessment, unit_id: UUID) -> AssessmentScore:
    """A unit's published score; Problem 404 when it has none."""
    score = session.get(AssessmentScore, (assessment.id, unit_id))
    if score is None:
        raise assessment_errors.score_not_found(unit_id)
    return score


def refuse_own_score(session: Session, actor: Actor, *, organ_id: UUID, unit_id: UUID) -> None:
    """Refuse people of a unit to change what it was given by others (403), also in the name of somebody absent."""
    if unit_id != organ_id and unit_id in own_units(session, actor):
        raise assessment_errors.own_score()


def require_lines(score: AssessmentScore, line_keys: Sequence[str]) -> None:
    """Refuse keys that are none of the score's lines (422)."""
    known = {line["key"] for line in score.lines}
    for key in line_keys:
        if key not in known:
            raise assessment_errors.line_unknown(key)


def _require_unpublished(session: Session, organ_id: UUID, request: Mapping[str, Any]) -> None:
    """Of two who publish the same period at once, the second one waits here and is told."""
    lock = sa.func.hashtextextended(f"assessment {organ_id}", 0)
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(lock)))
    earlier = sa.select(Assessment).where(
        Assessment.unit_id == organ_id,
        Assessment.period_from == request["period_from"],
        Assessment.period_to == request["period_to"],
    )
    if found := session.scalars(earlier).one_or_none():
        raise assessment_errors.already_published(found.title)


def _keep_scores(
    session: Session, assessment: Assessment, sheets: Sequence[Sheet], *, rules: ScoringRules
) -> None:
    names = unit_names(session, [sheet.unit_id for sheet in sheets])
    places = rank({sheet.unit_id: sheet.score for sheet in sheets})
    session.add_all(
        AssessmentScore(
            assessment_id=assessment.id,
            unit_id=sheet.unit_id,
            unit_name=names.get(sheet.unit_id, ""),
            score=sheet.score,
            place=places[sheet.unit_id],
            lines=lines_of(sheet, rules),
        )
        for sheet in sheets
    )
    session.flush()


def _appeal_by(session: Session, organ_id: UUID, *, period: Period) -> datetime | None:
    """Until when units may appeal; without end where the calendar does not reach: that costs them no right."""
    half_days = known_rule(session, organ_id=organ_id, period=period).value["appeal_half_days"]
    ground = Ground(session, now=period.until)
    try:
        return due_after(ground.calendar(organ_id), ground.today, Decimal(half_days) / 2)
    except Problem as problem:
        if problem.code != "workdays.year_not_loaded":
            raise
        return None
