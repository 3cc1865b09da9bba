"""The states of dispatch, incoming document and receipt."""

import pytest

from services.documents.domain.states import (
    DISPATCH_LABELS,
    INCOMING_LABELS,
    RECEIPT_LABELS,
    DispatchState,
    IncomingState,
    ReceiptAct,
    ReceiptState,
    label_of,
    receipt_after,
)
from shared.errors import Problem


def test_every_state_has_a_name_for_people() -> None:
    assert set(DISPATCH_LABELS) == set(DispatchState)
    assert set(INCOMING_LABELS) == set(IncomingState)
    assert set(RECEIPT_LABELS) == set(ReceiptState)
    assert label_of("incoming", "handling") == "承办"


@pytest.mark.parametrize("acts", [["deliver", "sign_for"], ["sign_for"]])
def test_a_receipt_ends_signed_for_with_or_without_a_delivery_report(acts: list[str]) -> None:
    state = ReceiptState.SENT
    for act in acts:
        state = receipt_after(state, ReceiptAct(act))
    assert state is ReceiptState.SIGNED_FOR


def test_a_delivery_report_after_signing_for_is_refused_in_words() -> None:
    with pytest.raises(Problem) as refused:
        receipt_after(ReceiptState.SIGNED_FOR, ReceiptAct.DELIVER)
    assert (refused.value.code, refused.value.status) == ("documents.act_not_possible", 409)
    assert "已签收" in refused.value.detail
    assert "送达" in refused.value.detail


def test_a_document_may_still_be_returned_after_signing_for_and_never_twice() -> None:
    assert receipt_after(ReceiptState.SIGNED_FOR, ReceiptAct.RETURN) is ReceiptState.RETURNED
    with pytest.raises(Problem, match="act_not_possible"):
        receipt_after(ReceiptState.RETURNED, ReceiptAct.RETURN)
