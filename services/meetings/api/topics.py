"""Routes of topics: calls, submission, advice, screening, approval, pool."""

from typing import Any
from uuid import UUID

from services.meetings.commands.topics import advising, calls, deciding, drafting
from services.meetings.queries import exports, lists, views
from services.meetings.queries.meetings import page_acts
from services.meetings.queries.visibility import get_call, get_topic
from services.meetings.schemas import topics as shapes
from shared.permissions import Permission
from shared.web import Call, Download, Page, PageQuery, route
from shared.workbook import XLSX

READ = Permission.MEETINGS_READ
SUBMIT = Permission.MEETINGS_SUBMIT
CALL = "/topic-calls/<uuid:call_id>"
TOPIC = "/topics/<uuid:topic_id>"


class TopicRoutes:
    """Topics on their way to a meeting."""

    @route("GET", "/topic-calls", permission=READ, query=shapes.CallQuery, page_of=shapes.CallSchema)
    def list_topic_calls(self, call: Call) -> Page[Any]:
        """列出议题征集"""
        return lists.list_calls(call.session, call.actor, query=call.query, now=call.clock.now())

    @route(
        "POST",
        "/topic-calls",
        permission=Permission.MEETINGS_ORGANISE,
        body=shapes.NewCallSchema,
        returns=shapes.CallSchema,
        status=201,
    )
    def open_topic_call(self, call: Call) -> Any:
        """征集议题"""
        return calls.open_call(call.session, call.actor, call.clock, call=call.body)

    @route("GET", CALL, permission=READ, returns=shapes.CallSchema)
    def show_topic_call(self, call: Call, call_id: UUID) -> Any:
        """查看一次征集"""
        return get_call(call.session, call.actor, call_id, now=call.clock.now())

    @route("POST", f"{CALL}/close", permission=Permission.MEETINGS_ORGANISE, returns=shapes.CallSchema)
    def close_topic_call(self, call: Call, call_id: UUID) -> Any:
        """提前截止征集"""
        return calls.close_call(call.session, call.actor, call.clock, call_id=call_id)

    @route("GET", "/topics", permission=READ, query=shapes.TopicQuery, page_of=shapes.TopicSummarySchema)
    def list_topics(self, call: Call) -> Page[Any]:
        """列出议题（议题库为 state=pooled）"""
        return lists.list_topics(call.session, call.actor, query=call.query, now=call.clock.now())

    @route("GET", "/topics/export", permission=READ, query=shapes.TopicFilters, downloads=XLSX, audited=True)
    def export_topics(self, call: Call) -> Download:
        """按同样的条件导出议题目录（XLSX）"""
        rows = lists.all_topics(call.session, call.actor, query=call.query, now=call.clock.now())
        book = exports.topics_workbook(rows)
        return Download(chunks=[book], media_type=XLSX, name="议题目录.xlsx", size=len(book))

    @route(
        "POST",
        "/topics",
        permission=SUBMIT,
        body=shapes.NewTopicSchema,
        returns=shapes.TopicSchema,
        status=201,
    )
    def draft_topic(self, call: Call) -> dict[str, Any]:
        """草拟议题"""
        topic = drafting.draft_topic(call.session, call.actor, call.clock, topic=call.body)
        return _shown(call, topic.id)

    @route("GET", TOPIC, permission=READ, returns=shapes.TopicSchema)
    def show_topic(self, call: Call, topic_id: UUID) -> dict[str, Any]:
        """查看议题"""
        return _shown(call, topic_id)

    @route("PUT", TOPIC, permission=SUBMIT, body=shapes.TopicPartsSchema, returns=shapes.TopicSchema)
    def revise_topic(self, call: Call, topic_id: UUID) -> dict[str, Any]:
        """修改议题（If-Match 防止覆盖他人修改）"""
        drafting.revise_topic(
            call.session,
            call.actor,
            call.clock,
            topic_id=topic_id,
            changes=call.body,
            expected_revision=call.expected_revision(),
        )
        return _shown(call, topic_id)

    @route("GET", f"{TOPIC}/history", permission=READ, query=PageQuery, page_of=shapes.HistoryActSchema)
    def list_topic_history(self, call: Call, topic_id: UUID) -> Page[Any]:
        """议题办理过程"""
        topic = get_topic(call.session, call.actor, topic_id, now=call.clock.now())
        return page_acts(call.session, topic.id, query=call.query)

    @route(
        "POST",
        f"{TOPIC}/submit",
        permission=SUBMIT,
        body=shapes.AcknowledgedSchema,
        returns=shapes.TopicSchema,
    )
    def submit_topic(self, call: Call, topic_id: UUID) -> dict[str, Any]:
        """申报议题"""
        drafting.submit_topic(call.session, call.actor, call.clock, topic_id=topic_id, **call.body)
        return _shown(call, topic_id)

    @route(
        "POST", f"{TOPIC}/advice", permission=READ, body=shapes.AskAdviceSchema, returns=shapes.TopicSchema
    )
    def ask_advice(self, call: Call, topic_id: UUID) -> dict[str, Any]:
        """征求有关单位意见"""
        advising.ask_advice(call.session, call.actor, call.clock, topic_id=topic_id, **call.body)
        return _shown(call, topic_id)

    @route(
        "POST",
        f"{TOPIC}/advice/give",
        permission=READ,
        body=shapes.GiveAdviceSchema,
        returns=shapes.AdviceSchema,
    )
    def give_advice(self, call: Call, topic_id: UUID) -> Any:
        """反馈意见"""
        return advising.give_advice(call.session, call.actor, call.clock, topic_id=topic_id, **call.body)

    @route(
        "POST",
        f"{TOPIC}/screen",
        permission=Permission.MEETINGS_SCREEN,
        body=shapes.ScreenSchema,
        returns=shapes.TopicSchema,
    )
    def screen_topic(self, call: Call, topic_id: UUID) -> dict[str, Any]:
        """审核议题"""
        deciding.screen_topic(call.session, call.actor, call.clock, topic_id=topic_id, **call.body)
        return _shown(call, topic_id)

    @route(
        "POST",
        f"{TOPIC}/approve",
        permission=Permission.MEETINGS_CHAIR,
        body=shapes.ApproveSchema,
        returns=shapes.TopicSchema,
    )
    def approve_topic(self, call: Call, topic_id: UUID) -> dict[str, Any]:
        """审定议题"""
        deciding.approve_topic(call.session, call.actor, call.clock, topic_id=topic_id, **call.body)
        return _shown(call, topic_id)

    @route(
        "POST",
        f"{TOPIC}/postpone",
        permission=Permission.MEETINGS_ORGANISE,
        body=shapes.ReasonSchema,
        returns=shapes.TopicSchema,
    )
    def postpone_topic(self, call: Call, topic_id: UUID) -> dict[str, Any]:
        """缓议，列入议题库"""
        deciding.postpone_topic(call.session, call.actor, call.clock, topic_id=topic_id, **call.body)
        return _shown(call, topic_id)

    @route(
        "POST",
        f"{TOPIC}/take-up",
        permission=Permission.MEETINGS_SCREEN,
        body=shapes.TakeUpSchema,
        returns=shapes.TopicSchema,
    )
    def take_up_topic(self, call: Call, topic_id: UUID) -> dict[str, Any]:
        """从议题库取出，重新报审定"""
        deciding.take_up_topic(call.session, call.actor, call.clock, topic_id=topic_id, **call.body)
        return _shown(call, topic_id)

    @route(
        "POST", f"{TOPIC}/withdraw", permission=SUBMIT, body=shapes.ReasonSchema, returns=shapes.TopicSchema
    )
    def withdraw_topic(self, call: Call, topic_id: UUID) -> dict[str, Any]:
        """撤回议题"""
        deciding.withdraw_topic(call.session, call.actor, call.clock, topic_id=topic_id, **call.body)
        return _shown(call, topic_id)


def _shown(call: Call, topic_id: UUID) -> dict[str, Any]:
    call.session.flush()
    return views.show_topic(call.session, call.actor, call.clock, topic_id)
