"""Signing in: the attempt is counted before the password is looked at, and forgotten when it was right."""

import hashlib
import ipaddress
import math
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.identity import errors
from services.identity.commands.tokens import Tokens, issue_tokens, start_sign_in
from services.identity.domain.delay import (
    ACCOUNT_DELAY,
    NO_FAILURES_LATER,
    SOURCE_DELAY,
    DelayRule,
    Failures,
    failed_again,
    wait_of,
)
from services.identity.domain.passwords import normalised_login
from services.identity.issuing import TokenIssuer
from services.identity.models import SignInFailure
from services.identity.queries.people import get_person_with_holdings
from services.identity.queries.sign_ins import find_account
from shared import audit
from shared.auth import Actor
from shared.clock import Clock


@dataclass(frozen=True)
class Attempt:
    """An attempt that was let in: whose it would be, and what the password is checked against."""

    account_key: bytes
    source_key: bytes
    person_id: UUID | None
    password_digest: str | None


def admit_attempt(session: Session, clock: Clock, *, login_name: str, source: str) -> Attempt:
    """Let an attempt in and count it as failed beforehand, so that many at once cannot all be the first.

    To be committed before the password is checked. Problem 429 while the account or the source has to wait; an
    account that does not exist is treated alike.
    """
    login_key = normalised_login(login_name)
    account_key, source_key = _key("account", login_key), _key("source", _network(source))
    of_account = _count(session, clock, account_key, rule=ACCOUNT_DELAY)
    found = find_account(session, login_key, source_key=source_key)
    now = clock.now()
    waits = (
        wait_of(of_account, ACCOUNT_DELAY, now=now),
        wait_of(Failures(found.source_failures or 0, found.source_failed_at), SOURCE_DELAY, now=now),
    )
    longest = max(waits)
    if longest > NO_FAILURES_LATER:
        raise errors.must_wait(math.ceil(longest.total_seconds()))
    return Attempt(account_key, source_key, found.person_id, found.password_digest)


def refuse_attempt(session: Session, actor: Actor, clock: Clock, *, attempt: Attempt, outcome: str) -> None:
    """Count a failed attempt for its source, and keep it in the audit log with the code of its refusal.

    Attempts that have to wait come not here: whoever goes on trying fills no log.

    The log never holds a login name that does not exist, because people type their password there by mistake.
    """
    _count(session, clock, attempt.source_key, rule=SOURCE_DELAY)
    subject = str(attempt.person_id) if attempt.person_id else "未知账号"
    audit.note(session, actor, at=clock.now(), action="identity.sign_in", outcome=outcome, subject=subject)


def sign_in(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    attempt: Attempt,
    issuer: TokenIssuer,
    post_id: UUID | None,
) -> Tokens:
    """Begin a sign-in after the password was found right; acting in `post_id`, or in the first post held.

    Problem 401 for a disabled person, as for a wrong password; 403 when there is no post to act in.
    """
    assert attempt.person_id is not None, "no password matches an account that does not exist"
    person, holdings = get_person_with_holdings(session, attempt.person_id)
    if person.disabled_at is not None:
        raise errors.sign_in_refused()
    if not holdings:
        raise errors.no_post()
    holding = next((held for held in holdings if held.post.id == post_id), None if post_id else holdings[0])
    if holding is None:
        raise errors.post_not_held()
    forgive_attempt(session, attempt)
    begun, refresh_token = start_sign_in(session, clock, person=person, holding=holding, source=actor.source)
    who = Actor(
        correlation_id=actor.correlation_id,
        person_id=person.id,
        person_name=person.name,
        post_id=holding.post.id,
        unit_id=holding.unit.id,
        source=actor.source,
    )
    audit.note(session, who, at=clock.now(), action="identity.sign_in", subject=str(begun.id))
    return issue_tokens(
        session,
        who,
        clock,
        issuer=issuer,
        sign_in=begun,
        person=person,
        holdings=holdings,
        refresh_token=refresh_token,
    )


def forgive_attempt(session: Session, attempt: Attempt) -> None:
    """The password was right: forget the account's failures."""
    session.execute(sa.delete(SignInFailure).where(SignInFailure.name == attempt.account_key))


def _count(session: Session, clock: Clock, name: bytes, *, rule: DelayRule) -> Failures:
    """Count one more failure; returns how it stood before. Whoever counts at the same time waits for the commit."""
    now = clock.now()
    fresh = insert(SignInFailure).values(name=name, count=1, last_at=now, previous_at=None)
    count, previous_at = session.execute(
        fresh.on_conflict_do_update(
            index_elements=[SignInFailure.name],
            set_={
                "count": SignInFailure.count + 1,
                "last_at": now,
                "previous_at": SignInFailure.last_at,
            },
        ).returning(SignInFailure.count, SignInFailure.previous_at)
    ).one()
    before = Failures(count - 1, previous_at)
    after = failed_again(before, rule, now=now)
    if after.count != count:
        # The earlier failures were so long ago that counting begins anew.
        session.execute(sa.update(SignInFailure).where(SignInFailure.name == name).values(count=after.count))
    return before


def _key(kind: str, name: str) -> bytes:
    return hashlib.sha256(f"{kind}\0{name}".encode()).digest()


def _network(source: str) -> str:
    """The address, or the /64 that an IPv6 address lies in: one customer has all of it."""
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return source
    if address.version == 4:
        return source
    return str(ipaddress.ip_network((source, 64), strict=False))
