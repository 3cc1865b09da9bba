"""Routes for the verbs of office work on a document."""

from typing import Any
from uuid import UUID

from services.documents.api.drafts import DOCUMENT, READ
from services.documents.commands import work
from services.documents.queries import documents as queries
from services.documents.queries import work as work_queries
from services.documents.queries.visibility import get_document
from services.documents.schemas.documents import DocumentSchema
from services.documents.schemas.work import (
    AnswerSchema,
    CompleteSchema,
    ItemFormSchema,
    PostsSchema,
    ReturnSchema,
    TransferSchema,
    WordSchema,
)
from shared.flow.pages import page_items
from shared.permissions import Permission
from shared.web import Call, Page, route
from shared.web.work_shapes import ItemQuery, ItemSchema

ITEM = f"{DOCUMENT}/items/<uuid:item_id>"


class WorkRoutes:
    """Doing, returning, withdrawing, handing over, asking, circulating, reminding.

    The permission is to read documents; whether this post may do this item is decided by who holds it.
    """

    @route("GET", f"{DOCUMENT}/items", permission=READ, query=ItemQuery, page_of=ItemSchema)
    def list_items(self, call: Call, document_id: UUID) -> Page[Any]:
        """公文的全部办理事项"""
        document = get_document(call.session, call.actor, document_id, now=call.clock.now())
        return page_items(call.session, document.id, query=call.query)

    @route("GET", f"{ITEM}/form", permission=READ, returns=ItemFormSchema)
    def show_form(self, call: Call, document_id: UUID, item_id: UUID) -> Any:
        """办理这一事项要填什么、可选谁、可退到哪里"""
        document = get_document(call.session, call.actor, document_id, now=call.clock.now())
        return work_queries.show_form(call.session, document, item_id)

    @route("POST", f"{ITEM}/open", permission=READ)
    def open_item(self, call: Call, document_id: UUID, item_id: UUID) -> None:
        """打开办理事项(标记已读)"""
        work.open_item(call.session, call.actor, call.clock, document_id=document_id, item_id=item_id)

    @route("POST", f"{ITEM}/complete", permission=READ, body=CompleteSchema, returns=DocumentSchema)
    def complete(self, call: Call, document_id: UUID, item_id: UUID) -> dict[str, Any]:
        """办理(送核、核稿、会签、签发、复核、登记、印制、核发, 以及收文各环节)"""
        work.complete_step(
            call.session,
            call.actor,
            call.clock,
            document_id=document_id,
            item_id=item_id,
            blobs=call.blobs,
            font_dir=call.settings.font_dir,
            request=call.body,
        )
        return queries.show_document(call.session, call.actor, document_id, now=call.clock.now())

    @route("POST", f"{ITEM}/return", permission=READ, body=ReturnSchema, returns=DocumentSchema)
    def return_item(self, call: Call, document_id: UUID, item_id: UUID) -> dict[str, Any]:
        """退回到以前的环节, 须写明理由"""
        work.return_item(
            call.session, call.actor, call.clock, document_id=document_id, item_id=item_id, **call.body
        )
        return queries.show_document(call.session, call.actor, document_id, now=call.clock.now())

    @route("POST", f"{ITEM}/withdraw", permission=READ, returns=DocumentSchema)
    def withdraw(self, call: Call, document_id: UUID, item_id: UUID) -> dict[str, Any]:
        """撤回刚刚办理的事项(对方未打开时)"""
        work.withdraw_item(call.session, call.actor, call.clock, document_id=document_id, item_id=item_id)
        return queries.show_document(call.session, call.actor, document_id, now=call.clock.now())

    @route("POST", f"{ITEM}/transfer", permission=READ, body=TransferSchema, returns=DocumentSchema)
    def transfer(self, call: Call, document_id: UUID, item_id: UUID) -> dict[str, Any]:
        """转给其他岗位办理"""
        work.transfer_item(
            call.session, call.actor, call.clock, document_id=document_id, item_id=item_id, **call.body
        )
        return queries.show_document(call.session, call.actor, document_id, now=call.clock.now())

    @route("POST", f"{ITEM}/signers", permission=READ, body=PostsSchema, returns=DocumentSchema)
    def add_signers(self, call: Call, document_id: UUID, item_id: UUID) -> dict[str, Any]:
        """加签"""
        work.add_signers(
            call.session, call.actor, call.clock, document_id=document_id, item_id=item_id, **call.body
        )
        return queries.show_document(call.session, call.actor, document_id, now=call.clock.now())

    @route("POST", f"{ITEM}/remind", permission=READ, body=WordSchema)
    def remind(self, call: Call, document_id: UUID, item_id: UUID) -> None:
        """催办"""
        work.remind_holder(
            call.session, call.actor, call.clock, document_id=document_id, item_id=item_id, **call.body
        )

    @route("POST", f"{ITEM}/read", permission=READ, body=WordSchema)
    def read_copy(self, call: Call, document_id: UUID, item_id: UUID) -> None:
        """阅毕(传阅件)"""
        work.read_copy(
            call.session, call.actor, call.clock, document_id=document_id, item_id=item_id, **call.body
        )

    @route("POST", f"{ITEM}/answer", permission=READ, body=AnswerSchema)
    def answer_copy(self, call: Call, document_id: UUID, item_id: UUID) -> None:
        """就传阅件回复意见, 办结后也可以"""
        work.answer_copy(
            call.session, call.actor, call.clock, document_id=document_id, item_id=item_id, **call.body
        )

    @route(
        "POST",
        f"{DOCUMENT}/circulate",
        permission=Permission.DOCUMENTS_CIRCULATE,
        body=PostsSchema,
    )
    def circulate(self, call: Call, document_id: UUID) -> None:
        """传阅给若干岗位"""
        work.circulate_document(call.session, call.actor, call.clock, document_id=document_id, **call.body)
