"""Sign-ins, refresh tokens, delegations, signing keys."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from services.identity.domain.keys import KeyState
from services.identity.errors import session_not_found
from services.identity.models import (
    Delegation,
    Post,
    RefreshToken,
    SignIn,
    SigningKey,
    Tenure,
)


def find_sign_in_of(session: Session, digest: bytes) -> tuple[SignIn, int] | None:
    """The sign-in that a refresh token belongs to, locked, and the token's generation."""
    row = session.execute(
        sa.select(SignIn, RefreshToken.generation)
        .join(RefreshToken, RefreshToken.sign_in_id == SignIn.id)
        .where(RefreshToken.digest == digest)
        .with_for_update(of=SignIn)
    ).first()
    return (row[0], row[1]) if row else None


def get_open_sign_in(session: Session, sign_in_id: UUID) -> SignIn:
    """The sign-in that has not ended, locked; Problem 404 when there is none."""
    sign_in = session.get(SignIn, sign_in_id, with_for_update=True)
    if sign_in is None or sign_in.ended_at is not None:
        raise session_not_found()
    return sign_in


def list_open_sign_ins(session: Session, person_id: UUID) -> Sequence[SignIn]:
    """The person's sign-ins that have not ended, latest first."""
    found = sa.select(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    return session.scalars(found.order_by(SignIn.rotated_at.desc(), SignIn.id)).all()


def list_open_sign_ins_in(
    session: Session, unit_ids: Collection[UUID], *, after: tuple[datetime, UUID] | None, limit: int
) -> list[SignIn]:
    """Sign-ins of people acting in those units, latest first, `limit + 1` at most."""
    found = (
        sa.select(SignIn)
        .join(Tenure, Tenure.id == SignIn.tenure_id)
        .join(Post, Post.id == Tenure.post_id)
        .where(SignIn.ended_at.is_(None), Post.unit_id.in_(unit_ids))
        .order_by(SignIn.started_at.desc(), SignIn.id.desc())
    )
    if after is not None:
        found = found.where(sa.tuple_(SignIn.started_at, SignIn.id) < sa.tuple_(*after))
    return list(session.scalars(found.limit(limit + 1)))


def list_delegations(session: Session, person_ids: Collection[UUID], *, now: datetime) -> list[Delegation]:
    """Delegations in force or to come that one of these persons gave or received, soonest first."""
    found = (
        sa.select(Delegation)
        .where(sa.or_(Delegation.giver_id.in_(person_ids), Delegation.receiver_id.in_(person_ids)))
        .where(Delegation.ended_at.is_(None), Delegation.ends_at > now)
        .order_by(Delegation.starts_at, Delegation.id)
    )
    return list(session.scalars(found))


def list_delegations_with_units(session: Session, *, now: datetime) -> list[tuple[Delegation, UUID, UUID]]:
    """Every delegation in force or to come, locked, with the units of the posts that gave and received it."""
    giver, receiver = aliased(Post), aliased(Post)
    found = (
        sa.select(Delegation, giver.unit_id, receiver.unit_id)
        .join(giver, giver.id == Delegation.giver_post_id)
        .join(receiver, receiver.id == Delegation.receiver_post_id)
        .where(Delegation.ended_at.is_(None), Delegation.ends_at > now)
        .order_by(Delegation.id)
        .with_for_update(of=Delegation)
    )
    return [
        (delegation, given_in, received_in) for delegation, given_in, received_in in session.execute(found)
    ]


def find_key(session: Session, state: KeyState) -> SigningKey | None:
    """The key in that state, where there can be but one."""
    return session.scalar(sa.select(SigningKey).where(SigningKey.state == state.value))


def list_keys(session: Session) -> Sequence[SigningKey]:
    """The keys that have not been withdrawn, newest first."""
    found = sa.select(SigningKey).where(SigningKey.state != KeyState.WITHDRAWN.value)
    return session.scalars(found.order_by(SigningKey.announced_at.desc(), SigningKey.id.desc())).all()
