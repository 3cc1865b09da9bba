"""What anybody who holds a result may know, and the certificates that results are signed with."""

from marshmallow import fields

from shared.web import Schema


class VerificationSchema(Schema):
    """What anybody who holds a result may know of it."""

    number = fields.String()
    matter = fields.String()
    organ = fields.String()
    issued_at = fields.DateTime()
    valid = fields.Boolean()
    revoked_at = fields.DateTime(allow_none=True)
    certificate_sha256 = fields.String(metadata={"description": "该结果 PDF 签章证书的 SHA-256 指纹"})


class CertificateSchema(Schema):
    """A certificate that signs results or has signed them."""

    id = fields.UUID()
    sha256 = fields.String()
    active = fields.Boolean()
    made_at = fields.DateTime()
    expires_at = fields.DateTime()
    retired_at = fields.DateTime(allow_none=True)
