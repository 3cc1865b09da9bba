"""Nobody judges what one applied for, nobody rates what one handled, and nobody gives what is another's to give."""

from typing import Any
from uuid import UUID

import pytest

from services.affairs.commands import check, clock, departments, materials, rate, trips, withdraw, work
from services.affairs.commands.fill_once import apply_reusing
from shared.directory import DirectoryDelegation
from shared.errors import Problem
from shared.ids import new_id
from tests.service.affairs.offices import (
    ACTING,
    APPLICANT,
    DECIDER,
    HANDLER,
    MATERIALS,
    WINDOW,
    Offices,
)


def of_department(offices: Offices) -> UUID:
    unit_id = str(offices.units["财政"])
    asked = {"code": "D", "name": "经费证明", "provided_by": "department", "department_unit_id": unit_id}
    return offices.matter(materials=[{"code": "M1", "name": "申请表"}, asked])


def test_the_window_does_not_judge_its_own_application(offices: Offices) -> None:
    case_id = offices.apply(offices.matter(instant=True, promised_days=0), by=WINDOW)
    for act, said in (
        (check.accept_case, {}),
        (check.finish_at_once, {"means": offices.means}),
        (check.refuse_case, {"reason": "不办"}),
    ):
        with pytest.raises(Problem, match=r"affairs\.own_case"):
            offices.run(act, WINDOW, case_id, **said)
    assert offices.case(case_id).state == "checking"


def test_the_window_does_not_stop_the_clock_of_its_own_application(offices: Offices) -> None:
    case_id = offices.apply(offices.matter(), by="人社主任")
    offices.accept(case_id)
    with pytest.raises(Problem, match=r"affairs\.own_case"):
        offices.run(clock.stop_clock, "人社主任", case_id, cause="公示", reason="公示")


@pytest.mark.parametrize("step", ["handle", "decide"])
def test_nobody_handles_or_decides_the_own_application(offices: Offices, step: str) -> None:
    by = {"handle": HANDLER, "decide": DECIDER}[step]
    case_id = offices.apply(offices.matter(), by=by)
    offices.accept(case_id)
    with pytest.raises(Problem, match=r"affairs\.own_case"):
        offices.decide(case_id)
    assert offices.case(case_id).outcome is None


def test_a_rating_is_not_handed_over_and_not_given_by_whoever_handled_the_case(offices: Offices) -> None:
    case_id = offices.apply(offices.matter())
    offices.accept(case_id)
    offices.decide(case_id)
    with offices.session() as session:
        item_id = offices.open_item(session, case_id, "rate", APPLICANT).id
    with pytest.raises(Problem, match="step_has_its_own_way"):
        offices.run(
            work.transfer_item, APPLICANT, case_id, item_id=item_id, to_post_id=offices.post_id("教育同事")
        )
    _stand_in(offices, absent=APPLICANT, deputy=DECIDER)
    with pytest.raises(Problem, match=r"affairs\.rated_by_handler"):
        offices.run(rate.rate_case, DECIDER, case_id, means=offices.means, score=5)


def test_what_a_department_provides_is_not_taken_from_the_applicant(offices: Offices) -> None:
    matter_id = of_department(offices)
    given = [{"code": "M1", "file_id": offices.file()}, {"code": "D", "file_id": offices.file()}]
    with pytest.raises(Problem) as refused:
        offices.apply(matter_id, materials=given)
    assert refused.value.errors == {"materials.D": ["“经费证明”由部门出具，不必提交"]}


def test_a_completion_does_not_replace_what_a_department_provided(offices: Offices) -> None:
    case_id = _applied(offices, of_department(offices))
    missing = [{"kind": "material", "code": "M1", "text": "未盖章"}]
    offices.run(check.ask_completion, WINDOW, case_id, missing=missing)
    given = [{"code": code, "file_id": offices.file()} for code in ("M1", "D")]
    with pytest.raises(Problem, match="material_settled"):
        offices.run(materials.complete_materials, APPLICANT, case_id, materials=given)
    assert offices.material(case_id, "D").state == "awaited"
    said = {"means": offices.means, "data": "经费已落实"}
    offices.answer(departments.provide_material, ACTING, case_id, "D", **said)
    with pytest.raises(Problem, match="material_settled"):
        offices.run(
            materials.complete_materials,
            APPLICANT,
            case_id,
            materials=[{"code": "D", "file_id": offices.file()}],
        )


@pytest.mark.parametrize("accepted", [False, True])
def test_a_completion_does_not_wait_for_what_a_department_declined_meanwhile(
    offices: Offices, accepted: bool
) -> None:
    case_id = _applied(offices, of_department(offices))
    if accepted:
        offices.accept(case_id)
    missing = [{"kind": "material", "code": "M1", "text": "未盖章"}]
    offices.run(check.ask_completion, WINDOW, case_id, missing=missing)
    offices.answer(departments.decline_material, ACTING, case_id, "D", reason="无此经费")
    given = [{"code": "M1", "file_id": offices.file()}]
    offices.run(materials.complete_materials, APPLICANT, case_id, materials=given)
    assert (offices.case(case_id).state, offices.case(case_id).stopped_at) == (
        "handling" if accepted else "checking", None
    )  # fmt: skip
    offices.run(materials.waive_material, WINDOW, case_id, code="D", reason="不涉及经费")
    if not accepted:
        offices.accept(case_id)
    offices.decide(case_id)
    assert offices.case(case_id).outcome == "granted"


