"""Routes of the figures (指标)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.mobile import errors
from services.mobile.api.app import figures_page
from services.mobile.chart import draw_chart
from services.mobile.domain.figures import FIGURES, Figure
from services.mobile.domain.figures.periods import Period, month_end, quarter
from services.mobile.export import figure_spreadsheet
from services.mobile.queries import figures as queries
from services.mobile.schemas import figures as schemas
from shared.permissions import Permission
from shared.web import PUBLIC, Call, Download, Page, route
from shared.workbook import XLSX

_SEE = Permission.MOBILE_FIGURES
_SVG = "image/svg+xml"
_WORDS = ("code", "name", "section", "form", "formula", "source", "unit", "dated")
# Which of a figure is told never changes; a formula is put together from many words.
_DECLARED = {code: {word: getattr(figure, word) for word in _WORDS} for code, figure in FIGURES.items()}


class FigureRoutes:
    """What leaders look at: figures of their organ and the units below it."""

    @route("GET", "/figures", permission=_SEE, query=schemas.PeriodQuery, returns=schemas.FigureList)
    def list_figures(self, call: Call) -> Mapping[str, Any]:
        """各项指标: 值、分子、分母和计算公式"""
        scope, period = _asked(call)
        shown = queries.list_figures(call.session, scope, period)
        return {**_told(scope, period), "items": [_shown(figure) for figure in shown]}

    @route(
        "GET",
        "/figures/<string:code>",
        permission=_SEE,
        query=schemas.PeriodQuery,
        returns=schemas.FigureDetail,
    )
    def show_figure(self, call: Call, code: str) -> Mapping[str, Any]:
        """一项指标, 分单位和分月"""
        figure, (scope, period) = _figure(code), _asked(call)
        asked = (call.session, figure, scope, period)
        return {
            **_told(scope, period),
            "figure": _shown(queries.show_figure(*asked)),
            "by_unit": queries.split_by_unit(*asked),
            "by_month": queries.split_by_month(*asked),
        }

    @route(
        "GET",
        "/figures/<string:code>/items",
        permission=_SEE,
        query=schemas.FigureItemsQuery,
        page_of=schemas.FigureItem,
    )
    def list_figure_items(self, call: Call, code: str) -> Page[queries.FigureRow]:
        """指标背后的事项"""
        figure, (scope, period) = _figure(code), _asked(call)
        asked = {name: call.query[name] for name in ("part", "after", "limit")}
        return queries.list_items(call.session, figure, scope, period, **asked)

    @route(
        "GET",
        "/figures/<string:code>/items/export",
        permission=_SEE,
        query=schemas.FigureExportQuery,
        downloads=XLSX,
        audited=True,
    )
    def export_figure_items(self, call: Call, code: str) -> Download:
        """导出指标背后的事项 (XLSX)"""
        figure, (scope, period) = _figure(code), _asked(call)
        rows = queries.list_items_for_export(call.session, figure, scope, period, part=call.query["part"])
        return figure_spreadsheet(figure, rows, period=period.label)

    @route("GET", "/figures/<string:code>/chart", permission=_SEE, query=schemas.ChartQuery, downloads=_SVG)
    def draw_figure(self, call: Call, code: str) -> Download:
        """指标图: 分单位或分月的柱形图 (SVG)"""
        figure, (scope, period) = _figure(code), _asked(call)
        split = queries.split_by_month if call.query["by"] == "month" else queries.split_by_unit
        parts = split(call.session, figure, scope, period)
        svg = draw_chart(figure, parts, title=f"{scope.name} {period.label}").encode()
        return Download(chunks=[svg], media_type=_SVG, name=f"{figure.name}.svg", size=len(svg), inline=True)

    @route("GET", "/figures/page", permission=PUBLIC, downloads="text/html")
    def show_figures_page(self, call: Call) -> Download:
        """查看指标的页面"""
        return figures_page()


def _figure(code: str) -> Figure:
    if code not in FIGURES:
        raise errors.figure_not_found(code)
    return FIGURES[code]


def _shown(shown: queries.FigureShown) -> dict[str, Any]:
    """A figure as declared, with what it comes to."""
    return {**_DECLARED[shown.figure.code], **vars(shown.part)}


def _asked(call: Call) -> tuple[queries.Scope, Period]:
    period = _period(call.query, call.clock.today())
    return queries.scope_of(call.session, call.actor, call.query["unit_id"]), period


def _told(scope: queries.Scope, period: Period) -> dict[str, Any]:
    named = {"unit_id": scope.root, "unit_name": scope.name, "period": period.label, "as_of": period.as_of}
    return {**vars(period), **named}


def _period(query: Mapping[str, Any], today: date) -> Period:
    """The period that the query names; Problem 422 when it names none, or two."""
    first, last = query["first"], query["last"]
    if first or last:
        return _from_to(query, today)
    year = query["year"] or today.year
    if query["quarter"] and query["month"]:
        raise errors.period_unclear("month", "季度和月份只能选一个")
    if query["quarter"]:
        return quarter(year, query["quarter"], today)
    if query["month"]:
        begins = date(year, query["month"], 1)
        return Period(first=begins, last=month_end(begins), today=today)
    return Period(first=date(year, 1, 1), last=date(year, 12, 31), today=today)


def _from_to(query: Mapping[str, Any], today: date) -> Period:
    first, last = query["first"], query["last"] or today
    if any(query[name] for name in ("year", "quarter", "month")):
        raise errors.period_unclear("from", "起止日期不能与年、季、月同时使用")
    if first is None:
        raise errors.period_unclear("from", "请填写起始日期")
    if last < first:
        raise errors.period_unclear("to", "截止日期不能早于起始日期")
    if (last - first).days > 366 * 10:
        raise errors.period_unclear("to", "一次最多统计十年")
    return Period(first=first, last=last, today=today)
