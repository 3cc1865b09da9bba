"""Routes of the security administrator: roles, administrators, sessions and keys."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.identity.api.issuer import KEEPER, issuer_of
from services.identity.commands import people, roles
from services.identity.commands.accounts import reset_password
from services.identity.commands.keys import rotate_keys
from services.identity.commands.sessions import end_session_in_scope
from services.identity.queries import views
from services.identity.queries.people import get_role
from services.identity.queries.roles import view_of_renewal
from services.identity.queries.sign_ins import list_keys, list_open_sign_ins_in
from services.identity.schemas import (
    GivenPasswordSchema,
    KeyListSchema,
    KeySchema,
    PermissionsSchema,
    PersonReferenceSchema,
    PostSchema,
    RenewRolesSchema,
    RoleListSchema,
    RoleRenewalSchema,
    RoleSchema,
    RolesOfPostSchema,
    SessionSchema,
)
from shared.directory import list_administered
from shared.permissions import Permission
from shared.web import SIGNED_IN, Call, Page, PageQuery, make_page, read_cursor, route

ROLES = Permission.IDENTITY_ROLES_MANAGE
SESSIONS = Permission.IDENTITY_SESSIONS_MANAGE


class AdministrationRoutes:
    """Security."""

    @route("GET", "/roles", permission=SIGNED_IN, returns=RoleListSchema)
    def list_roles(self, call: Call) -> dict[str, Any]:
        """角色及其权限"""
        return {"items": views.views_of_roles(call.session)}

    @route("PUT", "/roles/<string:role>", permission=ROLES, body=PermissionsSchema, returns=RoleSchema)
    def grant_permissions(self, call: Call, role: str) -> dict[str, Any]:
        """设定角色的权限"""
        known = get_role(role)
        roles.grant_permissions(
            call.session,
            call.actor,
            call.clock,
            role=known,
            permissions=call.body["permissions"],
            expected_revision=call.expected_revision(),
        )
        return views.view_of_role(call.session, known)

    @route("GET", "/roles/renewal", permission=ROLES, returns=RoleRenewalSchema)
    def check_roles(self, call: Call) -> dict[str, Any]:
        """升级后角色权限与出厂设置的差别"""
        return view_of_renewal(call.session)

    @route("POST", "/roles/renewal", permission=ROLES, body=RenewRolesSchema, returns=RoleRenewalSchema)
    def renew_roles(self, call: Call) -> dict[str, Any]:
        """补上升级新增的角色权限"""
        roles.renew_roles(call.session, call.actor, call.clock, **call.body)
        return view_of_renewal(call.session)

    @route("PUT", "/posts/<uuid:post_id>/roles", permission=ROLES, body=RolesOfPostSchema, returns=PostSchema)
    def assign_roles(self, call: Call, post_id: UUID) -> dict[str, Any]:
        """设定岗位的角色和管理范围"""
        post = people.assign_roles(call.session, call.actor, call.clock, post_id=post_id, **call.body)
        return views.view_of_post(call.session, post)

    @route(
        "POST",
        "/administrators/<uuid:post_id>/appoint",
        permission=ROLES,
        body=PersonReferenceSchema,
        returns=PostSchema,
    )
    def appoint_administrator(self, call: Call, post_id: UUID) -> dict[str, Any]:
        """任命管理员岗位"""
        post = people.appoint(call.session, call.actor, call.clock, post_id=post_id, **call.body)
        return views.view_of_post(call.session, post)

    @route(
        "POST",
        "/administrators/<uuid:post_id>/dismiss",
        permission=ROLES,
        body=PersonReferenceSchema,
        returns=PostSchema,
    )
    def dismiss_administrator(self, call: Call, post_id: UUID) -> dict[str, Any]:
        """免去管理员岗位"""
        post = people.dismiss(call.session, call.actor, call.clock, post_id=post_id, **call.body)
        return views.view_of_post(call.session, post)

    @route(
        "POST",
        "/persons/<uuid:person_id>/reset-password",
        permission=SESSIONS,
        returns=GivenPasswordSchema,
        secret=True,
    )
    def reset_password(self, call: Call, person_id: UUID) -> dict[str, Any]:
        """重置口令, 新口令只显示这一次"""
        person, password = reset_password(
            call.session, call.actor, call.clock, person_id=person_id, keeper=KEEPER
        )
        return {"login_name": person.login_name, "password": password}

    @route("GET", "/sessions", permission=SESSIONS, query=PageQuery, page_of=SessionSchema)
    def list_sessions(self, call: Call) -> Page[Any]:
        """管理范围内的登录会话"""
        limit, cursor = call.query["limit"], call.query["after"]
        after = tuple(read_cursor(cursor, datetime, UUID)) if cursor else None
        scope = list(list_administered(call.session, call.actor))
        rows = list_open_sign_ins_in(call.session, scope, after=after, limit=limit)
        return make_page(rows, limit, lambda sign_in: (sign_in.started_at, sign_in.id))

    @route("POST", "/sessions/<uuid:session_id>/end", permission=SESSIONS)
    def end_session(self, call: Call, session_id: UUID) -> None:
        """结束他人的登录会话"""
        end_session_in_scope(call.session, call.actor, call.clock, session_id=session_id)

    @route("GET", "/keys", permission=Permission.IDENTITY_KEYS_ROTATE, returns=KeyListSchema)
    def list_keys(self, call: Call) -> dict[str, Any]:
        """签名密钥"""
        return {"items": list_keys(call.session)}

    @route("POST", "/keys/rotate", permission=Permission.IDENTITY_KEYS_ROTATE, returns=KeySchema)
    def rotate_keys(self, call: Call) -> Any:
        """启用下一把签名密钥"""
        return rotate_keys(call.session, call.actor, call.clock, keyring=issuer_of(call).keyring)
