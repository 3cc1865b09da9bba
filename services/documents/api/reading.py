"""Routes for reading: lists, one document, its page, files, versions, history and receipts."""

from typing import Any
from uuid import UUID

from services.documents.api.drafts import DOCUMENT, READ
from services.documents.queries import documents as queries
from services.documents.queries.exports import MOST_ROWS, workbook_of
from services.documents.queries.lists import list_all, list_documents
from services.documents.queries.pages import set_page
from services.documents.queries.visibility import get_document
from services.documents.schemas.documents import (
    DocumentFilters,
    DocumentQuery,
    DocumentSchema,
    DocumentSummarySchema,
    HistoryActSchema,
    ReceiptSchema,
    VersionSchema,
    VersionTextSchema,
)
from shared.web import Call, Download, Page, PageQuery, route
from shared.workbook import XLSX

PDF = "application/pdf"


class ReadingRoutes:
    """What is known of documents, for those who may see them."""

    @route("GET", "/documents", permission=READ, query=DocumentQuery, page_of=DocumentSummarySchema)
    def list_documents(self, call: Call) -> Page[dict[str, Any]]:
        """列出我参与办理的公文"""
        return list_documents(call.session, call.actor, query=call.query, now=call.clock.now())

    @route("GET", "/documents/export", permission=READ, query=DocumentFilters, downloads=XLSX, audited=True)
    def export_documents(self, call: Call) -> Download:
        """按同样的条件导出公文目录(XLSX)"""
        rows = list_all(call.session, call.actor, query=call.query, now=call.clock.now(), most=MOST_ROWS)
        book = workbook_of(rows)
        return Download(chunks=[book], media_type=XLSX, name="公文目录.xlsx", size=len(book))

    @route("GET", DOCUMENT, permission=READ, returns=DocumentSchema)
    def show_document(self, call: Call, document_id: UUID) -> dict[str, Any]:
        """查看公文"""
        return queries.show_document(call.session, call.actor, document_id, now=call.clock.now())

    @route("GET", f"{DOCUMENT}/preview", permission=READ, downloads=PDF)
    def preview(self, call: Call, document_id: UUID) -> Download:
        """按现稿排版预览, 不保存"""
        document = get_document(call.session, call.actor, document_id, now=call.clock.now())
        font_dir = call.settings.font_dir
        pdf = set_page(call.session, document, today=call.clock.today(), font_dir=font_dir)
        return Download(chunks=[pdf], media_type=PDF, name="预览.pdf", size=len(pdf), inline=True)

    @route(
        "GET",
        f"{DOCUMENT}/files/<uuid:file_id>/content",
        permission=READ,
        downloads="application/octet-stream",
        audited=True,
    )
    def download(self, call: Call, document_id: UUID, file_id: UUID) -> Download:
        """下载文件内容"""
        file = queries.get_readable_file(call.session, call.actor, document_id, file_id, now=call.clock.now())
        chunks = call.blobs.chunks(file.digest)
        return Download(chunks=chunks, media_type=file.media_type, name=file.name, size=file.size)

    @route("GET", f"{DOCUMENT}/versions", permission=READ, query=PageQuery, page_of=VersionSchema)
    def list_versions(self, call: Call, document_id: UUID) -> Page[Any]:
        """正文各版本"""
        document = get_document(call.session, call.actor, document_id, now=call.clock.now())
        return queries.page_versions(call.session, document.id, query=call.query)

    @route(
        "GET",
        f"{DOCUMENT}/versions/<int(max=2147483647):number>",
        permission=READ,
        returns=VersionTextSchema,
    )
    def show_version(self, call: Call, document_id: UUID, number: int) -> Any:
        """某一版正文"""
        document = get_document(call.session, call.actor, document_id, now=call.clock.now())
        return queries.get_version(call.session, document.id, number)

    @route("GET", f"{DOCUMENT}/history", permission=READ, query=PageQuery, page_of=HistoryActSchema)
    def list_history(self, call: Call, document_id: UUID) -> Page[Any]:
        """办理过程"""
        document = get_document(call.session, call.actor, document_id, now=call.clock.now())
        return queries.page_acts(call.session, document.id, query=call.query)

    @route("GET", f"{DOCUMENT}/receipts", permission=READ, page_of=ReceiptSchema)
    def list_receipts(self, call: Call, document_id: UUID) -> Page[Any]:
        """各收文单位签收情况"""
        document = get_document(call.session, call.actor, document_id, now=call.clock.now())
        return Page(queries.list_receipts(call.session, document.id), None)
