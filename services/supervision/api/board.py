"""Routes for the board of the supervisors: counts, late tasks, exports, picture and bulletin."""

from typing import Any

from services.supervision.commands.record import PDF
from services.supervision.queries import bulletins
from services.supervision.queries.board import period_label, show_board, show_page
from services.supervision.queries.board_tasks import page_board_tasks, page_late
from services.supervision.rendering.bulletin import render_bulletin
from services.supervision.rendering.picture import SVG, draw_board
from services.supervision.schemas.board import BoardQuery, BoardSchema, BoardTaskQuery, BoardTaskSchema
from shared.offload import offload
from shared.permissions import Permission
from shared.typesetting import FontSettings
from shared.web import Call, Download, Page, route
from shared.workbook import XLSX

BOARD = Permission.SUPERVISION_BOARD


class BoardRoutes:
    """What the acting post's organ and those below it supervise, as a whole."""

    @route("GET", "/board", permission=BOARD, query=BoardQuery, returns=BoardSchema)
    def show_board(self, call: Call) -> dict[str, Any]:
        """督查看板: 按单位、来源、亮灯、领导、月份统计和平均办理时间, 以及最久的超期事项"""
        return show_page(call.session, call.actor, query=call.query, now=call.clock.now())

    @route("GET", "/board/tasks", permission=BOARD, query=BoardTaskQuery, page_of=BoardTaskSchema)
    def list_board_tasks(self, call: Call) -> Page[dict[str, Any]]:
        """看板所计的事项"""
        return page_board_tasks(call.session, call.actor, query=call.query, now=call.clock.now())

    @route("GET", "/board/late", permission=BOARD, query=BoardTaskQuery, page_of=BoardTaskSchema)
    def list_late(self, call: Call) -> Page[dict[str, Any]]:
        """超期事项: 超期多久、现在谁手里"""
        return page_late(call.session, call.actor, query=call.query, now=call.clock.now())

    @route("GET", "/board/late/export", permission=BOARD, query=BoardQuery, downloads=XLSX, audited=True)
    def export_late(self, call: Call) -> Download:
        """导出超期事项(XLSX)"""
        now = call.clock.now()
        book = bulletins.late_workbook(call.session, call.actor, query=call.query, now=now)
        return Download(chunks=[book], media_type=XLSX, name="超期事项.xlsx", size=len(book))

    @route("GET", "/board/export", permission=BOARD, query=BoardQuery, downloads=XLSX, audited=True)
    def export_board(self, call: Call) -> Download:
        """导出各主办单位办理情况(XLSX)"""
        now = call.clock.now()
        book = bulletins.board_workbook(call.session, call.actor, query=call.query, now=now)
        return Download(chunks=[book], media_type=XLSX, name="督查看板.xlsx", size=len(book))

    @route("GET", "/board/picture", permission=BOARD, query=BoardQuery, downloads=SVG)
    def draw_board(self, call: Call) -> Download:
        """各主办单位亮灯图(SVG)"""
        today = call.clock.today()
        board = show_board(call.session, call.actor, query=call.query, today=today)
        picture = draw_board(f"督查事项亮灯图（{period_label(call.query, today=today)}）", board["units"])
        return Download(chunks=[picture], media_type=SVG, name="督查看板.svg", size=len(picture), inline=True)

    @route("GET", "/board/bulletin", permission=BOARD, query=BoardQuery, downloads=PDF, audited=True)
    def print_bulletin(self, call: Call) -> Download:
        """督查通报(PDF)"""
        bulletin = bulletins.make_bulletin(call.session, call.actor, query=call.query, now=call.clock.now())
        pdf = offload(render_bulletin, bulletin, FontSettings.of(call.settings.font_dir))
        return Download(chunks=[pdf], media_type=PDF, name="督查通报.pdf", size=len(pdf), inline=True)
