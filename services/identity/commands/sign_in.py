"""Signing in: the attempt is counted before the password is looked at, and forgotten when it was right."""

import hashlib
import ipaddress
import math
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.identity import errors
from services.identity.commands.tokens import Tokens, issue_tokens, start_sign_in
from services.identity.domain.delay import (
    ACCOUNT_DELAY,
    SOURCE_DELAY,
    DelayRule,
    Failures,
    failed_again,
    wait_of,
)
from services.identity.domain.passwords import normalised_login
from services.identity.issuing import TokenIssuer
from services.identity.models import SignInFailure
from services.identity.queries.people import find_person_by_login, get_person, list_holdings
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
    rules = {
        _key("account", login_key): ACCOUNT_DELAY,
        _key("source", _network(source)): SOURCE_DELAY,
    }
    _count(session, clock, rules)
    person = find_person_by_login(session, login_key)
    account_key, source_key = rules
    return Attempt(
        account_key,
        source_key,
        person.id if person else None,
        person.password_digest if person else None,
    )


def refuse_attempt(session: Session, actor: Actor, clock: Clock, *, attempt: Attempt) -> None:
    """Keep a failed attempt in the audit log; the log never holds a login name that does not exist,
    because people type their password there by mistake."""
    subject = str(attempt.person_id) if attempt.person_id else "未知账号"
    outcome = errors.sign_in_refused().code
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
    person = get_person(session, attempt.person_id)
    if person.disabled_at is not None:
        raise errors.sign_in_refused()
    holdings = list_holdings(session, person.id)
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
    """The password was right: forget the account's failures, and take this attempt off the source's count."""
    session.execute(sa.delete(SignInFailure).where(SignInFailure.name == attempt.account_key))
    session.execute(
        sa.update(SignInFailure)
        .where(SignInFailure.name == attempt.source_key, SignInFailure.count > 0)
        .values(count=SignInFailure.count - 1)
    )


def _count(session: Session, clock: Clock, rules: dict[bytes, DelayRule]) -> None:
    now = clock.now()
    names = sorted(rules)
    fresh = [{"name": name, "count": 0, "last_at": now} for name in names]
    session.execute(insert(SignInFailure).values(fresh).on_conflict_do_nothing())
    # Locked in the order of their names, so that two attempts never wait for each other crosswise.
    rows = session.scalars(
        sa.select(SignInFailure)
        .where(SignInFailure.name.in_(names))
        .order_by(SignInFailure.name)
        .with_for_update()
    ).all()
    waits = [wait_of(Failures(row.count, row.last_at), rules[row.name], now=now) for row in rows]
    longest = max(waits, default=timedelta(0))
    if longest > timedelta(0):
        raise errors.must_wait(math.ceil(longest.total_seconds()))
    for row in rows:
        counted = failed_again(Failures(row.count, row.last_at), rules[row.name], now=now)
        row.count, row.last_at = counted.count, now
    session.flush()


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
