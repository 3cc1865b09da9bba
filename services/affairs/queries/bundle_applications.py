"""Reading applications for bundles: who may see them, how far each part is, what is late."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs.domain.bundle_steps import BundleVerb
from services.affairs.domain.bundles import ENDED_PARTS, BundleState, Part, PartState, longest_path
from services.affairs.domain.materials import material_key
from services.affairs.domain.states import CaseState
from services.affairs.errors import bundles as errors
from services.affairs.models import BundleAccess, BundleAct, BundleApplication, BundlePart, Case, CaseMaterial
from services.affairs.queries.visibility import acting_posts, holders_of
from shared.auth import Actor
from shared.events.affairs import CaseOutcome
from shared.flow.models import ItemStatus, WorkItem
from shared.web.paging import Page, make_page, read_cursor

_COLUMNS = [column.key for column in sa.inspect(BundleApplication).columns]
_DECIDED = frozenset({CaseState.DECIDED, CaseState.DELIVERED, CaseState.CONCLUDED})


def get_application(
    session: Session, actor: Actor, application_id: UUID, *, now: datetime, lock: bool = False
) -> BundleApplication:
    """The application, if the actor may see it; Problem 404 otherwise."""
    if not actor.is_system:
        granted = sa.select(BundleAccess.application_id).where(
            BundleAccess.application_id == application_id,
            BundleAccess.holder_id.in_(holders_of(session, actor, now=now)),
        )
        if session.scalars(granted.limit(1)).first() is None:
            raise errors.application_not_found(application_id)
    wanted = sa.select(BundleApplication).where(BundleApplication.id == application_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    application = session.scalars(wanted).one_or_none()
    if application is None:
        raise errors.application_not_found(application_id)
    return application


def list_parts_of(session: Session, application_id: UUID) -> list[tuple[BundlePart, Case]]:
    """The parts of an application with their cases, in the order of the definition."""
    rows = session.execute(
        sa.select(BundlePart, Case)
        .join(Case, Case.id == BundlePart.case_id)
        .where(BundlePart.application_id == application_id)
        .order_by(BundlePart.position)
        .execution_options(populate_existing=True)
    )
    return [(part, case) for part, case in rows]


def stand_of(part: BundlePart, case: Case) -> PartState:
    """Where a part stands by what its case says; `blocked` and `waiting` are the bundle's own."""
    state = CaseState(case.state)
    if state in _DECIDED:
        return PartState.GRANTED if case.outcome == CaseOutcome.GRANTED else PartState.REFUSED
    if state is CaseState.WITHDRAWN:
        return PartState.WITHDRAWN
    if state is CaseState.NOT_ACCEPTED:
        return PartState.BLOCKED if part.state == PartState.BLOCKED else PartState.REFUSED
    if state is CaseState.HANDLING:
        return PartState.HANDLING
    return PartState.WAITING if part.after else PartState.CHECKING


def show_application(
    session: Session, actor: Actor, application_id: UUID, *, now: datetime
) -> dict[str, Any]:
    """An application with the progress of its parts, its materials, and what the viewer has to do about it."""
    application = get_application(session, actor, application_id, now=now)
    session.flush()
    parts = list_parts_of(session, application.id)
    ended = sum(stand_of(part, case) in ENDED_PARTS for part, case in parts)
    _, path = longest_path(
        [
            Part(matter_id=part.matter_id, days=part.promised_days, after=tuple(part.after))
            for part, _ in parts
        ]
    )
    mine = sa.select(WorkItem.step_id).where(
        WorkItem.subject_id == application.id,
        WorkItem.status == ItemStatus.OPEN,
        WorkItem.post_id.in_(acting_posts(session, actor, now=now)),
    )
    return {
        **summary_of(application, now=now),
        "parts": [_part(part, case, now=now) for part, case in parts],
        "ended": ended,
        "total": len(parts),
        "longest_path": list(path),
        "materials": list_shared_materials(session, [case for _, case in parts]),
        "steps": sorted(set(session.scalars(mine))),
    }


def list_shared_materials(session: Session, cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Every material of the cases once, with where it stands in each."""
    names = {case.id: case.matter_name for case in cases}
    rows = session.scalars(
        sa.select(CaseMaterial)
        .where(CaseMaterial.case_id.in_(names))
        .order_by(CaseMaterial.case_id, CaseMaterial.position)
    )
    alike: dict[str, dict[str, Any]] = {}
    for row in rows:
        key = material_key(row.name)
        entry = alike.setdefault(key, {"key": key, "name": row.name, "cases": []})
        entry["cases"].append(
            {
                "case_id": row.case_id,
                "matter_name": names[row.case_id],
                "code": row.code,
                "state": row.state,
                "source": row.source,
                "source_title": row.source_title,
                "file_id": row.file_id,
            }
        )
    return list(alike.values())


def summary_of(application: BundleApplication, *, now: datetime) -> dict[str, Any]:
    """An application's columns, the name of its state, and whether it is late."""
    late = application.due_at is not None and application.due_at < (application.finished_at or now)
    return {
        **{name: getattr(application, name) for name in _COLUMNS},
        "state_label": BundleState(application.state).label,
        "overdue": late,
    }


def page_applications(
    session: Session, actor: Actor, *, query: Mapping[str, Any], now: datetime
) -> Page[dict[str, Any]]:
    """The applications that the actor may see, newest first."""
    holders = holders_of(session, actor, now=now)
    seen = sa.select(BundleAccess.application_id).where(BundleAccess.holder_id.in_(holders))
    rows = sa.select(BundleApplication).where(BundleApplication.id.in_(seen))
    for name in ("state", "bundle_id", "unit_id", "applicant_unit_id"):
        if query[name]:
            rows = rows.where(getattr(BundleApplication, name) == query[name])
    if query["overdue"] is not None:
        ended = sa.func.coalesce(BundleApplication.finished_at, now)
        late = sa.func.coalesce(BundleApplication.due_at < ended, sa.false())
        rows = rows.where(late if query["overdue"] else sa.not_(late))
    if query.get("after"):
        rows = rows.where(BundleApplication.id < read_cursor(query["after"], UUID)[0])
    found = session.scalars(rows.order_by(BundleApplication.id.desc()).limit(query["limit"] + 1)).all()
    page = make_page(found, query["limit"], lambda row: (row.id,))
    return Page([summary_of(row, now=now) for row in page.items], page.next)


def list_acts(session: Session, application_id: UUID) -> list[dict[str, Any]]:
    """The history of an application, oldest first."""
    rows = sa.select(BundleAct).where(BundleAct.application_id == application_id)
    acts = session.scalars(rows.order_by(BundleAct.at, BundleAct.id))
    names = [column.key for column in sa.inspect(BundleAct).columns]
    return [
        {**{name: getattr(act, name) for name in names}, "verb_label": BundleVerb(act.verb).label}
        for act in acts
    ]


def _part(part: BundlePart, case: Case, *, now: datetime) -> dict[str, Any]:
    state = stand_of(part, case)
    ended = case.decided_at or case.ended_at
    stopped = case.stopped_at is not None
    late = case.due_at is not None and not stopped and case.due_at < (ended or now)
    return {
        "matter_id": part.matter_id,
        "matter_name": case.matter_name,
        "unit_id": case.unit_id,
        "unit_name": case.unit_name,
        "case_id": case.id,
        "case_number": case.number,
        "after": part.after,
        "promised_days": part.promised_days,
        "state": state.value,
        "state_label": state.label,
        "reason": case.reason,
        "begun_at": case.accepted_at,
        "due_at": case.due_at,
        "ended_at": ended,
        "overdue": late,
    }
