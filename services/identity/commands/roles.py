"""What roles may do here: set by an administrator, and renewed after an upgrade."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from services.identity import errors
from services.identity.commands.carrying import permission_names
from services.identity.commands.telling import lock_directory, tell
from services.identity.domain.role_renewal import RoleDifference, Undecided, offered_by_edit
from services.identity.domain.roles import Role, effective_permissions, permission_complaint
from services.identity.models import Post, RoleGrant
from services.identity.queries.facts import role_table
from services.identity.queries.people import list_posts_with_role
from services.identity.queries.roles import difference_of, list_differences, list_untold_posts
from shared import audit
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import require_everything
from shared.events.identity import PostPermissionsAssigned
from shared.permissions import Permission


def grant_permissions(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    role: Role,
    permissions: Iterable[Permission],
    expected_revision: int | None,
) -> RoleGrant:
    """Decide anew what a role may do; it shows in every post that has the role.

    Problem 422 for a permission that is reserved to one of the three administrators, 403 unless the actor administers
    all units: roles are the same everywhere.
    """
    require_everything(session, actor, what="角色的权限")
    lock_directory(session)
    granted = frozenset(permissions)
    complaint = permission_complaint(role, granted)
    if complaint:
        raise errors.directory_refused({"permissions": [complaint]})
    grant = session.get(RoleGrant, role.value)
    if expected_revision not in (None, grant.revision if grant else 0):
        raise errors.edited_meanwhile()
    before = difference_of(role, grant)
    if grant is None:
        grant = RoleGrant(role=role.value, offers_recorded=True, revision=0)
        session.add(grant)
    grant.permissions = sorted(permission.value for permission in granted)
    grant.offered = sorted(offered_by_edit(before=before, granted=grant.permissions))
    grant.revision += 1
    session.flush()
    _tell(session, actor, list_posts_with_role(session, role))
    return grant


def renew_roles(
    session: Session, actor: Actor, clock: Clock, *, undecided: Undecided = Undecided.LEAVE
) -> dict[Role, list[str]]:
    """Give every role that was edited here what its packaged role got since; returns what was given.

    It takes nothing away, and gives nothing back that was taken away. Roles that were never edited are as packaged
    anyway; posts of which the others know something else are told anew. The second time it changes nothing. Problem 403
    unless the actor administers all units.
    """
    require_everything(session, actor, what="角色的权限")
    lock_directory(session)
    given: dict[Role, list[str]] = {}
    for difference in list_differences(session):
        if names := _renew(session, difference, undecided):
            given[difference.role] = names
            audit.note(
                session,
                actor,
                at=clock.now(),
                action="identity.renew_role",
                subject=difference.role.value,
                details={"given": names},
            )
    session.flush()
    _tell(session, actor, list_untold_posts(session))
    return given


def _renew(session: Session, difference: RoleDifference, undecided: Undecided) -> list[str]:
    grant = session.get_one(RoleGrant, difference.role.value)
    given = difference.given(undecided)
    grant.offered = sorted(difference.offered_after(undecided))
    grant.offers_recorded = (
        difference.is_recorded or undecided is not Undecided.LEAVE or not difference.undecided
    )
    if given:
        grant.permissions = sorted(given.union(grant.permissions))
        grant.revision += 1
    return sorted(given)


def _tell(session: Session, actor: Actor, posts: Iterable[Post]) -> None:
    table = role_table(session)
    for post in posts:
        held = effective_permissions([Role(name) for name in post.roles], table)
        told = PostPermissionsAssigned(
            post_id=post.id, permissions=permission_names(held), scope_unit_ids=tuple(post.scope_unit_ids)
        )
        tell(session, actor, told)
