"""Reading the catalogue (事项清单): the version in force on a day, lists, and which matters are high-frequency."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from services.affairs.errors import matters as errors
from services.affairs.local_rules import HIGH_FREQUENCY
from services.affairs.models import Case, Matter, MatterVersion
from shared.auth import Actor
from shared.clock import LOCAL_ZONE
from shared.dated_rules import rule_on
from shared.directory import get_organ
from shared.permissions import Permission
from shared.search import found_by
from shared.web.paging import Page, make_page, read_cursor

_VERSION_FIELDS = [
    column.key for column in sa.inspect(MatterVersion).columns if column.key not in ("id", "terms")
]


def get_matter(session: Session, matter_id: UUID) -> Matter:
    """The matter; Problem 404 when there is none."""
    matter = session.get(Matter, matter_id)
    if matter is None:
        raise errors.matter_not_found(matter_id)
    return matter


def keeps_matters_of(session: Session, actor: Actor, unit_id: UUID) -> bool:
    """Whether the actor keeps the catalogue of that organ."""
    if actor.unit_id is None or not actor.may(Permission.AFFAIRS_CATALOGUE_MANAGE):
        return False
    return get_organ(session, actor.unit_id).id == unit_id


def find_in_force(session: Session, matter: Matter, day: date) -> MatterVersion | None:
    """The version that is in force on that day, unless the matter is withdrawn by then."""
    if matter.withdrawn_on is not None and matter.withdrawn_on <= day:
        return None
    found = _in_force(day).where(MatterVersion.matter_id == matter.id)
    return session.scalars(found).one_or_none()


def get_version(session: Session, matter_id: UUID, number: int) -> MatterVersion:
    """One version of a matter; Problem 404 when there is none."""
    wanted = sa.select(MatterVersion).where(
        MatterVersion.matter_id == matter_id, MatterVersion.number == number
    )
    version = session.scalars(wanted).one_or_none()
    if version is None:
        raise errors.version_not_found(number)
    return version


def find_draft(session: Session, matter_id: UUID) -> MatterVersion | None:
    """The version that is being edited."""
    wanted = sa.select(MatterVersion).where(
        MatterVersion.matter_id == matter_id, MatterVersion.state == "draft"
    )
    return session.scalars(wanted).one_or_none()


def show_matter(session: Session, actor: Actor, matter_id: UUID, *, day: date) -> dict[str, Any]:
    """The matter as it is in force on that day; its keepers see a draft that is not yet in force."""
    matter = get_matter(session, matter_id)
    version = find_in_force(session, matter, day)
    if version is None and keeps_matters_of(session, actor, matter.unit_id):
        version = _newest(session, matter_id)
    if version is None:
        raise errors.matter_not_found(matter_id)
    return view_of(session, matter, version, day=day)


def view_of(session: Session, matter: Matter, version: MatterVersion, *, day: date) -> dict[str, Any]:
    """A matter in one of its versions, as it is shown."""
    frequent = matter.id in list_high_frequency(session, day=day, unit_ids=[matter.unit_id])
    return {**_shown(matter, version), "high_frequency": frequent}


def list_versions(session: Session, actor: Actor, matter_id: UUID, *, day: date) -> list[dict[str, Any]]:
    """All versions of a matter, newest first; drafts for those who keep it only."""
    matter = get_matter(session, matter_id)
    rows = sa.select(MatterVersion).where(MatterVersion.matter_id == matter_id)
    if not keeps_matters_of(session, actor, matter.unit_id):
        rows = rows.where(MatterVersion.state == "published")
    found = session.scalars(rows.order_by(MatterVersion.number.desc())).all()
    if not found:
        raise errors.matter_not_found(matter_id)
    current = find_in_force(session, matter, day)
    return [
        {**_shown(matter, row), "in_force": current is not None and row.id == current.id} for row in found
    ]


def page_matters(session: Session, *, query: Mapping[str, Any], day: date) -> Page[dict[str, Any]]:
    """The catalogue as it is in force on that day, by organ and code order of making; keyset pages."""
    limit = query["limit"]
    after = read_cursor(query["after"], UUID)[0] if query.get("after") else None
    rows = list_matters(session, query=query, day=day, after=after, limit=limit + 1)
    return make_page(rows, limit, lambda row: (row["id"],))


def list_matters(
    session: Session, *, query: Mapping[str, Any], day: date, after: UUID | None = None, limit: int
) -> list[dict[str, Any]]:
    """The same in one piece, for an export."""
    current = _in_force(day).subquery("current")
    found = (
        sa.select(Matter, MatterVersion)
        .join(current, current.c.matter_id == Matter.id)
        .join(MatterVersion, MatterVersion.id == current.c.id)
        .where(sa.or_(Matter.withdrawn_on.is_(None), Matter.withdrawn_on > day))
    )
    frequent = list_high_frequency(session, day=day)
    if query.get("high_frequency") is not None:
        among = Matter.id.in_(frequent)
        found = found.where(among if query["high_frequency"] else sa.not_(among))
    found = found.where(*_conditions(query))
    if after is not None:
        found = found.where(Matter.id > after)
    rows = session.execute(found.order_by(Matter.id).limit(limit))
    return [{**_shown(matter, version), "high_frequency": matter.id in frequent} for matter, version in rows]


def page_drafts(session: Session, actor: Actor, *, query: Mapping[str, Any]) -> Page[dict[str, Any]]:
    """What the actor's organ is editing, newest first."""
    organ = get_organ(session, actor.unit_id).id if actor.unit_id else None
    found = (
        sa.select(Matter, MatterVersion)
        .join(MatterVersion, MatterVersion.matter_id == Matter.id)
        .where(Matter.unit_id == organ, MatterVersion.state == "draft")
    )
    if query.get("after"):
        found = found.where(Matter.id < read_cursor(query["after"], UUID)[0])
    rows = session.execute(found.order_by(Matter.id.desc()).limit(query["limit"] + 1)).all()
    shown = [{**_shown(matter, version), "high_frequency": False} for matter, version in rows]
    return make_page(shown, query["limit"], lambda row: (row["id"],))


