"""Timers: what fails stands in nobody's way and rests for a while; what they look for is found by index."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.affairs.commands import check, clock, departments, materials, watch, withdraw
from services.affairs.commands.fill_once import apply_reusing
from services.affairs.models import TimerPause
from shared.auth import Actor
from shared.directory import DirectoryPost
from shared.errors import Problem
from shared.ids import new_id
from tests.service.affairs.offices import ACTING, APPLICANT, DECIDER, HANDLER, WINDOW, Offices


def find_overdue(offices: Offices) -> int:
    with offices.session() as session:
        return watch.find_overdue(session, Actor.system(new_id()), offices.clock)


def test_a_case_that_fails_stands_in_nobodys_way_and_rests(
    offices: Offices, caplog: pytest.LogCaptureFixture
) -> None:
    matter = offices.matter()
    broken, sound = (offices.apply(matter) for _ in range(2))
    for case_id in (broken, sound):
        offices.accept(case_id)
    with offices.session() as session:
        # Its history cannot be written.
        session.execute(sa.text(_BREAK.format(case_id=broken)))
    try:
        offices.later(days=30)
        assert find_overdue(offices) == 1
        assert offices.case(sound).overdue_at is not None
        assert "could not see to" in caplog.text
        caplog.clear()
        assert find_overdue(offices) == 0
        assert caplog.text == ""
        offices.later(minutes=2)
        assert find_overdue(offices) == 0
        assert pause_of(offices, broken) == 2
    finally:
        with offices.session() as session:
            session.execute(sa.text("DROP FUNCTION broken_act CASCADE"))
    offices.later(minutes=10)
    assert find_overdue(offices) == 1
    assert pause_of(offices, broken) is None


def test_an_applicant_who_does_not_answer_holds_up_nothing(offices: Offices) -> None:
    case_id = asked_for_completion(offices)
    # Fifteen working days from the Tuesday: until the Tuesday three weeks later.
    offices.later(days=20)
    assert end_completions(offices) == 0
    with pytest.raises(Problem, match=r"affairs\.completion_awaited"):
        offices.run(clock.resume_clock, WINDOW, case_id)
    offices.later(days=2)
    assert [end_completions(offices) for _ in range(2)] == [1, 0]
    case = offices.case(case_id)
    # Of five days one half was used before it stood still; what it rested is added to its date.
    assert (case.stopped_at, case.due_at) == (None, datetime(2026, 12, 1, 15, 59, 59, tzinfo=UTC))
    offices.do(case_id, "handle", HANDLER, opinion="逾期未补正")
    offices.do(case_id, "decide", DECIDER, outcome="refuse", opinion="逾期未补正")
    case = offices.case(case_id)
    assert (case.outcome, case.in_time) == ("refused", True)


def test_late_completion_still_counts_until_the_case_is_decided(offices: Offices) -> None:
    case_id = asked_for_completion(offices)
    offices.later(days=22)
    assert end_completions(offices) == 1
    offices.run(clock.stop_clock, HANDLER, case_id, cause="专家评审", reason="论证")
    given = [{"code": "M2", "file_id": offices.file()}]
    offices.run(materials.complete_materials, APPLICANT, case_id, materials=given)
    # What else the clock stands still for goes on.
    assert offices.case(case_id).stopped_at is not None
    offices.run(clock.resume_clock, HANDLER, case_id)
    offices.decide(case_id)
    assert offices.case(case_id).outcome == "granted"


def test_what_is_withdrawn_while_its_clock_stands_was_not_late(offices: Offices) -> None:
    case_id = asked_for_completion(offices)
    offices.later(days=20)
    offices.run(withdraw.withdraw_case, APPLICANT, case_id, reason="不办了", means=offices.means)
    assert [told["in_time"] for told in offices.told(case_id, "case.decided.v1")] == [True]


def asked_for_completion(offices: Offices) -> UUID:
    """A case of which the applicant was asked for something a day after it was accepted."""
    case_id = offices.apply(offices.matter())
    offices.accept(case_id)
    offices.later(days=1)
    missing = [{"kind": "material", "code": "M2", "text": "体检报告过期"}]
    offices.run(check.ask_completion, WINDOW, case_id, missing=missing)
    return case_id


def end_completions(offices: Offices) -> int:
    with offices.session() as session:
        return watch.end_completions(session, Actor.system(new_id()), offices.clock)


def test_a_department_without_anybody_is_not_asked_at_every_tick(offices: Offices) -> None:
    unit_id = str(offices.units["财政"])
    asked = {"code": "D", "name": "证明", "provided_by": "department", "department_unit_id": unit_id}
    _let_nobody_act_in(offices, "财政", active=False)
    matter_id = offices.matter(materials=[asked])
    with offices.session() as session:
        application = offices.application(matter_id, materials=[])
        actor = offices.actor(APPLICANT)
        case_id = apply_reusing(session, actor, offices.clock, application=application).case.id
    assert see_to_departments(offices) == 0
    assert pause_of(offices, case_id) == 1
    _let_nobody_act_in(offices, "财政", active=True)
    offices.later(minutes=2)
    assert see_to_departments(offices) == 1
    material = offices.material(case_id, "D")
    assert ("provide_material", offices.post_id(ACTING)) in offices.open_steps(material.id)
    offices.run(check.refuse_case, "人社窗口", case_id, reason="不属本机关")


def test_what_fell_overdue_is_found_by_its_index(offices: Offices) -> None:
    with offices.session() as session:
        # Whatever few rows a test has, a scan would be as quick.
        session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        statement = watch.overdue_cases(offices.clock.now())
        compiled = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = "\n".join(session.scalars(sa.text(f"EXPLAIN {compiled}")))
    assert "ix_affairs_case_due_at" in plan
    assert "Sort" not in plan


def see_to_departments(offices: Offices) -> int:
    with offices.session() as session:
        return departments.see_to_departments(session, Actor.system(new_id()), offices.clock)


def pause_of(offices: Offices, case_id: UUID) -> int | None:
    with offices.session() as session:
        wanted = sa.select(TimerPause.failures).where(TimerPause.item_id == case_id)
        return session.scalar(wanted)


def _let_nobody_act_in(offices: Offices, short: str, *, active: bool) -> None:
    with offices.session() as session:
        changed = sa.update(DirectoryPost).where(DirectoryPost.unit_id == offices.units[short])
        session.execute(changed.values(active=active))


_BREAK = """
CREATE OR REPLACE FUNCTION broken_act() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'broken'; END $$;
CREATE TRIGGER broken BEFORE INSERT ON case_act FOR EACH ROW
    WHEN (NEW.case_id = '{case_id}') EXECUTE FUNCTION broken_act();
"""
