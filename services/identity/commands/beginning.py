"""Beginning a sign-in, with all that it leaves, by one statement."""

import secrets
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.identity.domain.sessions import digest, first_token
from services.identity.models import RefreshToken, SignIn, SignInFailure
from services.identity.queries.access import Held
from shared import audit
from shared.auth import Actor
from shared.clock import Clock
from shared.ids import new_id

FIRST_GENERATION = 1
_SEALED_LATER = ("seal_number", "seal")


def _kept(table: Any, *, without: tuple[str, ...] = (), prefix: str = "") -> Any:
    """One row of that table; its parameters are called as the columns."""
    columns = [column for column in table.columns if column.name not in without]
    named = {column.name: sa.bindparam(prefix + column.name, type_=column.type) for column in columns}
    return sa.insert(table).values(named)


_FAILURES: Any = SignInFailure.__table__
# PostgreSQL checks that the token's sign-in exists at the end of the statement, so their order does not matter.
_BEGIN = sa.select(sa.literal(1)).add_cte(
    sa.delete(_FAILURES).where(_FAILURES.c.name == sa.bindparam("account_key")).cte("forgiven"),
    _kept(SignIn.__table__).cte("begun"),
    _kept(RefreshToken.__table__, prefix="token_").cte("given"),
    _kept(audit.AuditEntry.__table__, without=_SEALED_LATER, prefix="entry_").cte("noted"),
)


def begin_sign_in(
    session: Session, actor: Actor, clock: Clock, *, account_key: bytes, holding: Held
) -> tuple[SignIn, str]:
    """Begin a family of refresh tokens for the actor in that post; returns it with its first token.

    The password was right, so what failed before at that account counts no more.
    """
    now, token = clock.now(), first_token(secrets.token_bytes(32))
    begun = {
        "id": new_id(),
        "person_id": actor.person_id,
        "tenure_id": holding.tenure_id,
        "started_at": now,
        "rotated_at": now,
        "generation": FIRST_GENERATION,
        "forgiven_generation": None,
        "ended_at": None,
        "end_reason": None,
        "source": actor.source,
    }
    given = {"digest": digest(token), "sign_in_id": begun["id"], "generation": FIRST_GENERATION}
    entry = audit.entry_of(session, actor, at=now, action="identity.sign_in", subject=str(begun["id"]))
    session.execute(
        _BEGIN,
        {
            "account_key": account_key,
            **begun,
            **{f"token_{name}": value for name, value in given.items()},
            **{f"entry_{name}": value for name, value in entry.items()},
        },
    )
    return SignIn(**begun), token
