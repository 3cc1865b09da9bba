"""The key that signs results: made at the first start, renewed by hand or when its certificate is over."""

import logging
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs import sealing
from services.affairs.means import Means
from services.affairs.models import SealKey
from services.affairs.queries.results import find_seal_key
from shared import audit
from shared.auth import Actor
from shared.clock import Clock
from shared.ids import new_id
from shared.offload import offload

logger = logging.getLogger(__name__)

# Whoever trusts the certificate in a reader of PDF has to be given the next one; that takes an office some weeks.
WARNED_BEFORE = timedelta(days=90)
_ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(hashtext('affairs seal key'))")


def ensure_seal_key(session: Session, actor: Actor, clock: Clock, *, secret_key: str) -> SealKey:
    """The key that signs, made when there is none whose certificate is good.

    `sealing.SealUnusable` without the suite's secret.
    """
    if found := _usable(session, clock):
        return found
    session.execute(_ONE_AT_A_TIME)
    return _usable(session, clock) or _renew(session, actor, clock, secret_key=secret_key)


def renew_seal_key(session: Session, actor: Actor, clock: Clock, *, secret_key: str) -> SealKey:
    """Sign with a new key and certificate from now on; returns the new one.

    What the former ones signed stays good: their certificates are in the results, and are kept here.
    """
    session.execute(_ONE_AT_A_TIME)
    return _renew(session, actor, clock, secret_key=secret_key)


def sign(
    session: Session, actor: Actor, clock: Clock, *, means: Means, pdf: bytes, signer_name: str
) -> tuple[bytes, SealKey]:
    """The PDF signed in an organ's name, and the key that did it."""
    key = ensure_seal_key(session, actor, clock, secret_key=means.secret_key)
    signed = offload(
        sealing.sign_pdf,
        pdf,
        secret=means.secret_key,
        key_id=key.id,
        certificate=key.certificate,
        sealed_private=key.sealed_private,
        signer_name=signer_name,
    )
    return signed, key


def warn_of_end(session: Session, clock: Clock) -> None:
    """Log that the certificate is soon over, so that somebody renews the key in time."""
    key = find_seal_key(session)
    if key is None or key.expires_at - clock.now() >= WARNED_BEFORE:
        return
    logger.warning(
        "the certificate that signs results is good until %s only: renew it by `yiwang affairs keys renew`",
        key.expires_at.date(),
    )


def _usable(session: Session, clock: Clock) -> SealKey | None:
    found = find_seal_key(session)
    return found if found and clock.now() < found.expires_at else None


def _renew(session: Session, actor: Actor, clock: Clock, *, secret_key: str) -> SealKey:
    key_id, now = new_id(), clock.now()
    pair = sealing.make_pair(secret_key, key_id=key_id, now=now)
    if former := find_seal_key(session):
        former.active, former.retired_at = False, now
        session.flush()
    key = SealKey(
        id=key_id,
        certificate=pair.certificate,
        sealed_private=pair.sealed_private,
        active=True,
        made_at=now,
        expires_at=pair.expires_at,
    )
    session.add(key)
    session.flush()
    audit.note(session, actor, at=now, action="affairs.renew_seal_key", subject=str(key_id))
    return key
