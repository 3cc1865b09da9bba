"""Shapes of units, persons, posts and their import."""

from marshmallow import fields, validate

from services.identity.domain.codes import Level
from services.identity.domain.roles import Role
from services.identity.domain.units import Kind
from services.identity.schemas.fields import CODE, LONGEST_NAME, enum_field, position_field
from services.identity.schemas.sign_in import HoldingSchema
from shared.web import PageQuery, Schema, Text


class UnitFieldsSchema(Schema):
    """What may be said of a unit."""

    name = Text(required=True, shortest=1, longest=LONGEST_NAME)
    short_name = Text(required=True, shortest=1, longest=LONGEST_NAME)
    kind = enum_field(Kind, required=True)
    level = enum_field(Level, required=True)
    parent_id = fields.UUID(load_default=None, allow_none=True)
    division_code = Text(required=True, shortest=6, longest=9)
    credit_code = Text(load_default=None, allow_none=True, longest=18)
    issuing_codes = fields.List(
        Text(shortest=1, longest=15), load_default=list, validate=validate.Length(max=50)
    )
    fonds_code = Text(load_default=None, allow_none=True, longest=4)
    position = position_field()


class NewUnitSchema(UnitFieldsSchema):
    """A new unit."""

    code = Text(required=True, longest=60, validate=[CODE])


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

    code = Text(required=True, longest=60, validate=[CODE])


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


class NewPostSchema(Schema):
    """A new post."""

    unit_id = fields.UUID(required=True)
    code = Text(required=True, longest=60, validate=[CODE])
    title = Text(required=True, shortest=1, longest=50)
    roles = fields.List(enum_field(Role), load_default=list)
    position = position_field()


class RetitleSchema(Schema):
    """Another title or place for a post."""

    title = Text(required=True, shortest=1, longest=50)
    position = position_field()


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
