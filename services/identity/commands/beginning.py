"""Beginning a sign-in: one statement forgets the account's failures and keeps the family with its first token."""

import secrets
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.identity.domain.sessions import digest, first_token
from services.identity.models import Base, RefreshToken, SignIn, SignInFailure
from services.identity.queries.people import Holding
from shared.clock import Clock
from shared.ids import new_id


def _kept(table: type[Base], **given: str) -> Any:
    """A row of that table; `given` names the parameters of columns that are not called as in the table."""
    columns = sa.inspect(table).columns
    values = {
        column.key: sa.bindparam(given.get(column.key, column.key), type_=column.type) for column in columns
    }
    return sa.insert(table.__table__).values(values)  # type: ignore[arg-type]


_FAILURES = SignInFailure.__table__
# PostgreSQL checks that the token's sign-in exists at the end of the statement, so their order does not matter.
_BEGIN = sa.select(sa.literal(1)).add_cte(
    sa.delete(_FAILURES).where(_FAILURES.c.name == sa.bindparam("account_key")).cte("forgiven"),  # type: ignore[arg-type]
    _kept(SignIn).cte("begun"),
    _kept(RefreshToken, sign_in_id="id").cte("given"),
)


def begin_sign_in(
    session: Session, clock: Clock, *, account_key: bytes, holding: Holding, source: str
) -> tuple[SignIn, str]:
    """Begin a family of refresh tokens for who holds that post; returns it with its first token.

    The password was right, so what failed before at that account counts no more.
    """
    now, token = clock.now(), first_token(secrets.token_bytes(32))
    row = {
        "id": new_id(),
        "person_id": holding.tenure.person_id,
        "tenure_id": holding.tenure.id,
        "started_at": now,
        "rotated_at": now,
        "generation": 1,
        "forgiven_generation": None,
        "ended_at": None,
        "end_reason": None,
        "source": source,
    }
    session.execute(_BEGIN, {**row, "digest": digest(token), "account_key": account_key})
    return SignIn(**row), token
