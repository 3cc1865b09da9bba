"""Reading one-thing bundles (一件事): definitions, and what each asks for as a whole."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs.domain.bundle_contents import (
    PartContent,
    merged_form,
    merged_materials,
    shared_names,
)
from services.affairs.domain.bundles import Part, longest_path
from services.affairs.domain.materials import MaterialRule
from services.affairs.domain.prefill import served_form
from services.affairs.errors import bundles as errors
from services.affairs.models import Bundle, BundleVersion, Case, Matter, MatterVersion
from services.affairs.queries.holdings import list_holdings
from services.affairs.queries.known import Applicant, held_fields
from services.affairs.queries.matters import find_in_force, get_matter, keeps_matters_of
from services.affairs.queries.matters import get_version as get_matter_version
from shared.auth import Actor
from shared.directory import get_organ
from shared.web.paging import Page, make_page, read_cursor

_VERSION = ("number", "state", "name", "note", "intake_post_ids", "saved_at", "saved_by_name", "published_at")


def get_bundle(session: Session, bundle_id: UUID, *, lock: bool = False) -> Bundle:
    """The bundle; Problem 404 when there is none."""
    wanted = sa.select(Bundle).where(Bundle.id == bundle_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    bundle = session.scalars(wanted).one_or_none()
    if bundle is None:
        raise errors.bundle_not_found(bundle_id)
    return bundle


def find_version(session: Session, bundle_id: UUID, *, state: str) -> BundleVersion | None:
    """The newest version in that state: the draft, or the one in force."""
    rows = sa.select(BundleVersion).where(BundleVersion.bundle_id == bundle_id, BundleVersion.state == state)
    return session.scalars(rows.order_by(BundleVersion.number.desc()).limit(1)).first()


def get_published(session: Session, bundle: Bundle, *, today: date) -> BundleVersion:
    """The version in force; Problem 404 when there is none, or the bundle is withdrawn."""
    version = find_version(session, bundle.id, state="published")
    if version is None or (bundle.withdrawn_on is not None and bundle.withdrawn_on <= today):
        raise errors.bundle_not_found(bundle.id)
    return version


def get_version(session: Session, bundle_id: UUID, number: int) -> BundleVersion:
    """The version on which an application runs."""
    rows = sa.select(BundleVersion).where(
        BundleVersion.bundle_id == bundle_id, BundleVersion.number == number
    )
    return session.scalars(rows).one()


def list_parts_as_applied(
    session: Session, cases: Sequence[Case]
) -> list[tuple[Part, Matter, MatterVersion]]:
    """The matters of those cases in the versions that they run on."""
    return [
        (
            Part(matter_id=case.matter_id, name=case.matter_name, days=case.promised_days),
            get_matter(session, case.matter_id),
            get_matter_version(session, case.matter_id, case.matter_version),
        )
        for case in cases
    ]


def list_parts(
    session: Session, version: BundleVersion, *, today: date
) -> list[tuple[Part, Matter, MatterVersion]]:
    """The matters of a bundle as they are in force today; Problem 422 for one that is not."""
    found = []
    faults: dict[str, list[str]] = {}
    for at, kept in enumerate(version.parts):
        matter = get_matter(session, UUID(kept["matter_id"]))
        current = find_in_force(session, matter, today)
        if current is None:
            faults[f"parts.{at}"] = [f"事项 {matter.code} 今天没有生效的版本"]
            continue
        part = Part(
            matter_id=matter.id,
            name=current.name,
            days=current.promised_days,
            after=tuple(map(UUID, kept["after"])),
        )
        found.append((part, matter, current))
    if faults:
        raise errors.bundle_invalid(faults)
    return found


def contents_of(parts: Sequence[tuple[Part, Matter, MatterVersion]]) -> list[PartContent]:
    """What each matter asks for."""
    return [
        PartContent(
            matter_id=part.matter_id,
            name=part.name,
            form=version.form,
            rules=tuple(MaterialRule.read(kept) for kept in version.materials),
        )
        for part, _, version in parts
    ]


def show_bundle(session: Session, actor: Actor, bundle_id: UUID, *, today: date) -> dict[str, Any]:
    """A bundle with its matters and its longest path; its keepers see a draft that is not published yet."""
    bundle = get_bundle(session, bundle_id)
    keeps = keeps_matters_of(session, actor, bundle.unit_id)
    draft = find_version(session, bundle.id, state="draft") if keeps else None
    version = find_version(session, bundle.id, state="published") or draft
    if version is None:
        raise errors.bundle_not_found(bundle_id)
    return {
        **_shown(bundle, version),
        **_content(session, version, today=today),
        "draft": _shown(bundle, draft) | _content(session, draft, today=today) if draft else None,
        "may_manage": keeps,
    }


def page_bundles(
    session: Session, actor: Actor, *, query: Mapping[str, Any], today: date
) -> Page[dict[str, Any]]:
    """The bundles in force, by making; those of the actor's own organ also as drafts when asked for."""
    newest = (
        sa.select(BundleVersion.bundle_id, sa.func.max(BundleVersion.number).label("number"))
        .where(BundleVersion.state == ("draft" if query["drafts"] else "published"))
        .group_by(BundleVersion.bundle_id)
        .subquery()
    )
    rows = (
        sa.select(Bundle, BundleVersion)
        .join(newest, newest.c.bundle_id == Bundle.id)
        .join(
            BundleVersion,
            sa.and_(BundleVersion.bundle_id == Bundle.id, BundleVersion.number == newest.c.number),
        )
        .where(sa.or_(Bundle.withdrawn_on.is_(None), Bundle.withdrawn_on > today))
    )
    if query["drafts"]:
        own = get_organ(session, actor.unit_id).id if actor.unit_id else None
        rows = rows.where(Bundle.unit_id == own)
    if query["unit_id"]:
        rows = rows.where(Bundle.unit_id == query["unit_id"])
    if query.get("after"):
        rows = rows.where(Bundle.id > read_cursor(query["after"], UUID)[0])
    found = session.execute(rows.order_by(Bundle.id).limit(query["limit"] + 1)).all()
    seen = [_shown(bundle, version) for bundle, version in found]
    return make_page(seen, query["limit"], lambda row: (row["id"],))


