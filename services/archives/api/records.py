"""Routes for the register: finding, opening, verifying and correcting records. Nothing here changes or removes one."""

from typing import Any
from uuid import UUID

from services.archives import catalogue
from services.archives.commands.correct import correct_metadata
from services.archives.commands.verify import verify_record
from services.archives.queries import contents
from services.archives.queries import records as queries
from services.archives.schemas import (
    CorrectionSchema,
    ExportQuery,
    FileQuery,
    PackedFileSchema,
    RecordQuery,
    RecordSchema,
    RecordSummarySchema,
    VerificationSchema,
)
from shared.offload import offload
from shared.permissions import Permission
from shared.web import Call, Download, Page, route
from shared.workbook import XLSX


class RecordRoutes:
    """The register of archives."""

    @route(
        "GET",
        "/records",
        permission=Permission.ARCHIVES_READ,
        query=RecordQuery,
        page_of=RecordSummarySchema,
    )
    def list_records(self, call: Call) -> Page[dict[str, Any]]:
        """检索本单位及下级单位的档案"""
        return queries.list_records(call.session, call.actor, query=call.query)

    @route(
        "GET",
        "/records/catalogue",
        permission=Permission.ARCHIVES_READ,
        query=ExportQuery,
        downloads=XLSX,
        audited=True,
    )
    def export_catalogue(self, call: Call) -> Download:
        """导出归档文件目录(XLSX)"""
        rows = queries.list_for_export(call.session, call.actor, query=call.query)
        written = offload(catalogue.write_catalogue, rows)
        name = f"归档文件目录-{call.clock.today().isoformat()}.xlsx"
        return Download(chunks=[written], media_type=XLSX, name=name, size=len(written))

    @route("GET", "/records/<uuid:record_id>", permission=Permission.ARCHIVES_READ, returns=RecordSchema)
    def show_record(self, call: Call, record_id: UUID) -> dict[str, Any]:
        """查看档案: 著录, 检测结果, 更正记录"""
        return queries.show_record(call.session, call.actor, record_id)

    @route(
        "GET",
        "/records/<uuid:record_id>/files",
        permission=Permission.ARCHIVES_READ,
        page_of=PackedFileSchema,
    )
    def list_files(self, call: Call, record_id: UUID) -> Page[dict[str, Any]]:
        """信息包内的文件"""
        return Page(queries.get_record(call.session, call.actor, record_id).files, None)

    @route(
        "GET",
        "/records/<uuid:record_id>/files/content",
        permission=Permission.ARCHIVES_READ,
        query=FileQuery,
        downloads="application/octet-stream",
        audited=True,
    )
    def open_file(self, call: Call, record_id: UUID) -> Download:
        """打开信息包内的一个文件"""
        record = queries.get_record(call.session, call.actor, record_id)
        return contents.download_file(record, call.query["path"], blobs=call.blobs)

    @route(
        "GET",
        "/records/<uuid:record_id>/package",
        permission=Permission.ARCHIVES_READ,
        downloads="application/zip",
        audited=True,
    )
    def download_package(self, call: Call, record_id: UUID) -> Download:
        """下载信息包"""
        record = queries.get_record(call.session, call.actor, record_id)
        return contents.download_package(record, blobs=call.blobs)

    @route(
        "POST",
        "/records/<uuid:record_id>/verifications",
        permission=Permission.ARCHIVES_VERIFY,
        returns=VerificationSchema,
        status=201,
    )
    def verify(self, call: Call, record_id: UUID) -> Any:
        """核验信息包: 重新计算全部摘要"""
        record = queries.get_record(call.session, call.actor, record_id)
        return verify_record(call.session, call.actor, call.clock, record=record, blobs=call.blobs)

    @route(
        "GET",
        "/records/<uuid:record_id>/verifications",
        permission=Permission.ARCHIVES_READ,
        page_of=VerificationSchema,
    )
    def list_verifications(self, call: Call, record_id: UUID) -> Page[Any]:
        """历次核验结果"""
        record = queries.get_record(call.session, call.actor, record_id)
        return Page(queries.list_verifications(call.session, record.id), None)

    @route(
        "PATCH",
        "/records/<uuid:record_id>/description",
        permission=Permission.ARCHIVES_CORRECT,
        body=CorrectionSchema,
        returns=RecordSchema,
    )
    def correct(self, call: Call, record_id: UUID) -> dict[str, Any]:
        """更正著录, 保留更正记录"""
        correct_metadata(
            call.session,
            call.actor,
            call.clock,
            record=queries.get_record(call.session, call.actor, record_id),
            wanted={name: value for name, value in call.body.items() if name != "reason"},
            reason=call.body["reason"],
            expected_revision=call.expected_revision(),
        )
        return queries.show_record(call.session, call.actor, record_id)
