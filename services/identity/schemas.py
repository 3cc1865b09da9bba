"""Shapes of requests and answers."""

from marshmallow import ValidationError, fields, validate, validates_schema

from services.identity.domain.codes import Level
from services.identity.domain.delegations import WorkKind
from services.identity.domain.roles import Role
from services.identity.domain.units import Kind
from shared.permissions import Permission
from shared.web import PageQuery, Schema, Text

LONGEST_PASSWORD = 1024
LONGEST_NAME = 200
LARGEST_POSITION = 999_999


def _enum(kind: type, **options: object) -> fields.Enum:
    return fields.Enum(kind, by_value=True, **options)  # type: ignore[arg-type]


def _position() -> fields.Integer:
    return fields.Integer(load_default=0, strict=True, validate=validate.Range(min=0, max=LARGEST_POSITION))


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


class UnitFieldsSchema(Schema):
    """What may be said of a unit."""

    name = Text(required=True, shortest=1, longest=LONGEST_NAME)
    short_name = Text(required=True, shortest=1, longest=LONGEST_NAME)
    kind = _enum(Kind, required=True)
    level = _enum(Level, required=True)
    parent_id = fields.UUID(load_default=None, allow_none=True)
    division_code = Text(required=True, shortest=6, longest=9)
    credit_code = Text(load_default=None, allow_none=True, longest=18)
    issuing_codes = fields.List(
        Text(shortest=1, longest=15), load_default=list, validate=validate.Length(max=50)
    )
    fonds_code = Text(load_default=None, allow_none=True, longest=4)
    position = _position()


class NewUnitSchema(UnitFieldsSchema):
    """A new unit."""

    code = Text(required=True, longest=60, validate=[validate.Regexp(r"^[^\s、,，;；]+$")])


class UnitSchema(Schema):
    """A unit."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    parent_id = fields.UUID(allow_none=True, required=True)
    name = fields.String(required=True)
    short_name = fields.String(required=True)
    kind = fields.String(required=True)
    level = fields.String(required=True)
    division_code = fields.String(required=True)
    credit_code = fields.String(allow_none=True)
    issuing_codes = fields.List(fields.String(), required=True)
    fonds_code = fields.String(allow_none=True)
    position = fields.Integer(required=True)
    revision = fields.Integer(required=True)


class UnitQuery(PageQuery):
    """Which units."""

    parent_id = fields.UUID(load_default=None)
    search = Text(load_default=None, longest=50)


class PersonFieldsSchema(Schema):
    """What may be said of a person."""

    name = Text(required=True, shortest=1, longest=50)
    login_name = Text(required=True, shortest=1, longest=100)


class NewPersonSchema(PersonFieldsSchema):
    """A new person."""

    code = Text(required=True, longest=60, validate=[validate.Regexp(r"^[^\s、,，;；]+$")])


class PersonSchema(Schema):
    """A person, for administrators."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    login_name = fields.String(required=True)
    disabled_at = fields.AwareDateTime(allow_none=True)
    disabled_reason = fields.String(allow_none=True)
    has_password = fields.Boolean(required=True)
    must_change_password = fields.Boolean(required=True)
    revision = fields.Integer(required=True)
    posts = fields.List(fields.Nested(HoldingSchema))


class PersonQuery(PageQuery):
    """Which persons."""

    unit_id = fields.UUID(load_default=None)
    search = Text(load_default=None, longest=50)


class ReasonSchema(Schema):
    """Why."""

    reason = Text(required=True, shortest=1, longest=200)


class GivenPasswordSchema(Schema):
    """A password that was made; it is shown this once."""

    login_name = fields.String(required=True)
    password = fields.String(required=True)


class NewPostSchema(Schema):
    """A new post."""

    unit_id = fields.UUID(required=True)
    code = Text(required=True, longest=60, validate=[validate.Regexp(r"^[^\s、,，;；]+$")])
    title = Text(required=True, shortest=1, longest=50)
    roles = fields.List(_enum(Role), load_default=list)
    position = _position()


class RetitleSchema(Schema):
    """Another title or place for a post."""

    title = Text(required=True, shortest=1, longest=50)
    position = _position()


class RolesOfPostSchema(Schema):
    """The roles of a post, and what an administrator's post looks after."""

    roles = fields.List(_enum(Role), required=True)
    scope_unit_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=200))


class HolderSchema(Schema):
    """Who holds a post."""

    person_id = fields.UUID(required=True)
    name = fields.String(required=True)


class PostSchema(Schema):
    """A post with who holds it."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    unit_id = fields.UUID(required=True)
    title = fields.String(required=True)
    roles = fields.List(fields.String(), required=True)
    scope_unit_ids = fields.List(fields.UUID(), required=True)
    position = fields.Integer(required=True)
    revision = fields.Integer(required=True)
    holders = fields.List(fields.Nested(HolderSchema), required=True)


class PostQuery(PageQuery):
    """Which posts."""

    unit_id = fields.UUID(load_default=None)


class PersonReferenceSchema(Schema):
    """Which person."""

    person_id = fields.UUID(required=True)


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

    permissions = fields.List(_enum(Permission), required=True)


class ImportFormSchema(Schema):
    """Beside the files: whether to only check."""

    dry_run = fields.Boolean(load_default=False, metadata={"description": "只检查, 不写入"})


class ImportedSchema(Schema):
    """What an import did, or would do."""

    units_created = fields.Integer(required=True)
    units_changed = fields.Integer(required=True)
    persons_created = fields.Integer(required=True)
    persons_changed = fields.Integer(required=True)
    posts_created = fields.Integer(required=True)
    posts_changed = fields.Integer(required=True)
    appointments = fields.Integer(required=True)
    dismissals = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)


class NewDelegationSchema(Schema):
    """Letting another post act for one's own."""

    receiver_post_id = fields.UUID(required=True)
    receiver_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "该岗位不止一人时指明"}
    )
    kinds = fields.List(_enum(WorkKind), required=True)
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


class AuditQuery(PageQuery):
    """Which audit entries."""

    person_id = fields.UUID(load_default=None)
    action = Text(load_default=None, longest=100)
    outcome = Text(load_default=None, longest=100)
    since = fields.AwareDateTime(load_default=None)
    until = fields.AwareDateTime(load_default=None)


class AuditEntrySchema(Schema):
    """One act in the audit log."""

    id = fields.UUID(required=True)
    at = fields.AwareDateTime(required=True)
    action = fields.String(required=True)
    outcome = fields.String(required=True)
    person_id = fields.UUID(allow_none=True)
    person_name = fields.String(required=True)
    post_id = fields.UUID(allow_none=True)
    unit_id = fields.UUID(allow_none=True)
    source = fields.String(required=True)
    subject = fields.String(required=True)
    correlation_id = fields.UUID(required=True)
    details = fields.Dict(required=True)
    seal_number = fields.Integer(allow_none=True)


class AuditCheckSchema(Schema):
    """Whether the audit chain is whole."""

    whole = fields.Boolean(required=True)
    broken_at = fields.List(
        fields.Integer(), required=True, metadata={"description": "被改动处的编号, 最多 100 个"}
    )
