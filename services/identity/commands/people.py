"""Persons, posts, and who holds which post, one at a time."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.identity import errors
from services.identity.commands.directory import (
    change_directory,
    require_may_touch,
    require_post_in_scope,
    require_scope,
)
from services.identity.commands.telling import lock_directory
from services.identity.domain.directory import Wanted
from services.identity.domain.people import PersonFacts, PostFacts
from services.identity.domain.roles import Role
from services.identity.models import Person, Post
from services.identity.queries.facts import load_directory
from services.identity.queries.people import get_person, get_person_in_scope, get_post
from services.identity.queries.units import get_unit
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import list_administered


def register_person(
    session: Session, actor: Actor, clock: Clock, *, code: str, name: str, login_name: str
) -> Person:
    """Enter a person, who cannot sign in before a post and a first password are given."""
    lock_directory(session)
    if code in load_directory(session).persons:
        raise errors.directory_refused({"code": [f"人员编号{code}已被使用"]})
    wanted = Wanted.of(persons=[PersonFacts(code=code, name=name, login_name=login_name)])
    carrier = change_directory(session, actor, clock, wanted=wanted)
    return get_person(session, carrier.person_ids[code])


def correct_person(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    person_id: UUID,
    name: str,
    login_name: str,
    expected_revision: int | None,
) -> Person:
    """Correct a person's name or login name; Problem 404 for somebody whom the actor may not look at."""
    lock_directory(session)
    if not actor.is_system:
        get_person_in_scope(session, person_id, unit_ids=list_administered(session, actor))
    person = get_person(session, person_id)
    if expected_revision not in (None, person.revision):
        raise errors.edited_meanwhile()
    wanted = Wanted.of(persons=[PersonFacts(code=person.code, name=name, login_name=login_name)])
    change_directory(session, actor, clock, wanted=wanted)
    return person


def create_post(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    unit_id: UUID,
    code: str,
    title: str,
    roles: Iterable[Role],
    position: int,
) -> Post:
    """Give a unit a post with office roles; administrators' posts get their role from the security administrator."""
    lock_directory(session)
    require_scope(session, actor, unit_id)
    if code in load_directory(session).posts:
        raise errors.directory_refused({"code": [f"岗位编码{code}已被使用"]})
    facts = PostFacts(
        code=code,
        unit_code=get_unit(session, unit_id).code,
        title=title,
        roles=frozenset(roles),
        position=position,
    )
    carrier = change_directory(session, actor, clock, wanted=Wanted.of(posts=[facts]))
    return get_post(session, carrier.post_ids[code])


def retitle_post(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    post_id: UUID,
    title: str,
    position: int,
    expected_revision: int | None,
) -> Post:
    """Give a post another title or place in its unit's list."""
    post, facts = _scoped_post(session, actor, post_id)
    if expected_revision not in (None, post.revision):
        raise errors.edited_meanwhile()
    wanted = Wanted.of(posts=[replace(facts, title=title, position=position)])
    change_directory(session, actor, clock, wanted=wanted)
    return post


def assign_roles(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    post_id: UUID,
    roles: Iterable[Role],
    scope_unit_ids: Iterable[UUID],
) -> Post:
    """Decide anew which roles a post has, and which units an administrator's post looks after.

    Nobody decides over a post of their own. Problem 422 when it would make one person two administrators.
    """
    post, facts = _scoped_post(session, actor, post_id)
    if actor.post_id == post.id or actor.person_id in _holder_ids(session, facts):
        raise errors.not_oneself()
    scope = []
    for unit_id in scope_unit_ids:
        require_scope(session, actor, unit_id)
        scope.append(get_unit(session, unit_id).code)
    wanted = replace(facts, roles=frozenset(roles), scope_codes=tuple(scope))
    change_directory(session, actor, clock, wanted=Wanted.of(posts=[wanted]))
    return post


def appoint(session: Session, actor: Actor, clock: Clock, *, post_id: UUID, person_id: UUID) -> Post:
    """A person takes a post (任命). Problem 422 when it would make the person two administrators."""
    post, facts = _scoped_post(session, actor, post_id)
    require_may_touch(actor, post.roles)
    person = _other_person(session, actor, person_id)
    if person.code in facts.holder_codes:
        raise errors.already_held()
    wanted = replace(facts, holder_codes=facts.holder_codes | {person.code})
    change_directory(session, actor, clock, wanted=Wanted.of(posts=[wanted]))
    return post


def dismiss(session: Session, actor: Actor, clock: Clock, *, post_id: UUID, person_id: UUID) -> Post:
    """A person leaves a post (免职): tokens for it are void within seconds, everywhere."""
    post, facts = _scoped_post(session, actor, post_id)
    require_may_touch(actor, post.roles)
    person = _other_person(session, actor, person_id)
    if person.code not in facts.holder_codes:
        raise errors.not_held()
    wanted = replace(facts, holder_codes=facts.holder_codes - {person.code})
    change_directory(session, actor, clock, wanted=Wanted.of(posts=[wanted]))
    return post


def _scoped_post(session: Session, actor: Actor, post_id: UUID) -> tuple[Post, PostFacts]:
    """The post and its facts under the directory's lock; Problem 403 outside the scope."""
    lock_directory(session)
    post = get_post(session, post_id)
    require_post_in_scope(session, actor, post)
    return post, load_directory(session).posts[post.code]


def _other_person(session: Session, actor: Actor, person_id: UUID) -> Person:
    if person_id == actor.person_id:
        raise errors.not_oneself()
    return get_person(session, person_id)


def _holder_ids(session: Session, facts: PostFacts) -> set[UUID]:
    found = sa.select(Person.id).where(Person.code.in_(facts.holder_codes))
    return set(session.scalars(found))
