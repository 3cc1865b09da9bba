"""Tokens of a sign-in: given at its start, exchanged while it lasts, and for another post of the same person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.identity import errors
from services.identity.commands.keys import ensure_keys
from services.identity.commands.sessions import end_sign_in
from services.identity.domain.sessions import Family, FamilyFacts, Verdict, digest, judge, successor
from services.identity.issuing import TokenIssuer
from services.identity.models import RefreshToken, SignIn
from services.identity.queries.access import Access, Account, Held, get_access
from services.identity.queries.sign_ins import find_sign_in_of, get_open_sign_in
from shared.auth import Actor
from shared.clock import Clock
from shared.errors import Problem


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """What a client gets: a token to act with, one to exchange for the next, and who it now is."""

    access_token: str
    expires_in: int
    refresh_token: str | None
    person: Account
    acting: Held
    holdings: Sequence[Held]
    family: Family


@dataclass(frozen=True)
class Exchange:
    """How an exchange ended; what it changed must be kept even when it was refused."""

    tokens: Tokens | None
    refusal: Problem | None

    def tokens_or_refusal(self) -> Tokens:
        """The tokens, or the Problem raised."""
        if self.tokens is None:
            raise self.refusal or errors.refresh_refused()
        return self.tokens


def exchange_refresh_token(
    session: Session, actor: Actor, clock: Clock, *, issuer: TokenIssuer, token: str
) -> Exchange:
    """Exchange a refresh token for the next one and a fresh access token.

    A second use ends the sign-in, except that a lost answer is given again once within ten seconds. To be
    committed whatever comes out.
    """
    found = find_sign_in_of(session, digest(token))
    if found is None:
        return _refused()
    family, generation = found
    verdict = judge(_facts(family), generation, now=clock.now(), rule=issuer.sessions)
    following = successor(token, key=issuer.keyring.refresh_key)
    if verdict is Verdict.ROTATE:
        _rotate(session, family, following, now=clock.now())
    elif verdict is Verdict.REPEAT and _is_known(session, following):
        family.forgiven_generation = generation
    else:
        if verdict in (Verdict.REUSED, Verdict.REPEAT):
            end_sign_in(session, actor, clock, sign_in=family, reason="reuse")
        return _refused()
    return _tokens_of(session, actor, clock, issuer=issuer, family=family, refresh_token=following)


def switch_post(
    session: Session, actor: Actor, clock: Clock, *, issuer: TokenIssuer, post_id: UUID
) -> Tokens:
    """Act in another of one's posts from now on; the refresh token stays as it is."""
    assert actor.session_id is not None, "only a signed-in person switches"
    assert actor.person_id is not None, "only a signed-in person switches"
    family = get_open_sign_in(session, actor.session_id)
    access = access_with_key(session, actor, clock, issuer=issuer, person_id=actor.person_id)
    wanted = next((held for held in access.holdings if held.post_id == post_id), None)
    if wanted is None:
        raise errors.post_not_held()
    family.tenure_id = wanted.tenure_id
    return issue_tokens(issuer=issuer, family=_family(family), access=access, refresh_token=None)


def access_with_key(
    session: Session, actor: Actor, clock: Clock, *, issuer: TokenIssuer, person_id: UUID
) -> Access:
    """What a token for that person is made of; the first key of all is made here, unless the service was prepared."""
    access = get_access(session, clock, person_id)
    if access.key:
        return access
    ensure_keys(session, actor, clock, keyring=issuer.keyring)
    return get_access(session, clock, person_id)


def issue_tokens(*, issuer: TokenIssuer, family: Family, access: Access, refresh_token: str | None) -> Tokens:
    """An access token for the post that the sign-in acts in, signed with the active key."""
    assert access.key, "access is read with a key"
    acting = next(held for held in access.holdings if held.tenure_id == family.tenure_id)
    access_token = issuer.access_token(
        access.key, family, access.person, acting, roles=access.roles, now=access.read_at
    )
    return Tokens(
        access_token=access_token,
        expires_in=int(issuer.lifetime.total_seconds()),
        refresh_token=refresh_token,
        person=access.person,
        acting=acting,
        holdings=access.holdings,
        family=family,
    )


def _tokens_of(
    session: Session, actor: Actor, clock: Clock, *, issuer: TokenIssuer, family: SignIn, refresh_token: str
) -> Exchange:
    access = access_with_key(session, actor, clock, issuer=issuer, person_id=family.person_id)
    if access.person.disabled_at is not None or not access.holdings:
        end_sign_in(session, actor, clock, sign_in=family, reason="no_access")
        return _refused()
    if all(held.tenure_id != family.tenure_id for held in access.holdings):
        # The post acted in was taken away; the person goes on in another.
        family.tenure_id = access.holdings[0].tenure_id
    tokens = issue_tokens(issuer=issuer, family=_family(family), access=access, refresh_token=refresh_token)
    return Exchange(tokens, None)


def _rotate(session: Session, family: SignIn, following: str, *, now: datetime) -> None:
    family.generation += 1
    family.rotated_at = now
    session.add(RefreshToken(digest=digest(following), sign_in_id=family.id, generation=family.generation))


def _is_known(session: Session, token: str) -> bool:
    """Whether the token was given out; not so when the installation's secret has changed since."""
    return session.get(RefreshToken, digest(token)) is not None


def _refused() -> Exchange:
    return Exchange(None, errors.refresh_refused())


def _family(sign_in: SignIn) -> Family:
    return Family(sign_in.id, sign_in.tenure_id, sign_in.started_at)


def _facts(family: SignIn) -> FamilyFacts:
    return FamilyFacts(
        started_at=family.started_at,
        generation=family.generation,
        rotated_at=family.rotated_at,
        forgiven_generation=family.forgiven_generation,
        ended_at=family.ended_at,
    )
