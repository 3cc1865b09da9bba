"""Routes for the guides of matters (办事指南), as a page and as PDF, of each version."""

from uuid import UUID

from services.affairs.api.cases import means_of
from services.affairs.api.matters import MATTER, READ
from services.affairs.domain.guide import Guide, guide_page
from services.affairs.domain.media import PDF
from services.affairs.queries.guides import find_guide
from services.affairs.rendering.guide import render_guide
from services.affairs.schemas.guides import GuideQuery
from shared.offload import offload
from shared.web import Call, Download, route

HTML = "text/html"


class GuideRoutes:
    """Made from the catalogue; whoever is signed in may read them."""

    @route("GET", f"{MATTER}/guide", permission=READ, query=GuideQuery, downloads=HTML)
    def show_guide(self, call: Call, matter_id: UUID) -> Download:
        """办事指南(网页); 可指定版本"""
        page = guide_page(_guide(call, matter_id)).encode()
        return Download(chunks=[page], media_type=HTML, name="办事指南.html", size=len(page), inline=True)

    @route("GET", f"{MATTER}/guide.pdf", permission=READ, query=GuideQuery, downloads=PDF)
    def print_guide(self, call: Call, matter_id: UUID) -> Download:
        """办事指南(PDF); 可指定版本"""
        guide = _guide(call, matter_id)
        pdf = offload(render_guide, guide, means_of(call).fonts, produced_at=call.clock.now())
        return Download(
            chunks=[pdf], media_type=PDF, name=f"{guide.name}办事指南.pdf", size=len(pdf), inline=True
        )


def _guide(call: Call, matter_id: UUID) -> Guide:
    version = call.query["version"]
    return find_guide(call.session, call.actor, call.clock, matter_id=matter_id, version=version)
