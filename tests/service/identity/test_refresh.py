"""Refresh tokens: rotation, the lost answer, reuse, and what ends a sign-in."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.identity.commands.accounts import disable_person
from services.identity.commands.people import dismiss
from services.identity.commands.sessions import end_session
from services.identity.commands.tokens import exchange_refresh_token
from services.identity.domain.sessions import SessionRule
from services.identity.models import RefreshToken, SignIn
from shared.auth import TokenVerifier
from shared.clock import FixedClock
from shared.errors import Problem
from shared.ids import new_id
from tests.service.identity.people import TOKENS, City, actor_in
from tests.service.identity.test_sign_in import NOBODY, signed_in
from tests.support.api import AUDIENCE, ISSUER


def refreshed(session: Session, clock: FixedClock, token: str | None) -> str:
    assert token is not None
    exchange = exchange_refresh_token(session, NOBODY, clock, issuer=TOKENS, token=token)
    session.flush()
    answered = exchange.tokens_or_refusal().refresh_token
    assert answered is not None
    return answered


def verify(session: Session, clock: FixedClock, access_token: str) -> None:
    verifier = TokenVerifier(issuer=ISSUER, audience=AUDIENCE)
    verifier.verify(session, access_token, now=clock.now(), correlation_id=new_id())


def test_every_use_gives_another_token_and_only_digests_are_kept(session: Session, clock: FixedClock) -> None:
    first = signed_in(session, clock, "市长").refresh_token or ""
    second = refreshed(session, clock, first)
    third = refreshed(session, clock, second)
    assert len({first, second, third}) == 3
    stored = b"".join(session.scalars(sa.select(RefreshToken.digest)))
    assert not any(token.encode() in stored for token in (first, second, third))


def test_a_lost_answer_is_given_again_once_and_goes_on(session: Session, clock: FixedClock) -> None:
    first = signed_in(session, clock, "市长").refresh_token
    second = refreshed(session, clock, first)
    clock.at += timedelta(seconds=9)
    assert refreshed(session, clock, first) == second
    refreshed(session, clock, second)


@pytest.mark.parametrize("seconds", [1, 11])
def test_a_second_use_ends_the_sign_in_and_its_tokens(
    session: Session, clock: FixedClock, seconds: int
) -> None:
    tokens = signed_in(session, clock, "市长")
    second = refreshed(session, clock, tokens.refresh_token)
    if seconds < 10:
        # The one time that is forgiven was used up already.
        refreshed(session, clock, tokens.refresh_token)
    clock.at += timedelta(seconds=seconds)
    for token in (tokens.refresh_token, second):
        with pytest.raises(Problem, match="refresh_refused"):
            refreshed(session, clock, token)
    assert session.get_one(SignIn, tokens.family.id).end_reason == "reuse"
    with pytest.raises(Problem, match="access_ended"):
        verify(session, clock, tokens.access_token)


def test_an_unknown_token_is_refused(session: Session, clock: FixedClock) -> None:
    with pytest.raises(Problem, match="refresh_refused"):
        refreshed(session, clock, "x" * 43)


def test_a_sign_in_ends_by_disuse(session: Session, clock: FixedClock) -> None:
    token = signed_in(session, clock, "市长").refresh_token
    clock.at += SessionRule().idle + timedelta(seconds=1)
    with pytest.raises(Problem, match="refresh_refused"):
        refreshed(session, clock, token)


def test_signing_out_voids_the_tokens_in_hand_at_once(session: Session, clock: FixedClock) -> None:
    tokens = signed_in(session, clock, "市长")
    verify(session, clock, tokens.access_token)
    end_session(session, NOBODY, clock, session_id=tokens.family.id, reason="logout")
    with pytest.raises(Problem, match="access_ended"):
        verify(session, clock, tokens.access_token)
    with pytest.raises(Problem, match="refresh_refused"):
        refreshed(session, clock, tokens.refresh_token)


def test_disabling_a_person_voids_the_tokens_in_hand_at_once(
    session: Session, clock: FixedClock, city: City
) -> None:
    tokens = signed_in(session, clock, "市长")
    disable_person(
        session, actor_in(session, "system"), clock, person_id=city.persons["mayor"], reason="调离"
    )
    with pytest.raises(Problem, match="access_ended"):
        verify(session, clock, tokens.access_token)
    with pytest.raises(Problem, match="refresh_refused"):
        refreshed(session, clock, tokens.refresh_token)


def test_losing_the_post_voids_its_tokens_and_the_person_goes_on_in_another(
    session: Session, clock: FixedClock, city: City
) -> None:
    tokens = signed_in(session, clock, "文书", post_id=city.posts["clerk"])
    system = actor_in(session, "system")
    dismiss(session, system, clock, post_id=city.posts["clerk"], person_id=city.persons["clerk"])
    with pytest.raises(Problem, match="access_ended"):
        verify(session, clock, tokens.access_token)
    exchange = exchange_refresh_token(session, NOBODY, clock, issuer=TOKENS, token=tokens.refresh_token or "")
    going_on = exchange.tokens_or_refusal()
    assert going_on.acting.title == "档案员"
    dismiss(session, system, clock, post_id=city.posts["archivist"], person_id=city.persons["clerk"])
    with pytest.raises(Problem, match="refresh_refused"):
        refreshed(session, clock, going_on.refresh_token)
