"""Persons, posts (岗位), and who holds which."""

from collections.abc import Collection
from dataclasses import dataclass

from services.identity.domain.passwords import normalised_login
from services.identity.domain.roles import Role

LONGEST_LOGIN = 100
LONGEST_NAME = 50


@dataclass(frozen=True, kw_only=True)
class PersonFacts:
    """One person; no more is kept than the work needs (个人信息保护法 第6条)."""

    code: str
    name: str
    login_name: str


@dataclass(frozen=True, kw_only=True)
class PostFacts:
    """One post of a unit; whoever holds it has its roles.

    `scope_codes` are the units whose subtrees an administrator's post looks after; none means its own unit's.
    """

    code: str
    unit_code: str
    title: str
    roles: frozenset[Role] = frozenset()
    holder_codes: frozenset[str] = frozenset()
    scope_codes: tuple[str, ...] = ()
    position: int = 0


def person_complaints(person: PersonFacts) -> list[tuple[str, str]]:
    """What is wrong with a person looked at alone, as (field, reason in Chinese)."""
    found: list[tuple[str, str]] = []
    if len(person.name) > LONGEST_NAME:
        found.append(("name", f"姓名最多{LONGEST_NAME}个字"))
    if len(person.login_name) > LONGEST_LOGIN:
        found.append(("login_name", f"登录名最多{LONGEST_LOGIN}个字符"))
    if any(character.isspace() or not character.isprintable() for character in person.login_name):
        found.append(("login_name", "登录名不能含有空格或控制字符"))
    if not normalised_login(person.login_name):
        found.append(("login_name", "登录名不能为空"))
    return found


def post_complaints(post: PostFacts, unread: Collection[str] = ()) -> list[tuple[str, str]]:
    """What is wrong with a post looked at alone, as (field, reason in Chinese); rules that read an `unread` field are
    not asked."""
    found: list[tuple[str, str]] = []
    if len(post.title) > LONGEST_NAME:
        found.append(("title", f"岗位名称最多{LONGEST_NAME}个字"))
    if post.scope_codes and "roles" not in unread and not any(role.administers for role in post.roles):
        found.append(("scope_codes", "只有系统、安全、审计管理员的岗位才有管理范围"))
    return found
