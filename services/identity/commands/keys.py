"""Signing keys: made, announced ahead, put to use, retired, withdrawn."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.identity import errors
from services.identity.commands.telling import tell
from services.identity.domain.keys import KeyFacts, KeyState, is_withdrawable, may_sign_from
from services.identity.keyring import Keyring
from services.identity.models import SigningKey
from services.identity.queries.sign_ins import find_key, list_keys
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import require_everything
from shared.events.identity import SigningKeyAnnounced, SigningKeyWithdrawn
from shared.ids import new_id

KEYS_LOCK = 0x494B4559  # "IKEY"


def ensure_keys(session: Session, actor: Actor, clock: Clock, *, keyring: Keyring) -> SigningKey:
    """See to it that there is a key that signs and one announced to follow it; returns the one that signs."""
    active, following = find_key(session, KeyState.ACTIVE), find_key(session, KeyState.NEXT)
    if active and following:
        return active
    _lock(session)
    active, following = find_key(session, KeyState.ACTIVE), find_key(session, KeyState.NEXT)
    if active is None:
        # Nothing was ever signed, so nobody can hold a token that this key has to be announced before.
        active = _announce(session, actor, clock, keyring=keyring, state=KeyState.ACTIVE)
    if following is None:
        _announce(session, actor, clock, keyring=keyring, state=KeyState.NEXT)
    session.flush()
    return active


def rotate_keys(session: Session, actor: Actor, clock: Clock, *, keyring: Keyring) -> SigningKey:
    """Sign with the next key from now on, and announce one to follow it; returns the one that signs.

    Tokens of the former key stay good until they expire. Problem 409 while the next key has not been announced
    long enough for every service to know it, 403 unless the actor administers all units: everybody's tokens are signed
    with it.
    """
    require_everything(session, actor, what="签名密钥")
    _lock(session)
    active = ensure_keys(session, actor, clock, keyring=keyring)
    following = find_key(session, KeyState.NEXT)
    assert following is not None, "ensure_keys has announced one"
    now, usable_from = clock.now(), may_sign_from(_facts(following))
    if now < usable_from:
        raise errors.key_too_young(usable_from)
    active.state, active.retired_at = KeyState.RETIRED.value, now
    session.flush()
    following.state, following.activated_at = KeyState.ACTIVE.value, now
    session.flush()
    _announce(session, actor, clock, keyring=keyring, state=KeyState.NEXT)
    return following


def withdraw_old_keys(session: Session, actor: Actor, clock: Clock, *, token_lifetime: timedelta) -> int:
    """Withdraw the retired keys of which no token can be good any more; returns how many."""
    now = clock.now()
    over = [
        key
        for key in list_keys(session)
        if is_withdrawable(_facts(key), token_lifetime=token_lifetime, now=now)
    ]
    for key in over:
        _withdraw(session, actor, clock, key=key)
    return len(over)


def replace_all_keys(session: Session, actor: Actor, clock: Clock, *, keyring: Keyring) -> SigningKey:
    """Withdraw every key at once and begin with new ones: the private ones are lost or known to others.

    Every token in hand becomes void; people get a new one by their refresh token.
    """
    _lock(session)
    for key in list_keys(session):
        _withdraw(session, actor, clock, key=key)
    session.flush()
    return ensure_keys(session, actor, clock, keyring=keyring)


def _withdraw(session: Session, actor: Actor, clock: Clock, *, key: SigningKey) -> None:
    key.state, key.withdrawn_at, key.sealed_private = KeyState.WITHDRAWN.value, clock.now(), None
    tell(session, actor, SigningKeyWithdrawn(signing_key_id=key.id, withdrawn_at=clock.now()))


def _announce(
    session: Session, actor: Actor, clock: Clock, *, keyring: Keyring, state: KeyState
) -> SigningKey:
    key_id, now = new_id(), clock.now()
    pair = keyring.make(str(key_id))
    key = SigningKey(
        id=key_id,
        state=state.value,
        x=pair.x,
        y=pair.y,
        sealed_private=pair.sealed_private,
        announced_at=now,
        activated_at=now if state is KeyState.ACTIVE else None,
        retired_at=None,
        withdrawn_at=None,
    )
    session.add(key)
    tell(session, actor, SigningKeyAnnounced(signing_key_id=key_id, x=pair.x, y=pair.y, announced_at=now))
    return key


def _facts(key: SigningKey) -> KeyFacts:
    return KeyFacts(
        kid=str(key.id),
        state=KeyState(key.state),
        announced_at=key.announced_at,
        retired_at=key.retired_at,
    )


def _lock(session: Session) -> None:
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(KEYS_LOCK)))
