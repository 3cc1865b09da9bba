"""Routes for flows: their versions, the steps of a document's own, and the diagram of where it is."""

from typing import Any
from uuid import UUID

from services.documents.api.drafts import DOCUMENT, READ
from services.documents.commands.flows import upload_flow
from services.documents.queries import flows as queries
from services.documents.queries.visibility import get_document
from services.documents.schemas.work import StepSchema
from shared.permissions import Permission
from shared.web import Call, Download, Page, Schema, route
from shared.web.flow_catalog import FlowCatalogRoutes
from shared.web.work_shapes import FlowVersionSchema

SVG = "image/svg+xml"


class FlowRoutes(FlowCatalogRoutes):
    """Administrators read and upload flows, everybody sees where a document is in its own."""

    @route(
        "POST",
        "/flows",
        permission=Permission.DOCUMENTS_FLOWS_MANAGE,
        form=Schema,
        returns=FlowVersionSchema,
        status=201,
    )
    def upload_flow(self, call: Call) -> Any:
        """上传新版流程; 正在办理的公文仍按原版本流转"""
        return upload_flow(call.session, call.actor, call.clock, stream=call.file().stream)

    @route("GET", f"{DOCUMENT}/steps", permission=READ, page_of=StepSchema)
    def list_steps(self, call: Call, document_id: UUID) -> Page[Any]:
        """本公文流程的各环节, 供选择办理岗位"""
        document = get_document(call.session, call.actor, document_id, now=call.clock.now())
        return Page(queries.list_steps(call.session, document), None)

    @route("GET", f"{DOCUMENT}/diagram", permission=READ, downloads=SVG)
    def show_diagram(self, call: Call, document_id: UUID) -> Download:
        """流程图, 标出已办和在办环节"""
        document = get_document(call.session, call.actor, document_id, now=call.clock.now())
        svg = queries.draw_diagram(call.session, document).encode()
        return Download(chunks=[svg], media_type=SVG, name="流程图.svg", size=len(svg), inline=True)
