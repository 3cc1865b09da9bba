"""Reading assessments: assessors see all of their organ, a unit its own explanation, and the ranking once published."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from operator import itemgetter
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.supervision.domain.scoring import bounded, rank
from services.supervision.domain.scoring_facts import TIMES, Period
from services.supervision.errors import assessment as assessment_errors
from services.supervision.models import Assessment, AssessmentScore, Correction, Task
from services.supervision.queries.assessment_facts import compute, lines_of, period_of
from services.supervision.queries.scope import list_scope, organ_of_actor, own_units, unit_names
from services.supervision.queries.visibility import TAKERS
from shared.auth import Actor
from shared.offload import offload
from shared.permissions import Permission
from shared.web.paging import Page, make_page, read_cursor
from shared.workbook import Column, workbook_bytes

_LABELS: Mapping[str, str] = MappingProxyType(
    dict(
        zip(
            [kind.key for kind in TIMES],
            (
                "交办",
                "签收",
                "报送方案",
                "反馈",
                "未按期反馈",
                "发督办单",
                "退回重办",
                "申请办结",
                "销号",
                "评价",
            ),
            strict=True,
        )
    )
    | {"finding.recorded.v1": "考核登记"}
)


def preview(session: Session, actor: Actor, *, query: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What the acting post's organ would publish for a period, by what was known at the end of any day."""
    organ_id = organ_of_actor(session, actor)
    period = period_of(query["period_from"], query["period_to"], now=now, as_of=query["as_of"])
    if organ_id is None:
        return _computed(session, period, None, [])
    found = compute(session, organ_id=organ_id, period=period, lead_unit_id=query["lead_unit_id"])
    return _computed(session, period, *found)


