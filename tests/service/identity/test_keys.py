"""Signing keys: announced ahead, changed without anybody noticing, sealed in the database."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.identity.commands.housekeeping import change_aged_key, forget_over
from services.identity.commands.keys import ensure_keys, replace_all_keys, rotate_keys, withdraw_old_keys
from services.identity.domain.keys import ANNOUNCED_AHEAD, USED_FOR
from services.identity.keyring import Keyring, SecretUnusable
from services.identity.models import SignIn, SignInFailure, SigningKey
from services.identity.queries.views import key_set
from shared.auth import Actor
from shared.clock import FixedClock
from shared.errors import Problem
from tests.service.identity.people import TOKENS
from tests.service.identity.test_refresh import verify
from tests.service.identity.test_sign_in import signed_in


def states(session: Session) -> list[str]:
    return list(session.scalars(sa.select(SigningKey.state).order_by(SigningKey.announced_at, SigningKey.id)))


def test_ensuring_keys_again_makes_none(session: Session, operator: Actor, clock: FixedClock) -> None:
    first = ensure_keys(session, operator, clock, keyring=TOKENS.keyring)
    assert ensure_keys(session, operator, clock, keyring=TOKENS.keyring).id == first.id
    assert sorted(states(session)) == ["active", "next"]


def test_the_next_key_signs_only_after_it_was_announced_long_enough(
    session: Session, operator: Actor, clock: FixedClock
) -> None:
    with pytest.raises(Problem, match="key_too_young"):
        rotate_keys(session, operator, clock, keyring=TOKENS.keyring)


def test_tokens_before_and_after_a_change_are_good_and_the_old_key_goes_when_they_are_over(
    session: Session, operator: Actor, clock: FixedClock
) -> None:
    clock.at += ANNOUNCED_AHEAD
    before = signed_in(session, clock, "市长").access_token
    rotate_keys(session, operator, clock, keyring=TOKENS.keyring)
    after = signed_in(session, clock, "文书").access_token
    for token in (before, after):
        verify(session, clock, token)
    assert [sorted(key) for key in key_set(session)["keys"]] == [
        ["alg", "crv", "kid", "kty", "use", "x", "y"]
    ] * 3
    clock.at += TOKENS.lifetime
    assert withdraw_old_keys(session, operator, clock, token_lifetime=TOKENS.lifetime) == 0
    clock.at += timedelta(minutes=1)
    assert withdraw_old_keys(session, operator, clock, token_lifetime=TOKENS.lifetime) == 1
    assert len(key_set(session)["keys"]) == 2
    assert session.scalar(sa.select(SigningKey.sealed_private).where(SigningKey.state == "withdrawn")) is None


def test_a_key_gives_way_by_itself_after_its_time(
    session: Session, operator: Actor, clock: FixedClock
) -> None:
    active = ensure_keys(session, operator, clock, keyring=TOKENS.keyring)
    change_aged_key(session, operator, clock, keyring=TOKENS.keyring)
    assert active.state == "active"
    clock.at += USED_FOR
    change_aged_key(session, operator, clock, keyring=TOKENS.keyring)
    assert active.state == "retired"


def test_replacing_all_keys_voids_every_token(session: Session, operator: Actor, clock: FixedClock) -> None:
    token = signed_in(session, clock, "市长").access_token
    replace_all_keys(session, operator, clock, keyring=TOKENS.keyring)
    with pytest.raises(Problem, match="token_invalid"):
        verify(session, clock, token)
    verify(session, clock, signed_in(session, clock, "市长").access_token)


def test_the_private_half_is_sealed_with_the_installations_secret(session: Session) -> None:
    key = session.scalars(sa.select(SigningKey).where(SigningKey.state == "active")).one()
    assert key.sealed_private is not None
    with pytest.raises(SecretUnusable, match="another YIWANG_SECRET_KEY"):
        Keyring("another secret of the tests, also long enough").sign(
            {}, kid=str(key.id), sealed_private=key.sealed_private
        )
    with pytest.raises(SecretUnusable, match="at least 32"):
        Keyring("short")


def test_what_is_over_is_forgotten(session: Session, clock: FixedClock) -> None:
    signed_in(session, clock, "市长")
    clock.at += timedelta(days=60)
    forget_over(session, clock)
    for model in (SignIn, SignInFailure):
        assert session.scalar(sa.select(sa.func.count()).select_from(model)) == 0
