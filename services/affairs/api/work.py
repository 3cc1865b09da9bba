"""Routes for the work on a case: items, the verbs of the flow, the diagram, and the flows themselves."""

from typing import Any
from uuid import UUID

from services.affairs.api.cases import CASE, READ, done, means_of
from services.affairs.commands import work
from services.affairs.commands.flows import upload_flow
from services.affairs.queries import work as queries
from services.affairs.queries.visibility import get_case
from services.affairs.schemas.case_requests import (
    CompleteSchema,
    PostsSchema,
    ReturnSchema,
    TransferSchema,
    WordSchema,
)
from services.affairs.schemas.cases import CaseSchema
from services.affairs.schemas.work import StepSchema
from shared.flow.pages import page_items
from shared.permissions import Permission
from shared.web import Call, Download, Page, Schema, route
from shared.web.flow_catalog import FlowCatalogRoutes
from shared.web.work_shapes import FlowVersionSchema, ItemFormSchema, ItemQuery, ItemSchema

ITEM = f"{CASE}/items/<uuid:item_id>"
SVG = "image/svg+xml"


class WorkRoutes(FlowCatalogRoutes):
    """The permission is to read; whether this post may do this item is decided by who holds it."""

    @route("GET", f"{CASE}/items", permission=READ, query=ItemQuery, page_of=ItemSchema)
    def list_items(self, call: Call, case_id: UUID) -> Page[Any]:
        """办件的全部办理事项"""
        case = get_case(call.session, call.actor, case_id, now=call.clock.now())
        return page_items(call.session, case.id, query=call.query)

    @route("GET", f"{ITEM}/form", permission=READ, returns=ItemFormSchema)
    def show_item_form(self, call: Call, case_id: UUID, item_id: UUID) -> Any:
        """办理这一事项要填什么、可选谁、可退到哪里"""
        case = get_case(call.session, call.actor, case_id, now=call.clock.now())
        return queries.show_form(call.session, case, item_id)

    @route("POST", f"{ITEM}/open", permission=READ)
    def open_item(self, call: Call, case_id: UUID, item_id: UUID) -> None:
        """打开办理事项(标记已读)"""
        work.open_item(call.session, call.actor, call.clock, case_id=case_id, item_id=item_id)

    @route("POST", f"{ITEM}/complete", permission=READ, body=CompleteSchema, returns=CaseSchema)
    def complete(self, call: Call, case_id: UUID, item_id: UUID) -> dict[str, Any]:
        """承办、联办、审批"""
        means = means_of(call)
        return done(call, work.complete_step, case_id, item_id=item_id, means=means, request=call.body)

    @route("POST", f"{ITEM}/return", permission=READ, body=ReturnSchema, returns=CaseSchema)
    def return_item(self, call: Call, case_id: UUID, item_id: UUID) -> dict[str, Any]:
        """退回到以前的环节, 须写明理由"""
        return done(call, work.return_item, case_id, item_id=item_id, **call.body)

    @route("POST", f"{ITEM}/withdraw", permission=READ, returns=CaseSchema)
    def withdraw_item(self, call: Call, case_id: UUID, item_id: UUID) -> dict[str, Any]:
        """撤回刚刚办理的事项(对方未打开时)"""
        return done(call, work.withdraw_item, case_id, item_id=item_id)

    @route("POST", f"{ITEM}/transfer", permission=READ, body=TransferSchema, returns=CaseSchema)
    def transfer(self, call: Call, case_id: UUID, item_id: UUID) -> dict[str, Any]:
        """转给其他岗位办理"""
        return done(call, work.transfer_item, case_id, item_id=item_id, **call.body)

    @route("POST", f"{ITEM}/signers", permission=READ, body=PostsSchema, returns=CaseSchema)
    def add_signers(self, call: Call, case_id: UUID, item_id: UUID) -> dict[str, Any]:
        """加签"""
        return done(call, work.add_signers, case_id, item_id=item_id, **call.body)

    @route("POST", f"{ITEM}/remind", permission=READ, body=WordSchema)
    def remind(self, call: Call, case_id: UUID, item_id: UUID) -> None:
        """催办"""
        work.remind_holder(
            call.session, call.actor, call.clock, case_id=case_id, item_id=item_id, **call.body
        )

    @route("GET", f"{CASE}/steps", permission=READ, page_of=StepSchema)
    def list_steps(self, call: Call, case_id: UUID) -> Page[Any]:
        """本办件流程的各环节"""
        case = get_case(call.session, call.actor, case_id, now=call.clock.now())
        return Page(queries.list_steps(call.session, case), None)

    @route("GET", f"{CASE}/diagram", permission=READ, downloads=SVG)
    def show_diagram(self, call: Call, case_id: UUID) -> Download:
        """流程图, 标出已办和在办环节"""
        case = get_case(call.session, call.actor, case_id, now=call.clock.now())
        svg = queries.draw_case(call.session, case).encode()
        return Download(chunks=[svg], media_type=SVG, name="流程图.svg", size=len(svg), inline=True)

    @route(
        "POST",
        "/flows",
        permission=Permission.AFFAIRS_FLOWS_MANAGE,
        form=Schema,
        returns=FlowVersionSchema,
        status=201,
    )
    def upload_flow(self, call: Call) -> Any:
        """上传新版流程; 正在办理的办件仍按原版本流转"""
        return upload_flow(call.session, call.actor, call.clock, stream=call.file().stream)
