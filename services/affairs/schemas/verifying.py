"""What anybody who holds a result may know, and the certificates that results are signed with."""

from marshmallow import fields

from shared.web import Schema


class VerificationSchema(Schema):
    """What anybody who holds a result may know of it."""

    number = fields.String()
    matter = fields.String()
    name = fields.String(metadata={"description": "结果文书名称，如批复或不予批准决定书"})
    granted = fields.Boolean(metadata={"description": "是否准予；false 为不予批准"})
    organ = fields.String()
    issued_at = fields.DateTime()
    valid = fields.Boolean(metadata={"description": "该文书确由本系统签发且未撤销；不表示准予"})
    revoked_at = fields.DateTime(allow_none=True)
    pdf_sha256 = fields.String(metadata={"description": "签发时 PDF 文件的 SHA-256，供与手中的文件核对"})
    certificate_sha256 = fields.String(metadata={"description": "该结果 PDF 签章证书的 SHA-256 指纹"})


class CertificateSchema(Schema):
    """A certificate that signs results or has signed them."""

    id = fields.UUID()
    sha256 = fields.String()
    active = fields.Boolean()
    made_at = fields.DateTime()
    expires_at = fields.DateTime()
    retired_at = fields.DateTime(allow_none=True)
