"""Routes for the catalogue (事项清单)."""

from typing import Any
from uuid import UUID

from services.affairs.commands.matters import draft_matter, edit_matter, publish_matter, withdraw_matter
from services.affairs.queries import matters as queries
from services.affairs.queries.exports import MOST_ROWS, matters_workbook
from services.affairs.schemas.matters import (
    MatterContentSchema,
    MatterDayQuery,
    MatterFilters,
    MatterQuery,
    MatterSchema,
    MatterVersionSchema,
    NewMatterSchema,
    PublishSchema,
    WithdrawMatterSchema,
)
from shared.permissions import Permission
from shared.web import Call, Download, Page, PageQuery, route
from shared.workbook import XLSX

MATTER = "/matters/<uuid:matter_id>"
READ = Permission.AFFAIRS_READ
MANAGE = Permission.AFFAIRS_CATALOGUE_MANAGE


class MatterRoutes:
    """Everybody reads what is published; the organ responsible writes and publishes its own."""

    @route("GET", "/matters", permission=READ, query=MatterQuery, page_of=MatterSchema)
    def list_matters(self, call: Call) -> Page[dict[str, Any]]:
        """事项清单(某日有效的版本)"""
        day = call.query["on"] or call.clock.today()
        return queries.page_matters(call.session, query=call.query, day=day)

    @route("GET", "/matters/export", permission=READ, query=MatterFilters, downloads=XLSX, audited=True)
    def export_matters(self, call: Call) -> Download:
        """按同样的条件导出事项清单(XLSX)"""
        day = call.query["on"] or call.clock.today()
        rows = queries.list_matters(call.session, query=call.query, day=day, limit=MOST_ROWS)
        book = matters_workbook(rows)
        return Download(chunks=[book], media_type=XLSX, name="事项清单.xlsx", size=len(book))

    @route("GET", "/matters/drafts", permission=MANAGE, query=PageQuery, page_of=MatterSchema)
    def list_drafts(self, call: Call) -> Page[dict[str, Any]]:
        """本单位正在编制的事项"""
        return queries.page_drafts(call.session, call.actor, query=call.query)

    @route("POST", "/matters", permission=MANAGE, body=NewMatterSchema, returns=MatterSchema, status=201)
    def draft(self, call: Call) -> dict[str, Any]:
        """编制新事项"""
        content = {name: value for name, value in call.body.items() if name != "code"}
        matter, version = draft_matter(
            call.session, call.actor, call.clock, code=call.body["code"], content=content
        )
        return queries.view_of(call.session, matter, version, day=call.clock.today())

    @route("GET", MATTER, permission=READ, query=MatterDayQuery, returns=MatterSchema)
    def show_matter(self, call: Call, matter_id: UUID) -> dict[str, Any]:
        """查看事项(某日有效的版本)"""
        day = call.query["on"] or call.clock.today()
        return queries.show_matter(call.session, call.actor, matter_id, day=day)

    @route("GET", f"{MATTER}/versions", permission=READ, page_of=MatterVersionSchema)
    def list_matter_versions(self, call: Call, matter_id: UUID) -> Page[Any]:
        """事项各版本"""
        day = call.clock.today()
        return Page(queries.list_versions(call.session, call.actor, matter_id, day=day), None)

    @route("PUT", MATTER, permission=MANAGE, body=MatterContentSchema, returns=MatterSchema)
    def edit(self, call: Call, matter_id: UUID) -> dict[str, Any]:
        """编辑事项: 修改草稿, 或编制下一版"""
        matter, version = edit_matter(
            call.session,
            call.actor,
            call.clock,
            matter_id=matter_id,
            content=call.body,
            expected_revision=call.expected_revision(),
        )
        return queries.view_of(call.session, matter, version, day=call.clock.today())

    @route("POST", f"{MATTER}/publish", permission=MANAGE, body=PublishSchema, returns=MatterSchema)
    def publish(self, call: Call, matter_id: UUID) -> dict[str, Any]:
        """发布草稿, 自某日起生效"""
        matter, version = publish_matter(
            call.session, call.actor, call.clock, matter_id=matter_id, **call.body
        )
        return queries.view_of(call.session, matter, version, day=call.clock.today())

    @route("POST", f"{MATTER}/withdraw", permission=MANAGE, body=WithdrawMatterSchema)
    def withdraw_matter(self, call: Call, matter_id: UUID) -> None:
        """从事项清单中取消, 已申请的继续办理"""
        withdraw_matter(call.session, call.actor, call.clock, matter_id=matter_id, **call.body)
