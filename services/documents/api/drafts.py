"""Routes for drafting and for reading documents."""

from typing import Any
from uuid import UUID

from services.documents.commands.draft import draft_document, revise_document
from services.documents.commands.files import attach_file, read_own_file, remove_attachment
from services.documents.domain.rules import Step
from services.documents.queries import documents as queries
from services.documents.queries.cases import list_findings
from services.documents.queries.visibility import get_document
from services.documents.schemas import (
    ActSchema,
    DocumentFileSchema,
    DocumentQuery,
    DocumentSchema,
    DocumentSummarySchema,
    DraftSchema,
    FileFormSchema,
    FindingsQuery,
    FindingsSchema,
    ReadFileSchema,
    ReceiptSchema,
    RevisionSchema,
    VersionSchema,
)
from shared.permissions import Permission
from shared.web import Call, Download, Page, route


class DraftRoutes:
    """Drafting, files, and what is known of a document."""

    @route(
        "GET",
        "/documents",
        permission=Permission.DOCUMENTS_READ,
        query=DocumentQuery,
        page_of=DocumentSummarySchema,
    )
    def list_documents(self, call: Call) -> Page[dict[str, Any]]:
        """列出我有权查看的公文"""
        return queries.list_documents(call.session, call.actor, query=call.query, now=call.clock.now())

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
        return queries.view_of(call.session, document)

    @route(
        "GET", "/documents/<uuid:document_id>", permission=Permission.DOCUMENTS_READ, returns=DocumentSchema
    )
    def show_document(self, call: Call, document_id: UUID) -> dict[str, Any]:
        """查看公文"""
        return queries.show_document(call.session, call.actor, document_id, now=call.clock.now())

    @route(
        "PATCH",
        "/documents/<uuid:document_id>",
        permission=Permission.DOCUMENTS_READ,
        body=RevisionSchema,
        returns=DocumentSchema,
    )
    def revise(self, call: Call, document_id: UUID) -> dict[str, Any]:
        """修改公文正文或要素, 保留版本"""
        document = revise_document(
            call.session,
            call.actor,
            call.clock,
            document_id=document_id,
            changes=call.body,
            expected_revision=call.expected_revision(),
        )
        return queries.view_of(call.session, document)

    @route(
        "GET",
        "/documents/<uuid:document_id>/findings",
        permission=Permission.DOCUMENTS_READ,
        query=FindingsQuery,
        returns=FindingsSchema,
    )
    def list_findings(self, call: Call, document_id: UUID) -> dict[str, Any]:
        """行文规则检查结果"""
        document = get_document(call.session, call.actor, document_id, now=call.clock.now())
        step = Step[call.query["step"].upper()]
        return {"findings": list_findings(call.session, document, step=step, today=call.clock.today())}

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
        "/documents/<uuid:document_id>/attachments",
        permission=Permission.DOCUMENTS_READ,
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

    @route(
        "DELETE",
        "/documents/<uuid:document_id>/attachments/<uuid:file_id>",
        permission=Permission.DOCUMENTS_READ,
    )
    def detach(self, call: Call, document_id: UUID, file_id: UUID) -> None:
        """移除附件"""
        remove_attachment(call.session, call.actor, call.clock, document_id=document_id, file_id=file_id)

    @route(
        "GET",
        "/documents/<uuid:document_id>/files/<uuid:file_id>/content",
        permission=Permission.DOCUMENTS_READ,
        downloads="application/octet-stream",
    )
    def download(self, call: Call, document_id: UUID, file_id: UUID) -> Download:
        """下载文件内容"""
        document = get_document(call.session, call.actor, document_id, now=call.clock.now())
        file = queries.get_file(call.session, document.id, file_id)
        chunks = call.blobs.chunks(file.digest)
        return Download(chunks=chunks, media_type=file.media_type, name=file.name, size=file.size)

    @route(
        "GET",
        "/documents/<uuid:document_id>/versions",
        permission=Permission.DOCUMENTS_READ,
        page_of=VersionSchema,
    )
    def list_versions(self, call: Call, document_id: UUID) -> Page[Any]:
        """正文各版本"""
        document = get_document(call.session, call.actor, document_id, now=call.clock.now())
        return Page(queries.list_versions(call.session, document.id), None)

    @route(
        "GET",
        "/documents/<uuid:document_id>/history",
        permission=Permission.DOCUMENTS_READ,
        page_of=ActSchema,
    )
    def list_history(self, call: Call, document_id: UUID) -> Page[Any]:
        """办理过程"""
        document = get_document(call.session, call.actor, document_id, now=call.clock.now())
        return Page(queries.list_acts(call.session, document.id), None)

    @route(
        "GET",
        "/documents/<uuid:document_id>/receipts",
        permission=Permission.DOCUMENTS_READ,
        page_of=ReceiptSchema,
    )
    def list_receipts(self, call: Call, document_id: UUID) -> Page[Any]:
        """各收文单位签收情况"""
        document = get_document(call.session, call.actor, document_id, now=call.clock.now())
        return Page(queries.list_receipts(call.session, document.id), None)
