"""The life of a dispatch (发文), of an incoming document (收文) and of one receipt, as plain transition tables.

Order of the steps: 党政机关公文处理工作条例第二十四条 (收文办理) and 第二十五条 (发文办理).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from services.documents import errors


class DispatchState(StrEnum):
    """Where a document that this office sends stands."""

    DRAFTING = "drafting"
    REVIEWING = "reviewing"
    COUNTERSIGNING = "countersigning"
    APPROVING = "approving"
    CHECKING = "checking"
    REGISTERING = "registering"
    RENDERING = "rendering"
    READY = "ready"
    ISSUED = "issued"
    ABANDONED = "abandoned"


class DispatchAct(StrEnum):
    """What moves a dispatch on."""

    SUBMIT = "submit"
    ASK_COUNTERSIGNERS = "ask_countersigners"
    ASK_APPROVAL = "ask_approval"
    APPROVE = "approve"
    ASK_APPROVAL_AGAIN = "ask_approval_again"
    CLEAR = "clear"
    REGISTER = "register"
    RENDER = "render"
    ISSUE = "issue"
    ABANDON = "abandon"


class IncomingState(StrEnum):
    """Where a document that this office received stands."""

    ARRIVED = "arrived"
    SIGNED_FOR = "signed_for"
    FIRST_CHECK = "first_check"
    PROPOSING = "proposing"
    INSTRUCTING = "instructing"
    HANDLING = "handling"
    REPLYING = "replying"
    CLOSED = "closed"
    RETURNED = "returned"


class IncomingAct(StrEnum):
    """What moves an incoming document on. Circulating (传阅) is none of these: it never holds a document up."""

    SIGN_FOR = "sign_for"
    REGISTER = "register"
    RETURN_TO_SENDER = "return_to_sender"
    ACCEPT = "accept"
    PROPOSE = "propose"
    INSTRUCT = "instruct"
    ASK_REPLY = "ask_reply"
    CLOSE = "close"


class ReceiptState(StrEnum):
    """How far one receiving unit has got with a document that was sent to it."""

    SENT = "sent"
    DELIVERED = "delivered"
    SIGNED_FOR = "signed_for"
    RETURNED = "returned"


class ReceiptAct(StrEnum):
    """What the receiving side reports."""

    DELIVER = "deliver"
    SIGN_FOR = "sign_for"
    RETURN = "return"


S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


@dataclass(frozen=True)
class LifeCycle(Generic[S, A]):
    """One transition table.

    `moves[state][act]` is the next state, `steps` the order of the steps that a document may be sent back through.
    """

    moves: Mapping[S, Mapping[A, S]]
    labels: Mapping[S | A, str]
    steps: tuple[S, ...]

    def after(self, state: S, act: A) -> S:
        """The state after this act; raises `documents.act_not_possible`."""
        if following := self.moves.get(state, {}).get(act):
            return following
        raise errors.act_not_possible(self.labels[act], self.labels[state])

    def allows(self, state: S, act: A) -> bool:
        """Whether the act has a place in this state."""
        return act in self.moves.get(state, {})

    def send_back(self, state: S, target: S, *, reason: str) -> S:
        """The target, if it is an earlier step and a reason is given (退回).

        Raises `documents.not_an_earlier_step` and `documents.reason_missing`.
        """
        if state not in self.steps or target not in self.steps[: self.steps.index(state)]:
            raise errors.not_an_earlier_step(self.labels[target], self.labels[state])
        if not reason.strip():
            raise errors.reason_missing("退回")
        return target

    def is_final(self, state: S) -> bool:
        """Whether nothing follows this state."""
        return not self.moves.get(state)


_D, _DA = DispatchState, DispatchAct
DISPATCH: LifeCycle[DispatchState, DispatchAct] = LifeCycle(
    moves={
        _D.DRAFTING: {_DA.SUBMIT: _D.REVIEWING, _DA.ABANDON: _D.ABANDONED},
        _D.REVIEWING: {_DA.ASK_COUNTERSIGNERS: _D.COUNTERSIGNING, _DA.ASK_APPROVAL: _D.APPROVING},
        _D.COUNTERSIGNING: {_DA.ASK_APPROVAL: _D.APPROVING},
        _D.APPROVING: {_DA.APPROVE: _D.CHECKING},
        _D.CHECKING: {_DA.CLEAR: _D.REGISTERING, _DA.ASK_APPROVAL_AGAIN: _D.APPROVING},
        _D.REGISTERING: {_DA.REGISTER: _D.RENDERING},
        _D.RENDERING: {_DA.RENDER: _D.READY},
        _D.READY: {_DA.ISSUE: _D.ISSUED},
    },
    labels={
        _D.DRAFTING: "起草", _D.REVIEWING: "核稿", _D.COUNTERSIGNING: "会签", _D.APPROVING: "签发", _D.CHECKING: "复核",
        _D.REGISTERING: "登记编号", _D.RENDERING: "制版", _D.READY: "待发", _D.ISSUED: "已发出", _D.ABANDONED: "已作废",
        _DA.SUBMIT: "送核", _DA.ASK_COUNTERSIGNERS: "送会签", _DA.ASK_APPROVAL: "送签发", _DA.APPROVE: "签发",
        _DA.ASK_APPROVAL_AGAIN: "报原签批人复审", _DA.CLEAR: "通过复核", _DA.REGISTER: "登记编号",
        _DA.RENDER: "制版", _DA.ISSUE: "发出", _DA.ABANDON: "作废",
    },
    # Once a number is given the document is not sent back any more; it is issued, or a new one replaces it.
    steps=(_D.DRAFTING, _D.REVIEWING, _D.COUNTERSIGNING, _D.APPROVING, _D.CHECKING, _D.REGISTERING),
)  # fmt: skip

_I, _IA = IncomingState, IncomingAct
INCOMING: LifeCycle[IncomingState, IncomingAct] = LifeCycle(
    moves={
        _I.ARRIVED: {_IA.SIGN_FOR: _I.SIGNED_FOR, _IA.RETURN_TO_SENDER: _I.RETURNED},
        _I.SIGNED_FOR: {_IA.REGISTER: _I.FIRST_CHECK},
        _I.FIRST_CHECK: {_IA.ACCEPT: _I.PROPOSING, _IA.RETURN_TO_SENDER: _I.RETURNED},
        _I.PROPOSING: {_IA.PROPOSE: _I.INSTRUCTING, _IA.CLOSE: _I.CLOSED},
        _I.INSTRUCTING: {_IA.INSTRUCT: _I.HANDLING, _IA.CLOSE: _I.CLOSED},
        _I.HANDLING: {_IA.ASK_REPLY: _I.REPLYING, _IA.CLOSE: _I.CLOSED},
        _I.REPLYING: {_IA.CLOSE: _I.CLOSED},
    },
    labels={
        _I.ARRIVED: "待签收", _I.SIGNED_FOR: "已签收", _I.FIRST_CHECK: "初审", _I.PROPOSING: "拟办",
        _I.INSTRUCTING: "批示", _I.HANDLING: "承办", _I.REPLYING: "答复", _I.CLOSED: "已办结", _I.RETURNED: "已退回",
        _IA.SIGN_FOR: "签收", _IA.REGISTER: "登记", _IA.RETURN_TO_SENDER: "退回来文单位", _IA.ACCEPT: "通过初审",
        _IA.PROPOSE: "提出拟办意见", _IA.INSTRUCT: "批示", _IA.ASK_REPLY: "转答复", _IA.CLOSE: "办结",
    },
    steps=(_I.FIRST_CHECK, _I.PROPOSING, _I.INSTRUCTING, _I.HANDLING, _I.REPLYING),
)  # fmt: skip

_R, _RA = ReceiptState, ReceiptAct
RECEIPT: LifeCycle[ReceiptState, ReceiptAct] = LifeCycle(
    moves={
        # A signature proves the delivery, so a delivery report that is late or lost stands in nobody's way.
        _R.SENT: {_RA.DELIVER: _R.DELIVERED, _RA.SIGN_FOR: _R.SIGNED_FOR, _RA.RETURN: _R.RETURNED},
        _R.DELIVERED: {_RA.SIGN_FOR: _R.SIGNED_FOR, _RA.RETURN: _R.RETURNED},
        # First check comes after signing for, and what breaks the rules goes back then (第二十四条).
        _R.SIGNED_FOR: {_RA.RETURN: _R.RETURNED},
    },
    labels={
        _R.SENT: "已发", _R.DELIVERED: "已送达", _R.SIGNED_FOR: "已签收", _R.RETURNED: "已退回",
        _RA.DELIVER: "送达", _RA.SIGN_FOR: "签收", _RA.RETURN: "退回",
    },
    steps=(),
)  # fmt: skip

# In these the text of a dispatch may still be changed; from registration on it is final.
CHANGEABLE_STATES = frozenset(
    {
        DispatchState.DRAFTING,
        DispatchState.REVIEWING,
        DispatchState.COUNTERSIGNING,
        DispatchState.APPROVING,
        DispatchState.CHECKING,
    }
)
