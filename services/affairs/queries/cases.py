"""Reading cases: one with all that belongs to it, its history, and lists of what the reader may see."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs import errors
from services.affairs.domain.states import CaseState
from services.affairs.models import (
    AffairsFile,
    Case,
    CaseAccess,
    CaseAct,
    CaseField,
    CaseMaterial,
    ClockStop,
    SupervisedTask,
    Trip,
)
from services.affairs.queries.asked import provides_file
from services.affairs.queries.results import find_result
from services.affairs.queries.visibility import get_case, holders_of
from shared.auth import Actor
from shared.files import BlobRef
from shared.search import found_by
from shared.web.paging import Page, make_page, read_cursor

_COLUMNS = [column.key for column in sa.inspect(Case).columns if column.key != "terms"]
_SUMMARY = (
    "id", "number", "title", "matter_id", "matter_name", "unit_id", "unit_name", "applicant_unit_id",
    "applicant_unit_name", "applicant_name", "channel", "state", "instant", "bundle_id", "applied_at", "accepted_at",
    "due_at", "stopped_at", "overdue_at", "outcome", "in_time", "decided_at", "delivered_at", "score", "trips",
)  # fmt: skip
_EQUAL = ("state", "matter_id", "unit_id", "applicant_unit_id", "channel", "bundle_id", "outcome")


def show_case(session: Session, actor: Actor, case_id: UUID, *, now: datetime) -> dict[str, Any]:
    """The case with its materials, fields, trips, stops of the clock, result and supervision."""
    return view_of(session, get_case(session, actor, case_id, now=now))


def view_of(session: Session, case: Case) -> dict[str, Any]:
    """A case that the reader may see, as it is shown."""
    session.flush()
    return {
        **{name: getattr(case, name) for name in _COLUMNS},
        "state_label": CaseState(case.state).label,
        "materials": list_materials(session, case.id),
        "fields": _rows(session, CaseField, case, CaseField.name),
        "trip_list": _rows(session, Trip, case, Trip.at),
        "clock_stops": _rows(session, ClockStop, case, ClockStop.began_at),
        "result": find_result(session, case.id),
        "supervision": list_supervision(session, case),
    }


def summary_of(case: Case) -> dict[str, Any]:
    """A case in a list."""
    return {
        **{name: getattr(case, name) for name in _SUMMARY},
        "state_label": CaseState(case.state).label,
    }


def list_materials(session: Session, case_id: UUID) -> list[CaseMaterial]:
    """The materials of a case in the order of its matter."""
    rows = sa.select(CaseMaterial).where(CaseMaterial.case_id == case_id)
    return list(session.scalars(rows.order_by(CaseMaterial.position)))


def find_material(session: Session, case: Case, code: str) -> CaseMaterial | None:
    """One material of a case by its code."""
    wanted = sa.select(CaseMaterial).where(CaseMaterial.case_id == case.id, CaseMaterial.code == code)
    return session.scalars(wanted).one_or_none()


def get_material(session: Session, case: Case, code: str) -> CaseMaterial:
    """The same; Problem 404 when the case has none of that code."""
    row = find_material(session, case, code)
    if row is None:
        raise errors.material_not_found(code)
    return row


def list_supervision(session: Session, case: Case) -> list[SupervisedTask]:
    """The supervised tasks that a case led to, oldest first."""
    return _rows(session, SupervisedTask, case, SupervisedTask.registered_at)


def list_acts(session: Session, case_id: UUID) -> list[CaseAct]:
    """The whole history, oldest first."""
    rows = sa.select(CaseAct).where(CaseAct.case_id == case_id)
    return list(session.scalars(rows.order_by(CaseAct.at, CaseAct.id)))


def page_acts(session: Session, case_id: UUID, *, query: Mapping[str, Any]) -> Page[CaseAct]:
    """The same by pages."""
    rows = sa.select(CaseAct).where(CaseAct.case_id == case_id)
    if query.get("after"):
        last = read_cursor(query["after"], datetime, UUID)
        rows = rows.where(sa.tuple_(CaseAct.at, CaseAct.id) > sa.tuple_(*last))
    found = session.scalars(rows.order_by(CaseAct.at, CaseAct.id).limit(query["limit"] + 1)).all()
    return make_page(found, query["limit"], lambda act: (act.at, act.id))


def list_files(session: Session, case_id: UUID) -> list[AffairsFile]:
    """The files that belong to a case."""
    rows = sa.select(AffairsFile).where(AffairsFile.case_id == case_id)
    return list(session.scalars(rows.order_by(AffairsFile.uploaded_at, AffairsFile.id)))


def get_file(session: Session, actor: Actor, file_id: UUID, *, now: datetime) -> AffairsFile:
    """A file of a case that the actor may see, a matter's template, what one's department provided, one's own upload.

    Problem 404 otherwise.
    """
    file = session.get(AffairsFile, file_id)
    if file is None:
        raise errors.file_not_found(file_id)
    if file.case_id is not None:
        if provides_file(session, actor, file, now=now):
            return file
        get_case(session, actor, file.case_id, now=now)
    elif file.matter_id is None and file.uploaded_by_person_id != actor.person_id:
        raise errors.file_not_found(file_id)
    return file


def ref_of(file: AffairsFile) -> BlobRef:
    """The content of a file."""
    return BlobRef(digest=file.digest, size=file.size, media_type=file.media_type, name=file.name)


def page_cases(
    session: Session, actor: Actor, *, query: Mapping[str, Any], now: datetime
) -> Page[dict[str, Any]]:
    """The cases that the actor may see, newest first, by keyset."""
    limit = query["limit"]
    after = read_cursor(query["after"], UUID)[0] if query.get("after") else None
    rows = list_cases(session, actor, query=query, now=now, after=after, limit=limit + 1)
    return make_page(rows, limit, lambda row: (row["id"],))


def list_cases(
    session: Session,
    actor: Actor,
    *,
    query: Mapping[str, Any],
    now: datetime,
    after: UUID | None = None,
    limit: int,
) -> list[dict[str, Any]]:
    """The same in one piece, for an export. Ids are in order of time, so they page the list by themselves.

    Each of the reader's names is looked through by itself and only as far as the page goes.
    """
    holders = holders_of(session, actor, now=now)
    if not holders:
        return []
    conditions = _conditions(query, now=now)
    seen = [_seen_by(holder, conditions, after=after, limit=limit) for holder in holders]
    ids = sa.union_all(*seen).subquery("seen").c.case_id
    found = sa.select(Case).where(Case.id.in_(sa.select(ids))).order_by(Case.id.desc()).limit(limit)
    return [summary_of(case) for case in session.scalars(found)]


def _seen_by(
    holder: UUID, conditions: list[sa.ColumnElement[bool]], *, after: UUID | None, limit: int
) -> sa.Select[Any]:
    seen = sa.select(CaseAccess.case_id).where(CaseAccess.holder_id == holder)
    if conditions:
        seen = seen.join(Case, Case.id == CaseAccess.case_id).where(*conditions)
    if after:
        seen = seen.where(CaseAccess.case_id < after)
    newest = seen.order_by(CaseAccess.case_id.desc()).limit(limit).subquery()
    return sa.select(newest.c.case_id)


def _conditions(query: Mapping[str, Any], *, now: datetime) -> list[sa.ColumnElement[bool]]:
    conditions = [getattr(Case, name) == query[name] for name in _EQUAL if query.get(name)]
    if query.get("overdue") is not None:
        conditions.append(
            _late(now) if query["overdue"] else sa.not_(sa.func.coalesce(_late(now), sa.false()))
        )
    if query.get("applied_from"):
        conditions.append(Case.applied_at >= query["applied_from"])
    if query.get("applied_to"):
        conditions.append(Case.applied_at < query["applied_to"])
    if query.get("q"):
        conditions.append(found_by(Case.terms, query["q"]))
    return conditions


def _late(now: datetime) -> sa.ColumnElement[bool]:
    """Decided after its date, or still running after it: a clock that stands was stopped in time."""
    running = sa.and_(Case.decided_at.is_(None), Case.stopped_at.is_(None))
    return sa.or_(Case.in_time.is_(False), sa.and_(running, Case.due_at < now))


def _rows(session: Session, kind: Any, case: Case, order: Any) -> list[Any]:
    return list(session.scalars(sa.select(kind).where(kind.case_id == case.id).order_by(order)))