def prefilled(session: Session, applicant: Applicant, bundle_id: UUID, *, today: date) -> dict[str, Any]:
    """The one form of a bundle with what the suite holds, and its materials with what may be reused for each."""
    bundle = get_bundle(session, bundle_id)
    version = get_published(session, bundle, today=today)
    parts = list_parts(session, version, today=today)
    contents = contents_of(parts)
    held: dict[str, Any] = {}
    offers: dict[str, list[Any]] = {}
    for (_, _, current), content in zip(parts, contents, strict=True):
        for name, fact in held_fields(session, applicant, current).items():
            held.setdefault(name, fact)
        by_code = list_holdings(session, applicant, current, today=today)
        for row in merged_materials([content]):
            code = next(rule.code for rule in content.rules if rule.name == row["name"])
            offers.setdefault(row["key"], by_code.get(code, []))
    materials = merged_materials(contents)
    return {
        "bundle_id": bundle.id,
        "version": version.number,
        "form": served_form(merged_form(contents), held),
        "held": [
            {
                "field": name,
                "value": fact.value,
                "source": fact.source,
                "origin": fact.origin,
                "may_change": fact.is_offer,
            }
            for name, fact in held.items()
        ],
        "shared_fields": sorted(shared_names(contents)),
        "materials": [{**row, "offers": offers.get(row["key"], [])} for row in materials],
    }


def _content(session: Session, version: BundleVersion, *, today: date) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    for kept in version.parts:
        matter = get_matter(session, UUID(kept["matter_id"]))
        current = find_in_force(session, matter, today)
        rows.append(
            {
                "matter_id": matter.id,
                "code": matter.code,
                "name": current.name if current else "",
                "unit_name": matter.unit_name,
                "promised_days": current.promised_days if current else 0,
                "in_force": current is not None,
                "after": [UUID(earlier) for earlier in kept["after"]],
            }
        )
    days, path = longest_path(
        [
            Part(matter_id=row["matter_id"], days=row["promised_days"], after=tuple(row["after"]))
            for row in rows
        ]
    )
    return {"parts": rows, "promised_days": days, "longest_path": list(path)}


def _shown(bundle: Bundle, version: BundleVersion) -> dict[str, Any]:
    return {
        "id": bundle.id,
        "unit_id": bundle.unit_id,
        "unit_name": bundle.unit_name,
        "code": bundle.code,
        "revision": bundle.revision,
        "withdrawn_on": bundle.withdrawn_on,
        **{name: getattr(version, name) for name in _VERSION},
    }
