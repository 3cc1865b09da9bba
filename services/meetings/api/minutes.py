"""Routes of minutes and decisions."""

from typing import Any
from uuid import UUID

from services.meetings.api.meetings import MEETING, ORGANISE, READ
from services.meetings.commands import decisions, minutes
from services.meetings.commands.planning import see_as_organiser
from services.meetings.queries import lists, views
from services.meetings.queries.decisions import get_minutes, get_version, page_versions
from services.meetings.schemas import minutes as shapes
from services.meetings.schemas.topics import ReasonSchema
from shared.permissions import Permission
from shared.web import Call, Page, PageQuery, route

MINUTES = f"{MEETING}/minutes"
DECISION = "/decisions/<uuid:decision_id>"


class MinutesRoutes:
    """What a meeting leaves behind."""

    @route("POST", MINUTES, permission=ORGANISE, returns=shapes.MinutesSchema, status=201)
    def draft_minutes(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """按议程和议定事项起草纪要"""
        made = minutes.draft_minutes(call.session, call.actor, call.clock, meeting_id=meeting_id)
        return views.minutes_view(call.session, made)

    @route("GET", MINUTES, permission=READ, returns=shapes.MinutesSchema)
    def show_minutes(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """查看纪要"""
        made = views.get_readable_minutes(call.session, call.actor, call.clock, meeting_id)
        return views.minutes_view(call.session, made)

    @route("PUT", MINUTES, permission=ORGANISE, body=shapes.SaveMinutesSchema, returns=shapes.MinutesSchema)
    def save_minutes(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """保存纪要新版本（须带 If-Match）"""
        made = minutes.save_minutes(
            call.session,
            call.actor,
            call.clock,
            meeting_id=meeting_id,
            text=call.body,
            expected_version=call.expected_revision(),
        )
        return views.minutes_view(call.session, made)

    @route("POST", f"{MINUTES}/compose", permission=ORGANISE, returns=shapes.MinutesSchema)
    def compose_minutes(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """按现有议定事项重新生成一版（If-Match 防止覆盖他人修改）"""
        made = minutes.compose_minutes(
            call.session,
            call.actor,
            call.clock,
            meeting_id=meeting_id,
            expected_version=call.expected_revision(),
        )
        return views.minutes_view(call.session, made)

    @route(
        "GET",
        f"{MINUTES}/versions",
        permission=ORGANISE,
        query=PageQuery,
        page_of=shapes.VersionSummarySchema,
    )
    def list_minutes_versions(self, call: Call, meeting_id: UUID) -> Page[Any]:
        """纪要各版本（不含正文）"""
        meeting = see_as_organiser(call.session, call.actor, call.clock, meeting_id)
        made = get_minutes(call.session, meeting)
        return page_versions(call.session, made, query=call.query)

    @route(
        "GET",
        f"{MINUTES}/versions/<int(max=2147483647):number>",
        permission=ORGANISE,
        returns=shapes.MinutesVersionSchema,
    )
    def show_minutes_version(self, call: Call, meeting_id: UUID, number: int) -> Any:
        """纪要的某一版"""
        meeting = see_as_organiser(call.session, call.actor, call.clock, meeting_id)
        made = get_minutes(call.session, meeting)
        return get_version(call.session, made, number)

    @route("POST", f"{MINUTES}/submit", permission=ORGANISE, returns=shapes.MinutesSchema)
    def submit_minutes(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """纪要送主持人审定（If-Match 防止误送他人修改）"""
        made = minutes.submit_minutes(
            call.session,
            call.actor,
            call.clock,
            meeting_id=meeting_id,
            expected_version=call.expected_revision(),
        )
        return views.minutes_view(call.session, made)

    @route(
        "POST",
        f"{MINUTES}/decide",
        permission=Permission.MEETINGS_CHAIR,
        body=shapes.DecideMinutesSchema,
        returns=shapes.MinutesSchema,
    )
    def decide_minutes(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """审定或退回纪要"""
        made = minutes.decide_minutes(
            call.session, call.actor, call.clock, meeting_id=meeting_id, blobs=call.blobs, **call.body
        )
        return views.minutes_view(call.session, made)

    @route("GET", "/decisions", permission=READ, query=shapes.DecisionQuery, page_of=shapes.DecisionSchema)
    def list_decisions(self, call: Call) -> Page[Any]:
        """列出议定事项及落实情况"""
        return lists.list_all_decisions(call.session, call.actor, query=call.query, now=call.clock.now())

    @route(
        "POST",
        f"{MEETING}/decisions",
        permission=ORGANISE,
        body=shapes.DecisionPartsSchema,
        returns=shapes.DecisionSchema,
        status=201,
    )
    def draft_decision(self, call: Call, meeting_id: UUID) -> dict[str, Any]:
        """登记议定事项"""
        made = decisions.draft_decision(
            call.session, call.actor, call.clock, meeting_id=meeting_id, decision=call.body
        )
        return views.decision_view(made)

    @route(
        "PUT",
        DECISION,
        permission=ORGANISE,
        body=shapes.DecisionPartsSchema,
        returns=shapes.DecisionSchema,
    )
    def revise_decision(self, call: Call, decision_id: UUID) -> dict[str, Any]:
        """修改议定事项（If-Match 防止覆盖他人修改）"""
        made = decisions.revise_decision(
            call.session,
            call.actor,
            call.clock,
            decision_id=decision_id,
            decision=call.body,
            expected_revision=call.expected_revision(),
        )
        return views.decision_view(made)

    @route("DELETE", DECISION, permission=ORGANISE)
    def remove_decision(self, call: Call, decision_id: UUID) -> None:
        """删除尚未记入纪要的议定事项"""
        decisions.remove_decision(call.session, call.actor, call.clock, decision_id=decision_id)

    @route(
        "POST",
        f"{DECISION}/waive",
        permission=ORGANISE,
        body=ReasonSchema,
        returns=shapes.DecisionSchema,
    )
    def waive_decision(self, call: Call, decision_id: UUID) -> dict[str, Any]:
        """登记免督理由"""
        made = decisions.waive_decision(
            call.session, call.actor, call.clock, decision_id=decision_id, **call.body
        )
        return views.decision_view(made)
