"""Delegation for an absence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.identity.domain.delegations import (
    LONGEST,
    DelegationFacts,
    WorkKind,
    delegation_complaints,
)
from services.identity.domain.roles import Role

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ANN, BEA, CID = UUID(int=1), UUID(int=2), UUID(int=3)
WANTED = DelegationFacts(
    giver_id=ANN,
    giver_post_id=UUID(int=11),
    receiver_id=BEA,
    receiver_post_id=UUID(int=12),
    starts_at=MONDAY,
    ends_at=MONDAY + timedelta(days=5),
    kinds=frozenset({WorkKind.DOCUMENTS, WorkKind.SUPERVISION}),
)


def fields(
    wanted: DelegationFacts,
    *existing: DelegationFacts,
    roles: tuple[Role, ...] = (),
    same_organ: bool = True,
) -> list[str]:
    found = delegation_complaints(wanted, existing, giver_roles=roles, same_organ=same_organ, now=MONDAY)
    return [field for field, _ in found]


def test_a_plain_delegation_is_accepted() -> None:
    assert fields(WANTED, roles=(Role.PRINCIPAL,)) == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (replace(WANTED, receiver_id=ANN), "receiver_post_id"),
        (replace(WANTED, kinds=frozenset()), "kinds"),
        (replace(WANTED, ends_at=MONDAY), "ends_at"),
        (replace(WANTED, starts_at=MONDAY - timedelta(days=3), ends_at=MONDAY), "ends_at"),
        (replace(WANTED, ends_at=MONDAY + LONGEST + timedelta(days=1)), "ends_at"),
    ],
)
def test_a_wrong_delegation_is_refused_at_its_field(wrong: DelegationFacts, field: str) -> None:
    assert fields(wrong) == [field]


def test_work_stays_within_the_organ() -> None:
    assert fields(WANTED, same_organ=False) == ["receiver_post_id"]


def test_the_three_administrators_delegate_nothing() -> None:
    assert fields(WANTED, roles=(Role.AUDIT_ADMINISTRATOR,)) == ["giver_post_id"]


def test_who_is_away_cannot_stand_in_for_another() -> None:
    away = replace(WANTED, giver_id=BEA, giver_post_id=UUID(int=12), receiver_id=CID)
    assert fields(WANTED, away) == ["receiver_post_id"]


def test_who_stands_in_for_another_cannot_pass_work_of_that_kind_on() -> None:
    received = replace(WANTED, giver_id=CID, giver_post_id=UUID(int=13), receiver_id=ANN)
    assert fields(WANTED, received) == ["kinds"]


def test_other_kinds_and_other_times_do_not_meet() -> None:
    received = replace(WANTED, giver_id=CID, giver_post_id=UUID(int=13), receiver_id=ANN)
    assert fields(WANTED, replace(received, kinds=frozenset({WorkKind.MEETINGS}))) == []
    assert (
        fields(
            WANTED, replace(received, starts_at=WANTED.ends_at, ends_at=WANTED.ends_at + timedelta(days=1))
        )
        == []
    )


def test_the_same_work_of_a_post_is_delegated_once() -> None:
    assert fields(WANTED, replace(WANTED, receiver_id=CID)) == ["kinds"]
