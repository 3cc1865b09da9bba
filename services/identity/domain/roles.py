"""Roles (角色): what a post may do, and the three administrators that nobody may combine."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from shared.permissions import Permission


class Role(StrEnum):
    """The roles that a new installation starts with; their permissions are data and may be edited."""

    ARCHIVIST = "archivist"
    AUDIT_ADMINISTRATOR = "audit_administrator"
    DEPUTY = "deputy"
    HANDLER = "handler"
    OFFICE_DIRECTOR = "office_director"
    PRINCIPAL = "principal"
    REGISTRY = "registry"
    SECURITY_ADMINISTRATOR = "security_administrator"
    SUPERVISOR = "supervisor"
    SYSTEM_ADMINISTRATOR = "system_administrator"

    @property
    def label(self) -> str:
        return DEFAULT_ROLES[self].label

    @property
    def administers(self) -> bool:
        """Whether this is one of the three administrators."""
        return self in ADMINISTRATORS


@dataclass(frozen=True, kw_only=True)
class RoleDefault:
    """A role as a new installation has it."""

    label: str
    permissions: frozenset[Permission]


# 等保三级 (GB/T 22239-2019 8.1.4.2): system, security and audit administration are apart; nobody holds two.
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR})

_OFFICE_WORK = frozenset(
    {
        Permission.AFFAIRS_APPLY,
        Permission.AFFAIRS_READ,
        Permission.DOCUMENTS_CIRCULATE,
        Permission.DOCUMENTS_READ,
        Permission.MEETINGS_BOOK,
        Permission.MEETINGS_READ,
        Permission.MOBILE_USE,
        Permission.SUPERVISION_READ,
    }
)
_LEADING = frozenset(
    {
        Permission.AFFAIRS_DECIDE,
        Permission.MEETINGS_CHAIR,
        Permission.MOBILE_FIGURES,
        Permission.SUPERVISION_APPROVE,
        Permission.SUPERVISION_BOARD,
    }
)

DEFAULT_ROLES: dict[Role, RoleDefault] = {
    Role.PRINCIPAL: RoleDefault(
        label="主要负责人",
        permissions=_OFFICE_WORK
        | _LEADING
        | {
            Permission.DOCUMENTS_SIGN,
            Permission.DOCUMENTS_SIGN_PRINCIPAL,
            Permission.DOCUMENTS_INSTRUCT,
            Permission.DOCUMENTS_COUNTERSIGN,
            Permission.DOCUMENTS_REVIEW,
        },
    ),
    Role.DEPUTY: RoleDefault(
        label="分管负责人",
        permissions=_OFFICE_WORK
        | _LEADING
        | {
            Permission.DOCUMENTS_SIGN,
            Permission.DOCUMENTS_INSTRUCT,
            Permission.DOCUMENTS_COUNTERSIGN,
            Permission.DOCUMENTS_REVIEW,
        },
    ),
    Role.OFFICE_DIRECTOR: RoleDefault(
        label="办公室主任",
        permissions=_OFFICE_WORK
        | {
            Permission.AFFAIRS_CATALOGUE_MANAGE,
            Permission.AFFAIRS_DECIDE,
            Permission.AFFAIRS_FORMS_MANAGE,
            Permission.AFFAIRS_HANDLE,
            Permission.AFFAIRS_WINDOW,
            Permission.DOCUMENTS_CHECK,
            Permission.DOCUMENTS_COUNTERSIGN,
            Permission.DOCUMENTS_DRAFT,
            Permission.DOCUMENTS_HANDLE,
            Permission.DOCUMENTS_REVIEW,
            Permission.MEETINGS_ORGANISE,
            Permission.MEETINGS_SCREEN,
            Permission.MEETINGS_SUBMIT,
            Permission.MOBILE_FIGURES,
            Permission.SUPERVISION_APPROVE,
            Permission.SUPERVISION_BOARD,
            Permission.SUPERVISION_HANDLE,
        },
    ),
    Role.REGISTRY: RoleDefault(
        label="文书",
        permissions=_OFFICE_WORK
        | {
            Permission.AFFAIRS_WINDOW,
            Permission.DOCUMENTS_CHECK,
            Permission.DOCUMENTS_DRAFT,
            Permission.DOCUMENTS_REGISTRY,
            Permission.MEETINGS_ORGANISE,
            Permission.MEETINGS_ROOMS_MANAGE,
            Permission.MEETINGS_SUBMIT,
            Permission.SUPERVISION_HANDLE,
        },
    ),
    Role.HANDLER: RoleDefault(
        label="承办人",
        permissions=_OFFICE_WORK
        | {
            Permission.AFFAIRS_HANDLE,
            Permission.AFFAIRS_WINDOW,
            Permission.DOCUMENTS_COUNTERSIGN,
            Permission.DOCUMENTS_DRAFT,
            Permission.DOCUMENTS_HANDLE,
            Permission.MEETINGS_SUBMIT,
            Permission.SUPERVISION_HANDLE,
        },
    ),
    Role.ARCHIVIST: RoleDefault(
        label="档案员",
        permissions=_OFFICE_WORK
        | {
            Permission.ARCHIVES_CORRECT,
            Permission.ARCHIVES_READ,
            Permission.ARCHIVES_RULES_MANAGE,
            Permission.ARCHIVES_VERIFY,
            Permission.MOBILE_FIGURES,
        },
    ),
    Role.SUPERVISOR: RoleDefault(
        label="督查员",
        permissions=_OFFICE_WORK
        | {
            Permission.MOBILE_FIGURES,
            Permission.SUPERVISION_ASSESS,
            Permission.SUPERVISION_BOARD,
            Permission.SUPERVISION_IMPORT,
            Permission.SUPERVISION_REGISTER,
        },
    ),
    Role.SYSTEM_ADMINISTRATOR: RoleDefault(
        label="系统管理员",
        permissions=frozenset(
            {
                Permission.AFFAIRS_FLOWS_MANAGE,
                Permission.AFFAIRS_RULES_MANAGE,
                Permission.DOCUMENTS_FLOWS_MANAGE,
                Permission.DOCUMENTS_RULES_MANAGE,
                Permission.IDENTITY_DIRECTORY_MANAGE,
                Permission.IDENTITY_IMPORT,
                Permission.MEETINGS_RULES_MANAGE,
                Permission.OPERATIONS_MANAGE,
                Permission.SUPERVISION_RULES_MANAGE,
            }
        ),
    ),
    Role.SECURITY_ADMINISTRATOR: RoleDefault(
        label="安全管理员",
        permissions=frozenset(
            {
                Permission.IDENTITY_KEYS_ROTATE,
                Permission.IDENTITY_ROLES_MANAGE,
                Permission.IDENTITY_SESSIONS_MANAGE,
            }
        ),
    ),
    Role.AUDIT_ADMINISTRATOR: RoleDefault(label="审计管理员", permissions=frozenset({Permission.AUDIT_READ})),
}
ROLES_BY_LABEL = {default.label: role for role, default in DEFAULT_ROLES.items()}

# What marks each administrator: a role edited to carry one of these would be that one by another name. The rules and
# flows of a service are not among them; an office may let its registry or its archivists keep those.
RESERVED: dict[Permission, Role] = {
    permission: role
    for role in sorted(ADMINISTRATORS)
    for permission in DEFAULT_ROLES[role].permissions
    if permission.startswith(("audit.", "identity.", "operations."))
}


def combined_administrators(roles: Iterable[Role]) -> list[Role]:
    """The administrators among all the roles of one person when there are two or more, else nothing.

    Pass the roles of every post that the person holds: the rule is about the person, not about a post.
    """
    held = sorted(set(roles) & ADMINISTRATORS)
    return held if len(held) > 1 else []


def combination_complaint(person: str, roles: Iterable[Role]) -> str | None:
    """In words, why these roles may not meet in one person; None when they may."""
    held = combined_administrators(roles)
    if not held:
        return None
    names = "、".join(role.label for role in held)
    return f"{person}不能同时担任{names}:系统、安全、审计管理员须由三人分别担任"


def permission_complaint(role: Role, permissions: Iterable[Permission]) -> str | None:
    """Why a role may not carry these permissions; None when it may.

    The permissions that make an administrator stay with that administrator, so that the split of the three
    cannot be undone by editing a role.
    """
    foreign = sorted(
        Permission(name) for name in permissions if RESERVED.get(Permission(name), role) is not role
    )
    if not foreign:
        return None
    return "；".join(f"权限 {name} 只能授予{RESERVED[name].label}" for name in foreign)


def effective_permissions(
    roles: Iterable[Role], table: Mapping[Role, frozenset[Permission]]
) -> frozenset[Permission]:
    """Everything that a post with these roles may do, by the installation's own table."""
    granted: frozenset[Permission] = frozenset()
    for role in roles:
        granted |= table.get(role, frozenset())
    return granted
