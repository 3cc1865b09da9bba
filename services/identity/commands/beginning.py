"""Beginning a sign-in, with all that it leaves, by one statement that looks once more whether it may."""

import secrets
from typing import Any, cast

import sqlalchemy as sa

from services.identity.domain.sessions import Family, digest, first_token
from services.identity.models import Person, RefreshToken, SignIn, SignInFailure, Tenure
from services.identity.queries.access import Account, Held
from shared import audit
from shared.auth import Actor
from shared.clock import Clock
from shared.db import Executing, Prepared, UTCDateTime
from shared.ids import new_id

FIRST_GENERATION = 1

_PERSON, _TENURE, _FAILURES = (cast(sa.Table, model.__table__) for model in (Person, Tenure, SignInFailure))


def _id(name: str) -> Any:
    return sa.bindparam(name, type_=sa.Uuid())


def _text(name: str) -> Any:
    return sa.bindparam(name, type_=sa.Text())


_NOW: Any = sa.bindparam("now", type_=UTCDateTime())
_GENERATION: Any = sa.literal_column(str(FIRST_GENERATION))
# Whether what the password was checked against, and the post, are still as they were read before.
_LET_IN = (
    sa.select(_PERSON.c.id, _PERSON.c.name, _TENURE.c.id.label("tenure_id"))
    .join(_TENURE, _TENURE.c.person_id == _PERSON.c.id)
    .where(
        _PERSON.c.id == _id("person_id"),
        _PERSON.c.password_digest == _text("password_digest"),
        _PERSON.c.disabled_at.is_(None),
        _TENURE.c.id == _id("tenure_id"),
        _TENURE.c.ended_at.is_(None),
    )
    # Whoever changes the password at this moment comes before, and is seen, or after, and ends this sign-in too.
    .with_for_update(read=True, of=_PERSON)
    .cte("let_in")
)


def _kept(model: Any, **row: Any) -> sa.Insert:
    """That row for whom is let in."""
    return sa.insert(model).from_select(list(row), sa.select(*row.values()).select_from(_LET_IN))


# What can be is written out: each parameter costs more than what it would be looked at for. PostgreSQL checks that the
# token's sign-in exists at the end of the statement, so their order does not matter.
_BEGIN = Prepared(
    sa.select(sa.literal_column("true"))
    .select_from(_LET_IN)
    .add_cte(
        sa.delete(_FAILURES)
        .where(
            _FAILURES.c.name == sa.bindparam("account_key", type_=sa.LargeBinary()),
            sa.exists().select_from(_LET_IN),
        )
        .cte("forgiven"),
        _kept(
            SignIn,
            id=_id("id"),
            person_id=_LET_IN.c.id,
            tenure_id=_LET_IN.c.tenure_id,
            started_at=_NOW,
            rotated_at=_NOW,
            generation=_GENERATION,
            source=_text("source"),
        ).cte("begun"),
        _kept(
            RefreshToken,
            digest=sa.bindparam("token_digest", type_=sa.LargeBinary()),
            sign_in_id=_id("id"),
            generation=_GENERATION,
        ).cte("given"),
        audit.success_noted(
            "identity.sign_in",
            of=_LET_IN,
            id=_id("entry_id"),
            at=_NOW,
            person_id=_LET_IN.c.id,
            person_name=_LET_IN.c.name,
            post_id=_id("post_id"),
            unit_id=_id("unit_id"),
            source=_text("source"),
            subject=sa.cast(_id("id"), sa.Text()),
            correlation_id=_id("correlation_id"),
        ).cte("noted"),
    ),
    planned_once=True,
)


def begin_sign_in(
    statements: Executing,
    actor: Actor,
    clock: Clock,
    *,
    account_key: bytes,
    person: Account,
    holding: Held,
) -> tuple[Family, str] | None:
    """Begin a family of refresh tokens for the person in that post; returns it with its first token.

    None, and nothing is kept, when meanwhile the person was disabled or got another password, or the post was taken
    away. The password was right, so what failed before at that account counts no more.
    """
    family = Family(new_id(), holding.tenure_id, clock.now())
    token = first_token(secrets.token_bytes(32))
    let_in = _BEGIN.rows(
        statements,
        {
            "id": family.id,
            "now": family.started_at,
            "person_id": person.id,
            "password_digest": person.password_digest,
            "tenure_id": holding.tenure_id,
            "post_id": holding.post_id,
            "unit_id": holding.unit_id,
            "account_key": account_key,
            "token_digest": digest(token),
            "entry_id": new_id(),
            "source": actor.source,
            "correlation_id": actor.correlation_id,
        },
    )
    return (family, token) if let_in else None
