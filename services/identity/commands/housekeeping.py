"""Keeping house: what runs out by itself."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.identity.commands.keys import ensure_keys, rotate_keys
from services.identity.domain.delay import ACCOUNT_DELAY, SOURCE_DELAY
from services.identity.domain.keys import may_be_aged_out
from services.identity.domain.sessions import SessionRule
from services.identity.keyring import Keyring
from services.identity.models import SignIn, SignInFailure
from shared.auth import Actor
from shared.clock import Clock

SIGN_INS_ARE_KEPT = timedelta(days=30)


def change_aged_key(session: Session, actor: Actor, clock: Clock, *, keyring: Keyring) -> None:
    """Change to the next signing key when the present one has been in use long enough."""
    active = ensure_keys(session, actor, clock, keyring=keyring)
    if may_be_aged_out(active.activated_at or active.announced_at, now=clock.now()):
        rotate_keys(session, actor, clock, keyring=keyring)


def forget_over(session: Session, clock: Clock) -> None:
    """Remove sign-ins that were over long ago, with their tokens, and failures that count no more."""
    over = clock.now() - SessionRule().longest - SIGN_INS_ARE_KEPT
    session.execute(sa.delete(SignIn).where(SignIn.started_at < over))
    quiet = clock.now() - max(ACCOUNT_DELAY.forget_after, SOURCE_DELAY.forget_after)
    session.execute(sa.delete(SignInFailure).where(SignInFailure.last_at < quiet))