def test_what_a_department_declined_is_waived_while_the_applicant_completes_something_else(
    offices: Offices,
) -> None:
    case_id = _applied(offices, of_department(offices))
    offices.accept(case_id)
    missing = [{"kind": "material", "code": "M1", "text": "未盖章"}]
    offices.run(check.ask_completion, WINDOW, case_id, missing=missing)
    offices.answer(departments.decline_material, ACTING, case_id, "D", reason="无此经费")
    with pytest.raises(Problem, match=r"affairs\.completion_awaited"):
        offices.run(materials.waive_material, WINDOW, case_id, code="M1", reason="不需要")
    offices.run(materials.waive_material, WINDOW, case_id, code="D", reason="不涉及经费")
    assert offices.material(case_id, "D").required is False


def test_what_a_department_declined_may_be_asked_of_the_applicant(offices: Offices) -> None:
    case_id = _applied(offices, of_department(offices))
    offices.answer(departments.decline_material, ACTING, case_id, "D", reason="无此经费")
    missing = [{"kind": "material", "code": "D", "text": "请提交自筹证明"}]
    offices.run(check.ask_completion, WINDOW, case_id, missing=missing)
    with pytest.raises(Problem, match=r"affairs\.still_missing"):
        offices.run(materials.complete_materials, APPLICANT, case_id)
    given = [{"code": "D", "file_id": offices.file()}]
    offices.run(materials.complete_materials, APPLICANT, case_id, materials=given)
    offices.accept(case_id)


def test_a_completion_does_not_change_what_the_directory_says(offices: Offices) -> None:
    form = {
        "type": "object",
        "properties": {
            "unit": {"type": "string", "x-yiwang-source": "unit.name"},
            "reason": {"type": "string"},
        },
        "required": ["unit", "reason"],
    }
    case_id = _applied(offices, offices.matter(form=form, materials=[]), form={"reason": "一"}, materials=[])
    missing = [{"kind": "field", "code": "reason", "text": "写清事由"}]
    offices.run(check.ask_completion, WINDOW, case_id, missing=missing)
    forged = {"unit": "别的局", "reason": "二"}
    with pytest.raises(Problem) as refused:
        offices.run(materials.complete_materials, APPLICANT, case_id, form=forged)
    assert list(refused.value.errors) == ["form.unit"]
    offices.run(materials.complete_materials, APPLICANT, case_id, form={"reason": "二"})
    assert offices.case(case_id).form == {"unit": "萍乡市教育局", "reason": "二"}


def test_nothing_is_granted_on_a_declaration_that_was_found_false(offices: Offices) -> None:
    offered = [{"code": "M3", "declared": True}]
    offered += [{"code": code, "file_id": offices.file()} for code in ("M1", "M2")]
    case_id = offices.apply(offices.matter(), materials=offered, promise=True)
    offices.accept(case_id)
    said = {"code": "M3", "holds": False, "note": "有记录", "means": offices.means}
    offices.run(materials.check_declaration, WINDOW, case_id, **said)
    with pytest.raises(Problem, match="materials_lapsed"):
        offices.decide(case_id)


def test_nothing_is_added_to_a_case_that_is_over(offices: Offices) -> None:
    offered = [{"code": "M2", "deferred": True}, {"code": "M3", "declared": True}]
    offered += [{"code": "M1", "file_id": offices.file()}]
    case_id = offices.apply(offices.matter(materials=MATERIALS), materials=offered, promise=True)
    offices.run(withdraw.withdraw_case, APPLICANT, case_id, reason="不办了", means=offices.means)
    late: list[tuple[Any, str, dict[str, Any]]] = [
        (
            materials.supply_material,
            APPLICANT,
            {"code": "M2", "file_id": offices.file(), "means": offices.means},
        ),
        (
            materials.check_declaration,
            WINDOW,
            {"code": "M3", "holds": False, "note": "假", "means": offices.means},
        ),
        (trips.note_trip, WINDOW, {"reason": "来过"}),
    ]
    for act, by, said in late:
        with pytest.raises(Problem, match="wrong_state"):
            offices.run(act, by, case_id, **said)


def _applied(offices: Offices, matter_id: UUID, **changes: Any) -> UUID:
    given = [{"code": "M1", "file_id": offices.file()}]
    application = offices.application(matter_id, **{"materials": given, **changes})
    with offices.session() as session:
        actor = offices.actor(APPLICANT)
        return apply_reusing(session, actor, offices.clock, application=application).case.id


def _stand_in(offices: Offices, *, absent: str, deputy: str) -> None:
    with offices.session() as session:
        session.add(
            DirectoryDelegation(
                id=new_id(),
                from_post_id=offices.post_id(absent),
                to_post_id=offices.post_id(deputy),
                from_person_id=offices.people[absent].person_id,
                to_person_id=offices.people[deputy].person_id,
                work_kinds=[],
                starts_at=offices.clock.now(),
                ends_at=offices.clock.now().replace(year=2027),
            )
        )
