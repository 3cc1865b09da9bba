"""Where a dispatch (发文), an incoming document (收文) and one receipt may stand, and how people call it.

A document's flow decides what follows what; a receipt has no flow, so its few moves are a table here.
Order of the steps: 党政机关公文处理工作条例第二十四条 (收文办理) and 第二十五条 (发文办理).
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

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


_D, _I, _R, _RA = DispatchState, IncomingState, ReceiptState, ReceiptAct
DISPATCH_LABELS: Mapping[str, str] = MappingProxyType(
    {
        _D.DRAFTING: "起草",
        _D.REVIEWING: "核稿",
        _D.COUNTERSIGNING: "会签",
        _D.APPROVING: "签发",
        _D.CHECKING: "复核",
        _D.REGISTERING: "登记编号",
        _D.RENDERING: "印制",
        _D.READY: "待核发",
        _D.ISSUED: "已核发",
        _D.ABANDONED: "已作废",
    }
)
INCOMING_LABELS: Mapping[str, str] = MappingProxyType(
    {
        _I.ARRIVED: "待签收",
        _I.SIGNED_FOR: "已签收",
        _I.FIRST_CHECK: "初审",
        _I.PROPOSING: "拟办",
        _I.INSTRUCTING: "批示",
        _I.HANDLING: "承办",
        _I.REPLYING: "答复",
        _I.CLOSED: "已办结",
        _I.RETURNED: "已退回",
    }
)
STATE_LABELS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {"dispatch": DISPATCH_LABELS, "incoming": INCOMING_LABELS}
)
RECEIPT_LABELS: Mapping[str, str] = MappingProxyType(
    {_R.SENT: "已发", _R.DELIVERED: "已送达", _R.SIGNED_FOR: "已签收", _R.RETURNED: "已退回"}
)
_RECEIPT_ACT_LABELS = {_RA.DELIVER: "送达", _RA.SIGN_FOR: "签收", _RA.RETURN: "退回"}
_RECEIPT_MOVES: Mapping[ReceiptState, Mapping[ReceiptAct, ReceiptState]] = MappingProxyType(
    {
        # A signature proves the delivery, so a delivery report that is late or lost stands in nobody's way.
        _R.SENT: {_RA.DELIVER: _R.DELIVERED, _RA.SIGN_FOR: _R.SIGNED_FOR, _RA.RETURN: _R.RETURNED},
        _R.DELIVERED: {_RA.SIGN_FOR: _R.SIGNED_FOR, _RA.RETURN: _R.RETURNED},
        # First check comes after signing for, and what breaks the rules goes back then (第二十四条).
        _R.SIGNED_FOR: {_RA.RETURN: _R.RETURNED},
        _R.RETURNED: {},
    }
)

# In these the text of a dispatch may still be changed; from registration on it is final.
CHANGEABLE_STATES = frozenset({_D.DRAFTING, _D.REVIEWING, _D.COUNTERSIGNING, _D.APPROVING, _D.CHECKING})
# In these nothing more is done to a document.
ENDED_STATES = frozenset({_D.ISSUED, _D.ABANDONED, _I.CLOSED, _I.RETURNED})


def receipt_after(state: ReceiptState, act: ReceiptAct) -> ReceiptState:
    """How a receipt stands after this report; raises `documents.act_not_possible`."""
    if following := _RECEIPT_MOVES[state].get(act):
        return following
    raise errors.act_not_possible(_RECEIPT_ACT_LABELS[act], RECEIPT_LABELS[state])


def label_of(direction: str, state: str) -> str:
    """The Chinese name of a document's state."""
    return STATE_LABELS[direction].get(state, state)
