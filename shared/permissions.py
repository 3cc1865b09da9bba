"""Every permission of the suite, in alphabetical order; a route names the one it needs.

Which role carries which permission is data that an administrator edits in identity; the token brings the
permissions of the acting post in its `scope` claim (RFC 9068 §2.2.3).
"""

from enum import StrEnum


class Permission(StrEnum):
    """`<service>.<what the post may do>`; the docstring of a member is its Chinese name."""

    ARCHIVES_CORRECT = "archives.correct"
    ARCHIVES_READ = "archives.read"
    ARCHIVES_RULES_MANAGE = "archives.rules.manage"
    ARCHIVES_VERIFY = "archives.verify"
    AUDIT_READ = "audit.read"
    DOCUMENTS_CHECK = "documents.check"
    DOCUMENTS_CIRCULATE = "documents.circulate"
    DOCUMENTS_COUNTERSIGN = "documents.countersign"
    DOCUMENTS_DRAFT = "documents.draft"
    DOCUMENTS_FLOWS_MANAGE = "documents.flows.manage"
    DOCUMENTS_HANDLE = "documents.handle"
    DOCUMENTS_INSTRUCT = "documents.instruct"
    DOCUMENTS_READ = "documents.read"
    DOCUMENTS_REGISTRY = "documents.registry"
    DOCUMENTS_REVIEW = "documents.review"
    DOCUMENTS_RULES_MANAGE = "documents.rules.manage"
    DOCUMENTS_SIGN = "documents.sign"
    DOCUMENTS_SIGN_PRINCIPAL = "documents.sign.principal"
    IDENTITY_DIRECTORY_MANAGE = "identity.directory.manage"
    IDENTITY_IMPORT = "identity.import"
    IDENTITY_KEYS_ROTATE = "identity.keys.rotate"
    IDENTITY_ROLES_MANAGE = "identity.roles.manage"
    IDENTITY_SESSIONS_MANAGE = "identity.sessions.manage"
    MOBILE_USE = "mobile.use"
    OPERATIONS_MANAGE = "operations.manage"


CHINESE_NAMES: dict[Permission, str] = {
    Permission.ARCHIVES_CORRECT: "更正档案元数据",
    Permission.ARCHIVES_READ: "查阅档案",
    Permission.ARCHIVES_RULES_MANAGE: "归档规则管理",
    Permission.ARCHIVES_VERIFY: "核验档案",
    Permission.AUDIT_READ: "查阅审计记录",
    Permission.DOCUMENTS_CHECK: "公文复核",
    Permission.DOCUMENTS_CIRCULATE: "公文传阅",
    Permission.DOCUMENTS_COUNTERSIGN: "公文会签",
    Permission.DOCUMENTS_DRAFT: "公文起草",
    Permission.DOCUMENTS_FLOWS_MANAGE: "公文流程管理",
    Permission.DOCUMENTS_HANDLE: "公文承办",
    Permission.DOCUMENTS_INSTRUCT: "公文批示",
    Permission.DOCUMENTS_READ: "公文阅读",
    Permission.DOCUMENTS_REGISTRY: "公文登记与收发",
    Permission.DOCUMENTS_REVIEW: "公文核稿",
    Permission.DOCUMENTS_RULES_MANAGE: "公文规则管理",
    Permission.DOCUMENTS_SIGN: "公文签发",
    Permission.DOCUMENTS_SIGN_PRINCIPAL: "以主要负责人身份签发公文",
    Permission.IDENTITY_DIRECTORY_MANAGE: "机构与人员管理",
    Permission.IDENTITY_IMPORT: "批量导入机构与人员",
    Permission.IDENTITY_KEYS_ROTATE: "更换签名密钥",
    Permission.IDENTITY_ROLES_MANAGE: "角色与权限管理",
    Permission.IDENTITY_SESSIONS_MANAGE: "会话管理",
    Permission.MOBILE_USE: "使用移动办公",
    Permission.OPERATIONS_MANAGE: "系统运行管理",
}
