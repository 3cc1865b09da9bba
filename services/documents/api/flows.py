"""Routes for flows: what steps there are, the diagram, and new versions."""

from typing import Any
from uuid import UUID

from services.documents.commands.flows import upload_flow
from services.documents.commands.rules import set_length_limit, set_quota
from services.documents.queries import flows as queries
from services.documents.queries.visibility import get_document
from services.documents.schemas.rules import LengthLimitSchema, QuotaSchema
from services.documents.schemas.work import (
    FlowVersionSchema,
    PostCardSchema,
    StepSchema,
    UnitCardSchema,
)
from shared.permissions import Permission
from shared.web import SIGNED_IN, Call, Download, Page, Schema, route

SVG = "image/svg+xml"
XML = "application/xml"


class FlowRoutes:
    """Flows and what may be chosen in them."""

    @route(
        "GET", "/flows/<string:key>/versions", permission=Permission.DOCUMENTS_READ, page_of=FlowVersionSchema
    )
    def list_flow_versions(self, call: Call, key: str) -> Page[Any]:
        """流程各版本"""
        return Page(queries.list_flow_versions(call.session, key), None)

    @route("GET", "/flows/<string:key>", permission=Permission.DOCUMENTS_READ, downloads=XML)
    def download_flow(self, call: Call, key: str) -> Download:
        """下载现行流程图文件(BPMN 2.0)"""
        xml = queries.get_flow_xml(call.session, key)
        return Download(chunks=[xml], media_type=XML, name=f"{key}.bpmn", size=len(xml))

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

    @route(
        "GET", "/documents/<uuid:document_id>/steps", permission=Permission.DOCUMENTS_READ, page_of=StepSchema
    )
    def list_steps(self, call: Call, document_id: UUID) -> Page[Any]:
        """本公文流程的各环节, 供选择办理岗位"""
        document = get_document(call.session, call.actor, document_id, now=call.clock.now())
        return Page(queries.list_steps(call.session, document), None)

    @route(
        "GET", "/documents/<uuid:document_id>/diagram", permission=Permission.DOCUMENTS_READ, downloads=SVG
    )
    def show_diagram(self, call: Call, document_id: UUID) -> Download:
        """流程图, 标出已办和在办环节"""
        document = get_document(call.session, call.actor, document_id, now=call.clock.now())
        svg = queries.draw_diagram(call.session, document).encode()
        return Download(chunks=[svg], media_type=SVG, name="流程图.svg", size=len(svg), inline=True)

    @route("GET", "/units", permission=SIGNED_IN, query=queries.UnitQuery, page_of=UnitCardSchema)
    def list_units(self, call: Call) -> Page[Any]:
        """可作收文单位的机关"""
        return queries.list_units(call.session, query=call.query)

    @route("GET", "/posts", permission=SIGNED_IN, query=queries.PostQuery, page_of=PostCardSchema)
    def list_posts(self, call: Call) -> Page[Any]:
        """某机关中具有某权限的岗位"""
        return Page(queries.list_choosable_posts(call.session, call.actor, query=call.query), None)

    @route("GET", "/rules/length-limits", permission=Permission.DOCUMENTS_READ, page_of=LengthLimitSchema)
    def list_length_limits(self, call: Call) -> Page[Any]:
        """篇幅限制"""
        return Page(queries.list_length_limit_rows(call.session), None)

    @route(
        "PUT",
        "/rules/length-limits",
        permission=Permission.DOCUMENTS_RULES_MANAGE,
        body=LengthLimitSchema,
        returns=LengthLimitSchema,
    )
    def set_length_limit(self, call: Call) -> Any:
        """设定篇幅限制(按生效日期)"""
        return set_length_limit(call.session, call.actor, call.clock, limit=call.body)

    @route(
        "PUT",
        "/rules/quotas",
        permission=Permission.DOCUMENTS_RULES_MANAGE,
        body=QuotaSchema,
        returns=QuotaSchema,
    )
    def set_quota(self, call: Call) -> Any:
        """设定年度发文计划数"""
        return set_quota(call.session, call.actor, call.clock, quota=call.body)
