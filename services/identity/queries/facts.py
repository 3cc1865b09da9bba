"""The whole directory as plain facts, for the rules that look at all of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.identity.domain.codes import Level
from services.identity.domain.directory import Directory, Table
from services.identity.domain.people import PersonFacts, PostFacts
from services.identity.domain.roles import DEFAULT_ROLES, Role
from services.identity.domain.units import Kind, UnitFacts
from services.identity.models import Person, Post, RoleGrant, Tenure, Unit
from shared.permissions import Permission

_DEFAULTS = {role: default.permissions for role, default in DEFAULT_ROLES.items()}
_KNOWN = frozenset(permission.value for permission in Permission)


def load_directory(session: Session) -> Directory:
    """Everything in force, by code; four queries whatever the size."""
    units = session.scalars(sa.select(Unit)).all()
    persons = session.scalars(sa.select(Person)).all()
    posts = session.scalars(sa.select(Post)).all()
    unit_codes = {unit.id: unit.code for unit in units}
    holders = _holders(session)
    return Directory(
        {unit.code: unit_facts(unit, unit_codes) for unit in units if unit.dissolved_at is None},
        {person.code: person_facts(person) for person in persons},
        {
            post.code: post_facts(post, unit_codes, holders=frozenset(holders[post.id]))
            for post in posts
            if post.abolished_at is None
        },
        frozenset(
            {
                *((Table.UNITS, unit.code) for unit in units if unit.dissolved_at),
                *((Table.POSTS, post.code) for post in posts if post.abolished_at),
            }
        ),
    )


def unit_facts(unit: Unit, unit_codes: dict[UUID, str]) -> UnitFacts:
    """One unit as facts; `unit_codes` names its parent."""
    return UnitFacts(
        code=unit.code,
        name=unit.name,
        short_name=unit.short_name,
        kind=Kind(unit.kind),
        level=Level(unit.level),
        parent_code=unit_codes[unit.parent_id] if unit.parent_id else None,
        division_code=unit.division_code,
        credit_code=unit.credit_code,
        issuing_codes=tuple(unit.issuing_codes),
        fonds_code=unit.fonds_code,
        position=unit.position,
    )


def person_facts(person: Person) -> PersonFacts:
    """One person as facts."""
    return PersonFacts(code=person.code, name=person.name, login_name=person.login_name)


def post_facts(post: Post, unit_codes: dict[UUID, str], *, holders: frozenset[str]) -> PostFacts:
    """One post as facts."""
    return PostFacts(
        code=post.code,
        unit_code=unit_codes[post.unit_id],
        title=post.title,
        roles=frozenset(Role(name) for name in post.roles),
        holder_codes=holders,
        scope_codes=tuple(unit_codes[unit_id] for unit_id in post.scope_unit_ids),
        position=post.position,
    )


def role_table(session: Session) -> dict[Role, frozenset[Permission]]:
    """What each role may do in this installation."""
    return role_table_of({grant.role: grant.permissions for grant in session.scalars(sa.select(RoleGrant))})


def role_table_of(grants: Mapping[str, Sequence[str]]) -> dict[Role, frozenset[Permission]]:
    """What each role may do where these are granted; a role without a grant has its default."""
    granted = {
        Role(role): frozenset(Permission(name) for name in names if name in _KNOWN)
        for role, names in grants.items()
    }
    return {**_DEFAULTS, **granted}


def _holders(session: Session) -> dict[UUID, set[str]]:
    rows = session.execute(
        sa.select(Tenure.post_id, Person.code)
        .join(Person, Person.id == Tenure.person_id)
        .where(Tenure.ended_at.is_(None))
    )
    holders: dict[UUID, set[str]] = defaultdict(set)
    for post_id, person_code in rows:
        holders[post_id].add(person_code)
    return holders
