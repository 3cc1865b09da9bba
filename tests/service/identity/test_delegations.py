"""Delegation for an absence."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.identity.commands.accounts import disable_person
from services.identity.commands.delegations import (
    end_delegation,
    end_delegations_across_organs,
    grant_delegation,
)
from services.identity.commands.people import appoint, dismiss
from services.identity.domain.delegations import WorkKind
from services.identity.models import Delegation
from shared.auth import Actor
from shared.clock import FixedClock
from shared.directory import find_delegation
from shared.errors import Problem
from tests.service.identity.people import City, actor_in


def granted(
    session: Session, clock: FixedClock, city: City, *, giver: str = "finance", receiver: str = "budget"
) -> Delegation:
    delegation = grant_delegation(
        session,
        actor_in(session, giver),
        clock,
        receiver_post_id=city.posts[receiver],
        receiver_id=None,
        kinds=[WorkKind.DOCUMENTS],
        starts_at=clock.now(),
        ends_at=clock.now() + timedelta(days=3),
    )
    session.flush()
    return delegation


def in_force(session: Session, clock: FixedClock, city: City) -> bool:
    found = find_delegation(
        session,
        from_post_id=city.posts["finance"],
        to_post_id=city.posts["budget"],
        person_id=city.persons["budget"],
        work_kind="documents",
        now=clock.now(),
    )
    return found is not None


def test_a_delegation_is_in_force_for_its_period(session: Session, clock: FixedClock, city: City) -> None:
    granted(session, clock, city)
    assert in_force(session, clock, city)
    clock.at += timedelta(days=3)
    assert not in_force(session, clock, city)


@pytest.mark.parametrize(
    ("receiver", "field", "said"),
    [
        ("vacant", "receiver_post_id", "空缺"),
        ("finance", "receiver_post_id", "自己"),
        ("mayor", "receiver_post_id", "本机关"),
    ],
)
def test_a_delegation_to_nobody_oneself_or_another_organ_is_refused(
    session: Session, clock: FixedClock, city: City, *, receiver: str, field: str, said: str
) -> None:
    with pytest.raises(Problem) as refused:
        granted(session, clock, city, receiver=receiver)
    assert said in refused.value.errors[field][0]


def test_what_was_received_is_not_passed_on(session: Session, clock: FixedClock, city: City) -> None:
    granted(session, clock, city)
    with pytest.raises(Problem, match="不得转托"):
        granted(session, clock, city, giver="budget", receiver="mayor")


def test_an_administrator_delegates_nothing(session: Session, clock: FixedClock, city: City) -> None:
    with pytest.raises(Problem, match="不得委托他人"):
        granted(session, clock, city, giver="audit")


def test_only_the_giver_takes_it_back_and_only_once(session: Session, clock: FixedClock, city: City) -> None:
    delegation = granted(session, clock, city)
    clock.at += timedelta(hours=1)
    with pytest.raises(Problem, match="delegation_not_found"):
        end_delegation(session, actor_in(session, "budget"), clock, delegation_id=delegation.id)
    end_delegation(session, actor_in(session, "finance"), clock, delegation_id=delegation.id)
    assert not in_force(session, clock, city)
    with pytest.raises(Problem, match="delegation_over"):
        end_delegation(session, actor_in(session, "finance"), clock, delegation_id=delegation.id)


def test_one_that_goes_to_another_organ_by_now_is_ended_by_itself(
    session: Session, clock: FixedClock, city: City, operator: Actor
) -> None:
    delegation = granted(session, clock, city)
    assert end_delegations_across_organs(session, operator, clock) == 0
    assert in_force(session, clock, city)
    clock.at += timedelta(hours=1)
    delegation.receiver_post_id = city.posts["mayor"]
    assert [end_delegations_across_organs(session, operator, clock) for _ in range(2)] == [1, 0]
    assert not in_force(session, clock, city)
    assert delegation.ended_at == clock.now()


@pytest.mark.parametrize("who", ["finance", "budget"])
def test_it_ends_when_either_loses_the_post_or_the_account(
    session: Session, clock: FixedClock, city: City, who: str
) -> None:
    system = actor_in(session, "system")
    granted(session, clock, city)
    clock.at += timedelta(hours=1)
    if who == "finance":
        dismiss(session, system, clock, post_id=city.posts[who], person_id=city.persons[who])
    else:
        disable_person(session, system, clock, person_id=city.persons[who], reason="调离")
    assert not in_force(session, clock, city)
    assert session.scalars(sa.select(Delegation.ended_at)).one() == clock.now()


def test_the_receiver_is_named_where_several_hold_the_post(
    session: Session, clock: FixedClock, city: City, operator: Actor
) -> None:
    appoint(session, operator, clock, post_id=city.posts["budget"], person_id=city.persons["idle"])
    with pytest.raises(Problem, match="指明受托人"):
        granted(session, clock, city)
