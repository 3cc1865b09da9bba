"""How the roles of this installation differ from the packaged ones."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.identity.domain.role_renewal import RoleDifference
from services.identity.domain.roles import DEFAULT_ROLES, Role, effective_permissions
from services.identity.models import Post, RoleGrant
from services.identity.queries.facts import role_table
from shared.directory.models import DirectoryPost


def difference_of(role: Role, grant: RoleGrant | None) -> RoleDifference:
    """The role beside the packaged one; without a grant there is no difference."""
    if grant is None:
        packaged = frozenset(permission.value for permission in DEFAULT_ROLES[role].permissions)
        return RoleDifference(role=role, held=packaged, offered=packaged, is_recorded=True)
    return RoleDifference(
        role=role,
        held=frozenset(grant.permissions),
        offered=frozenset(grant.offered),
        is_recorded=grant.offers_recorded,
    )


def list_differences(session: Session) -> list[RoleDifference]:
    """Every role that was edited here, in the order of roles."""
    grants = {grant.role: grant for grant in session.scalars(sa.select(RoleGrant))}
    return [difference_of(role, grants[role.value]) for role in Role if role.value in grants]


def list_untold_posts(session: Session) -> list[Post]:
    """The posts in force of which the other services know other permissions or another scope than they have now."""
    table = role_table(session)
    known: dict[UUID, tuple[set[str], list[UUID] | None]] = {
        row.id: (set(row.permissions), row.scope_unit_ids)
        for row in session.execute(
            sa.select(DirectoryPost.id, DirectoryPost.permissions, DirectoryPost.scope_unit_ids)
        )
    }
    posts = session.scalars(
        sa.select(Post).where(Post.abolished_at.is_(None)).order_by(Post.position, Post.id)
    )
    return [
        post
        for post in posts
        if known.get(post.id)
        != (set(effective_permissions([Role(name) for name in post.roles], table)), post.scope_unit_ids)
    ]


def view_of_renewal(session: Session) -> dict[str, Any]:
    """What a renewal has to see to: roles that differ from the packaged ones, and posts to be told of."""
    return {
        "items": [
            {
                "role": difference.role.value,
                "label": difference.role.label,
                "new": sorted(difference.new),
                "undecided": sorted(difference.undecided),
                "withheld": sorted(difference.withheld),
                "added": sorted(difference.added),
            }
            for difference in list_differences(session)
        ],
        "untold_posts": len(list_untold_posts(session)),
    }