def list_high_frequency(
    session: Session, *, day: date, unit_ids: Collection[UUID] | None = None
) -> set[UUID]:
    """The matters with so many cases in the twelve months before that day, or among the first of their organ."""
    rule = rule_on(session, HIGH_FREQUENCY, day).value
    since = datetime.combine(_a_year_before(day), time(), LOCAL_ZONE)
    until = datetime.combine(day, time.max, LOCAL_ZONE)
    counted = (
        sa.select(
            Case.matter_id,
            sa.func.count().label("cases"),
            sa.func.rank().over(partition_by=Case.unit_id, order_by=sa.func.count().desc()).label("place"),
        )
        .where(Case.applied_at > since, Case.applied_at <= until)
        .group_by(Case.matter_id, Case.unit_id)
    )
    if unit_ids is not None:
        counted = counted.where(Case.unit_id.in_(unit_ids))
    ranked = counted.subquery()
    frequent = sa.select(ranked.c.matter_id).where(
        sa.or_(ranked.c.cases >= rule["cases"], ranked.c.place <= rule["top"])
    )
    return set(session.scalars(frequent))


def _a_year_before(day: date) -> date:
    return (
        day.replace(year=day.year - 1, day=min(day.day, 28))
        if day.month == 2
        else day.replace(year=day.year - 1)
    )


def _in_force(day: date) -> sa.Select[MatterVersion]:
    """Of each matter the newest number among the versions that are published and effective on that day.

    What was published last says what holds, also where an earlier version was planned for a later day.
    """
    published = sa.select(MatterVersion).where(
        MatterVersion.state == "published", MatterVersion.effective_on <= day
    )
    newest = (MatterVersion.matter_id, MatterVersion.number.desc())
    return published.ext(distinct_on(MatterVersion.matter_id)).order_by(*newest)


def _newest(session: Session, matter_id: UUID) -> MatterVersion | None:
    rows = sa.select(MatterVersion).where(MatterVersion.matter_id == matter_id)
    return session.scalars(rows.order_by(MatterVersion.number.desc()).limit(1)).first()


def _conditions(query: Mapping[str, Any]) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if query.get("unit_id"):
        conditions.append(Matter.unit_id == query["unit_id"])
    if query.get("instant") is not None:
        conditions.append(MatterVersion.instant.is_(query["instant"]))
    if query.get("code"):
        conditions.append(Matter.code == query["code"])
    if query.get("q"):
        conditions.append(found_by(MatterVersion.terms, query["q"]))
    return conditions


def _shown(matter: Matter, version: MatterVersion) -> dict[str, Any]:
    facts = {name: getattr(version, name) for name in _VERSION_FIELDS}
    return {
        **facts,
        "id": matter.id,
        "version": version.number,
        "code": matter.code,
        "unit_id": matter.unit_id,
        "unit_name": matter.unit_name,
        "revision": matter.revision,
        "online": version.online,
        "withdrawn_on": matter.withdrawn_on,
        "withdraw_reason": matter.withdraw_reason,
    }
