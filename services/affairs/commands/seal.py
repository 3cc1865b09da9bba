"""The key that signs results: made once, at the first start."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs import sealing
from services.affairs.means import Means
from services.affairs.models import SealKey
from services.affairs.queries.results import find_seal_key
from shared.clock import Clock
from shared.ids import new_id
from shared.offload import offload

_ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(hashtext('affairs seal key'))")


def ensure_seal_key(session: Session, clock: Clock, *, secret_key: str) -> SealKey:
    """The key that signs, made when there is none. `sealing.SealUnusable` without the suite's secret."""
    if found := find_seal_key(session):
        return found
    session.execute(_ONE_AT_A_TIME)
    if found := find_seal_key(session):
        return found
    key_id, now = new_id(), clock.now()
    pair = sealing.make_pair(secret_key, key_id=key_id, now=now)
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
    return key


def sign(
    session: Session, clock: Clock, *, means: Means, pdf: bytes, signer_name: str
) -> tuple[bytes, SealKey]:
    """The PDF signed in an organ's name, and the key that did it."""
    key = ensure_seal_key(session, clock, secret_key=means.secret_key)
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
