"""What an answer shows of a row."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.identity.domain.roles import DEFAULT_ROLES, Role
from services.identity.errors import person_not_found, session_not_found
from services.identity.models import Person, Post, RoleGrant, SignIn
from services.identity.queries.facts import role_table
from services.identity.queries.people import Holding, list_holders, list_holdings
from services.identity.queries.sign_ins import list_keys
from shared.auth import Actor
from shared.directory.keeping import verification_jwk
from shared.events.identity import SigningKeyAnnounced


def view_of_holding(held: Holding) -> dict[str, Any]:
    """A post that somebody holds."""
    return {
        "post_id": held.post.id,
        "title": held.post.title,
        "unit_id": held.unit.id,
        "unit_name": held.unit.name,
        "roles": held.post.roles,
    }


def view_of_tokens(tokens: Any) -> dict[str, Any]:
    """Tokens and who they are for."""
    return {
        "access_token": tokens.access_token,
        "token_type": "Bearer",
        "expires_in": tokens.expires_in,
        **({"refresh_token": tokens.refresh_token} if tokens.refresh_token else {}),
        "must_change_password": tokens.person.must_change,
        "person_id": tokens.person.id,
        "name": tokens.person.name,
        "acting": tokens.acting._asdict(),
        "posts": [held._asdict() for held in tokens.holdings],
    }


def view_of_me(session: Session, actor: Actor) -> dict[str, Any]:
    """The signed-in person."""
    person = session.get(Person, actor.person_id)
    holdings = list_holdings(session, person.id) if person else []
    acting = next((held for held in holdings if held.post.id == actor.post_id), None)
    if person is None or acting is None:
        raise session_not_found()
    return {
        "person_id": person.id,
        "name": person.name,
        "login_name": person.login_name,
        "session_id": actor.session_id,
        "must_change_password": person.must_change,
        "acting": view_of_holding(acting),
        "posts": [view_of_holding(held) for held in holdings],
        "permissions": sorted(permission.value for permission in actor.permissions),
    }


def view_of_person(session: Session, person: Person | None) -> dict[str, Any]:
    """A person with the posts held."""
    if person is None:
        raise person_not_found()
    holdings = list_holdings(session, person.id)
    return {**view_of_person_row(person), "posts": [view_of_holding(held) for held in holdings]}


def view_of_person_row(person: Person) -> dict[str, Any]:
    """A person in a list."""
    return {
        "id": person.id,
        "code": person.code,
        "name": person.name,
        "login_name": person.login_name,
        "disabled_at": person.disabled_at,
        "disabled_reason": person.disabled_reason,
        "has_password": person.password_digest is not None,
        "must_change_password": person.must_change,
        "revision": person.revision,
    }


def views_of_posts(session: Session, posts: Sequence[Post]) -> list[dict[str, Any]]:
    """Posts with who holds them; one query for all."""
    holders = list_holders(session, [post.id for post in posts])
    return [_view_of_post(post, holders.get(post.id, [])) for post in posts]


def view_of_post(session: Session, post: Post) -> dict[str, Any]:
    """A post with who holds it."""
    return views_of_posts(session, [post])[0]


def views_of_roles(session: Session) -> list[dict[str, Any]]:
    """All roles with what they may do here."""
    table = role_table(session)
    revisions = {grant.role: grant.revision for grant in session.query(RoleGrant)}
    return [
        {
            "role": role.value,
            "label": DEFAULT_ROLES[role].label,
            "permissions": sorted(permission.value for permission in table[role]),
            "is_administrator": role.administers,
            "revision": revisions.get(role.value, 0),
        }
        for role in Role
    ]


def view_of_role(session: Session, role: Role) -> dict[str, Any]:
    """One role with what it may do here."""
    return next(view for view in views_of_roles(session) if view["role"] == role.value)


def key_set(session: Session) -> dict[str, Any]:
    """The public keys: those that sign, will sign next, or have signed tokens that may still be good."""
    return {
        "keys": [
            verification_jwk(
                SigningKeyAnnounced(signing_key_id=key.id, x=key.x, y=key.y, announced_at=key.announced_at)
            )
            for key in list_keys(session)
        ]
    }


def own_session_id(session_id: UUID, sign_ins: Iterable[SignIn]) -> UUID:
    """The id, when it is one of these sign-ins; Problem 404 otherwise."""
    if all(sign_in.id != session_id for sign_in in sign_ins):
        raise session_not_found()
    return session_id


def _view_of_post(post: Post, holders: Iterable[Person]) -> dict[str, Any]:
    return {
        "id": post.id,
        "code": post.code,
        "unit_id": post.unit_id,
        "title": post.title,
        "roles": post.roles,
        "scope_unit_ids": post.scope_unit_ids,
        "position": post.position,
        "revision": post.revision,
        "holders": [{"person_id": person.id, "name": person.name} for person in holders],
    }
