"""Routes for the verbs of a task's life."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.supervision.api.tasks import READ, TASK
from services.supervision.commands import assign, close, establish, give_back, rest, slips, timing, work
from services.supervision.models import Task
from services.supervision.queries.tasks import show_task, summary_of
from services.supervision.schemas.requests import (
    ActSchema,
    AssignSchema,
    AssistSchema,
    CloseSchema,
    ClosureSchema,
    DecideSchema,
    ExtensionSchema,
    FeedbackRequest,
    HandOverSchema,
    PlanSchema,
    ProposeSchema,
    RateSchema,
    ReasonSchema,
    ReviewSchema,
    SlipRequest,
    SplitSchema,
)
from services.supervision.schemas.tasks import ClosedSchema, PartsSchema, TaskSchema
from shared.auth import Actor
from shared.clock import Clock
from shared.web import Call, route


class VerbRoutes:
    """Each verb asks for the permission to read: who holds the open item, or is staff of the supervising organ, may."""

    @route("POST", f"{TASK}/propose", permission=READ, body=ProposeSchema, returns=TaskSchema)
    def propose(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """拟办: 报请立项"""
        return _done(call, establish.propose_task(*_by(call), task_id=task_id, request=call.body))

    @route("POST", f"{TASK}/approve", permission=READ, body=ActSchema, returns=TaskSchema)
    def approve(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """批准立项, 取得督办编号"""
        return _done(call, establish.approve_task(*_by(call), task_id=task_id, request=call.body))

    @route("POST", f"{TASK}/reject", permission=READ, body=ReasonSchema, returns=TaskSchema)
    def reject(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """不予立项, 须写明理由"""
        return _done(call, establish.reject_task(*_by(call), task_id=task_id, request=call.body))

    @route("POST", f"{TASK}/assign", permission=READ, body=AssignSchema, returns=TaskSchema)
    def assign(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """交办给主办和协办单位"""
        return _done(call, assign.assign_task(*_by(call), task_id=task_id, request=call.body))

    @route("POST", f"{TASK}/sign-for", permission=READ, body=ActSchema, returns=TaskSchema)
    def sign_for(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """签收"""
        return _done(call, assign.sign_for_task(*_by(call), task_id=task_id, request=call.body))

    @route("POST", f"{TASK}/ask-return", permission=READ, body=ReasonSchema, returns=TaskSchema)
    def ask_return(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """申请退回"""
        return _done(call, give_back.ask_return(*_by(call), task_id=task_id, request=call.body))

    @route("POST", f"{TASK}/decide-return", permission=READ, body=DecideSchema, returns=TaskSchema)
    def decide_return(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """答复退回申请"""
        return _done(call, give_back.decide_return(*_by(call), task_id=task_id, request=call.body))

    @route("POST", f"{TASK}/hand-over", permission=READ, body=HandOverSchema, returns=TaskSchema)
    def hand_over(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """转给本单位其他岗位承办"""
        return _done(call, assign.hand_over(*_by(call), task_id=task_id, request=call.body))

    @route("POST", f"{TASK}/plan", permission=READ, body=PlanSchema, returns=TaskSchema)
    def plan(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """报送办理计划和阶段目标"""
        return _done(call, work.plan_task(*_by(call), task_id=task_id, request=call.body))

    @route("POST", f"{TASK}/assist", permission=READ, body=AssistSchema, returns=TaskSchema)
    def assist(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """协办单位反馈"""
        return _done(call, work.assist_task(*_by(call), task_id=task_id, request=call.body))

    @route("POST", f"{TASK}/ask-extension", permission=READ, body=ExtensionSchema, returns=TaskSchema)
    def ask_extension(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """申请延期"""
        return _done(call, timing.ask_extension(*_by(call), task_id=task_id, request=call.body))

    @route("POST", f"{TASK}/decide-extension", permission=READ, body=DecideSchema, returns=TaskSchema)
    def decide_extension(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """审批延期申请"""
        return _done(call, timing.decide_extension(*_by(call), task_id=task_id, request=call.body))

    @route("POST", f"{TASK}/suspend", permission=READ, body=ReasonSchema, returns=TaskSchema)
    def suspend(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """中止, 停止计时"""
        return _done(call, rest.suspend_task(*_by(call), task_id=task_id, request=call.body))

    @route("POST", f"{TASK}/resume", permission=READ, body=ActSchema, returns=TaskSchema)
    def resume(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """恢复办理, 期限顺延"""
        return _done(call, rest.resume_task(*_by(call), task_id=task_id, request=call.body))

    @route("POST", f"{TASK}/cancel", permission=READ, body=ReasonSchema, returns=TaskSchema)
    def cancel(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """撤销"""
        return _done(
            call, close.cancel_task(*_by(call), task_id=task_id, request=call.body, press=_press(call))
        )

    @route("POST", f"{TASK}/remind", permission=READ, body=ActSchema, returns=TaskSchema)
    def remind(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """催办"""
        return _done(call, timing.remind_task(*_by(call), task_id=task_id, request=call.body))

    @route("POST", f"{TASK}/issue-slip", permission=READ, body=SlipRequest, returns=TaskSchema)
    def issue_slip(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """发督办单(蓝、橙、红), 须写明理由"""
        return _done(call, slips.issue_slip(*_by(call), task_id=task_id, request=call.body))

    @route("POST", f"{TASK}/ask-closure", permission=READ, body=ClosureSchema, returns=TaskSchema)
    def ask_closure(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """申请办结"""
        return _done(call, close.ask_closure(*_by(call), task_id=task_id, request=call.body))

    @route("POST", f"{TASK}/feedback", permission=READ, body=FeedbackRequest, returns=TaskSchema)
    def feed_back(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """阶段反馈"""
        work.feed_back(*_by(call), task_id=task_id, request=call.body)
        return show_task(call.session, call.actor, task_id, now=call.clock.now())

    @route("POST", f"{TASK}/split", permission=READ, body=SplitSchema, returns=PartsSchema, status=201)
    def split(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """分解子任务"""
        parts = work.split_task(*_by(call), task_id=task_id, parts=call.body["parts"])
        return {"parts": [summary_of(part) for part in parts]}

    @route("POST", f"{TASK}/review", permission=READ, body=ReviewSchema, returns=TaskSchema)
    def review(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """办结审核: 通过后报领导审阅, 不合要求退回重办"""
        return _done(
            call, close.review_task(*_by(call), task_id=task_id, request=call.body, press=_press(call))
        )

    @route("POST", f"{TASK}/close", permission=READ, body=CloseSchema, returns=ClosedSchema)
    def close(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """领导审阅: 同意销号或退回重办, 有新批示的转立新事项"""
        task, new = close.close_task(*_by(call), task_id=task_id, request=call.body)
        return {**_done(call, task), "new_task_id": new.id if new else None}

    @route("POST", f"{TASK}/rate", permission=READ, body=RateSchema, returns=TaskSchema)
    def rate(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """评价(1 至 5 分)"""
        return _done(
            call, close.rate_task(*_by(call), task_id=task_id, request=call.body, press=_press(call))
        )


def _by(call: Call) -> tuple[Session, Actor, Clock]:
    return call.session, call.actor, call.clock


def _press(call: Call) -> close.Press:
    return close.Press(blobs=call.blobs, font_dir=call.settings.font_dir)


def _done(call: Call, task: Task) -> dict[str, Any]:
    return show_task(call.session, call.actor, task.id, now=call.clock.now())
