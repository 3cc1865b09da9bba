"""The guide of a version of a matter, from the catalogue and its flow."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.affairs.domain.guide import Guide, guide_of
from services.affairs.errors import matters as errors
from services.affairs.queries.matters import (
    find_in_force,
    get_matter,
    get_version,
    keeps_matters_of,
    view_of,
)
from shared.auth import Actor
from shared.clock import Clock
from shared.flow.catalog import definition_of, get_version_id

_BEFORE, _AFTER = ("申请", "受理"), ("送达", "评价")


def find_guide(
    session: Session, actor: Actor, clock: Clock, *, matter_id: UUID, version: int | None
) -> Guide:
    """The guide in force today, or of that version; a draft's only for those who keep the matter. Problem 404."""
    matter = get_matter(session, matter_id)
    today = clock.today()
    row = (
        find_in_force(session, matter, today) if version is None else get_version(session, matter_id, version)
    )
    if row is None:
        raise errors.not_in_force(matter.code, today)
    if row.state != "published" and not keeps_matters_of(session, actor, matter.unit_id):
        raise errors.version_not_found(row.number)
    flow = definition_of(session, get_version_id(session, key=row.flow_key))
    middle = () if row.instant else tuple(step.name for step in flow.steps.values())
    return guide_of(view_of(session, matter, row, day=today), [*_BEFORE, *middle, *_AFTER])
