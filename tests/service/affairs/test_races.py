"""Several people at once: one of them wins, the others are told, and numbers have no gaps."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import sqlalchemy as sa

from services.affairs.commands import check, withdraw
from services.affairs.models import Case, Result
from shared.errors import Problem
from tests.service.affairs.offices import APPLICANT, DECIDER, HANDLER, WINDOW, Offices

Act = Callable[[], object]


def at_once(*acts: Act) -> list[str]:
    """What became of each: empty when it went well, else the code of the problem."""
    barrier = Barrier(len(acts))

    def run(act: Act) -> str:
        barrier.wait(timeout=30)
        try:
            act()
        except Problem as problem:
            return problem.code
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def test_a_case_is_accepted_once(offices: Offices) -> None:
    case_id = offices.apply(offices.matter())
    said = at_once(*[lambda: offices.accept(case_id)] * 4)
    assert said == ["", *["affairs.wrong_state"] * 3]
    assert len(offices.told(case_id, "case.accepted.v1")) == 1


def test_a_completion_is_asked_for_once(offices: Offices) -> None:
    case_id = offices.apply(offices.matter())
    missing = [{"kind": "material", "code": "M1", "text": "未盖章"}]
    said = at_once(*[lambda: offices.run(check.ask_completion, WINDOW, case_id, missing=missing)] * 3)
    assert said == ["", *["affairs.completion_asked_before"] * 2]


def test_a_case_is_decided_once_or_withdrawn(offices: Offices) -> None:
    case_id = offices.apply(offices.matter())
    offices.accept(case_id)
    offices.do(case_id, "handle", HANDLER)
    with offices.session() as session:
        item_id = offices.open_item(session, case_id, "decide", DECIDER).id

    def decide() -> None:
        offices.complete(case_id, item_id, DECIDER, outcome="grant")

    def take_back() -> None:
        offices.run(withdraw.withdraw_case, APPLICANT, case_id, reason="不办了", means=offices.means)

    said = at_once(decide, decide, take_back)
    assert said.count("") == 1
    case = offices.case(case_id)
    assert (case.state, case.outcome) in {("delivered", "granted"), ("withdrawn", "withdrawn")}
    assert len(offices.told(case_id, "case.decided.v1")) == 1


def test_numbers_of_cases_and_results_have_no_gaps_however_many_apply_at_once(offices: Offices) -> None:
    matter_id = offices.matter(instant=True, promised_days=0)
    files = iter([[offices.file() for _ in range(3)] for _ in range(12)])
    applications = [
        offices.application(
            matter_id,
            form={"name": "李娟"} if number % 3 else {},
            materials=[
                {"code": code, "file_id": one}
                for code, one in zip(("M1", "M2", "M3"), next(files), strict=True)
            ],
        )
        for number in range(12)
    ]

    def whole_way(application: dict[str, object]) -> Act:
        def go() -> None:
            case_id = offices.hand_in(application)
            offices.run(check.finish_at_once, WINDOW, case_id, means=offices.means)

        return go

    said = at_once(*map(whole_way, applications))
    assert said == [*[""] * 8, *["affairs.application_invalid"] * 4]
    with offices.session() as session:
        mine = Case.matter_id == matter_id
        cases = session.scalars(sa.select(Case.number).where(mine)).all()
        results = session.scalars(sa.select(Result.number).join(Case).where(mine)).all()
    assert sorted(cases) == [f"BJ-2026-{number:06}" for number in range(1, 9)]
    assert set(results) == {f"萍人社调〔2026〕{number}号" for number in range(1, 9)}
