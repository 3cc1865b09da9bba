"""The actor: a person in a post, or the system itself."""

from dataclasses import dataclass, field, replace
from uuid import UUID

from shared.errors import Problem, forbidden
from shared.permissions import CHINESE_NAMES, Permission


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who does something, in which post (岗位) of which unit, with which permissions.

    `tenure_id` names the person's holding of the post, so that it can end without ending the person.
    `correlation_id` is the chain of what is being worked on: an event's, or a new one that a request begins and that
    its caller cannot choose. `causation_id` is the event that led to it. The system itself has no person and no post;
    nor has whoever is not signed in, who is not the system. Whoever `must_change_password` got it from somebody else,
    and does nothing before it is changed.
    """

    correlation_id: UUID
    causation_id: UUID | None = None
    person_id: UUID | None = None
    person_name: str = ""
    post_id: UUID | None = None
    post_title: str = ""
    unit_id: UUID | None = None
    unit_name: str = ""
    tenure_id: UUID | None = None
    session_id: UUID | None = None
    permissions: frozenset[Permission] = field(default_factory=frozenset)
    source: str = ""
    is_system: bool = False
    must_change_password: bool = False

    @staticmethod
    def system(correlation_id: UUID, *, causation_id: UUID | None = None) -> "Actor":
        """The suite acting by itself, because of an event or a timer."""
        return Actor(
            correlation_id=correlation_id, causation_id=causation_id, person_name="系统", is_system=True
        )

    def may(self, permission: Permission) -> bool:
        """Whether the acting post carries the permission."""
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Refuse with 403 unless the acting post carries the permission."""
        if not self.may(permission):
            raise missing_permission(permission)

    def within(self, correlation_id: UUID) -> "Actor":
        """The same actor, working on another chain."""
        return replace(self, correlation_id=correlation_id)


def password_must_change() -> Problem:
    """The person signed in with a password that somebody else gave out (403)."""
    return forbidden(
        "auth.password_must_change",
        "请先修改口令",
        "您的口令由他人设定, 请先修改口令, 重新登录后再办理其他事项。",
    )


def missing_permission(permission: Permission) -> Problem:
    """The acting post may not do this (403)."""
    name = CHINESE_NAMES[permission]
    return forbidden(
        "auth.missing_permission",
        f"当前岗位没有“{name}”权限",
        "请切换到有权限的岗位后再办理, 或联系本单位系统管理员授权。",
    )
