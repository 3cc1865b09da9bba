"""Signing in: the attempt is counted before the password is looked at, and forgotten when it was right."""

import hashlib
import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.identity import errors
from services.identity.commands.beginning import begin_sign_in
from services.identity.commands.tokens import Tokens, issue_tokens
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
from services.identity.models import Person, SignInFailure
from services.identity.queries.access import Access
from shared import audit
from shared.auth import Actor
from shared.clock import Clock

_FAILED, _PERSON = SignInFailure.__table__, Person.__table__
_FIRST = insert(SignInFailure).values(
    name=sa.bindparam("name"), count=1, last_at=sa.bindparam("now"), previous_at=None
)
# One more failure. Whoever counts at the same time waits for the commit.
_COUNT = _FIRST.on_conflict_do_update(
    index_elements=[SignInFailure.name],
    set_={
        "count": SignInFailure.count + 1,
        "last_at": _FIRST.excluded.last_at,
        "previous_at": SignInFailure.last_at,
    },
).returning(SignInFailure.count, SignInFailure.previous_at)


def _admitting() -> sa.Select[Any]:
    """Count the attempt, and find the account and the failures of the source: the same for every login name."""
    counted, of_source = _COUNT.cte("counted"), _FAILED.alias("of_source")
    return (
        sa.select(
            counted.c.count.label("failures"),
            counted.c.previous_at,
            _PERSON.c.id.label("person_id"),
            _PERSON.c.password_digest,
            of_source.c.count.label("source_failures"),
            of_source.c.last_at.label("source_failed_at"),
        )
        .select_from(counted)
        .outerjoin(_PERSON, _PERSON.c.login_key == sa.bindparam("login_key"))
        .outerjoin(of_source, of_source.c.name == sa.bindparam("source_key"))
    )


# Made once: putting a statement together takes longer than sending it.
_ADMIT = _admitting()


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
    login_key, now = normalised_login(login_name), clock.now()
    account_key, source_key = _key("account", login_key), _key("source", _network(source))
    found = session.execute(
        _ADMIT, {"name": account_key, "now": now, "login_key": login_key, "source_key": source_key}
    ).one()
    before = _before(session, account_key, found.failures, found.previous_at, rule=ACCOUNT_DELAY, now=now)
    waits = (
        wait_of(before, ACCOUNT_DELAY, now=now),
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
    now = clock.now()
    count, previous_at = session.execute(_COUNT, {"name": attempt.source_key, "now": now}).one()
    _before(session, attempt.source_key, count, previous_at, rule=SOURCE_DELAY, now=now)
    subject = str(attempt.person_id) if attempt.person_id else "未知账号"
    audit.note(session, actor, at=now, action="identity.sign_in", outcome=outcome, subject=subject)


def sign_in(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    attempt: Attempt,
    access: Access,
    issuer: TokenIssuer,
    post_id: UUID | None,
) -> Tokens:
    """Begin a sign-in after the password was found right; acting in `post_id`, or in the first post held.

    It takes one statement, so it needs no transaction around it, once there is a key. Problem 401 for a disabled
    person, and for a password that was changed since it was looked at, as for a wrong one; 403 when there is no post
    to act in.
    """
    person, holdings = access.person, access.holdings
    if person.disabled_at is not None or person.password_digest != attempt.password_digest:
        raise errors.sign_in_refused()
    if not holdings:
        raise errors.no_post()
    holding = next((held for held in holdings if held.post_id == post_id), None if post_id else holdings[0])
    if holding is None:
        raise errors.post_not_held()
    who = Actor(
        correlation_id=actor.correlation_id,
        person_id=person.id,
        person_name=person.name,
        post_id=holding.post_id,
        unit_id=holding.unit_id,
        source=actor.source,
    )
    begun, refresh_token = begin_sign_in(
        session, who, clock, account_key=attempt.account_key, holding=holding
    )
    return issue_tokens(
        session,
        who,
        clock,
        issuer=issuer,
        sign_in=begun,
        access=access,
        refresh_token=refresh_token,
    )


def forgive_attempt(session: Session, attempt: Attempt) -> None:
    """The password was right: forget the account's failures."""
    session.execute(sa.delete(SignInFailure).where(SignInFailure.name == attempt.account_key))


def _before(
    session: Session, name: bytes, count: int, previous_at: datetime | None, *, rule: DelayRule, now: datetime
) -> Failures:
    """How it stood before the failure that was just counted."""
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
