"""Roles, and the three administrators that nobody may combine."""

from itertools import combinations

import pytest

from services.identity.domain.roles import (
    ADMINISTRATORS,
    DEFAULT_ROLES,
    RESERVED,
    Role,
    combination_complaint,
    effective_permissions,
    permission_complaint,
)
from shared.permissions import Permission


@pytest.mark.parametrize("pair", list(combinations(sorted(ADMINISTRATORS), 2)))
def test_no_two_administrators_meet_in_one_person(pair: tuple[Role, Role]) -> None:
    said = combination_complaint("赵演示", pair) or ""
    assert all(part in said for part in ("赵演示", pair[0].label, pair[1].label))


def test_one_administrator_beside_office_work_is_allowed() -> None:
    assert combination_complaint("赵演示", [Role.SYSTEM_ADMINISTRATOR, Role.HANDLER]) is None
    assert combination_complaint("赵演示", [Role.SYSTEM_ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR]) is None


def test_the_default_table_gives_no_permission_to_two_administrators() -> None:
    for one, other in combinations(ADMINISTRATORS, 2):
        assert not DEFAULT_ROLES[one].permissions & DEFAULT_ROLES[other].permissions


def test_every_role_has_a_default_and_keeps_to_what_it_may_carry() -> None:
    assert set(DEFAULT_ROLES) == set(Role)
    for role, default in DEFAULT_ROLES.items():
        assert permission_complaint(role, default.permissions) is None


def test_every_permission_is_carried_by_some_role() -> None:
    assert set(Permission) == set().union(*(default.permissions for default in DEFAULT_ROLES.values()))


def test_an_administrators_permission_cannot_be_put_into_another_role() -> None:
    for permission, owner in RESERVED.items():
        assert permission_complaint(Role.HANDLER, [permission])
        assert permission_complaint(owner, [permission]) is None


def test_a_post_may_do_what_its_roles_may_by_the_installations_own_table() -> None:
    table = {
        Role.HANDLER: frozenset({Permission.DOCUMENTS_DRAFT}),
        Role.ARCHIVIST: frozenset({Permission.ARCHIVES_READ}),
    }
    assert effective_permissions([Role.HANDLER, Role.ARCHIVIST], table) == {
        Permission.DOCUMENTS_DRAFT,
        Permission.ARCHIVES_READ,
    }
    assert effective_permissions([Role.DEPUTY], table) == frozenset()
