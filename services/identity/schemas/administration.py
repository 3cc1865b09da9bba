"""Shapes of what security and audit administrators do."""

from marshmallow import fields, validate

from services.identity.domain.role_renewal import Undecided
from services.identity.domain.roles import Role
from services.identity.schemas.fields import enum_field
from shared.permissions import Permission
from shared.web import Schema


class KeySchema(Schema):
    """A signing key without its private half."""

    kid = fields.UUID(required=True, attribute="id")
    state = fields.String(required=True)
    announced_at = fields.AwareDateTime(required=True)
    activated_at = fields.AwareDateTime(allow_none=True)
    retired_at = fields.AwareDateTime(allow_none=True)


class KeyListSchema(Schema):
    """The keys that have not been withdrawn."""

    items = fields.List(fields.Nested(KeySchema), required=True)


class GivenPasswordSchema(Schema):
    """A password that was made; it is shown this once."""

    login_name = fields.String(required=True)
    password = fields.String(required=True)


class RolesOfPostSchema(Schema):
    """The roles of a post, and what an administrator's post looks after."""

    roles = fields.List(enum_field(Role), required=True)
    scope_unit_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=200))


class RoleSchema(Schema):
    """A role and what it may do here."""

    role = fields.String(required=True)
    label = fields.String(required=True)
    permissions = fields.List(fields.String(), required=True)
    is_administrator = fields.Boolean(required=True)
    revision = fields.Integer(required=True)


class RoleListSchema(Schema):
    """All roles."""

    items = fields.List(fields.Nested(RoleSchema), required=True)


class PermissionsSchema(Schema):
    """What a role shall be allowed."""

    permissions = fields.List(enum_field(Permission), required=True)


class RoleDifferenceSchema(Schema):
    """A role that was edited here, beside the packaged one."""

    role = fields.String(required=True)
    label = fields.String(required=True)
    new = fields.List(fields.String(), required=True, metadata={"description": "升级新增, 尚未提供"})
    undecided = fields.List(
        fields.String(), required=True, metadata={"description": "缺少, 无从得知是新增还是曾被收回"}
    )
    withheld = fields.List(fields.String(), required=True, metadata={"description": "本单位收回的"})
    added = fields.List(fields.String(), required=True, metadata={"description": "本单位另行授予的"})


class RoleRenewalSchema(Schema):
    """Which roles differ from the packaged ones, and how many posts the other services know otherwise."""

    items = fields.List(fields.Nested(RoleDifferenceSchema), required=True)
    untold_posts = fields.Integer(
        required=True, metadata={"description": "其他服务所知权限与现行权限不一致的岗位数"}
    )


class RenewRolesSchema(Schema):
    """What becomes of the undecided permissions."""

    undecided = enum_field(Undecided, load_default=Undecided.LEAVE)
