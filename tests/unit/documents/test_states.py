"""The life cycles of dispatch, incoming document and receipt."""

import pytest

from services.documents.domain.states import (
    DISPATCH,
    INCOMING,
    RECEIPT,
    DispatchAct,
    DispatchState,
    IncomingAct,
    IncomingState,
    LifeCycle,
    ReceiptAct,
    ReceiptState,
)
from shared.errors import Problem

CYCLES = [DISPATCH, INCOMING, RECEIPT]


@pytest.mark.parametrize("cycle", CYCLES)
def test_every_state_and_act_has_a_name_for_people(cycle: LifeCycle) -> None:
    named = {state for moves in cycle.moves.values() for state in moves.values()} | set(cycle.moves)
    acts = {act for moves in cycle.moves.values() for act in moves}
    assert named | acts | set(cycle.steps) <= set(cycle.labels)


def test_a_dispatch_goes_from_draft_to_issue_and_is_numbered_after_signing_and_check() -> None:
    acts = [
        "submit",
        "ask_countersigners",
        "ask_approval",
        "approve",
        "clear",
        "register",
        "render",
        "issue",
    ]
    state, passed = DispatchState.DRAFTING, []
    for act in acts:
        state = DISPATCH.after(state, DispatchAct(act))
        passed.append(state)
    assert passed[-1] is DispatchState.ISSUED
    assert DISPATCH.is_final(passed[-1])
    assert passed.index(DispatchState.CHECKING) < passed.index(DispatchState.REGISTERING)


def test_an_incoming_document_goes_from_arrival_to_close() -> None:
    state = IncomingState.ARRIVED
    for act in ["sign_for", "register", "accept", "propose", "instruct", "ask_reply", "close"]:
        state = INCOMING.after(state, IncomingAct(act))
    assert state is IncomingState.CLOSED


def test_an_act_out_of_place_is_refused_in_words() -> None:
    with pytest.raises(Problem) as refused:
        DISPATCH.after(DispatchState.DRAFTING, DispatchAct.ISSUE)
    assert (refused.value.code, refused.value.status) == ("documents.act_not_possible", 409)
    assert "起草" in refused.value.detail
    assert "发出" in refused.value.detail


def test_a_document_is_sent_back_to_an_earlier_step_with_a_reason() -> None:
    back = DISPATCH.send_back(DispatchState.APPROVING, DispatchState.DRAFTING, reason="依据不足")
    assert back is DispatchState.DRAFTING


@pytest.mark.parametrize("target", [DispatchState.APPROVING, DispatchState.CHECKING, DispatchState.ABANDONED])
def test_a_document_is_not_sent_back_to_where_it_has_not_been(target: DispatchState) -> None:
    with pytest.raises(Problem, match="not_an_earlier_step"):
        DISPATCH.send_back(DispatchState.APPROVING, target, reason="依据不足")


def test_sending_back_needs_a_reason() -> None:
    with pytest.raises(Problem, match="reason_missing"):
        DISPATCH.send_back(DispatchState.APPROVING, DispatchState.DRAFTING, reason="  ")


@pytest.mark.parametrize("state", [DispatchState.RENDERING, DispatchState.READY, DispatchState.ISSUED])
def test_a_numbered_document_is_not_sent_back(state: DispatchState) -> None:
    with pytest.raises(Problem, match="not_an_earlier_step"):
        DISPATCH.send_back(state, DispatchState.DRAFTING, reason="改一处")


@pytest.mark.parametrize("acts", [["deliver", "sign_for"], ["sign_for"]])
def test_a_receipt_ends_signed_for_with_or_without_a_delivery_report(acts: list[str]) -> None:
    state = ReceiptState.SENT
    for act in acts:
        state = RECEIPT.after(state, ReceiptAct(act))
    assert state is ReceiptState.SIGNED_FOR
    assert not RECEIPT.allows(state, ReceiptAct.DELIVER)


def test_a_returned_receipt_is_final() -> None:
    assert RECEIPT.after(ReceiptState.SIGNED_FOR, ReceiptAct.RETURN) is ReceiptState.RETURNED
    assert RECEIPT.is_final(ReceiptState.RETURNED)
