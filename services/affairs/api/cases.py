"""Routes for a case from application to rating, and for what belongs to it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from services.affairs.commands.check import accept_case, ask_completion, finish_at_once, refuse_case
from services.affairs.commands.clock import resume_clock, stop_clock
from services.affairs.commands.deliver import deliver_result
from services.affairs.commands.desk import Desk
from services.affairs.commands.fill_once import apply_reusing
from services.affairs.commands.materials import (
    check_declaration,
    complete_materials,
    supply_material,
    waive_material,
)
from services.affairs.commands.rate import rate_case
from services.affairs.commands.supervised import report_stuck
from services.affairs.commands.trips import note_trip
from services.affairs.commands.withdraw import withdraw_case
from services.affairs.means import Means
from services.affairs.queries.cases import view_of
from services.affairs.schemas.case_requests import (
    AcceptSchema,
    ApplicationSchema,
    AskCompletionSchema,
    ComplaintSchema,
    CompletionSchema,
    DeclarationSchema,
    DeliverSchema,
    FinishSchema,
    RateSchema,
    ReasonSchema,
    StopSchema,
    SupplySchema,
    WordSchema,
)
from services.affairs.schemas.cases import CaseSchema
from shared.permissions import Permission
from shared.web import Call, route

CASE = "/cases/<uuid:case_id>"
APPLY = Permission.AFFAIRS_APPLY
READ = Permission.AFFAIRS_READ
WINDOW = Permission.AFFAIRS_WINDOW
_MATERIAL = f"{CASE}/materials/<string:code>"


def means_of(call: Call) -> Means:
    """What the making of papers takes, in this process."""
    return Means.of(call.settings, call.blobs)


def done(call: Call, command: Callable[..., Desk], case_id: UUID, **arguments: Any) -> dict[str, Any]:
    """Do it, and show the case as it stands then."""
    desk = command(call.session, call.actor, call.clock, case_id=case_id, **arguments)
    return view_of(call.session, desk.case)


class CaseRoutes:
    """Applying, checking, accepting, the clock, delivering, rating.

    Reading is the permission of what is decided by who holds the work: whoever handles the case stops its clock.
    """

    @route("POST", "/cases", permission=READ, body=ApplicationSchema, returns=CaseSchema, status=201)
    def apply(self, call: Call) -> dict[str, Any]:
        """申请办事; 窗口可代来人登记"""
        call.actor.require(WINDOW if call.body["channel"] == "window" else APPLY)
        desk = apply_reusing(call.session, call.actor, call.clock, application=call.body)
        return view_of(call.session, desk.case)

    @route("POST", f"{CASE}/ask-completion", permission=WINDOW, body=AskCompletionSchema, returns=CaseSchema)
    def ask_completion(self, call: Call, case_id: UUID) -> dict[str, Any]:
        """一次性告知补正"""
        return done(call, ask_completion, case_id, **call.body)

    @route("POST", f"{CASE}/complete", permission=APPLY, body=CompletionSchema, returns=CaseSchema)
    def complete_materials(self, call: Call, case_id: UUID) -> dict[str, Any]:
        """申请人补正"""
        return done(call, complete_materials, case_id, **call.body)

    @route("POST", f"{CASE}/accept", permission=WINDOW, body=AcceptSchema, returns=CaseSchema)
    def accept(self, call: Call, case_id: UUID) -> dict[str, Any]:
        """受理, 开始计时"""
        return done(call, accept_case, case_id, **call.body)

    @route("POST", f"{CASE}/finish", permission=WINDOW, body=FinishSchema, returns=CaseSchema)
    def finish(self, call: Call, case_id: UUID) -> dict[str, Any]:
        """即办件当场办结"""
        return done(call, finish_at_once, case_id, means=means_of(call), **call.body)

    @route("POST", f"{CASE}/refuse", permission=WINDOW, body=ReasonSchema, returns=CaseSchema)
    def refuse(self, call: Call, case_id: UUID) -> dict[str, Any]:
        """不予受理, 须写明理由"""
        return done(call, refuse_case, case_id, **call.body)

    @route("POST", f"{CASE}/stop-clock", permission=READ, body=StopSchema, returns=CaseSchema)
    def stop_clock(self, call: Call, case_id: UUID) -> dict[str, Any]:
        """特别程序期间停止计时"""
        return done(call, stop_clock, case_id, **call.body)

    @route("POST", f"{CASE}/resume-clock", permission=READ, body=WordSchema, returns=CaseSchema)
    def resume_clock(self, call: Call, case_id: UUID) -> dict[str, Any]:
        """恢复计时, 期限顺延"""
        return done(call, resume_clock, case_id, **call.body)

    @route("POST", f"{CASE}/deliver", permission=WINDOW, body=DeliverSchema, returns=CaseSchema)
    def deliver(self, call: Call, case_id: UUID) -> dict[str, Any]:
        """窗口送达结果"""
        return done(call, deliver_result, case_id, **call.body)

    @route("POST", f"{CASE}/rate", permission=APPLY, body=RateSchema, returns=CaseSchema)
    def rate(self, call: Call, case_id: UUID) -> dict[str, Any]:
        """评价"""
        return done(call, rate_case, case_id, means=means_of(call), **call.body)

    @route("POST", f"{CASE}/withdraw", permission=APPLY, body=ReasonSchema, returns=CaseSchema)
    def withdraw_case(self, call: Call, case_id: UUID) -> dict[str, Any]:
        """申请人在办结前撤回"""
        return done(call, withdraw_case, case_id, means=means_of(call), **call.body)

    @route("POST", f"{CASE}/trips", permission=WINDOW, body=ReasonSchema, returns=CaseSchema)
    def note_trip(self, call: Call, case_id: UUID) -> dict[str, Any]:
        """登记一次跑动及原因"""
        return done(call, note_trip, case_id, **call.body)

    @route("POST", f"{CASE}/stuck", permission=APPLY, body=ComplaintSchema, returns=CaseSchema)
    def report_stuck(self, call: Call, case_id: UUID) -> dict[str, Any]:
        """反映“办不成事”"""
        return done(call, report_stuck, case_id, **call.body)

    @route("POST", f"{_MATERIAL}/supply", permission=APPLY, body=SupplySchema, returns=CaseSchema)
    def supply(self, call: Call, case_id: UUID, code: str) -> dict[str, Any]:
        """补交容缺材料"""
        return done(call, supply_material, case_id, code=code, means=means_of(call), **call.body)

    @route("POST", f"{_MATERIAL}/waive", permission=READ, body=ReasonSchema, returns=CaseSchema)
    def waive_material(self, call: Call, case_id: UUID, code: str) -> dict[str, Any]:
        """免予提交一份缺少的材料, 须写明理由"""
        return done(call, waive_material, case_id, code=code, **call.body)

    @route("POST", f"{_MATERIAL}/check", permission=WINDOW, body=DeclarationSchema, returns=CaseSchema)
    def check_declaration(self, call: Call, case_id: UUID, code: str) -> dict[str, Any]:
        """核查告知承诺, 不实的撤销结果"""
        return done(call, check_declaration, case_id, code=code, means=means_of(call), **call.body)
