"""Lists of cases: what is late."""

from typing import Any
from uuid import UUID

from services.affairs.commands import clock
from services.affairs.queries.cases import page_cases
from tests.service.affairs.offices import HANDLER, WINDOW, Offices


def _listed(offices: Offices, **query: Any) -> set[UUID]:
    with offices.session() as session:
        asked = {"q": "", "limit": 100, **query}
        page = page_cases(session, offices.actor(WINDOW), query=asked, now=offices.clock.now())
    return {row["id"] for row in page.items}


def test_late_is_what_is_past_its_date_or_was_decided_after_it(offices: Offices) -> None:
    matter_id = offices.matter(materials=[])
    early, late, running, stopped, applied = (offices.apply(matter_id, materials=[]) for _ in range(5))
    for case_id in (early, late, running, stopped):
        offices.accept(case_id)
    offices.decide(early)
    offices.run(clock.stop_clock, HANDLER, stopped, cause="公示", reason="公示")
    assert _listed(offices, overdue=True) == set()
    offices.later(days=10)
    offices.decide(late)
    assert _listed(offices, overdue=True) == {late, running}
    assert _listed(offices, overdue=False) == {early, stopped, applied}
