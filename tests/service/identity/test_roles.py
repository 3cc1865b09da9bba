"""Renewing roles after an upgrade: what is new is given, what was taken away stays away."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.identity.commands.roles import grant_permissions, renew_roles
from services.identity.domain.role_renewal import Undecided
from services.identity.domain.roles import DEFAULT_ROLES, Role
from services.identity.models import RoleGrant
from services.identity.queries.roles import view_of_renewal
from shared.audit import AuditEntry
from shared.auth import Actor
from shared.clock import FixedClock
from shared.directory import list_administered
from shared.directory.models import DirectoryPost
from shared.errors import Problem
from shared.permissions import Permission
from tests.service.identity.people import City, actor_in

PACKAGED = DEFAULT_ROLES[Role.ARCHIVIST].permissions
TAKEN, NEW, OWN = Permission.MEETINGS_BOOK, Permission.MOBILE_FIGURES, Permission.DOCUMENTS_REGISTRY


@pytest.fixture
def edited(session: Session, clock: FixedClock, city: City) -> RoleGrant:
    """The archivist as an administrator edited it before NEW was packaged: without TAKEN, with OWN."""
    grant = grant_permissions(
        session,
        actor_in(session, "security"),
        clock,
        role=Role.ARCHIVIST,
        permissions=(PACKAGED | {OWN}) - {TAKEN, NEW},
        expected_revision=0,
    )
    grant.offered = [name for name in grant.offered if name != NEW]
    session.flush()
    return grant


def _archivist(session: Session) -> dict[str, list[str]]:
    return next(item for item in view_of_renewal(session)["items"] if item["role"] == "archivist")


def _told(session: Session, city: City) -> set[str]:
    post = session.get_one(DirectoryPost, city.posts["archivist"], populate_existing=True)
    return set(post.permissions)


def test_what_is_new_is_given_and_what_was_taken_away_or_added_stays(
    session: Session, clock: FixedClock, city: City, edited: RoleGrant
) -> None:
    shown = _archivist(session)
    assert (shown["new"], shown["withheld"], shown["added"], shown["undecided"]) == (
        [NEW],
        [TAKEN],
        [OWN],
        [],
    )
    given = renew_roles(session, actor_in(session, "security"), clock, undecided=Undecided.GIVE)
    assert given == {Role.ARCHIVIST: [NEW]}
    assert set(edited.permissions) == _told(session, city) == (PACKAGED | {OWN}) - {TAKEN}


def test_a_second_renewal_changes_and_tells_nothing(
    session: Session, clock: FixedClock, edited: RoleGrant
) -> None:
    security = actor_in(session, "security")
    renew_roles(session, security, clock)
    revision = edited.revision
    assert renew_roles(session, security, clock) == {}
    assert (edited.revision, view_of_renewal(session)["untold_posts"]) == (revision, 0)
    assert [entry.details for entry in _audited(session)] == [{"given": [NEW]}]


def test_what_an_administrator_takes_away_after_a_renewal_is_not_given_back(
    session: Session, clock: FixedClock, edited: RoleGrant
) -> None:
    security = actor_in(session, "security")
    renew_roles(session, security, clock)
    grant_permissions(
        session,
        security,
        clock,
        role=Role.ARCHIVIST,
        permissions=[Permission.ARCHIVES_READ],
        expected_revision=None,
    )
    assert renew_roles(session, security, clock, undecided=Undecided.GIVE) == {}
    assert edited.permissions == [Permission.ARCHIVES_READ]


@pytest.mark.parametrize(
    ("undecided", "given", "left"),
    [
        (Undecided.LEAVE, set(), {TAKEN, NEW}),
        (Undecided.WITHHOLD, set(), set()),
        (Undecided.GIVE, {TAKEN, NEW}, set()),
    ],
)
def test_a_role_edited_before_offers_were_kept_is_decided_on_by_the_administrator(
    session: Session,
    clock: FixedClock,
    edited: RoleGrant,
    undecided: Undecided,
    given: set[str],
    left: set[str],
) -> None:
    edited.offered, edited.offers_recorded = [], False
    security = actor_in(session, "security")
    done = renew_roles(session, security, clock, undecided=undecided)
    assert set(done.get(Role.ARCHIVIST, ())) == given
    shown = _archivist(session)
    assert (set(shown["undecided"]), shown["new"]) == (left, [])
    assert edited.offers_recorded is (not left)


def test_a_role_that_was_never_edited_is_told_as_packaged_now(
    session: Session, clock: FixedClock, city: City
) -> None:
    post = session.get_one(DirectoryPost, city.posts["archivist"])
    post.permissions = [name for name in post.permissions if name != NEW]
    session.flush()
    assert view_of_renewal(session) == {"items": [], "untold_posts": 1}
    assert renew_roles(session, actor_in(session, "security"), clock) == {}
    assert _told(session, city) == PACKAGED


def _audited(session: Session) -> list[AuditEntry]:
    return list(session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "identity.renew_role")))


def test_a_scope_that_was_never_told_is_told_by_a_renewal_on_the_server(
    session: Session, clock: FixedClock, city: City, operator: Actor
) -> None:
    # As the upgrade leaves it.
    session.execute(sa.update(DirectoryPost).values(scope_unit_ids=None))
    assert view_of_renewal(session)["untold_posts"] == len(city.posts)
    assert list_administered(session, actor_in(session, "security")) == {}
    with pytest.raises(Problem, match="not_for_all"):
        renew_roles(session, actor_in(session, "security"), clock)
    renew_roles(session, operator, clock)
    scopes = dict(session.execute(sa.select(DirectoryPost.id, DirectoryPost.scope_unit_ids)).all())
    assert scopes[city.posts["system"]] == [city.units["city"]]
    assert scopes[city.posts["county-system"]] == []
    assert view_of_renewal(session)["untold_posts"] == 0
