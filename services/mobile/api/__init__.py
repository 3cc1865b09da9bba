"""HTTP of the mobile office: one inbox over all services, its changes as they happen, and the trace of any work."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.mobile import SERVICE, queries, schemas
from services.mobile.api.app import phone_page
from services.mobile.api.figures import FigureRoutes
from services.mobile.api.streams import Streams
from services.mobile.export import spreadsheet
from services.mobile.push import Access, InboxStream
from services.mobile.queries.cards import ItemCard
from services.mobile.queries.trace import Reader, Trace
from services.mobile.queries.viewer import Viewer
from shared.permissions import Permission
from shared.web import PUBLIC, SIGNED_IN, Call, Download, EventStream, Page, route
from shared.web.auditing import AuditRoutes
from shared.workbook import XLSX

_PAGING = frozenset({"box", "after", "limit"})


class MobileApi(FigureRoutes, AuditRoutes):
    """The routes below `/api/mobile`."""

    name = "mobile.api"
    service = SERVICE
    streams = Streams()

    @route(
        "GET",
        "/inbox",
        permission=Permission.MOBILE_USE,
        query=schemas.InboxQuery,
        page_of=schemas.InboxItem,
        summary="我的事项: 待办、待阅、已办、已阅、我发起的",
    )
    def list_inbox(self, call: Call) -> Page[ItemCard]:
        return queries.list_box(
            call.session,
            _viewer(call),
            call.query["box"],
            _filters(call),
            now=call.clock.now(),
            after=call.query["after"],
            limit=call.query["limit"],
        )

    @route(
        "GET",
        "/inbox/counts",
        permission=Permission.MOBILE_USE,
        query=schemas.InboxFilters,
        returns=schemas.BoxCounts,
        summary="各类事项的数量, 与列表一致",
    )
    def count_inbox(self, call: Call) -> dict[str, int]:
        return queries.count_boxes(call.session, _viewer(call), _filters(call), now=call.clock.now())

    @route(
        "GET",
        "/inbox/export",
        permission=Permission.MOBILE_USE,
        query=schemas.ExportQuery,
        downloads=XLSX,
        summary="导出事项清单 (XLSX)",
    )
    def export_inbox(self, call: Call) -> Download:
        box = call.query["box"]
        cards = queries.list_for_export(
            call.session, _viewer(call), box, _filters(call), now=call.clock.now()
        )
        return spreadsheet(box, cards, today=call.clock.today().isoformat())

    @route(
        "GET",
        "/inbox/<uuid:item_id>",
        permission=Permission.MOBILE_USE,
        returns=schemas.InboxItem,
        summary="一个事项",
    )
    def get_item(self, call: Call, item_id: UUID) -> ItemCard:
        return queries.get_item(call.session, _viewer(call), item_id, now=call.clock.now())

    @route(
        "GET",
        "/stream",
        permission=Permission.MOBILE_USE,
        downloads="text/event-stream",
        summary="事项变化的实时推送 (server-sent events), 断线后凭 Last-Event-ID 续传",
    )
    def stream_inbox(self, call: Call) -> EventStream:
        stream = InboxStream(
            self.streams,
            call.runtime.database(SERVICE.name),
            call.clock,
            access=_access(call),
            dump_card=schemas.dump_item,
            last_event_id=call.last_event_id,
        )
        return EventStream(events=stream)

    @route(
        "GET",
        "/trace/<uuid:subject_id>",
        permission=SIGNED_IN,
        query=schemas.TraceQuery,
        returns=schemas.Trace,
        summary="一份公文(或其他事项)跨系统的办理轨迹",
    )
    def trace_subject(self, call: Call, subject_id: UUID) -> Trace:
        return queries.get_trace_of_subject(call.session, _reader(call), subject_id)

    @route(
        "GET",
        "/trace",
        permission=SIGNED_IN,
        query=schemas.ChainQuery,
        returns=schemas.Trace,
        summary="一条办理链 (correlation_id) 的全部轨迹",
    )
    def trace_chain(self, call: Call) -> Trace:
        return queries.get_trace_of_chain(call.session, _reader(call), call.query["correlation_id"])

    @route("GET", "/app", permission=PUBLIC, downloads="text/html", summary="手机上的事项页面")
    def show_app(self, call: Call) -> Download:
        return phone_page()


def _viewer(call: Call) -> Viewer:
    return queries.viewer_of(call.session, call.actor, now=call.clock.now())


def _access(call: Call) -> Access:
    """How long the reader of a stream may listen, and to what."""

    def check(session: Session) -> Viewer:
        now = call.clock.now()
        actor = call.runtime.verifier.verify(
            session, call.token, now=now, correlation_id=call.actor.correlation_id
        )
        return queries.viewer_of(session, actor, now=now)

    ids = (call.actor.session_id, call.actor.person_id, call.actor.tenure_id)
    return Access(
        viewer=_viewer(call),
        check=check,
        expires_at=call.runtime.verifier.expires_at(call.session, call.token),
        revocable=frozenset(key for key in ids if key),
    )


def _filters(call: Call) -> queries.Filters:
    return queries.Filters(**{name: value for name, value in call.query.items() if name not in _PAGING})


def _reader(call: Call) -> Reader:
    return Reader(
        viewer=_viewer(call),
        auditor=call.actor if call.actor.may(Permission.AUDIT_READ) else None,
        details=call.query["details"],
        after=call.query["after"],
        limit=call.query["limit"],
    )
