"""Routes for reading: lists, one case, its history, files and results."""

from typing import Any
from uuid import UUID

from services.affairs.api.cases import CASE, READ, means_of
from services.affairs.commands.files import upload_file
from services.affairs.domain.media import PDF
from services.affairs.queries import cases as queries
from services.affairs.queries.exports import MOST_ROWS, cases_workbook
from services.affairs.queries.results import get_result
from services.affairs.queries.visibility import get_case
from services.affairs.schemas.cases import CaseFilters, CaseQuery, CaseSchema, CaseSummarySchema, FileSchema
from shared.web import Call, Download, Page, PageQuery, Schema, route
from shared.web.work_shapes import ActSchema
from shared.workbook import XLSX


class ReadingRoutes:
    """What is known of cases, for those who may see them."""

    @route("GET", "/cases", permission=READ, query=CaseQuery, page_of=CaseSummarySchema)
    def list_cases(self, call: Call) -> Page[dict[str, Any]]:
        """列出我能看到的办件"""
        return queries.page_cases(call.session, call.actor, query=call.query, now=call.clock.now())

    @route("GET", "/cases/export", permission=READ, query=CaseFilters, downloads=XLSX, audited=True)
    def export_cases(self, call: Call) -> Download:
        """按同样的条件导出办件(XLSX)"""
        now = call.clock.now()
        rows = queries.list_cases(call.session, call.actor, query=call.query, now=now, limit=MOST_ROWS)
        book = cases_workbook(rows)
        return Download(chunks=[book], media_type=XLSX, name="办件.xlsx", size=len(book))

    @route("GET", CASE, permission=READ, returns=CaseSchema)
    def show_case(self, call: Call, case_id: UUID) -> dict[str, Any]:
        """查看办件"""
        return queries.show_case(call.session, call.actor, case_id, now=call.clock.now())

    @route("GET", f"{CASE}/history", permission=READ, query=PageQuery, page_of=ActSchema)
    def list_history(self, call: Call, case_id: UUID) -> Page[Any]:
        """办理过程"""
        case = get_case(call.session, call.actor, case_id, now=call.clock.now())
        return queries.page_acts(call.session, case.id, query=call.query)

    @route("GET", f"{CASE}/result", permission=READ, downloads=PDF, audited=True)
    def download_result(self, call: Call, case_id: UUID) -> Download:
        """下载办理结果(已签名的 PDF)"""
        case = get_case(call.session, call.actor, case_id, now=call.clock.now())
        result = get_result(call.session, case)
        chunks = call.blobs.chunks(result.digest)
        return Download(chunks=chunks, media_type=PDF, name=f"{result.name}.pdf", size=result.size)

    @route("POST", "/files", permission=READ, form=Schema, returns=FileSchema, status=201)
    def upload(self, call: Call) -> Any:
        """上传申请材料或样表"""
        file = call.file()
        means = means_of(call)
        return upload_file(
            call.session, call.actor, call.clock, means=means, stream=file.stream, name=file.name
        )

    @route(
        "GET",
        "/files/<uuid:file_id>/content",
        permission=READ,
        downloads="application/octet-stream",
        audited=True,
    )
    def download(self, call: Call, file_id: UUID) -> Download:
        """下载材料或样表"""
        file = queries.get_file(call.session, call.actor, file_id, now=call.clock.now())
        chunks = call.blobs.chunks(file.digest)
        return Download(chunks=chunks, media_type=file.media_type, name=file.name, size=file.size)
