"""Routes for appeals against published scores (申诉)."""

from typing import Any
from uuid import UUID

from services.supervision.api.assessment import ASSESSMENT, READ
from services.supervision.commands.assessment_appeals import attach_proof, decide_appeal, make_appeal
from services.supervision.queries import assessment_appeals as queries
from services.supervision.schemas.assessment import (
    AppealFileSchema,
    AppealQuery,
    AppealRequest,
    AppealSchema,
    DecideAppealSchema,
    ProofFormSchema,
)
from shared.web import Call, Download, Page, route

APPEAL = "/appeals/<uuid:appeal_id>"


class AppealRoutes:
    """Each asks for the permission to read: the unit itself appeals, and who holds the open item decides."""

    @route(
        "POST",
        f"{ASSESSMENT}/appeals",
        permission=READ,
        body=AppealRequest,
        returns=AppealSchema,
        status=201,
    )
    def make_appeal(self, call: Call, assessment_id: UUID) -> dict[str, Any]:
        """对本单位得分提出申诉"""
        made = make_appeal(
            call.session, call.actor, call.clock, assessment_id=assessment_id, request=call.body
        )
        return queries.show_appeal(call.session, made)

    @route("GET", "/appeals", permission=READ, query=AppealQuery, page_of=AppealSchema)
    def list_appeals(self, call: Call) -> Page[Any]:
        """申诉"""
        return queries.list_appeals(call.session, call.actor, call.clock, query=call.query)

    @route("GET", APPEAL, permission=READ, returns=AppealSchema)
    def show_appeal(self, call: Call, appeal_id: UUID) -> dict[str, Any]:
        """查看申诉"""
        found = queries.get_appeal(call.session, call.actor, call.clock, appeal_id)
        return queries.show_appeal(call.session, found)

    @route(
        "POST", f"{APPEAL}/files", permission=READ, form=ProofFormSchema, returns=AppealFileSchema, status=201
    )
    def attach_proof(self, call: Call, appeal_id: UUID) -> Any:
        """上传申诉的佐证材料"""
        upload = call.file()
        return attach_proof(
            call.session,
            call.actor,
            call.clock,
            appeal_id=appeal_id,
            blobs=call.blobs,
            stream=upload.stream,
            name=upload.name,
        )

    @route(
        "GET",
        f"{APPEAL}/files/<uuid:file_id>/content",
        permission=READ,
        downloads="application/octet-stream",
        audited=True,
    )
    def download_proof(self, call: Call, appeal_id: UUID, file_id: UUID) -> Download:
        """下载申诉的佐证材料"""
        found = queries.get_appeal(call.session, call.actor, call.clock, appeal_id)
        file = queries.get_appeal_file(call.session, found, file_id)
        chunks = call.blobs.chunks(file.digest)
        return Download(chunks=chunks, media_type=file.media_type, name=file.name, size=file.size)

    @route("POST", f"{APPEAL}/decide", permission=READ, body=DecideAppealSchema, returns=AppealSchema)
    def decide_appeal(self, call: Call, appeal_id: UUID) -> dict[str, Any]:
        """处理申诉: 采纳并更正得分, 或不予采纳"""
        decided = decide_appeal(call.session, call.actor, call.clock, appeal_id=appeal_id, request=call.body)
        return queries.show_appeal(call.session, decided)