def preview_own(session: Session, actor: Actor, *, query: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """How the acting post's own unit stands with an organ in a period, with its explanation and nobody else's."""
    period = period_of(query["period_from"], query["period_to"], now=now, as_of=query["as_of"])
    sheets: list[Any] = []
    rules = None
    for unit_id in units_spoken_for(session, actor):
        rules, more = compute(session, organ_id=query["unit_id"], period=period, lead_unit_id=unit_id)
        sheets += more
    computed = _computed(session, period, rules, sheets)
    # Among its own sheets alone a unit has no place.
    return {**computed, "units": [{**unit, "place": None} for unit in computed["units"]]}


def list_assessments(session: Session, actor: Actor, *, query: Mapping[str, Any]) -> Page[Assessment]:
    """What was published by the organs of an assessor's scope, and what the actor's own units were scored in."""
    wanted = sa.select(Assessment).where(_seen(session, actor))
    if query.get("after"):
        wanted = wanted.where(Assessment.id < read_cursor(query["after"], UUID)[0])
    rows = session.scalars(wanted.order_by(Assessment.id.desc()).limit(query["limit"] + 1)).all()
    return make_page(rows, query["limit"], lambda row: (row.id,))


def get_assessment(session: Session, actor: Actor, assessment_id: UUID) -> Assessment:
    """The assessment, if the actor may see it; Problem 404 otherwise."""
    wanted = sa.select(Assessment).where(Assessment.id == assessment_id, _seen(session, actor))
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise assessment_errors.assessment_not_found(assessment_id)
    return found


def show_ranking(
    session: Session, assessment: Assessment, *, as_of: datetime | None = None
) -> dict[str, Any]:
    """The published scores with the corrections made since, or by a past moment, best first."""
    scores = session.scalars(
        sa.select(AssessmentScore).where(AssessmentScore.assessment_id == assessment.id)
    ).all()
    corrected = corrections_by_unit(session, assessment, as_of=as_of)
    final = {
        row.unit_id: bounded(row.score + corrected.get(row.unit_id, Decimal(0)), base=assessment.base)
        for row in scores
    }
    places = rank(final)
    ranked = [
        {
            "unit_id": row.unit_id,
            "unit_name": row.unit_name,
            "score": row.score,
            "place": row.place,
            "corrected": corrected.get(row.unit_id, Decimal(0)),
            "final_score": final[row.unit_id],
            "final_place": places[row.unit_id],
        }
        for row in scores
    ]
    return {**_columns(assessment), "units": sorted(ranked, key=itemgetter("final_place", "unit_name"))}


def show_score(session: Session, actor: Actor, assessment: Assessment, unit_id: UUID) -> dict[str, Any]:
    """Every line of a unit's score with its events, and the trail of corrections; for assessors and the unit itself."""
    row = session.get(AssessmentScore, (assessment.id, unit_id))
    if row is None or not (
        assesses(session, actor, assessment.unit_id) or unit_id in units_spoken_for(session, actor)
    ):
        raise assessment_errors.score_not_found(unit_id)
    trail = session.scalars(
        sa.select(Correction)
        .where(Correction.assessment_id == assessment.id, Correction.unit_id == unit_id)
        .order_by(Correction.corrected_at, Correction.id)
    ).all()
    ranking = show_ranking(session, assessment)["units"]
    own = next(line for line in ranking if line["unit_id"] == unit_id)
    return {**own, "lines": explained(session, row.lines), "corrections": trail}


def check_again(session: Session, assessment: Assessment) -> dict[str, Any]:
    """Compute once more by what was known when it was published, and say which units came out otherwise: none."""
    period = Period(first=assessment.period_from, last=assessment.period_to, until=assessment.computed_at)
    rules, sheets = compute(session, organ_id=assessment.unit_id, period=period)
    again = {sheet.unit_id: (sheet.score, lines_of(sheet, rules)) for sheet in sheets}
    published = {
        row.unit_id: (row.score, row.lines)
        for row in session.scalars(
            sa.select(AssessmentScore).where(AssessmentScore.assessment_id == assessment.id)
        )
    }
    differing = sorted(
        unit for unit in again.keys() | published.keys() if again.get(unit) != published.get(unit)
    )
    return {
        "computed_at": assessment.computed_at,
        "units": len(again),
        "equal": not differing,
        "differing": differing,
    }


def ranking_workbook(session: Session, assessment: Assessment) -> bytes:
    """The ranking as a workbook."""
    return offload(_sheet, show_ranking(session, assessment)["units"])


def corrections_by_unit(
    session: Session, assessment: Assessment, *, as_of: datetime | None = None
) -> dict[UUID, Decimal]:
    """The corrections of each unit together."""
    wanted = sa.select(Correction).where(Correction.assessment_id == assessment.id)
    if as_of is not None:
        wanted = wanted.where(Correction.corrected_at <= as_of)
    sums: dict[UUID, Decimal] = defaultdict(Decimal)
    for row in session.scalars(wanted):
        sums[row.unit_id] += row.points
    return dict(sums)


def explained(session: Session, lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Lines with what their events and tasks are called."""
    ids = {UUID(cause["task_id"]) for line in lines for cause in line["causes"] if cause["task_id"]}
    known = sa.select(Task.id, Task.number, Task.title).where(Task.id.in_(ids))
    tasks = {str(row.id): row for row in session.execute(known)}
    return [
        {**line, "causes": [{**cause, **_told(cause, tasks)} for cause in line["causes"]]} for line in lines
    ]


def assesses(session: Session, actor: Actor, organ_id: UUID) -> bool:
    """Whether the acting post assesses for that organ, or for one above it."""
    return actor.may(Permission.SUPERVISION_ASSESS) and organ_id in list_scope(session, actor)


def units_spoken_for(session: Session, actor: Actor) -> list[UUID]:
    """The own unit and those above it up to its organ, for a post that takes their tasks or leads them."""
    return own_units(session, actor) if any(map(actor.may, TAKERS)) else []


def _seen(session: Session, actor: Actor) -> sa.ColumnElement[bool]:
    organs = list_scope(session, actor) if actor.may(Permission.SUPERVISION_ASSESS) else []
    scored = sa.select(AssessmentScore.assessment_id).where(
        AssessmentScore.unit_id.in_(units_spoken_for(session, actor))
    )
    return sa.or_(Assessment.unit_id.in_(organs), Assessment.id.in_(scored))


def _computed(session: Session, period: Period, rules: Any, sheets: Sequence[Any]) -> dict[str, Any]:
    names = unit_names(session, [sheet.unit_id for sheet in sheets])
    places = rank({sheet.unit_id: sheet.score for sheet in sheets})
    units = [
        {
            "unit_id": sheet.unit_id,
            "unit_name": names.get(sheet.unit_id, ""),
            "score": sheet.score,
            "place": places[sheet.unit_id],
            "lines": explained(session, lines_of(sheet, rules)),
        }
        for sheet in sheets
    ]
    return {
        "period_from": period.first,
        "period_to": period.last,
        "computed_at": period.until,
        "rule_revision": rules.revision if rules else 0,
        "units": sorted(units, key=itemgetter("place", "unit_name")),
    }


def _told(cause: Mapping[str, Any], tasks: Mapping[str, Any]) -> dict[str, str]:
    task = tasks.get(cause["task_id"] or "")
    return {
        "label": _LABELS[cause["key"]],
        "task_number": (task.number or "") if task else "",
        "task_title": task.title if task else "",
    }


def _columns(assessment: Assessment) -> dict[str, Any]:
    return {column.key: getattr(assessment, column.key) for column in sa.inspect(Assessment).columns}


def _sheet(rows: Sequence[dict[str, Any]]) -> bytes:
    return workbook_bytes("考核排名", columns=_RANKED, rows=rows)


def _number(name: str) -> Any:
    def of(row: Mapping[str, Any]) -> float:
        return float(row[name])

    return of


_RANKED: tuple[Column[dict[str, Any]], ...] = (
    Column("名次", 8, itemgetter("final_place")),
    Column("单位", 40, itemgetter("unit_name")),
    Column("得分", 10, _number("final_score")),
    Column("公布得分", 10, _number("score")),
    Column("更正", 10, _number("corrected")),
)
