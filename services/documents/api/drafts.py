"""Routes for drafting: a new document, changes to it, its attachments, and what the rules say of it."""

from typing import Any
from uuid import UUID

from services.documents.commands.abandon import abandon_draft
from services.documents.commands.draft import draft_document
from services.documents.commands.files import attach_file, read_own_file, remove_attachment
from services.documents.commands.receive import receive_external
from services.documents.commands.revise import revise_document
from services.documents.commands.set_aside import set_finding_aside
from services.documents.domain.rules import Step
from services.documents.queries.cases import show_findings
from services.documents.queries.documents import view_of, view_of_new
from services.documents.queries.visibility import get_document
from services.documents.schemas.documents import (
    DocumentFileSchema,
    DocumentSchema,
    FileFormSchema,
    ReadFileSchema,
)
from services.documents.schemas.drafts import (
    DraftSchema,
    FindingsQuery,
    FindingsSchema,
    RevisionSchema,
    SetAsideSchema,
)
from services.documents.schemas.work import ExternalFormSchema, ReasonSchema
from shared.permissions import Permission
from shared.web import Call, route

DOCUMENT = "/documents/<uuid:document_id>"
READ = Permission.DOCUMENTS_READ


class DraftRoutes:
    """What is written, here or elsewhere, and how it is changed.

    Changing asks for the permission to read: whether it may be changed is decided by who has it in hand.
    """

    @route(
        "POST",
        "/documents",
        permission=Permission.DOCUMENTS_DRAFT,
        body=DraftSchema,
        returns=DocumentSchema,
        status=201,
    )
    def draft(self, call: Call) -> dict[str, Any]:
        """起草公文"""
        document = draft_document(call.session, call.actor, call.clock, draft=call.body)
        return view_of_new(document, call.body["body"])

    @route("PATCH", DOCUMENT, permission=READ, body=RevisionSchema, returns=DocumentSchema)
    def revise(self, call: Call, document_id: UUID) -> dict[str, Any]:
        """修改手上的公文, 保留版本; 签发后修改须报原签批人复审"""
        document = revise_document(
            call.session,
            call.actor,
            call.clock,
            document_id=document_id,
            changes=call.body,
            expected_revision=call.expected_revision(),
        )
        return view_of(call.session, document)

    @route(
        "POST",
        f"{DOCUMENT}/abandon",
        permission=Permission.DOCUMENTS_DRAFT,
        body=ReasonSchema,
        returns=DocumentSchema,
    )
    def abandon(self, call: Call, document_id: UUID) -> dict[str, Any]:
        """作废草稿"""
        document = abandon_draft(
            call.session, call.actor, call.clock, document_id=document_id, reason=call.body["reason"]
        )
        return view_of(call.session, document)

    @route(
        "POST",
        "/documents/read-file",
        permission=Permission.DOCUMENTS_DRAFT,
        form=FileFormSchema,
        returns=ReadFileSchema,
        audited=False,
    )
    def read_file(self, call: Call) -> Any:
        """读取自有文件的标题和正文, 不保存"""
        upload = call.file()
        return read_own_file(upload.stream, name=upload.name)

    @route(
        "POST",
        f"{DOCUMENT}/attachments",
        permission=READ,
        form=FileFormSchema,
        returns=DocumentFileSchema,
        status=201,
    )
    def attach(self, call: Call, document_id: UUID) -> Any:
        """上传附件"""
        upload = call.file()
        return attach_file(
            call.session,
            call.actor,
            call.clock,
            document_id=document_id,
            blobs=call.blobs,
            stream=upload.stream,
            name=upload.name,
            title=call.body.get("title", ""),
        )

    @route("DELETE", f"{DOCUMENT}/attachments/<uuid:file_id>", permission=READ)
    def detach(self, call: Call, document_id: UUID, file_id: UUID) -> None:
        """移除附件"""
        remove_attachment(call.session, call.actor, call.clock, document_id=document_id, file_id=file_id)

    @route("GET", f"{DOCUMENT}/findings", permission=READ, query=FindingsQuery, returns=FindingsSchema)
    def list_findings(self, call: Call, document_id: UUID) -> dict[str, Any]:
        """行文规则检查结果"""
        document = get_document(call.session, call.actor, document_id, now=call.clock.now())
        step = Step[call.query["step"].upper()]
        return {"findings": show_findings(call.session, document, step=step, today=call.clock.today())}

    @route(
        "POST",
        f"{DOCUMENT}/findings/set-aside",
        permission=Permission.DOCUMENTS_REVIEW,
        body=SetAsideSchema,
        returns=FindingsSchema,
    )
    def set_finding_aside(self, call: Call, document_id: UUID) -> dict[str, Any]:
        """核稿人搁置一条凭字句得出的检查意见, 须写明理由"""
        document = set_finding_aside(
            call.session, call.actor, call.clock, document_id=document_id, **call.body
        )
        today = call.clock.today()
        return {"findings": show_findings(call.session, document, step=Step.REGISTER, today=today)}

    @route(
        "POST",
        "/incoming",
        permission=Permission.DOCUMENTS_REGISTRY,
        form=ExternalFormSchema,
        returns=DocumentSchema,
        status=201,
    )
    def receive_external(self, call: Call) -> dict[str, Any]:
        """登记系统外来文"""
        upload = call.file()
        document = receive_external(
            call.session,
            call.actor,
            call.clock,
            blobs=call.blobs,
            stream=upload.stream,
            name=upload.name,
            facts=call.body,
        )
        return view_of(call.session, document)
