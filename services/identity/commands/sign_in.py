"""Signing in: the attempt is counted before the password is looked at, and forgotten when it was right."""

import hashlib
import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.identity import errors
from services.identity.commands.beginning import begin_sign_in
from services.identity.commands.tokens import Tokens, issue_tokens
from services.identity.domain.delay import ACCOUNT_DELAY, SOURCE_DELAY, Failures, wait_of
from services.identity.domain.passwords import normalised_login
from services.identity.issuing import TokenIssuer
from services.identity.models import Person, SignInFailure
from services.identity.queries.access import Access, Held, access_in, access_of, get_access
from services.identity.queries.failures import FAILURES, is_waiting, one_more
from shared import audit
from shared.auth import Actor
from shared.clock import Clock
from shared.db import Executing, Prepared

_PERSON: Any = Person.__table__


def _admitting() -> sa.Select[Any]:
    """Count the attempt and find what a token for the account is made of; no row where it has to wait.

    One statement, the same for every login name, that needs no transaction around it.
    """
    source = FAILURES.alias("source")
    source_waits = sa.exists().where(
        source.c.name == sa.bindparam("source_key"), is_waiting(source, SOURCE_DELAY)
    )
    counted = (
        one_more("account_key", ACCOUNT_DELAY, unless=source_waits).returning(FAILURES.c.name).cte("counted")
    )
    return access_of(
        counted.outerjoin(_PERSON, _PERSON.c.login_key == sa.bindparam("login_key", type_=sa.Text()))
    )


# Made once: putting a statement together takes longer than sending it.
_ADMIT = Prepared(_admitting(), planned_once=True)
_COUNT_FOR_SOURCE = one_more("source_key", SOURCE_DELAY)


@dataclass(frozen=True)
class Attempt:
    """An attempt that was let in, and the access of whom it would be; None for an account that does not exist."""

    account_key: bytes
    source_key: bytes
    access: Access | None

    @property
    def password_digest(self) -> str | None:
        """What the password is checked against."""
        return self.access.person.password_digest if self.access else None


def admit_attempt(statements: Executing, clock: Clock, *, login_name: str, source: str) -> Attempt:
    """Let an attempt in and count it as failed beforehand, so that many at once cannot all be the first.

    To be committed before the password is checked. Problem 429, and nothing is counted, while the account or the
    source has to wait; an account that does not exist is treated alike.
    """
    login_key, now = normalised_login(login_name), clock.now()
    account_key, source_key = _key("account", login_key), _key("source", _network(source))
    rows = _ADMIT.rows(
        statements,
        {"account_key": account_key, "source_key": source_key, "login_key": login_key, "now": now},
    )
    if not rows:
        raise errors.must_wait(_seconds_to_wait(statements, account_key, source_key, now=now))
    return Attempt(account_key, source_key, access_in(rows, read_at=now))


def refuse_attempt(session: Session, actor: Actor, clock: Clock, *, attempt: Attempt, outcome: str) -> None:
    """Count a failed attempt for its source, and keep it in the audit log with the code of its refusal.

    Attempts that have to wait come not here: whoever goes on trying fills no log.

    The log never holds a login name that does not exist, because people type their password there by mistake.
    """
    now = clock.now()
    session.execute(_COUNT_FOR_SOURCE, {"source_key": attempt.source_key, "now": now})
    subject = str(attempt.access.person.id) if attempt.access else "未知账号"
    audit.note(session, actor, at=now, action="identity.sign_in", outcome=outcome, subject=subject)


def sign_in(
    statements: Executing,
    actor: Actor,
    clock: Clock,
    *,
    attempt: Attempt,
    issuer: TokenIssuer,
    post_id: UUID | None,
) -> Tokens:
    """Begin a sign-in after the password was found right; acting in `post_id`, or in the first post held.

    It takes one statement, so it needs no transaction around it. Problem 401 for a disabled person, and for a password
    that was changed since it was looked at, as for a wrong one; 403 when there is no post to act in.
    """
    access = attempt.access
    while access and access.person.password_digest == attempt.password_digest:
        person, holding = access.person, _acting(access, post_id)
        begun = begin_sign_in(
            statements, actor, clock, account_key=attempt.account_key, person=person, holding=holding
        )
        if begun:
            family, refresh_token = begun
            return issue_tokens(issuer=issuer, family=family, access=access, refresh_token=refresh_token)
        # Something was changed while the password was checked.
        access = get_access(statements, clock, access.person.id)
    raise errors.sign_in_refused()


def _acting(access: Access, post_id: UUID | None) -> Held:
    """The post to act in."""
    if access.person.disabled_at is not None:
        raise errors.sign_in_refused()
    if not access.holdings:
        raise errors.no_post()
    if post_id is None:
        return access.holdings[0]
    holding = next((held for held in access.holdings if held.post_id == post_id), None)
    if holding is None:
        raise errors.post_not_held()
    return holding


def forgive_attempt(session: Session, attempt: Attempt) -> None:
    """The password was right: forget the account's failures."""
    session.execute(sa.delete(SignInFailure).where(SignInFailure.name == attempt.account_key))


def _seconds_to_wait(statements: Executing, account_key: bytes, source_key: bytes, *, now: datetime) -> int:
    """The longer of both waits; at least a second, should one have ended just now."""
    found = {
        name: Failures(count, last_at)
        for name, count, last_at in statements.execute(
            sa.select(FAILURES.c.name, FAILURES.c.count, FAILURES.c.last_at).where(
                FAILURES.c.name.in_([account_key, source_key])
            )
        )
    }
    longest = max(
        wait_of(found.get(account_key, Failures()), ACCOUNT_DELAY, now=now),
        wait_of(found.get(source_key, Failures()), SOURCE_DELAY, now=now),
    )
    return max(math.ceil(longest.total_seconds()), 1)


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
