"""Shapes of signing in, of the own account, and of delegations."""

from marshmallow import ValidationError, fields, validate, validates_schema

from services.identity.domain.delegations import WorkKind
from services.identity.schemas.fields import LONGEST_NAME, LONGEST_PASSWORD, enum_field
from shared.web import Schema, Text


class SignInSchema(Schema):
    """Signing in by password."""

    login_name = Text(required=True, shortest=1, longest=LONGEST_NAME, metadata={"description": "登录名"})
    password = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_PASSWORD))
    post_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "以哪个岗位登录, 缺省为第一个"}
    )


class RefreshSchema(Schema):
    """Exchanging a refresh token."""

    refresh_token = fields.String(required=True, validate=validate.Length(min=1, max=200))


class SwitchSchema(Schema):
    """Acting in another of one's posts."""

    post_id = fields.UUID(required=True)


class PasswordChangeSchema(Schema):
    """Changing the own password."""

    current_password = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_PASSWORD))
    new_password = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_PASSWORD))


class HoldingSchema(Schema):
    """A post that the person holds."""

    post_id = fields.UUID(required=True)
    title = fields.String(required=True)
    unit_id = fields.UUID(required=True)
    unit_name = fields.String(required=True)
    roles = fields.List(fields.String(), required=True)


class MeSchema(Schema):
    """Who is signed in, in which post, with which permissions."""

    person_id = fields.UUID(required=True)
    name = fields.String(required=True)
    login_name = fields.String(required=True)
    session_id = fields.UUID(required=True)
    must_change_password = fields.Boolean(required=True)
    acting = fields.Nested(HoldingSchema, required=True)
    posts = fields.List(fields.Nested(HoldingSchema), required=True)
    permissions = fields.List(fields.String(), required=True)


class TokensSchema(Schema):
    """Tokens (RFC 6749 §5.1) and who they are for."""

    access_token = fields.String(required=True)
    token_type = fields.String(required=True)
    expires_in = fields.Integer(required=True, metadata={"description": "秒"})
    refresh_token = fields.String(metadata={"description": "切换岗位时没有: 原有的继续有效"})
    must_change_password = fields.Boolean(required=True)
    person_id = fields.UUID(required=True)
    name = fields.String(required=True)
    acting = fields.Nested(HoldingSchema, required=True)
    posts = fields.List(fields.Nested(HoldingSchema), required=True)


class SessionSchema(Schema):
    """An open sign-in."""

    session_id = fields.UUID(required=True, attribute="id")
    person_id = fields.UUID(required=True)
    started_at = fields.AwareDateTime(required=True)
    last_used_at = fields.AwareDateTime(required=True, attribute="rotated_at")
    source = fields.String(required=True)


class SessionListSchema(Schema):
    """Open sign-ins of one person."""

    items = fields.List(fields.Nested(SessionSchema), required=True)


class NewDelegationSchema(Schema):
    """Letting another post act for one's own."""

    receiver_post_id = fields.UUID(required=True)
    receiver_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "该岗位不止一人时指明"}
    )
    kinds = fields.List(enum_field(WorkKind), required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)

    @validates_schema
    def check_period(self, data: dict[str, object], **_: object) -> None:
        """Times beyond the calendar of a database are typing errors."""
        for name in ("starts_at", "ends_at"):
            moment = data.get(name)
            if moment is not None and not 2000 <= moment.year <= 2200:  # type: ignore[attr-defined]
                raise ValidationError("年份超出范围", name)


class DelegationSchema(Schema):
    """A delegation in force or to come."""

    id = fields.UUID(required=True)
    giver_id = fields.UUID(required=True)
    giver_post_id = fields.UUID(required=True)
    receiver_id = fields.UUID(required=True)
    receiver_post_id = fields.UUID(required=True)
    kinds = fields.List(fields.String(), required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(allow_none=True)


class DelegationListSchema(Schema):
    """Delegations that one gave or received."""

    items = fields.List(fields.Nested(DelegationSchema), required=True)
