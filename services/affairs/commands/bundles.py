"""Keeping the definitions of one-thing bundles (一件事): a draft is edited, published, and one day withdrawn."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs.domain.bundle_contents import form_conflicts
from services.affairs.domain.bundles import Part, order_faults
from services.affairs.domain.secrecy import refuse_secret
from services.affairs.errors import bundles as errors
from services.affairs.models import Bundle, BundleVersion
from services.affairs.queries.bundles import contents_of, find_version, get_bundle, list_parts
from services.affairs.queries.matters import get_matter, keeps_matters_of
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import get_organ, get_post
from shared.ids import new_id


def draft_bundle(
    session: Session, actor: Actor, clock: Clock, *, code: str, content: Mapping[str, Any]
) -> Bundle:
    """A new bundle that the actor's organ takes in, as a draft. Problem 409 for a code that the organ has."""
    assert actor.unit_id is not None, "whoever keeps the catalogue acts in a post"
    organ = get_organ(session, actor.unit_id)
    same = sa.select(Bundle.id).where(Bundle.unit_id == organ.id, Bundle.code == code)
    if session.scalars(same).first() is not None:
        raise errors.bundle_code_taken(code)
    bundle = Bundle(
        id=new_id(),
        unit_id=organ.id,
        unit_name=organ.name,
        code=code,
        revision=1,
        made_at=clock.now(),
        made_by_name=actor.person_name,
    )
    session.add(bundle)
    session.flush()
    _save(session, actor, clock, bundle=bundle, content=content)
    return bundle


def edit_bundle(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    bundle_id: UUID,
    content: Mapping[str, Any],
    expected_revision: int | None,
) -> Bundle:
    """Write the next version, or change the draft that there is; what is published never changes."""
    bundle = _own(session, actor, bundle_id)
    if expected_revision is not None and expected_revision != bundle.revision:
        raise errors.bundle_changed(bundle.code)
    bundle.revision += 1
    _save(session, actor, clock, bundle=bundle, content=content)
    return bundle


def publish_bundle(session: Session, actor: Actor, clock: Clock, *, bundle_id: UUID) -> Bundle:
    """Put the draft in force. Every matter must be in force by then, and their forms must fit together."""
    bundle = _own(session, actor, bundle_id)
    version = find_version(session, bundle.id, state="draft")
    if version is None:
        raise errors.no_bundle_draft(bundle.code)
    parts = list_parts(session, version, today=clock.today())
    faults = order_faults([part for part, _, _ in parts]) | form_conflicts(contents_of(parts))
    if faults:
        raise errors.bundle_invalid(faults)
    bundle.revision += 1
    version.state = "published"
    version.published_at = clock.now()
    version.published_by_name = actor.person_name
    session.flush()
    return bundle


def withdraw_bundle(
    session: Session, actor: Actor, clock: Clock, *, bundle_id: UUID, reason: str, effective_on: date | None
) -> Bundle:
    """Take a bundle off the catalogue, today unless a later day is named; applications under way go on."""
    bundle = _own(session, actor, bundle_id)
    bundle.revision += 1
    bundle.withdrawn_on = max(effective_on or clock.today(), clock.today())
    bundle.withdraw_reason = reason
    return bundle


def _own(session: Session, actor: Actor, bundle_id: UUID) -> Bundle:
    bundle = get_bundle(session, bundle_id, lock=True)
    if not keeps_matters_of(session, actor, bundle.unit_id):
        raise errors.not_your_bundle(bundle.code)
    if bundle.withdrawn_on is not None:
        raise errors.bundle_withdrawn(bundle.code)
    return bundle


def _save(
    session: Session, actor: Actor, clock: Clock, *, bundle: Bundle, content: Mapping[str, Any]
) -> BundleVersion:
    parts = [
        Part(matter_id=get_matter(session, part["matter_id"]).id, after=tuple(part["after"]))
        for part in content["parts"]
    ]
    if faults := order_faults(parts):
        raise errors.bundle_invalid(faults)
    for post_id in content["intake_post_ids"]:
        get_post(session, post_id)
    version = find_version(session, bundle.id, state="draft") or BundleVersion(
        id=new_id(), bundle_id=bundle.id, number=_next_number(session, bundle.id), state="draft"
    )
    refuse_secret(content["name"], content["note"], where="一件事")
    version.name = content["name"]
    version.note = content["note"]
    version.parts = [
        {"matter_id": str(part.matter_id), "after": [str(earlier) for earlier in part.after]}
        for part in parts
    ]
    version.intake_post_ids = content["intake_post_ids"]
    version.saved_at = clock.now()
    version.saved_by_name = actor.person_name
    session.add(version)
    session.flush()
    return version


def _next_number(session: Session, bundle_id: UUID) -> int:
    newest = sa.select(sa.func.max(BundleVersion.number)).where(BundleVersion.bundle_id == bundle_id)
    return (session.scalar(newest) or 0) + 1
