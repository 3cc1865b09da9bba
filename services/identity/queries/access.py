"""What an access token is made of, by one query: it is asked at every sign-in and every exchange."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from services.identity.domain.keys import KeyState
from services.identity.domain.roles import Role
from services.identity.errors import person_not_found
from services.identity.models import Person, Post, RoleGrant, SigningKey, Tenure, Unit
from services.identity.queries.facts import role_table_of
from shared.clock import Clock
from shared.db import Executing, Prepared
from shared.permissions import Permission


class Account(NamedTuple):
    """The person, as far as signing in goes."""

    id: UUID
    name: str
    password_digest: str | None
    must_change: bool
    disabled_at: datetime | None


class Held(NamedTuple):
    """A post that the person holds now, with its unit."""

    tenure_id: UUID
    post_id: UUID
    title: str
    roles: list[str]
    unit_id: UUID
    unit_name: str


class SealedKey(NamedTuple):
    """The key that signs."""

    id: UUID
    sealed_private: bytes | None


@dataclass(frozen=True, kw_only=True)
class Access:
    """The person with the posts held now, in list order; what each role may do; and the key that signs.

    There is no key before the first one has been made. A token counts as issued when this was read: whatever was
    changed since voids it.
    """

    read_at: datetime
    person: Account
    holdings: Sequence[Held]
    roles: dict[Role, frozenset[Permission]]
    key: SealedKey | None


_PERSON, _TENURE, _POST, _UNIT, _KEY, _GRANT = (
    model.__table__ for model in (Person, Tenure, Post, Unit, SigningKey, RoleGrant)
)
_COLUMNS: tuple[Sequence[Any], ...] = (
    [_PERSON.c[name] for name in Account._fields],
    [_TENURE.c.id, _POST.c.id, _POST.c.title, _POST.c.roles, _UNIT.c.id, _UNIT.c.name],
    [_KEY.c[name] for name in SealedKey._fields],
    [
        sa.select(
            sa.func.jsonb_object_agg(_GRANT.c.role, _GRANT.c.permissions, type_=JSONB())
        ).scalar_subquery()
    ],
)
_TO_HELD = len(_COLUMNS[0])
_TO_KEY = _TO_HELD + len(_COLUMNS[1])
_TO_GRANTS = _TO_KEY + len(_COLUMNS[2])


def access_of(person: Any) -> sa.Select[Any]:
    """The statement that finds the access of the persons in that FROM clause, which holds the table of persons."""
    return (
        sa.select(*(column for columns in _COLUMNS for column in columns))
        .select_from(person)
        .outerjoin(_TENURE, sa.and_(_TENURE.c.person_id == _PERSON.c.id, _TENURE.c.ended_at.is_(None)))
        .outerjoin(_POST, _POST.c.id == _TENURE.c.post_id)
        .outerjoin(_UNIT, _UNIT.c.id == _POST.c.unit_id)
        .outerjoin(_KEY, _KEY.c.state == KeyState.ACTIVE.value)
        .order_by(_TENURE.c.began_at, _POST.c.position, _TENURE.c.id)
    )


# Made once, of plain columns: putting the statement together, and rows of the tables out of what it answers, takes
# longer than sending it.
_ACCESS = Prepared(
    access_of(_PERSON).where(_PERSON.c.id == sa.bindparam("person_id", type_=sa.Uuid())), planned_once=True
)


def get_access(statements: Executing, clock: Clock, person_id: UUID) -> Access:
    """What a token for that person is made of, as it stands now; Problem 404 when there is no such person."""
    read_at = clock.now()
    rows = _ACCESS.rows(statements, {"person_id": person_id})
    access = access_in(rows, read_at=read_at)
    if access is None:
        raise person_not_found()
    return access


def access_in(rows: Sequence[Any], *, read_at: datetime) -> Access | None:
    """The access of the one person that `access_of` answered about; None when there is no such person."""
    first = rows[0] if rows else (None,)
    if first[0] is None:
        return None
    return Access(
        read_at=read_at,
        person=Account(*first[:_TO_HELD]),
        holdings=[Held(*row[_TO_HELD:_TO_KEY]) for row in rows if row[_TO_HELD]],
        roles=role_table_of(first[_TO_GRANTS] or {}),
        key=_sealed(*first[_TO_KEY:_TO_GRANTS]) if first[_TO_KEY] else None,
    )


def _sealed(key_id: UUID, sealed_private: memoryview | None) -> SealedKey:
    return SealedKey(key_id, None if sealed_private is None else bytes(sealed_private))
