"""Routes for what was closed and what became of it: gaps, closed documents and the filing rate."""

from typing import Any
from uuid import UUID

from services.archives.commands.overrule import overrule_retention
from services.archives.queries import closings
from services.archives.queries.rates import show_rate
from services.archives.schemas import (
    ClosedDocumentSchema,
    ClosedQuery,
    GapQuery,
    RateQuery,
    RateSchema,
    RulingSchema,
)
from shared.permissions import Permission
from shared.web import Call, Page, route


class FilingRoutes:
    """Whether everything that was closed is filed."""

    @route("GET", "/gaps", permission=Permission.ARCHIVES_READ, query=GapQuery, page_of=ClosedDocumentSchema)
    def list_gaps(self, call: Call) -> Page[dict[str, Any]]:
        """已办结未归档的公文及原因"""
        return closings.list_gaps(call.session, call.actor, query=call.query)

    @route(
        "GET",
        "/closed-documents",
        permission=Permission.ARCHIVES_READ,
        query=ClosedQuery,
        page_of=ClosedDocumentSchema,
    )
    def list_closed(self, call: Call) -> Page[dict[str, Any]]:
        """已办结的公文及其归档情况"""
        return closings.list_closed(call.session, call.actor, query=call.query)

    @route(
        "POST",
        "/closed-documents/<uuid:document_id>/retention",
        permission=Permission.ARCHIVES_CORRECT,
        body=RulingSchema,
        returns=ClosedDocumentSchema,
        status=201,
    )
    def overrule_retention(self, call: Call, document_id: UUID) -> dict[str, Any]:
        """人工决定未归档公文的保管期限或不归档"""
        closed = overrule_retention(
            call.session, call.actor, call.clock, document_id=document_id, **call.body
        )
        return closings.show_closed(call.session, closed)

    @route("GET", "/rate", permission=Permission.ARCHIVES_READ, query=RateQuery, returns=RateSchema)
    def show_rate(self, call: Call) -> dict[str, Any]:
        """归档率"""
        return show_rate(call.session, call.actor, query=call.query)
