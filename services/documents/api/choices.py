"""Routes for what may be chosen: kinds of document, organs, posts."""

from typing import Any

from services.documents.domain.kinds import KINDS
from services.documents.queries import choices
from services.documents.schemas.documents import KindSchema
from services.documents.schemas.work import PostCardSchema, PostQuery, UnitCardSchema, UnitQuery
from shared.web import SIGNED_IN, Call, Page, route


class ChoiceRoutes:
    """Lists to choose from, for whoever is signed in."""

    @route("GET", "/kinds", permission=SIGNED_IN, page_of=KindSchema)
    def list_kinds(self, call: Call) -> Page[Any]:
        """15 种公文文种及其适用范围"""
        return Page(KINDS, None)

    @route("GET", "/units", permission=SIGNED_IN, query=UnitQuery, page_of=UnitCardSchema)
    def list_units(self, call: Call) -> Page[Any]:
        """可作收文单位的机关"""
        return choices.list_units(call.session, query=call.query)

    @route("GET", "/posts", permission=SIGNED_IN, query=PostQuery, page_of=PostCardSchema)
    def list_posts(self, call: Call) -> Page[Any]:
        """某机关中具有某权限的岗位"""
        return Page(choices.list_choosable_posts(call.session, call.actor, query=call.query), None)
