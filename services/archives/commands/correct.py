"""Correcting the description (著录) of a filed item: the record and its package stay, the change is kept in a trail."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from services.archives import errors
from services.archives.domain.description import FIELD_NAMES, REQUIRED, SEARCHED, changed_fields
from services.archives.models import ArchiveDescription, ArchiveRecord, MetadataCorrection
from services.archives.queries.records import lock_description
from shared.auth import Actor
from shared.clock import Clock
from shared.ids import new_id
from shared.search import bigrams


def correct_metadata(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    record: ArchiveRecord,
    wanted: Mapping[str, Any],
    reason: str,
    expected_revision: int | None,
) -> ArchiveDescription:
    """Correct the named fields; each change is kept with who, when, why, old and new.

    Problem 422 when nothing changes or a field that every item must have is emptied, 412 when somebody else was faster.
    """
    description = lock_description(session, record.id)
    if expected_revision is not None and expected_revision != description.revision:
        raise errors.changed_by_another()
    for name in REQUIRED & wanted.keys():
        if not wanted[name]:
            raise errors.field_required(name, FIELD_NAMES[name])
    before = {name: getattr(description, name) for name in FIELD_NAMES}
    changes = changed_fields(before, wanted)
    if not changes:
        raise errors.nothing_to_correct()
    for name, (old, new) in changes.items():
        session.add(_trail(actor, clock, record=record, reason=reason, field=name, old=old, new=new))
        setattr(description, name, wanted[name])
    description.terms = bigrams(record.number, *(getattr(description, name) for name in SEARCHED))
    description.revision += 1
    session.flush()
    return description


def _trail(
    actor: Actor, clock: Clock, *, record: ArchiveRecord, reason: str, field: str, old: str, new: str
) -> MetadataCorrection:
    return MetadataCorrection(
        id=new_id(),
        record_id=record.id,
        at=clock.now(),
        person_id=actor.person_id,
        person_name=actor.person_name,
        post_title=actor.post_title,
        unit_name=actor.unit_name,
        reason=reason,
        field=field,
        old=old,
        new=new,
    )
