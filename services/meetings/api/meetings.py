"""Routes of meetings: plan, agenda, notice, holding, closing."""

from typing import Any
from uuid import UUID

from services.meetings.commands import agenda, calling, closing, holding, planning, presiding
from services.meetings.domain.kinds import QUOTA_KEYS
from services.meetings.domain.states import AgendaState
from services.meetings.queries import checks, exports, lists, views
from services.meetings.queries.meetings import page_acts
from services.meetings.queries.visibility import organ_of
from services.meetings.schemas import meetings as shapes
from services.meetings.schemas.topics import HistoryActSchema, ReasonSchema
from shared.directory import get_organ
from shared.permissions import Permission
from shared.web import Call, Download, Page, PageQuery, route
from shared.workbook import XLSX

READ = Permission.MEETINGS_READ
ORGANISE = Permission.MEETINGS_ORGANISE
MEETING = "/meetings/<uuid:meeting_id>"
ITEM = f"{MEETING}/agenda/<uuid:item_id>"


class MeetingRoutes:
    """Meetings from plan to end."""

    @route(
        "GET", "/meetings", permission=READ, query=shapes.MeetingQuery, page_of=shapes.MeetingSummarySchema
    )
    def list_meetings(self, call: Call) -> Page[Any]:
        """列出会议"""
        return lists.list_meetings(call.session, call.actor, query=call.query, now=call.clock.now())

    @route(
        "GET", "/meetings/export", permission=READ, query=shapes.MeetingFilters, downloads=XLSX, audited=True
    )
    def export_meetings(self, call: Call) -> Download:
        """按同样的条件导出会议目录（XLSX）"""
        rows = lists.all_meetings(call.session, call.actor, query=call.query, now=call.clock.now())
        book = exports.meetings_workbook(rows)
        return Download(chunks=[book], media_type=XLSX, name="会议目录.xlsx", size=len(book))

    @route("GET", "/quotas", permission=READ, query=shapes.QuotaQuery, page_of=shapes.QuotaUseSchema)
    def list_quotas(self, call: Call) -> Page[Any]:
        """年度会议计划数和已通知数"""
        asked = call.query["unit_id"]
        unit_id = get_organ(call.session, asked).id if asked else organ_of(call.session, call.actor)
        day = call.query["on"] or call.clock.today()
        used = checks.list_quota_use(call.session, unit_id, day=day, keys=QUOTA_KEYS)
        return Page([views.quota_view(use) for use in used], None)

    @route(
        "POST",
        "/meetings",
        permission=ORGANISE,
        body=shapes.NewMeetingSchema,
        returns=shapes.MeetingSchema,
        status=201,
    )
    def plan_meeting(self, call: Call) -> dict[str, Any]:
        """列入会议计划"""
        meeting = planning.plan_meeting(call.session, call.actor, call.clock, plan=call.body)
        return shown(call, meeting.id)

    @route("GET", MEETING, permission=READ, returns=shapes.MeetingSchema)
    def show_meeting(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """查看会议"""
        return shown(call, meeting_id)

    @route("PUT", MEETING, permission=ORGANISE, body=shapes.PlanPartsSchema, returns=shapes.MeetingSchema)
    def revise_meeting(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """修改会议计划（If-Match 防止覆盖他人修改）"""
        planning.revise_plan(
            call.session,
            call.actor,
            call.clock,
            meeting_id=meeting_id,
            changes=call.body,
            expected_revision=call.expected_revision(),
        )
        return shown(call, meeting_id)

    @route("GET", f"{MEETING}/history", permission=ORGANISE, query=PageQuery, page_of=HistoryActSchema)
    def list_meeting_history(self, call: Call, meeting_id: UUID) -> Page[Any]:
        """会议办理过程"""
        meeting = planning.see_as_organiser(call.session, call.actor, call.clock, meeting_id)
        return page_acts(call.session, meeting.id, query=call.query)

    @route("GET", f"{MEETING}/check", permission=ORGANISE, returns=shapes.CheckSchema)
    def check_meeting(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """通知前检查：会期、规模、材料和年度计划"""
        meeting = planning.see_as_organiser(call.session, call.actor, call.clock, meeting_id)
        return views.check_of(call.session, meeting)

    @route(
        "POST",
        f"{MEETING}/agenda",
        permission=ORGANISE,
        body=shapes.NewAgendaItemSchema,
        returns=shapes.MeetingSchema,
        status=201,
    )
    def add_agenda_item(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """列入议程；锁定后须写明理由报主持人同意"""
        agenda.add_item(call.session, call.actor, call.clock, meeting_id=meeting_id, item=dict(call.body))
        return shown(call, meeting_id)

    @route(
        "PUT", f"{MEETING}/agenda", permission=ORGANISE, body=shapes.OrderSchema, returns=shapes.MeetingSchema
    )
    def order_agenda(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """调整议程顺序"""
        agenda.order_agenda(call.session, call.actor, call.clock, meeting_id=meeting_id, **call.body)
        return shown(call, meeting_id)

    @route("POST", f"{MEETING}/freeze", permission=ORGANISE, returns=shapes.MeetingSchema)
    def freeze_agenda(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """锁定议程"""
        agenda.freeze_agenda(call.session, call.actor, call.clock, meeting_id=meeting_id)
        return shown(call, meeting_id)

    @route(
        "POST",
        f"{ITEM}/remove",
        permission=ORGANISE,
        body=shapes.OptionalReasonSchema,
        returns=shapes.MeetingSchema,
    )
    def remove_agenda_item(self, call: Call, meeting_id: UUID, item_id: UUID) -> dict[str, Any]:
        """移出议程"""
        agenda.remove_item(
            call.session, call.actor, call.clock, meeting_id=meeting_id, item_id=item_id, **call.body
        )
        return shown(call, meeting_id)

    @route(
        "POST",
        f"{ITEM}/leave",
        permission=Permission.MEETINGS_CHAIR,
        body=shapes.GrantSchema,
        returns=shapes.MeetingSchema,
    )
    def decide_addition(self, call: Call, meeting_id: UUID, item_id: UUID) -> dict[str, Any]:
        """主持人审定锁定后增加的议题"""
        agenda.decide_addition(
            call.session, call.actor, call.clock, meeting_id=meeting_id, item_id=item_id, **call.body
        )
        return shown(call, meeting_id)

    @route(
        "POST",
        f"{ITEM}/outcome",
        permission=ORGANISE,
        body=shapes.ItemOutcomeSchema,
        returns=shapes.MeetingSchema,
    )
    def mark_agenda_item(self, call: Call, meeting_id: UUID, item_id: UUID) -> dict[str, Any]:
        """登记议题已审议或缓议"""
        agenda.mark_item(
            call.session,
            call.actor,
            call.clock,
            meeting_id=meeting_id,
            item_id=item_id,
            outcome=AgendaState(call.body["outcome"]),
            note=call.body["note"],
        )
        return shown(call, meeting_id)

    @route(
        "POST",
        f"{MEETING}/call",
        permission=ORGANISE,
        body=shapes.CallMeetingSchema,
        returns=shapes.MeetingSchema,
    )
    def call_meeting(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """通知会议"""
        calling.call_meeting(
            call.session, call.actor, call.clock, meeting_id=meeting_id, **_pages(call), **call.body
        )
        return shown(call, meeting_id)

    @route(
        "POST",
        f"{MEETING}/reschedule",
        permission=ORGANISE,
        body=shapes.RescheduleSchema,
        returns=shapes.MeetingSchema,
    )
    def reschedule_meeting(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """会议改期或改地点"""
        calling.reschedule_meeting(
            call.session, call.actor, call.clock, meeting_id=meeting_id, **_pages(call), **call.body
        )
        return shown(call, meeting_id)

    @route("POST", f"{MEETING}/cancel", permission=ORGANISE, body=ReasonSchema, returns=shapes.MeetingSchema)
    def cancel_meeting(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """取消会议"""
        calling.cancel_meeting(call.session, call.actor, call.clock, meeting_id=meeting_id, **call.body)
        return shown(call, meeting_id)

    @route(
        "POST",
        f"{MEETING}/chair",
        permission=ORGANISE,
        body=shapes.PresidingSchema,
        returns=shapes.MeetingSchema,
    )
    def change_presiding(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """更换主持人或召集人，写明理由"""
        presiding.change_presiding(call.session, call.actor, call.clock, meeting_id=meeting_id, **call.body)
        return shown(call, meeting_id)

    @route(
        "POST",
        f"{MEETING}/begin",
        permission=ORGANISE,
        body=shapes.MomentSchema,
        returns=shapes.MeetingSchema,
    )
    def begin_meeting(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """开始会议"""
        holding.begin_meeting(call.session, call.actor, call.clock, meeting_id=meeting_id, **call.body)
        return shown(call, meeting_id)

    @route(
        "POST", f"{MEETING}/end", permission=ORGANISE, body=shapes.MomentSchema, returns=shapes.MeetingSchema
    )
    def end_meeting(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """结束会议"""
        holding.end_meeting(call.session, call.actor, call.clock, meeting_id=meeting_id, **call.body)
        return shown(call, meeting_id)

    @route("POST", f"{MEETING}/close", permission=ORGANISE, returns=shapes.MeetingSchema)
    def close_meeting(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """办结会议"""
        closing.close_meeting(call.session, call.actor, call.clock, meeting_id=meeting_id)
        return shown(call, meeting_id)


def shown(call: Call, meeting_id: UUID) -> dict[str, Any]:
    """The meeting as its reader sees it now."""
    call.session.flush()
    return views.show_meeting(call.session, call.actor, call.clock, meeting_id)


def _pages(call: Call) -> dict[str, Any]:
    return {"blobs": call.blobs, "font_dir": call.settings.font_dir}
