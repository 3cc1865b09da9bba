"""Persons, posts and who holds which."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.identity.domain.roles import Role
from services.identity.errors import person_not_found, post_not_found, role_not_found
from services.identity.models import Person, Post, Tenure, Unit


@dataclass(frozen=True)
class Holding:
    """A post that a person holds now, with its unit."""

    tenure: Tenure
    post: Post
    unit: Unit

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(Role(name) for name in self.post.roles)


def get_role(name: str) -> Role:
    """The role of that name; Problem 404 when there is none."""
    if name not in {role.value for role in Role}:
        raise role_not_found()
    return Role(name)


def get_person(session: Session, person_id: UUID) -> Person:
    """The person, disabled or not; Problem 404 when there is none."""
    person = session.get(Person, person_id)
    if person is None:
        raise person_not_found()
    return person


def get_person_in_scope(session: Session, person_id: UUID, *, unit_ids: Collection[UUID]) -> Person:
    """The person, when one of the posts held lies in those units or none is held; Problem 404 otherwise."""
    person, holdings = get_person_with_holdings(session, person_id)
    require_in_sight(holdings, unit_ids=unit_ids)
    return person


def require_in_sight(holdings: Sequence[Holding], *, unit_ids: Collection[UUID]) -> None:
    """Problem 404 unless one of the posts held lies in those units or none is held."""
    if holdings and all(held.unit.id not in unit_ids for held in holdings):
        raise person_not_found()


def find_person_by_login(session: Session, login_key: str) -> Person | None:
    """The person with that login name in its compared form."""
    return session.scalar(sa.select(Person).where(Person.login_key == login_key))


def list_persons(
    session: Session,
    *,
    unit_ids: Collection[UUID],
    unit_id: UUID | None,
    search: str | None,
    after: tuple[str, UUID] | None,
    limit: int,
) -> list[Person]:
    """Persons by name, `limit + 1` at most: who holds a post in those units, or holds none at all."""
    held = sa.select(Tenure.person_id).where(Tenure.ended_at.is_(None))
    here = held.join(Post, Post.id == Tenure.post_id).where(
        Post.unit_id.in_([unit_id] if unit_id else unit_ids)
    )
    within = Person.id.in_(here)
    found = sa.select(Person).where(within if unit_id else sa.or_(within, Person.id.not_in(held)))
    if search:
        found = found.where(
            sa.or_(
                Person.name.contains(search, autoescape=True),
                Person.login_name.contains(search, autoescape=True),
            )
        )
    if after is not None:
        found = found.where(sa.tuple_(Person.name, Person.id) > sa.tuple_(*after))
    return list(session.scalars(found.order_by(Person.name, Person.id).limit(limit + 1)))


def get_post(session: Session, post_id: UUID) -> Post:
    """The post in force; Problem 404 when there is none."""
    post = session.get(Post, post_id)
    if post is None or post.abolished_at is not None:
        raise post_not_found()
    return post


def list_posts(
    session: Session, *, unit_id: UUID | None, after: tuple[int, UUID] | None, limit: int
) -> list[Post]:
    """Posts in force in list order, `limit + 1` at most."""
    found = sa.select(Post).where(Post.abolished_at.is_(None)).order_by(Post.position, Post.id)
    if unit_id is not None:
        found = found.where(Post.unit_id == unit_id)
    if after is not None:
        found = found.where(sa.tuple_(Post.position, Post.id) > sa.tuple_(*after))
    return list(session.scalars(found.limit(limit + 1)))


def list_posts_with_role(session: Session, role: Role) -> list[Post]:
    """The posts in force that have the role."""
    found = sa.select(Post).where(Post.abolished_at.is_(None), Post.roles.contains([role.value]))
    return list(session.scalars(found))


def list_holdings(session: Session, person_id: UUID) -> list[Holding]:
    """The posts that a person holds now, in list order."""
    rows = session.execute(
        sa.select(Tenure, Post, Unit)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Tenure.person_id == person_id, Tenure.ended_at.is_(None))
        .order_by(Tenure.began_at, Post.position, Tenure.id)
    )
    return [Holding(tenure, post, unit) for tenure, post, unit in rows]


def list_units_reached_at(session: Session, person_id: UUID, *, moment: datetime) -> set[UUID]:
    """The units of the posts that a person held at that moment, and those that these look after (`Post.reach`)."""
    posts = session.scalars(
        sa.select(Post)
        .join(Tenure, Tenure.post_id == Post.id)
        .where(
            Tenure.person_id == person_id,
            Tenure.began_at <= moment,
            sa.or_(Tenure.ended_at.is_(None), Tenure.ended_at > moment),
        )
    )
    return {unit_id for post in posts for unit_id in post.reach}


def get_person_with_holdings(session: Session, person_id: UUID) -> tuple[Person, list[Holding]]:
    """The person and the posts held now, in list order, by one query; Problem 404 when there is none."""
    rows = session.execute(
        sa.select(Person, Tenure, Post, Unit)
        .outerjoin(Tenure, sa.and_(Tenure.person_id == Person.id, Tenure.ended_at.is_(None)))
        .outerjoin(Post, Post.id == Tenure.post_id)
        .outerjoin(Unit, Unit.id == Post.unit_id)
        .where(Person.id == person_id)
        .order_by(Tenure.began_at, Post.position, Tenure.id)
    ).all()
    if not rows:
        raise person_not_found()
    return rows[0][0], [Holding(tenure, post, unit) for _, tenure, post, unit in rows if tenure]  # type: ignore[truthy-bool]


def list_holders(session: Session, post_ids: Collection[UUID]) -> dict[UUID, list[Person]]:
    """Who holds each of the posts now."""
    rows = session.execute(
        sa.select(Tenure.post_id, Person)
        .join(Person, Person.id == Tenure.person_id)
        .where(Tenure.post_id.in_(post_ids), Tenure.ended_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    holders: dict[UUID, list[Person]] = defaultdict(list)
    for post_id, person in rows:
        holders[post_id].append(person)
    return holders


def list_open_tenures(
    session: Session, *, person_id: UUID | None = None, post_id: UUID | None = None
) -> Sequence[Tenure]:
    """The holdings in force of a person, of a post, or of both."""
    found = sa.select(Tenure).where(Tenure.ended_at.is_(None))
    if person_id is not None:
        found = found.where(Tenure.person_id == person_id)
    if post_id is not None:
        found = found.where(Tenure.post_id == post_id)
    return session.scalars(found).all()


def list_persons_without_password(session: Session) -> list[Person]:
    """Who has an account that nobody can sign in with yet, by code."""
    found = sa.select(Person).where(Person.password_digest.is_(None), Person.disabled_at.is_(None))
    return list(session.scalars(found.order_by(Person.code)))
