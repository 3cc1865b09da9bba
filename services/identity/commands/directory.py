"""Changing the directory: every way of it goes through the same checks and is carried out the same."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from services.identity import errors
from services.identity.commands.carrying import Carrier
from services.identity.commands.telling import lock_directory, tell
from services.identity.commands.tenures import end_tenure
from services.identity.domain.checking import check_changes
from services.identity.domain.directory import OPERATOR, Authority, Directory, Wanted
from services.identity.domain.planning import Plan, plan_changes
from services.identity.domain.roles import Role
from services.identity.importing import Checked, Reading, check
from services.identity.models import Post, Unit
from services.identity.queries.facts import load_directory
from services.identity.queries.people import get_post, list_open_tenures
from services.identity.queries.units import count_below, get_unit
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import covers_everything, list_administered
from shared.events.identity import PostAbolished, UnitDissolved
from shared.permissions import Permission


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do: how many of each were created and changed, and how many were as they are."""

    units_created: int
    units_changed: int
    persons_created: int
    persons_changed: int
    posts_created: int
    posts_changed: int
    appointments: int
    dismissals: int
    unchanged: int


def authority_of(session: Session, actor: Actor) -> Authority:
    """What the actor may touch: the acting post's scope, or everything for the operator on the server."""
    if actor.is_system:
        return OPERATOR
    scope = list_administered(session, actor)
    return Authority(
        covers=frozenset(scope.values()).__contains__,
        covers_everything=covers_everything(session, scope),
        makes_administrators=actor.may(Permission.IDENTITY_ROLES_MANAGE),
    )


def import_directory(
    session: Session, actor: Actor, clock: Clock, *, reading: Reading, dry_run: bool
) -> Imported:
    """Import what was read from files; Problem 422 lists every error, and then nothing has been written."""
    lock_directory(session)
    existing = load_directory(session)
    checked = check(reading, existing, authority_of(session, actor))
    if checked.findings:
        raise errors.import_refused(checked.findings)
    plan = plan_changes(checked.wanted, existing)
    if not dry_run:
        Carrier(session, actor, clock).carry_out(plan)
    return _imported(plan)


def check_import(session: Session, actor: Actor, *, reading: Reading) -> Checked:
    """Check what was read from files and write nothing."""
    return check(reading, load_directory(session), authority_of(session, actor))


def change_directory(session: Session, actor: Actor, clock: Clock, *, wanted: Wanted) -> Carrier:
    """Make single units, persons or posts as wanted; Problem 422 says by field what speaks against it.

    Call `lock_directory` before reading what the wish is made from.
    """
    existing = load_directory(session)
    _refuse(wanted, existing, authority_of(session, actor))
    carrier = Carrier(session, actor, clock)
    carrier.carry_out(plan_changes(wanted, existing))
    session.flush()
    return carrier


def dissolve_unit(session: Session, actor: Actor, clock: Clock, *, unit_id: UUID) -> Unit:
    """A unit ceases to exist; it must have no units below it and no posts any more."""
    lock_directory(session)
    unit = get_unit(session, unit_id)
    require_scope(session, actor, unit.id)
    units, posts = count_below(session, unit.id)
    if units or posts:
        raise errors.unit_in_use(f"“{unit.name}”还有{units}个下级单位、{posts}个岗位,请先撤销或调整。")
    unit.dissolved_at = clock.now()
    unit.revision += 1
    tell(session, actor, UnitDissolved(unit_id=unit.id))
    return unit


def abolish_post(session: Session, actor: Actor, clock: Clock, *, post_id: UUID) -> None:
    """A post ceases to exist, and whoever holds it leaves it."""
    lock_directory(session)
    post = get_post(session, post_id)
    require_post_in_scope(session, actor, post)
    require_may_touch(actor, post.roles)
    for tenure in list_open_tenures(session, post_id=post.id):
        end_tenure(session, actor, clock, tenure=tenure)
    post.abolished_at = clock.now()
    post.revision += 1
    tell(session, actor, PostAbolished(post_id=post.id))


def require_scope(session: Session, actor: Actor, unit_id: UUID) -> None:
    """Problem 403 unless the unit lies in what the acting post administers."""
    if not actor.is_system and unit_id not in list_administered(session, actor):
        raise errors.outside_scope()


def require_post_in_scope(session: Session, actor: Actor, post: Post) -> None:
    """Problem 403 unless the post, and all that it administers itself, lies in what the acting post administers.

    Whoever fills a post hands on its reach: a friend in a post of the own unit that looks after more would rule that.
    """
    if not actor.is_system and not post.reach <= list_administered(session, actor).keys():
        raise errors.outside_scope()


def require_may_touch(actor: Actor, roles: list[str]) -> None:
    """Problem 403 when a post has an administrator's role and the actor is not the one who sets these up."""
    administers = any(Role(name).administers for name in roles)
    if administers and not (actor.is_system or actor.may(Permission.IDENTITY_ROLES_MANAGE)):
        raise errors.administrators_by_security_only()


def _refuse(wanted: Wanted, existing: Directory, authority: Authority) -> None:
    by_field: dict[str, list[str]] = defaultdict(list)
    for complaint in check_changes(wanted, existing, authority):
        by_field[complaint.field].append(complaint.message)
    if by_field:
        raise errors.directory_refused(by_field)


def _imported(plan: Plan) -> Imported:
    created = [sum(change.is_new for change in changes) for changes in (plan.units, plan.persons, plan.posts)]
    return Imported(
        units_created=created[0],
        units_changed=len(plan.units) - created[0],
        persons_created=created[1],
        persons_changed=len(plan.persons) - created[1],
        posts_created=created[2],
        posts_changed=len(plan.posts) - created[2],
        appointments=len(plan.appointments),
        dismissals=len(plan.dismissals),
        unchanged=plan.unchanged,
    )
