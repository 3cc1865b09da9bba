"""Routes of filling once (一次填报): the prefilled form, what may be reused, and what departments provide."""

from typing import Any
from uuid import UUID

from services.affairs import errors
from services.affairs.api.cases import APPLY, READ, means_of
from services.affairs.commands.departments import decline_material, provide_material
from services.affairs.queries.applicants import applicant_of, applicant_of_post
from services.affairs.queries.asked import get_asked, show_asked
from services.affairs.queries.holdings import page_documents
from services.affairs.queries.known import Applicant
from services.affairs.queries.matters import get_matter
from services.affairs.queries.offers import show_prefilled
from services.affairs.queries.visibility import is_window_of
from services.affairs.schemas.offers import (
    AskedMaterialSchema,
    DeclineRequest,
    KnownDocumentQuery,
    KnownDocumentSchema,
    PrefilledSchema,
    PrefillQuery,
    ProvideRequest,
)
from shared.permissions import Permission
from shared.web import Call, Page, route

_ASKED = "/asked-materials/<uuid:material_id>"


class OfferRoutes:
    """What the suite holds is offered and never asked again."""

    @route(
        "GET", "/matters/<uuid:matter_id>/form", permission=READ, query=PrefillQuery, returns=PrefilledSchema
    )
    def show_form(self, call: Call, matter_id: UUID) -> dict[str, Any]:
        """申请表(已有数据自动带出)及可复用的材料; 窗口可为来人打开"""
        return show_prefilled(call.session, _applicant(call, matter_id), call.clock, matter_id=matter_id)

    @route("GET", "/known-documents", permission=APPLY, query=KnownDocumentQuery, page_of=KnownDocumentSchema)
    def list_known_documents(self, call: Call) -> Page[Any]:
        """本机关制发的公文, 可直接用作申请材料; 限能查看本机关全部公文的岗位"""
        call.actor.require(Permission.DOCUMENTS_REGISTRY)
        organ_id = applicant_of(call.session, call.actor, {}).organ_id
        return page_documents(call.session, organ_id, query=call.query)

    @route("GET", _ASKED, permission=READ, returns=AskedMaterialSchema)
    def show_asked_material(self, call: Call, material_id: UUID) -> dict[str, Any]:
        """请本部门出具的材料: 事项、申请单位和申请人、材料及要求; 不含申请表、其他材料和意见"""
        return show_asked(
            call.session, get_asked(call.session, call.actor, material_id, now=call.clock.now())
        )

    @route("POST", f"{_ASKED}/provide", permission=READ, body=ProvideRequest, returns=AskedMaterialSchema)
    def provide_material(self, call: Call, material_id: UUID) -> dict[str, Any]:
        """部门出具材料(文件或数据)"""
        means = means_of(call)
        row = provide_material(
            call.session, call.actor, call.clock, material_id=material_id, means=means, **call.body
        )
        return show_asked(call.session, row)

    @route("POST", f"{_ASKED}/decline", permission=READ, body=DeclineRequest, returns=AskedMaterialSchema)
    def decline_material(self, call: Call, material_id: UUID) -> dict[str, Any]:
        """部门不能出具, 须写明原因"""
        row = decline_material(call.session, call.actor, call.clock, material_id=material_id, **call.body)
        return show_asked(call.session, row)


def _applicant(call: Call, matter_id: UUID) -> Applicant:
    post_id = call.query["applicant_post_id"]
    if post_id is None or post_id == call.actor.post_id:
        return applicant_of(call.session, call.actor, {})
    matter = get_matter(call.session, matter_id)
    if not is_window_of(call.session, call.actor, matter.unit_id):
        raise errors.not_at_window(matter.unit_name)
    return applicant_of_post(call.session, post_id)
