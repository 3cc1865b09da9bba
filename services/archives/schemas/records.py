"""How records, their files, corrections and verifications are asked for and shown."""

from marshmallow import fields, validate

from services.archives.domain.archival_number import Retention
from services.archives.domain.closing import SYSTEM_LABELS
from services.archives.schemas.days import Day
from shared.events.dossier import Direction
from shared.web import PageQuery, Schema, Text


class _Filters(Schema):
    year = fields.Integer(validate=validate.Range(min=1900, max=2199), metadata={"description": "年度"})
    retention = fields.String(
        validate=validate.OneOf([term.value for term in Retention]), metadata={"description": "保管期限"}
    )
    unit_id = fields.UUID(metadata={"description": "归档单位"})
    fonds_code = Text(longest=10)
    direction = fields.String(validate=validate.OneOf([direction.value for direction in Direction]))
    kind = Text(longest=20, metadata={"description": "文种"})
    system = fields.String(validate=validate.OneOf(list(SYSTEM_LABELS)))
    document_id = fields.UUID()
    dated_from = Day()
    dated_to = Day()
    filed_from = Day()
    filed_to = Day()
    q = Text(longest=100, metadata={"description": "全文检索: 题名, 文号, 档号, 责任者等"})


class RecordQuery(_Filters, PageQuery):
    """Filters of the list of records."""


class ExportQuery(_Filters):
    """Filters of the catalogue to export."""


class RecordSummarySchema(Schema):
    """A record in a list, with the description that is valid today."""

    id = fields.UUID()
    document_id = fields.UUID()
    correlation_id = fields.UUID()
    number = fields.String(metadata={"description": "档号"})
    division_code = fields.String(metadata={"description": "档案馆所在区划"})
    fonds_code = fields.String()
    fonds_name = fields.String()
    category = fields.String()
    year = fields.Integer()
    retention = fields.String()
    retention_term = fields.String()
    unit_code = fields.String(allow_none=True)
    item = fields.Integer(metadata={"description": "件号"})
    owner_unit_id = fields.UUID()
    owner_unit_name = fields.String()
    system = fields.String()
    direction = fields.String()
    title = fields.String()
    document_number = fields.String()
    issuer = fields.String()
    kind = fields.String()
    dated = fields.Date()
    unit_title = fields.String()
    subject_class = fields.String()
    keywords = fields.String()
    note = fields.String()
    secrecy = fields.String()
    pages = fields.Integer(allow_none=True)
    closed_at = fields.DateTime()
    filed_at = fields.DateTime()
    failed_checks = fields.Integer()
    revision = fields.Integer()


class PackedFileSchema(Schema):
    """A file of the package; fetch it under `…/files/content?path=…`."""

    path = fields.String()
    order = fields.Integer(allow_none=True)
    role = fields.String(allow_none=True)
    title = fields.String()
    source_name = fields.String(allow_none=True)
    media_type = fields.String()
    size = fields.Integer()
    sha256 = fields.String()
    sha512 = fields.String()
    sm3 = fields.String()


class CheckSchema(Schema):
    """One of the four checks (四性检测) at filing."""

    code = fields.String()
    name = fields.String()
    category = fields.String()
    object = fields.String()
    purpose = fields.String()
    basis = fields.String()
    result = fields.String()
    note = fields.String()


class TrailSchema(Schema):
    """One corrected field."""

    at = fields.DateTime()
    person_name = fields.String()
    post_title = fields.String()
    unit_name = fields.String()
    reason = fields.String()
    field = fields.String()
    label = fields.String()
    old = fields.String()
    new = fields.String()


class PackageFindingSchema(Schema):
    """One thing that is wrong with a package."""

    code = fields.String()
    path = fields.String()
    message = fields.String()


class VerificationSchema(Schema):
    """What verifying a package found."""

    id = fields.UUID()
    at = fields.DateTime()
    person_name = fields.String()
    sound = fields.Boolean()
    files_checked = fields.Integer()
    findings = fields.List(fields.Nested(PackageFindingSchema))
    fixity = fields.Dict(allow_none=True)


class LinkedItemSchema(Schema):
    """An item that belongs to a record; its record and archival number are there as soon as it is filed."""

    kind = fields.String()
    label = fields.String()
    item_id = fields.UUID(allow_none=True)
    title = fields.String()
    document_number = fields.String()
    record_id = fields.UUID(allow_none=True)
    archival_number = fields.String(allow_none=True)
    direction = fields.String(allow_none=True)


class RecordSchema(RecordSummarySchema):
    """A whole record: as filed, as described today, with checks, trail and latest verification."""

    year_explanation = fields.String()
    retention_rule = fields.String()
    retention_source = fields.String()
    retention_explanation = fields.String()
    schedule_version = fields.String()
    dossier_digest = fields.String()
    package = fields.Dict()
    fixity = fields.Dict()
    software = fields.String()
    filed_description = fields.Dict()
    files = fields.List(fields.Nested(PackedFileSchema))
    checks = fields.List(fields.Nested(CheckSchema))
    corrections = fields.List(fields.Nested(TrailSchema))
    linked_items = fields.List(fields.Nested(LinkedItemSchema))
    last_verification = fields.Nested(VerificationSchema, allow_none=True)


class FileQuery(Schema):
    """Which file of the package."""

    path = fields.String(required=True, validate=validate.Length(min=1, max=500))


class CorrectionSchema(Schema):
    """Corrections of the description; what is not named stays. The reason is kept with every change."""

    reason = Text(longest=500, shortest=1, required=True)
    title = Text(longest=1000)
    document_number = Text(longest=100)
    issuer = Text(longest=500)
    kind = Text(longest=20)
    dated = Day()
    unit_title = Text(longest=200)
    subject_class = Text(longest=100)
    keywords = Text(longest=500)
    note = Text(longest=2000)
