"""What an access token is made of, by one query: it is asked at every sign-in and every exchange."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from services.identity.domain.keys import KeyState
from services.identity.domain.roles import Role
from services.identity.errors import person_not_found
from services.identity.models import Person, Post, RoleGrant, SigningKey, Tenure, Unit
from services.identity.queries.facts import role_table_of
from services.identity.queries.people import Holding
from shared.permissions import Permission


@dataclass(frozen=True, kw_only=True)
class Access:
    """The person with the posts held now, in list order; what each role may do; and the key that signs.

    There is no key before the first one has been made.
    """

    person: Person
    holdings: Sequence[Holding]
    roles: dict[Role, frozenset[Permission]]
    key: SigningKey | None


_GRANTS = sa.select(
    sa.func.jsonb_object_agg(RoleGrant.role, RoleGrant.permissions, type_=JSONB())
).scalar_subquery()
# Made once: putting the statement together takes longer than sending it.
_ACCESS = (
    sa.select(Person, Tenure, Post, Unit, SigningKey, _GRANTS)
    .outerjoin(Tenure, sa.and_(Tenure.person_id == Person.id, Tenure.ended_at.is_(None)))
    .outerjoin(Post, Post.id == Tenure.post_id)
    .outerjoin(Unit, Unit.id == Post.unit_id)
    .outerjoin(SigningKey, SigningKey.state == KeyState.ACTIVE.value)
    .where(Person.id == sa.bindparam("person_id", type_=sa.Uuid()))
    .order_by(Tenure.began_at, Post.position, Tenure.id)
)


def get_access(session: Session, person_id: UUID) -> Access:
    """What a token for that person is made of, as it stands now; Problem 404 when there is no such person."""
    rows = session.execute(_ACCESS, {"person_id": person_id}).all()
    if not rows:
        raise person_not_found()
    person, _, _, _, key, grants = rows[0]
    return Access(
        person=person,
        holdings=[Holding(tenure, post, unit) for _, tenure, post, unit, _, _ in rows if tenure],
        roles=role_table_of(grants or {}),
        key=key,
    )
