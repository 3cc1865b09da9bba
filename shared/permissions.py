"""Every permission of the suite, in alphabetical order; a route names the one it needs.

Which role carries which permission is data that an administrator edits in identity; the token brings the
permissions of the acting post in its `scope` claim (RFC 9068 §2.2.3).
"""

from enum import StrEnum


class Permission(StrEnum):
    """`<service>.<what the post may do>`; the docstring of a member is its Chinese name."""

    AFFAIRS_APPLY = "affairs.apply"
    AFFAIRS_CATALOGUE_MANAGE = "affairs.catalogue.manage"
    AFFAIRS_DECIDE = "affairs.decide"
    AFFAIRS_FLOWS_MANAGE = "affairs.flows.manage"
    AFFAIRS_FORMS_MANAGE = "affairs.forms.manage"
    AFFAIRS_HANDLE = "affairs.handle"
    AFFAIRS_READ = "affairs.read"
    AFFAIRS_RULES_MANAGE = "affairs.rules.manage"
    AFFAIRS_WINDOW = "affairs.window"
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
    MEETINGS_BOOK = "meetings.book"
    MEETINGS_CHAIR = "meetings.chair"
    MEETINGS_ORGANISE = "meetings.organise"
    MEETINGS_READ = "meetings.read"
    MEETINGS_ROOMS_MANAGE = "meetings.rooms.manage"
    MEETINGS_RULES_MANAGE = "meetings.rules.manage"
    MEETINGS_SCREEN = "meetings.screen"
    MEETINGS_SUBMIT = "meetings.submit"
    MOBILE_FIGURES = "mobile.figures"
    MOBILE_USE = "mobile.use"
    OPERATIONS_MANAGE = "operations.manage"
    SUPERVISION_APPROVE = "supervision.approve"
    SUPERVISION_ASSESS = "supervision.assess"
    SUPERVISION_BOARD = "supervision.board"
    SUPERVISION_HANDLE = "supervision.handle"
    SUPERVISION_IMPORT = "supervision.import"
    SUPERVISION_READ = "supervision.read"
    SUPERVISION_REGISTER = "supervision.register"
    SUPERVISION_RULES_MANAGE = "supervision.rules.manage"


CHINESE_NAMES: dict[Permission, str] = {
    Permission.AFFAIRS_APPLY: "申请机关内部办事",
    Permission.AFFAIRS_CATALOGUE_MANAGE: "编制与发布事项清单",
    Permission.AFFAIRS_DECIDE: "审批办事申请",
    Permission.AFFAIRS_FLOWS_MANAGE: "办事流程管理",
    Permission.AFFAIRS_FORMS_MANAGE: "一表同享报表管理",
    Permission.AFFAIRS_HANDLE: "承办办事申请",
    Permission.AFFAIRS_READ: "查看机关内部办事",
    Permission.AFFAIRS_RULES_MANAGE: "办事规则管理",
    Permission.AFFAIRS_WINDOW: "受理办事申请",
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
    Permission.MEETINGS_BOOK: "预订会议室",
    Permission.MEETINGS_CHAIR: "审定议题与主持会议",
    Permission.MEETINGS_ORGANISE: "组织会议",
    Permission.MEETINGS_READ: "查看会议",
    Permission.MEETINGS_ROOMS_MANAGE: "会议室管理",
    Permission.MEETINGS_RULES_MANAGE: "会议规则管理",
    Permission.MEETINGS_SCREEN: "审核议题",
    Permission.MEETINGS_SUBMIT: "申报议题",
    Permission.MOBILE_FIGURES: "查看运行指标",
    Permission.MOBILE_USE: "使用移动办公",
    Permission.OPERATIONS_MANAGE: "系统运行管理",
    Permission.SUPERVISION_APPROVE: "批准立项、延期与办结",
    Permission.SUPERVISION_ASSESS: "督查考核",
    Permission.SUPERVISION_BOARD: "查看督查看板",
    Permission.SUPERVISION_HANDLE: "承办督查事项",
    Permission.SUPERVISION_IMPORT: "导入热线与媒体线索",
    Permission.SUPERVISION_READ: "查看督查事项",
    Permission.SUPERVISION_REGISTER: "登记、交办与审核督查事项",
    Permission.SUPERVISION_RULES_MANAGE: "督查规则管理",
}
