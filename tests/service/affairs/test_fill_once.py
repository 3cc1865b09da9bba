"""Fill once (一次填报): what the suite holds is offered, never asked again, and counted; departments are asked."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.affairs.commands import departments
from services.affairs.commands.check import ask_completion, refuse_case
from services.affairs.commands.fill_once import apply_reusing
from services.affairs.commands.known import keep_document
from services.affairs.commands.materials import complete_materials, waive_material
from services.affairs.models import CaseField
from services.affairs.queries.applicants import applicant_of
from services.affairs.queries.cases import list_acts
from services.affairs.queries.offers import show_prefilled
from shared.auth import Actor
from shared.directory import DirectoryPost
from shared.errors import Problem
from shared.events.documents import Blob, DocumentIssued, Doer
from shared.ids import new_id
from tests.service.affairs.offices import ACTING, APPLICANT, DECIDER, HANDLER, WINDOW, Offices

FORM = {
    "type": "object",
    "properties": {
        "unit": {"type": "string", "title": "单位", "x-yiwang-source": "unit.name"},
        "uscc": {"type": "string", "title": "信用代码", "x-yiwang-source": "unit.uscc"},
        "person": {"type": "string", "title": "经办人", "x-yiwang-source": "person.name"},
        "phone": {"type": "string", "title": "电话", "x-yiwang-source": "earlier.phone"},
        "reason": {"type": "string", "title": "事由"},
    },
    "required": ["unit", "person", "reason"],
}


def matter(offices: Offices, **changes: Any) -> UUID:
    return offices.matter(**{"form": FORM, "materials": [{"code": "M1", "name": "编制批复"}], **changes})


def show(offices: Offices, matter_id: UUID, by: str = APPLICANT) -> dict[str, Any]:
    with offices.session() as session:
        applicant = applicant_of(session, offices.actor(by), {})
        return show_prefilled(session, applicant, offices.clock, matter_id=matter_id)


def apply(offices: Offices, matter_id: UUID, by: str = APPLICANT, **changes: Any) -> UUID:
    said = {"form": {"reason": "工作需要"}, "materials": [], **changes}
    application = offices.application(matter_id, by=by, **said)
    with offices.session() as session:
        return apply_reusing(session, offices.actor(by), offices.clock, application=application).case.id


def counts(offices: Offices, case_id: UUID) -> tuple[int, ...]:
    (told,) = offices.told(case_id, "case.applied.v1")
    names = ("fields_asked", "fields_reused", "materials_asked", "materials_reused")
    return tuple(told[name] for name in names)


def given(offices: Offices) -> list[dict[str, str]]:
    return [{"code": "M1", "file_id": offices.file(text="批复")}]


def test_a_form_with_an_unknown_source_is_not_saved(offices: Offices) -> None:
    wrong = {"type": "object", "properties": {"a": {"type": "string", "x-yiwang-source": "unit.secret"}}}
    with pytest.raises(Problem, match=r"affairs\.form_schema_invalid"):
        matter(offices, form=wrong)


def test_what_the_directory_holds_is_read_only_and_needs_no_answer(offices: Offices) -> None:
    shown = show(offices, matter(offices))
    held = {row["field"]: (row["value"], row["may_change"]) for row in shown["held"]}
    # The unit has no credit code in the directory, so that alone is asked.
    assert held == {"unit": ("萍乡市教育局", False), "person": (APPLICANT, False)}
    assert shown["form"]["required"] == ["reason"]
    assert shown["form"]["properties"]["unit"]["readOnly"] is True
    assert (shown["fields_asked"], shown["fields_reused"]) == (3, 2)


def test_held_fields_are_put_in_with_where_they_came_from(offices: Offices) -> None:
    matter_id = matter(offices)
    case_id = apply(offices, matter_id, materials=given(offices))
    assert offices.case(case_id).form == {
        "unit": "萍乡市教育局",
        "person": APPLICANT,
        "reason": "工作需要",
    }
    with offices.session() as session:
        origin = {
            name: session.get_one(CaseField, (case_id, name)).source for name in ("unit", "person", "reason")
        }
    assert origin == {"unit": "unit", "person": "person", "reason": "applicant"}
    assert counts(offices, case_id) == (1, 2, 1, 0)


def test_completion_needs_no_answer_to_what_the_suite_put_in(offices: Offices) -> None:
    case_id = apply(offices, matter(offices), materials=given(offices))
    missing = [{"kind": "field", "code": "reason", "text": "事由不清"}]
    offices.run(ask_completion, "人社窗口", case_id, missing=missing)
    offices.run(complete_materials, APPLICANT, case_id, form={"reason": "工作需要，增补一人"})
    assert offices.case(case_id).form["unit"] == "萍乡市教育局"


def test_another_answer_than_the_suite_holds_is_refused(offices: Offices) -> None:
    with pytest.raises(Problem) as refused:
        apply(offices, matter(offices), form={"unit": "别的局", "reason": "无"}, materials=given(offices))
    assert list(refused.value.errors) == ["form.unit"]


def test_an_earlier_answer_is_offered_and_may_be_changed(offices: Offices) -> None:
    matter_id = matter(offices)
    apply(offices, matter_id, form={"reason": "一", "phone": "6666"}, materials=given(offices))
    offices.later(minutes=1)
    assert {row["field"]: row["value"] for row in show(offices, matter_id)["held"]}["phone"] == "6666"
    second = apply(offices, matter_id, form={"reason": "二"})
    assert offices.case(second).form["phone"] == "6666"
    offices.later(minutes=1)
    third = apply(offices, matter_id, form={"reason": "三", "phone": "8888"})
    assert offices.case(third).form["phone"] == "8888"
    assert counts(offices, third)[0] == 2


def test_a_material_given_before_is_reused_while_it_is_valid(offices: Offices) -> None:
    matter_id = matter(offices, materials=[{"code": "M1", "name": "编制批复", "valid_days": 30}])
    apply(offices, matter_id, materials=given(offices))
    offices.later(days=10)
    (offered,) = show(offices, matter_id)["materials"]
    assert (offered["asked"], offered["offers"][0].kind) == (False, "material")
    case_id = apply(offices, matter_id)
    material = offices.material(case_id, "M1")
    assert (material.state, material.source) == ("present", "reused")
    assert counts(offices, case_id)[2:] == (0, 1)
    # Reused again it is no younger.
    offices.clock.at += timedelta(days=25)
    assert show(offices, matter_id)["materials"][0]["asked"] is True
    with pytest.raises(Problem, match=r"affairs\.application_invalid"):
        apply(offices, matter_id)


def test_a_result_of_the_suite_is_a_material_elsewhere(offices: Offices) -> None:
    first = matter(offices, result_name="编制批复")
    case_id = apply(offices, first, materials=given(offices))
    offices.accept(case_id)
    offices.decide(case_id)
    offices.later(minutes=5)
    second = matter(offices, materials=[{"code": "Z", "name": "编制 批复"}])
    case_id = apply(offices, second)
    assert offices.material(case_id, "Z").source == "reused"


def test_what_belongs_to_a_person_is_not_offered_to_another(offices: Offices) -> None:
    matter_id = matter(offices, applicants=["person"])
    apply(offices, matter_id, materials=given(offices))
    offices.later(minutes=1)
    assert show(offices, matter_id)["materials"][0]["offers"]
    assert show(offices, matter_id, by="教育同事")["materials"][0]["offers"] == []
    unit_matter = matter(offices)
    assert show(offices, unit_matter, by="教育同事")["materials"][0]["offers"] == []


def test_an_issued_document_is_handed_in_when_the_applicant_says_so(offices: Offices) -> None:
    document = _issued(offices)
    matter_id = matter(offices)
    shown = show(offices, matter_id, by="教育文书")["materials"][0]
    assert (shown["asked"], [one.number for one in shown["offers"]]) == (True, ["萍教字〔2026〕3号"])
    reuse = {"kind": "document", "id": str(document)}
    case_id = apply(offices, matter_id, by="教育文书", materials=[{"code": "M1", "reuse": reuse}])
    assert offices.material(case_id, "M1").source_id == document
    with pytest.raises(Problem, match=r"affairs\.application_invalid"):
        apply(offices, matter_id, by="统计文书", materials=[{"code": "M1", "reuse": reuse}])
    # Who does not see all documents of the organ in documents, does not get to read them this way either.
    assert show(offices, matter_id)["materials"][0]["offers"] == []
    with pytest.raises(Problem, match=r"affairs\.application_invalid"):
        apply(offices, matter_id, materials=[{"code": "M1", "reuse": reuse}])


def _issued(offices: Offices) -> UUID:
    ref = offices.blobs.put(b"%PDF-1.7 text", media_type="application/pdf", name="批复.pdf")
    event = DocumentIssued(
        document_id=new_id(),
        owner_unit_id=offices.units["教育"],
        number="萍教字〔2026〕3号",
        title="关于编制批复的通知",
        kind="通知",
        urgency="",
        recipients=(),
        doer=Doer(person_id=None, person_name="", post_id=None, post_title="", unit_name=""),
        issued_at=offices.clock.now(),
        rendered=Blob(digest=ref.digest, size=ref.size, media_type=ref.media_type, name=ref.name),
    )
    with offices.session() as session:
        keep_document(session, event=event)
        keep_document(session, event=event)
    return event.document_id


def test_what_the_system_does_not_hold_is_asked_of_the_applicant(offices: Offices) -> None:
    matter_id = matter(offices, materials=[{"code": "S", "name": "编制核定书", "provided_by": "system"}])
    shown = show(offices, matter_id)
    assert [row["asked"] for row in shown["materials"]] == [True]
    with pytest.raises(Problem) as refused:
        apply(offices, matter_id)
    assert refused.value.errors == {"materials.S": ["系统中没有“编制核定书”，请上传"]}
    given = [{"code": "S", "file_id": offices.file(text="核定书")}]
    first = apply(offices, matter_id, materials=given)
    assert (offices.material(first, "S").source, counts(offices, first)[2:]) == ("given", (1, 0))
    offices.later(minutes=1)
    shown = show(offices, matter_id)
    assert (shown["materials"][0]["asked"], shown["materials_reused"]) == (False, 1)
    second = apply(offices, matter_id)
    assert (offices.material(second, "S").source, counts(offices, second)[2:]) == ("system", (0, 1))


def _asks_department(offices: Offices) -> UUID:
    rule = {
        "code": "D",
        "name": "编制核定表",
        "provided_by": "department",
        "department_unit_id": str(offices.units["财政"]),
    }
    return matter(offices, materials=[rule])


def test_what_a_department_provides_is_its_work_and_the_case_waits_for_it(offices: Offices) -> None:
    case_id = apply(offices, _asks_department(offices))
    row = offices.material(case_id, "D")
    # Not asked of the applicant, but nothing that the suite had either.
    assert (row.state, counts(offices, case_id)[2:]) == ("awaited", (0, 0))
    assert offices.open_steps(row.id) == [("provide_material", offices.post_id(ACTING))]
    offices.accept(case_id)
    offices.do(case_id, "handle", HANDLER, opinion="拟同意")
    with pytest.raises(Problem, match=r"affairs\.materials_awaited"):
        offices.do(case_id, "decide", DECIDER, outcome="grant", opinion="同意")
    provide = departments.provide_material
    with pytest.raises(Problem, match=r"flow\.item_not_yours"):
        offices.answer(provide, HANDLER, case_id, "D", data="核定 12 名", means=offices.means)
    offices.answer(provide, ACTING, case_id, "D", data="核定 12 名", means=offices.means)
    row = offices.material(case_id, "D")
    assert (row.state, row.source, offices.steps(row.id)) == ("present", "department", set())
    with pytest.raises(Problem, match=r"affairs\.material_settled"):
        offices.answer(provide, ACTING, case_id, "D", data="又一次", means=offices.means)
    offices.do(case_id, "decide", DECIDER, outcome="grant", opinion="同意")


def test_a_department_that_has_no_such_thing_says_so(offices: Offices) -> None:
    case_id = apply(offices, _asks_department(offices))
    offices.answer(departments.decline_material, ACTING, case_id, "D", reason="无此核定")
    row = offices.material(case_id, "D")
    assert (row.state, row.check_note) == ("missing", "无此核定")


def test_without_what_a_department_declined_nothing_is_granted_unless_it_is_waived(offices: Offices) -> None:
    case_id = apply(offices, _asks_department(offices))
    offices.accept(case_id)
    offices.answer(departments.decline_material, ACTING, case_id, "D", reason="无此核定")
    offices.do(case_id, "handle", HANDLER, opinion="拟同意")
    with pytest.raises(Problem, match=r"affairs\.materials_lacking"):
        offices.do(case_id, "decide", DECIDER, outcome="grant", opinion="同意")
    with pytest.raises(Problem, match=r"affairs\.own_case"):
        offices.run(waive_material, APPLICANT, case_id, code="D", reason="不需要")
    offices.run(waive_material, WINDOW, case_id, code="D", reason="编制部门核实无此核定，不影响办理")
    with pytest.raises(Problem, match=r"affairs\.material_settled"):
        offices.run(waive_material, WINDOW, case_id, code="D", reason="再次")
    offices.do(case_id, "decide", DECIDER, outcome="grant", opinion="同意")
    with offices.session() as session:
        waived = [act for act in list_acts(session, case_id) if act.verb == "waive_material"]
    assert [(act.outcome, act.opinion) for act in waived] == [
        ("编制核定表", "编制部门核实无此核定，不影响办理")
    ]


def test_what_a_department_declined_before_acceptance_is_waived_then(offices: Offices) -> None:
    case_id = apply(offices, _asks_department(offices))
    offices.answer(departments.decline_material, ACTING, case_id, "D", reason="无此核定")
    with pytest.raises(Problem, match=r"affairs\.still_missing"):
        offices.accept(case_id)
    offices.run(waive_material, WINDOW, case_id, code="D", reason="不影响办理")
    offices.accept(case_id)


def test_a_case_that_is_over_asks_no_department_any_more(offices: Offices) -> None:
    case_id = apply(offices, _asks_department(offices))
    material_id = offices.material(case_id, "D").id
    offices.run(refuse_case, "人社窗口", case_id, reason="不属本机关")
    with offices.session() as session:
        departments.see_to_departments(session, Actor.system(new_id()), offices.clock)
    assert offices.steps(material_id) == set()


def test_a_matter_of_persons_is_not_applied_for_by_a_vacant_post(offices: Offices) -> None:
    matter_id = matter(offices, applicants=["person"], channels=["window"], materials=[])
    said = {"channel": "window", "applicant_post_id": str(_vacant(offices))}
    with pytest.raises(Problem) as refused:
        apply(offices, matter_id, by=WINDOW, materials=[], form={"reason": "无", "person": "无"}, **said)
    assert list(refused.value.errors) == ["applicant_post_id"]


def _vacant(offices: Offices) -> UUID:
    post_id = new_id()
    with offices.session() as session:
        unit_id = offices.units["教育"]
        session.add(
            DirectoryPost(
                id=post_id, unit_id=unit_id, code="空缺", title="空缺岗位", permissions=[], position=99
            )
        )
    return post_id
