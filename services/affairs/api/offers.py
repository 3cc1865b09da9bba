"""Routes of filling once (一次填报): the prefilled form, what may be reused, and what departments provide."""

from typing import Any
from uuid import UUID

from services.affairs import errors
from services.affairs.api.cases import APPLY, CASE, READ, done, means_of
from services.affairs.commands.departments import decline_material, provide_material
from services.affairs.queries.applicants import applicant_of, applicant_of_post
from services.affairs.queries.known import Applicant, page_documents
from services.affairs.queries.matters import get_matter
from services.affairs.queries.offers import show_prefilled
from services.affairs.queries.visibility import is_window_of
from services.affairs.schemas.cases import CaseSchema
from services.affairs.schemas.offers import (
    DeclineRequest,
    KnownDocumentQuery,
    KnownDocumentSchema,
    PrefilledSchema,
    PrefillQuery,
    ProvideRequest,
)
from shared.permissions import Permission
from shared.web import Call, Page, route

_MATERIAL = f"{CASE}/materials/<string:code>"


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

    @route("POST", f"{_MATERIAL}/provide", permission=READ, body=ProvideRequest, returns=CaseSchema)
    def provide_material(self, call: Call, case_id: UUID, code: str) -> dict[str, Any]:
        """部门出具材料(文件或数据)"""
        return done(call, provide_material, case_id, code=code, means=means_of(call), **call.body)

    @route("POST", f"{_MATERIAL}/decline", permission=READ, body=DeclineRequest, returns=CaseSchema)
    def decline_material(self, call: Call, case_id: UUID, code: str) -> dict[str, Any]:
        """部门不能出具, 须写明原因"""
        return done(call, decline_material, case_id, code=code, **call.body)


def _applicant(call: Call, matter_id: UUID) -> Applicant:
    post_id = call.query["applicant_post_id"]
    if post_id is None or post_id == call.actor.post_id:
        return applicant_of(call.session, call.actor, {})
    matter = get_matter(call.session, matter_id)
    if not is_window_of(call.session, call.actor, matter.unit_id):
        raise errors.not_at_window(matter.unit_name)
    return applicant_of_post(call.session, post_id)
