"""Drafting approved minutes (纪要): meetings approved them, documents issues them."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.commands.draft import draft_document
from services.documents.domain.states import DispatchState
from services.documents.models import ApprovedMinutes, Document
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import (
    DirectoryUnit,
    PostCard,
    find_unit,
    get_organ,
    list_holders,
    list_line,
    list_posts,
)
from shared.errors import Problem
from shared.events.base import dump_fields, load_fields
from shared.events.meetings import MinutesApproved, Party
from shared.events.minutes import MinutesContent, MinutesInvalid, from_json
from shared.events.origin import Origin
from shared.files import BlobStore
from shared.permissions import Permission

_log = logging.getLogger(__name__)


def take_minutes(
    session: Session, actor: Actor, clock: Clock, *, blobs: BlobStore, approved: MinutesApproved
) -> None:
    """Keep that minutes are to be issued, and draft them; repeating it changes nothing.

    What cannot be drafted yet (nobody keeps the registry, the organ is not known here) waits with its reason.
    """
    kept = {
        "approved_at": approved.approved_at,
        "told": dump_fields(approved),
        "correlation_id": actor.correlation_id,
        "causation_id": actor.causation_id,
        "document_id": None,
        "reason": "",
    }
    # Minutes whose draft was given up may be approved anew; an approval that is known already may not be.
    given_up = sa.exists().where(
        Document.id == ApprovedMinutes.document_id, Document.state == DispatchState.ABANDONED
    )
    session.execute(
        insert(ApprovedMinutes)
        .values(minutes_id=approved.minutes_id, **kept)
        .on_conflict_do_update(
            index_elements=["minutes_id"],
            set_=kept,
            where=sa.and_(
                ApprovedMinutes.approved_at < approved.approved_at,
                sa.or_(ApprovedMinutes.document_id.is_(None), given_up),
            ),
        )
    )
    _draft(session, clock, blobs=blobs, minutes_ids=[approved.minutes_id])


def draft_waiting_minutes(session: Session, clock: Clock, *, blobs: BlobStore, most: int = 100) -> None:
    """Try again what could not be drafted."""
    waiting = sa.select(ApprovedMinutes.minutes_id).where(ApprovedMinutes.document_id.is_(None))
    ordered = waiting.order_by(ApprovedMinutes.approved_at, ApprovedMinutes.minutes_id)
    _draft(session, clock, blobs=blobs, minutes_ids=session.scalars(ordered.limit(most)).all())


def _draft(session: Session, clock: Clock, *, blobs: BlobStore, minutes_ids: Sequence[UUID]) -> None:
    """Draft those that nobody else is drafting just now, each by itself."""
    wanted = sa.select(ApprovedMinutes).where(
        ApprovedMinutes.minutes_id.in_(minutes_ids), ApprovedMinutes.document_id.is_(None)
    )
    ordered = wanted.order_by(ApprovedMinutes.minutes_id).with_for_update(skip_locked=True)
    for minutes in session.scalars(ordered).all():
        try:
            with session.begin_nested():
                minutes.document_id = _draft_one(session, clock, blobs=blobs, minutes=minutes).id
            minutes.reason = ""
        except (Problem, MinutesInvalid) as refused:
            _log.warning("minutes %s cannot be drafted: %s", minutes.minutes_id, refused)
            minutes.reason = _reason(refused)


def _draft_one(session: Session, clock: Clock, *, blobs: BlobStore, minutes: ApprovedMinutes) -> Document:
    approved: MinutesApproved = load_fields(MinutesApproved, minutes.told)
    system = Actor.system(minutes.correlation_id, causation_id=minutes.causation_id)
    organ = get_organ(session, approved.unit_id)
    drafter = _drafter(session, system, approved, organ=organ)
    content = from_json(blobs.read(approved.content.digest))
    return draft_document(
        session,
        drafter,
        clock,
        draft=_as_draft(session, approved, content, organ=organ),
        owner_unit_id=organ.id,
        origin=Origin(
            system="meetings",
            kind="minutes",
            id=approved.minutes_id,
            title=approved.title,
            number="",
            link=f"/meetings/{approved.meeting_id}",
        ),
    )


def _drafter(session: Session, system: Actor, approved: MinutesApproved, *, organ: DirectoryUnit) -> Actor:
    """Who drafted the minutes, while still in that post; else whoever keeps the organ's registry."""
    card = list_posts(session, [approved.drafter_post_id]).get(approved.drafter_post_id)
    if card and approved.drafter_person_id in card.person_ids:
        return _actor_of(system, card, approved.drafter_person_id)
    registry = list_holders(session, organ.id, Permission.DOCUMENTS_REGISTRY)
    if not registry:
        raise errors.nobody_to_draft(organ.name)
    return _actor_of(system, registry[0], registry[0].person_ids[0])


def _actor_of(system: Actor, card: PostCard, person_id: UUID) -> Actor:
    """That person in that post, on the chain of what the suite is doing."""
    return replace(
        system,
        person_id=person_id,
        person_name=card.holders[card.person_ids.index(person_id)],
        post_id=card.post_id,
        post_title=card.title,
        unit_id=card.unit_id,
        unit_name=card.unit_name,
        is_system=False,
    )


def _as_draft(
    session: Session, approved: MinutesApproved, content: MinutesContent, *, organ: DirectoryUnit
) -> dict[str, Any]:
    addressed, copied = _receivers(session, approved.receivers, organ=organ)
    return {
        "kind": "纪要",
        "form": "minutes",
        "title": approved.title,
        "body": list(content.body),
        "present": list(content.present),
        "excused": list(content.excused),
        "observing": list(content.attending),
        "recipients": addressed,
        "copies": copied,
    }


def _receivers(
    session: Session, parties: Sequence[Party], *, organ: DirectoryUnit
) -> tuple[list[dict[str, UUID]], list[dict[str, UUID]]]:
    """Main recipients and, because minutes do not go upward, copies for those above; each organ once.

    Whoever was dissolved since gets none, and the organ sends nothing to itself.
    """
    above = {unit.id for unit in list_line(session, organ.id)}
    addressed: dict[UUID, None] = {}
    copied: dict[UUID, None] = {}
    for party in parties:
        unit = find_unit(session, party.unit_id)
        if unit is None or not unit.active:
            continue
        receiver = get_organ(session, unit.id)
        if receiver.id != organ.id:
            (copied if receiver.id in above else addressed)[receiver.id] = None
    return [{"unit_id": unit} for unit in addressed], [{"unit_id": unit} for unit in copied]


def _reason(refused: Problem | MinutesInvalid) -> str:
    if isinstance(refused, Problem):
        return f"{refused.title}：{refused.detail}"
    return f"纪要内容无法读取：{refused}"
