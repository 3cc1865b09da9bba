"""Instant matters (即办件) promise minutes; what is accepted and not decided within them is overdue like any other."""

from datetime import timedelta

from services.affairs.commands.watch import find_overdue
from shared.auth import Actor
from shared.ids import new_id
from tests.service.affairs.offices import Offices
from tests.support.organs import MONDAY


def test_an_instant_case_is_due_minutes_after_its_acceptance_and_falls_overdue(offices: Offices) -> None:
    matter_id = offices.matter(instant=True, legal_days=0, promised_days=0, promised_minutes=1)
    case_id = offices.apply(matter_id)
    offices.accept(case_id)
    assert offices.case(case_id).due_at == MONDAY + timedelta(minutes=1)
    for minutes, told in ((0.5, 0), (1, 1), (1, 1)):
        offices.later(minutes=minutes)
        with offices.session() as session:
            find_overdue(session, Actor.system(new_id()), offices.clock)
        assert len(offices.told(case_id, "case.overdue.v1")) == told
