"""The routes by which everybody reads the flows of a service, the same in every service that has some."""

from typing import Any

from shared.flow.catalog import get_version, list_versions
from shared.web import SIGNED_IN, Call, Download, Page, route
from shared.web.work_shapes import FlowVersionSchema

XML = "application/xml"


class FlowCatalogRoutes:
    """The versions of a flow, and the newest as a file."""

    @route("GET", "/flows/<string:key>/versions", permission=SIGNED_IN, page_of=FlowVersionSchema)
    def list_flow_versions(self, call: Call, key: str) -> Page[Any]:
        """流程各版本"""
        return Page(list_versions(call.session, key=key), None)

    @route("GET", "/flows/<string:key>", permission=SIGNED_IN, downloads=XML)
    def download_flow(self, call: Call, key: str) -> Download:
        """下载现行流程图文件(BPMN 2.0)"""
        xml = get_version(call.session, key=key).xml
        return Download(chunks=[xml], media_type=XML, name=f"{key}.bpmn", size=len(xml))
