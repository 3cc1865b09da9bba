"""Where a case (办件) stands, and which act leads from where to where."""

from collections.abc import Mapping
from enum import StrEnum


class CaseState(StrEnum):
    """The states of a case; the last three are ends."""

    CHECKING = "checking"
    COMPLETING = "completing"
    HANDLING = "handling"
    DECIDED = "decided"
    DELIVERED = "delivered"
    CONCLUDED = "concluded"
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return _STATE_LABELS[self]


_STATE_LABELS: Mapping[CaseState, str] = {
    CaseState.CHECKING: "待受理",
    CaseState.COMPLETING: "待补正",
    CaseState.HANDLING: "办理中",
    CaseState.DECIDED: "待送达",
    CaseState.DELIVERED: "待评价",
    CaseState.CONCLUDED: "已办结",
    CaseState.NOT_ACCEPTED: "不予受理",
    CaseState.WITHDRAWN: "已撤回",
}
ENDED_STATES = frozenset({CaseState.CONCLUDED, CaseState.NOT_ACCEPTED, CaseState.WITHDRAWN})


class CaseVerb(StrEnum):
    """What is done to a case, as its history keeps it; those of the flow come beside them."""

    APPLY = "apply"
    ASK_COMPLETION = "ask_completion"
    COMPLETE_MATERIALS = "complete_materials"
    ACCEPT = "accept"
    REFUSE = "refuse"
    STOP_CLOCK = "stop_clock"
    RESUME_CLOCK = "resume_clock"
    DECIDE = "decide"
    DELIVER = "deliver"
    RATE = "rate"
    CONCLUDE = "conclude"
    WITHDRAW_CASE = "withdraw_case"
    SUPPLY = "supply"
    WAIVE_MATERIAL = "waive_material"
    CHECK_DECLARATION = "check_declaration"
    REVOKE = "revoke"
    TRIP = "trip"
    REPORT_STUCK = "report_stuck"
    FALL_OVERDUE = "fall_overdue"
    SUPERVISE = "supervise"

    @property
    def label(self) -> str:
        return VERB_LABELS[self]


VERB_LABELS: Mapping[CaseVerb, str] = {
    CaseVerb.APPLY: "申请",
    CaseVerb.ASK_COMPLETION: "一次性告知补正",
    CaseVerb.COMPLETE_MATERIALS: "补正",
    CaseVerb.ACCEPT: "受理",
    CaseVerb.REFUSE: "不予受理",
    CaseVerb.STOP_CLOCK: "停止计时",
    CaseVerb.RESUME_CLOCK: "恢复计时",
    CaseVerb.DECIDE: "办结",
    CaseVerb.DELIVER: "送达",
    CaseVerb.RATE: "评价",
    CaseVerb.CONCLUDE: "归档移交",
    CaseVerb.WITHDRAW_CASE: "撤回申请",
    CaseVerb.SUPPLY: "补交容缺材料",
    CaseVerb.WAIVE_MATERIAL: "免予提交",
    CaseVerb.CHECK_DECLARATION: "核查承诺",
    CaseVerb.REVOKE: "撤销结果",
    CaseVerb.TRIP: "跑动登记",
    CaseVerb.REPORT_STUCK: "反映办不成事",
    CaseVerb.FALL_OVERDUE: "超期",
    CaseVerb.SUPERVISE: "督办",
}

_C = CaseState
# What is not in the table leaves the state as it is, wherever the case stands.
_MOVES: Mapping[CaseVerb, Mapping[CaseState, CaseState]] = {
    # Asked for after acceptance, completion stops the clock and the case goes on being handled.
    CaseVerb.ASK_COMPLETION: {_C.CHECKING: _C.COMPLETING, _C.HANDLING: _C.HANDLING},
    CaseVerb.COMPLETE_MATERIALS: {_C.COMPLETING: _C.CHECKING, _C.HANDLING: _C.HANDLING},
    CaseVerb.ACCEPT: {_C.CHECKING: _C.HANDLING},
    CaseVerb.REFUSE: {_C.CHECKING: _C.NOT_ACCEPTED, _C.COMPLETING: _C.NOT_ACCEPTED},
    CaseVerb.STOP_CLOCK: {_C.HANDLING: _C.HANDLING},
    CaseVerb.RESUME_CLOCK: {_C.HANDLING: _C.HANDLING},
    CaseVerb.WAIVE_MATERIAL: {_C.CHECKING: _C.CHECKING, _C.HANDLING: _C.HANDLING},
    CaseVerb.DECIDE: {_C.HANDLING: _C.DECIDED},
    CaseVerb.DELIVER: {_C.DECIDED: _C.DELIVERED},
    CaseVerb.RATE: {_C.DELIVERED: _C.DELIVERED},
    CaseVerb.CONCLUDE: {_C.DELIVERED: _C.CONCLUDED},
    CaseVerb.WITHDRAW_CASE: {
        _C.CHECKING: _C.WITHDRAWN,
        _C.COMPLETING: _C.WITHDRAWN,
        _C.HANDLING: _C.WITHDRAWN,
    },
}


def next_state(state: CaseState, verb: CaseVerb) -> CaseState | None:
    """The state after this act, or None where it has no place."""
    moves = _MOVES.get(verb)
    return state if moves is None else moves.get(state)
