"""The life of a case: from application to the archives, with its clock, its result and what is owed."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from services.affairs.commands import check, clock, deliver, materials, rate, supervised, watch, withdraw
from services.affairs.models import Case, SealKey
from services.affairs.queries.cases import view_of
from services.affairs.queries.results import verify_result
from shared.auth import Actor
from shared.errors import Problem
from shared.events.base import example_of
from shared.events.dossier import Direction, from_json
from shared.events.origin import Origin
from shared.events.supervision import TaskRegistered
from shared.ids import new_id
from tests.service.affairs.offices import ACTING, APPLICANT, DECIDER, HANDLER, WINDOW, Offices


def system() -> Actor:
    return Actor.system(new_id())


def end_of(day: int) -> datetime:
    """The last second of that day of November 2026 in Shanghai."""
    return datetime(2026, 11, day, 15, 59, 59, tzinfo=UTC)


def test_a_case_goes_from_application_to_the_archives(offices: Offices) -> None:
    case_id = offices.apply(offices.matter())
    assert offices.case(case_id).number == "BJ-2026-000001"
    assert offices.steps(case_id) == {"check"}

    offices.accept(case_id)
    assert offices.case(case_id).due_at == end_of(9)
    assert offices.open_steps(case_id) == [("handle", offices.post_id(HANDLER))]

    offices.later(days=2)
    offices.decide(case_id)
    case = offices.case(case_id)
    assert (case.state, case.outcome, case.in_time, case.used_half_days) == ("delivered", "granted", True, 2)
    assert offices.result(case_id).number == "萍人社调〔2026〕1号"
    assert offices.open_steps(case_id) == [("rate", offices.post_id(APPLICANT))]

    offices.run(rate.rate_case, APPLICANT, case_id, means=offices.means, score=5, comment="一次没跑")
    assert offices.case(case_id).state == "concluded"
    assert offices.open_steps(case_id) == []
    told = offices.told(case_id, "case.concluded.v1")
    assert [(one["trips"], one["online"], one["score"]) for one in told] == [(0, True, 5)]
    dossier = from_json(offices.blobs.read(told[0]["dossier"]["digest"]))
    assert dossier.direction is Direction.CASE
    assert [act.verb for act in dossier.acts][:2] == ["apply", "accept"]
    assert len(dossier.attachments) == 4


def test_numbers_have_no_gap_when_an_application_fails(offices: Offices) -> None:
    matter = offices.matter()
    offices.apply(matter)
    with pytest.raises(Problem, match="application_invalid"):
        offices.apply(matter, form={})
    assert offices.case(offices.apply(matter)).number == "BJ-2026-000002"


def test_what_is_wrong_with_an_application_is_told_by_field(offices: Offices) -> None:
    with pytest.raises(Problem) as refused:
        offices.apply(offices.matter(), form={"name": "李", "age": "三十", "more": 1}, materials=[])
    assert refused.value.errors == {
        "form.name": ["至少 2 个字"],
        "form.age": ["应为整数"],
        "form.more": ["表单中没有这个字段"],
        "materials.M1": ["缺少“调动申请表”"],
        "materials.M2": ["缺少“体检报告”"],
        "materials.M3": ["缺少“无犯罪记录证明”"],
    }


def test_completion_is_asked_for_once_with_everything(offices: Offices) -> None:
    case_id = offices.apply(offices.matter())
    missing = [{"kind": "material", "code": "M1", "text": "申请表未盖章"}]
    offices.run(check.ask_completion, WINDOW, case_id, missing=missing)
    assert offices.open_steps(case_id) == [("complete_materials", offices.post_id(APPLICANT))]
    with pytest.raises(Problem, match="still_missing"):
        offices.run(materials.complete_materials, APPLICANT, case_id)
    given = [{"code": "M1", "file_id": offices.file()}]
    offices.run(materials.complete_materials, APPLICANT, case_id, materials=given)
    assert offices.steps(case_id) == {"check"}
    with pytest.raises(Problem, match="completion_asked_before"):
        offices.run(check.ask_completion, WINDOW, case_id, missing=missing)
    offices.accept(case_id)


def test_completion_asked_while_handling_stops_the_clock(offices: Offices) -> None:
    case_id = offices.apply(offices.matter())
    offices.accept(case_id)
    offices.later(days=1)
    missing = [{"kind": "material", "code": "M2", "text": "体检报告过期"}]
    offices.run(check.ask_completion, WINDOW, case_id, missing=missing)
    with pytest.raises(Problem, match="clock_stands"):
        offices.decide(case_id)
    offices.later(days=2)
    given = [{"code": "M2", "file_id": offices.file()}]
    offices.run(materials.complete_materials, APPLICANT, case_id, materials=given)
    assert offices.case(case_id).due_at == end_of(11)
    offices.do(case_id, "decide", DECIDER, outcome="grant")
    case = offices.case(case_id)
    assert (case.state, case.used_half_days) == ("delivered", 0)


def test_the_clock_rests_in_half_days_during_a_special_procedure(offices: Offices) -> None:
    case_id = offices.apply(offices.matter())
    offices.accept(case_id)
    offices.later(days=1)
    offices.run(clock.stop_clock, HANDLER, case_id, cause="专家评审", reason="需专家论证")
    offices.later(hours=5)
    offices.run(clock.resume_clock, HANDLER, case_id)
    assert offices.case(case_id).due_at == datetime(2026, 11, 10, 4, tzinfo=UTC)
    with offices.session() as session:
        deadline = offices.open_item(session, case_id, "handle", HANDLER).deadline
    assert deadline == datetime(2026, 11, 10, 4, tzinfo=UTC)
    with pytest.raises(Problem, match="clock_runs"):
        offices.run(clock.resume_clock, HANDLER, case_id)
    offices.later(days=30)
    with pytest.raises(Problem, match="too_late_to_stop"):
        offices.run(clock.stop_clock, HANDLER, case_id, cause="公示", reason="公示")


def test_departments_work_side_by_side_and_the_late_one_is_named(offices: Offices) -> None:
    matter = offices.matter(flow_key="case-joint", joint=offices.joint(ACTING, "编制承办"))
    case_id = offices.apply(matter)
    offices.accept(case_id)
    assert offices.steps(case_id) == {"handle", "joint"}
    offices.do(case_id, "joint", "编制承办", outcome="agree", opinion="有空编")
    offices.do(case_id, "handle", HANDLER)
    offices.later(days=10)
    with offices.session() as session:
        assert watch.find_overdue(session, system(), offices.clock) == 1
        assert watch.find_overdue(session, system(), offices.clock) == 0
    told = offices.told(case_id, "case.overdue.v1")
    assert [one["late_unit_name"] for one in told] == ["萍乡市财政局"]
    offices.do(case_id, "joint", ACTING, outcome="agree")
    offices.do(case_id, "decide", DECIDER, outcome="grant")
    assert offices.case(case_id).in_time is False


def test_a_department_without_a_post_of_its_own_must_be_chosen(offices: Offices) -> None:
    joint = [{"unit_id": str(offices.units["财政"])}]
    case_id = offices.apply(offices.matter(flow_key="case-joint", joint=joint))
    with pytest.raises(Problem, match="萍乡市财政局"):
        offices.accept(case_id)
    assert offices.case(case_id).state == "checking"
    offices.accept(case_id, choices={"joint": {"post_ids": [offices.post_id(ACTING)]}})
    assert ("joint", offices.post_id(ACTING)) in offices.open_steps(case_id)


def test_an_instant_matter_is_finished_at_the_window(offices: Offices) -> None:
    matter = offices.matter(instant=True, promised_days=0, legal_days=0)
    case_id = offices.apply(matter)
    offices.run(check.finish_at_once, WINDOW, case_id, means=offices.means)
    case = offices.case(case_id)
    assert (case.state, case.used_half_days, case.in_time) == ("delivered", 0, True)
    with pytest.raises(Problem, match="not_instant"):
        offices.run(check.finish_at_once, WINDOW, offices.apply(offices.matter()), means=offices.means)


def test_whoever_comes_to_the_window_makes_trips(offices: Offices) -> None:
    matter = offices.matter(delivery=["online", "window"])
    case_id = offices.apply(
        matter,
        by=WINDOW,
        channel="window",
        delivery="window",
        applicant_post_id=str(offices.post_id(APPLICANT)),
    )
    offices.accept(case_id)
    offices.decide(case_id)
    assert offices.steps(case_id) == {"deliver"}
    offices.run(deliver.deliver_result, WINDOW, case_id, in_person=True)
    assert offices.case(case_id).trips == 2
    reasons = [told["reason"] for told in offices.told(case_id, "case.trip_made.v1")]
    assert reasons == ["到窗口申请", "到窗口领取结果"]
    assert offices.open_steps(case_id) == [("rate", offices.post_id(APPLICANT))]


def test_a_refusal_needs_its_reason_and_has_a_document(offices: Offices) -> None:
    case_id = offices.apply(offices.matter())
    offices.accept(case_id)
    with pytest.raises(Problem, match="reason_needed"):
        offices.decide(case_id, outcome="refuse", opinion=" ")
    offices.do(case_id, "decide", DECIDER, outcome="refuse", opinion="不符合调动条件")
    result = offices.result(case_id)
    assert (offices.case(case_id).outcome, result.granted) == ("refused", False)
    with offices.session() as session:
        shown = verify_result(session, result.code)
    # Genuine, and for all to see no approval, whatever was made of the paper.
    assert (shown["valid"], shown["name"], shown["granted"]) == (True, "不予批准决定书", False)
    assert shown["pdf_sha256"] == sha256(offices.blobs.read(result.digest)).hexdigest()


def test_not_accepted_and_nothing_follows(offices: Offices) -> None:
    case_id = offices.apply(offices.matter())
    offices.run(check.refuse_case, WINDOW, case_id, reason="不属于本机关职权范围")
    assert (offices.case(case_id).state, offices.open_steps(case_id)) == ("not_accepted", [])
    with pytest.raises(Problem, match="wrong_state"):
        offices.accept(case_id)


@pytest.mark.parametrize("accepted", [False, True])
def test_an_applicant_withdraws_before_the_decision(offices: Offices, *, accepted: bool) -> None:
    case_id = offices.apply(offices.matter())
    if accepted:
        offices.accept(case_id)
    with pytest.raises(Problem, match="not_the_applicant"):
        offices.run(withdraw.withdraw_case, WINDOW, case_id, reason="不办了", means=offices.means)
    offices.run(withdraw.withdraw_case, APPLICANT, case_id, reason="不办了", means=offices.means)
    assert (offices.case(case_id).state, offices.open_steps(case_id)) == ("withdrawn", [])
    assert [told["outcome"] for told in offices.told(case_id, "case.decided.v1")] == ["withdrawn"]
    assert len(offices.told(case_id, "case.concluded.v1")) == int(accepted)


def deferring(offices: Offices) -> list[dict[str, object]]:
    return [
        {"code": "M1", "file_id": offices.file()},
        {"code": "M2", "deferred": True},
        {"code": "M3", "file_id": offices.file()},
    ]


def test_a_deferred_material_needs_a_promise_and_is_handed_in_later(offices: Offices) -> None:
    matter = offices.matter()
    with pytest.raises(Problem, match="promise_needed"):
        offices.apply(matter, materials=deferring(offices))
    case_id = offices.apply(matter, materials=deferring(offices), promise=True)
    assert "体检报告" in offices.case(case_id).promise
    offices.accept(case_id)
    assert offices.steps(case_id) == {"handle", "supply"}
    offices.decide(case_id)
    assert offices.steps(case_id) == {"rate", "supply"}
    offices.run(rate.rate_case, APPLICANT, case_id, means=offices.means, score=4)
    assert offices.case(case_id).state == "delivered"
    means, file_id = offices.means, offices.file()
    offices.run(materials.supply_material, APPLICANT, case_id, code="M2", file_id=file_id, means=means)
    assert (offices.case(case_id).state, offices.open_steps(case_id)) == ("concluded", [])


def test_a_result_is_revoked_when_a_deferred_material_never_comes(offices: Offices) -> None:
    matter = offices.matter()
    case_id = offices.apply(matter, materials=deferring(offices), promise=True)
    offices.accept(case_id)
    offices.decide(case_id)
    code = offices.result(case_id).code
    with offices.session() as session:
        assert verify_result(session, code)["valid"] is True
        assert watch.lapse_materials(session, system(), offices.clock, means=offices.means) == 0
    offices.later(days=20)
    for count in (1, 0):
        with offices.session() as session:
            assert watch.lapse_materials(session, system(), offices.clock, means=offices.means) == count
    with offices.session() as session:
        shown = verify_result(session, code)
    assert shown["valid"] is False
    assert offices.case(case_id).state == "concluded"
    with pytest.raises(Problem, match="promise_not_trusted"):
        offices.apply(matter, materials=deferring(offices), promise=True)


def test_nothing_is_granted_once_a_deferred_material_lapsed(offices: Offices) -> None:
    matter = offices.matter(legal_days=20, promised_days=20)
    case_id = offices.apply(matter, materials=deferring(offices), promise=True)
    offices.accept(case_id)
    offices.later(days=20)
    with offices.session() as session:
        watch.lapse_materials(session, system(), offices.clock, means=offices.means)
    assert offices.steps(case_id) == {"handle"}
    with pytest.raises(Problem, match="materials_lapsed"):
        offices.decide(case_id)
    offices.do(case_id, "decide", DECIDER, outcome="refuse", opinion="容缺材料逾期未补交")


def test_a_promise_beyond_the_last_known_year_is_refused(offices: Offices) -> None:
    case_id = offices.apply(offices.matter(legal_days=90, promised_days=60))
    with pytest.raises(Problem, match=r"workdays\.year_not_loaded"):
        offices.accept(case_id)
    assert (offices.case(case_id).state, offices.steps(case_id)) == ("checking", {"check"})


def test_a_false_declaration_revokes_the_result(offices: Offices) -> None:
    offered = [
        {"code": "M1", "file_id": offices.file()},
        {"code": "M2", "file_id": offices.file()},
        {"code": "M3", "declared": True},
    ]
    case_id = offices.apply(offices.matter(), materials=offered, promise=True)
    offices.accept(case_id)
    offices.decide(case_id)
    assert offices.steps(case_id) == {"inspect", "rate"}
    said = {"code": "M3", "means": offices.means}
    offices.run(materials.check_declaration, WINDOW, case_id, holds=False, note="有记录", **said)
    assert offices.result(case_id).revoked_at is not None
    assert offices.steps(case_id) == {"rate"}
    with pytest.raises(Problem, match="material_settled"):
        offices.run(materials.check_declaration, WINDOW, case_id, holds=True, note="", **said)


def test_an_unrated_case_is_concluded_when_the_time_is_over(offices: Offices) -> None:
    case_id = offices.apply(offices.matter())
    offices.accept(case_id)
    offices.decide(case_id)
    offices.later(days=15)
    for count in (1, 0):
        with offices.session() as session:
            done = watch.conclude_unrated(session, system(), offices.clock, means=offices.means)
        assert done == count
    assert [told["score"] for told in offices.told(case_id, "case.concluded.v1")] == [None]
    assert offices.open_steps(case_id) == []


def test_the_result_is_signed_with_the_services_own_key(offices: Offices) -> None:
    case_id = offices.apply(offices.matter())
    offices.accept(case_id)
    offices.decide(case_id)
    pdf = offices.blobs.read(offices.result(case_id).digest)
    with offices.session() as session:
        key = session.get_one(SealKey, offices.result(case_id).key_id)
    trusted = ValidationContext(trust_roots=[x509.Certificate.load(key.certificate)])
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    status = validate_pdf_signature(signature, trusted)
    assert status.bottom_line
    assert b"PRIVATE" not in key.sealed_private


def task_by_hand(offices: Offices, case: Case, **facts: Any) -> TaskRegistered:
    """A task that somebody registered and that names the case."""
    origin = Origin(
        system="affairs", kind="case", id=case.id, title=case.title, number=case.number, link="/cases/x"
    )
    told = replace(example_of(TaskRegistered), title="督办", origin=origin, registered_at=offices.clock.now())
    return replace(told, **facts)


def test_only_an_organ_that_looks_after_the_handling_one_supervises_a_case(offices: Offices) -> None:
    case_id = offices.apply(offices.matter())
    case, doer = offices.case(case_id), example_of(TaskRegistered).doer
    with offices.session() as session:
        applicant = offices.people[APPLICANT].unit_id
    assert applicant
    suite = replace(doer, person_id=None, person_name="系统", post_id=None)
    with offices.session() as session:
        for unit_id, by in ((applicant, doer), (new_id(), doer), (new_id(), suite)):
            told = task_by_hand(offices, case, task_id=new_id(), unit_id=unit_id, doer=by)
            supervised.take_task(session, system(), offices.clock, event=told)
        shown = view_of(session, session.get_one(Case, case_id))
    assert [task.task_id for task in shown["supervision"]] == [told.task_id]


def test_a_complaint_leads_to_supervision_which_the_case_shows(offices: Offices) -> None:
    case_id = offices.apply(offices.matter())
    offices.run(supervised.report_stuck, APPLICANT, case_id, complaint="两次被要求补充清单之外的材料")
    with pytest.raises(Problem, match="stuck_before"):
        offices.run(supervised.report_stuck, APPLICANT, case_id, complaint="再次反映")
    case = offices.case(case_id)
    task_id, now = new_id(), offices.clock.now()
    registered = task_by_hand(offices, case, task_id=task_id, unit_id=case.unit_id)
    for _ in range(2):
        with offices.session() as session:
            supervised.take_task(session, system(), offices.clock, event=registered)
            supervised.note_established(session, task_id=task_id, number="萍督〔2026〕8号")
            supervised.end_task(
                session,
                system(),
                offices.clock,
                task_id=task_id,
                state="closed",
                outcome="已办结",
                ended_at=now,
            )
    with offices.session() as session:
        shown = view_of(session, session.get_one(Case, case_id))
    assert [(task.number, task.state) for task in shown["supervision"]] == [("萍督〔2026〕8号", "closed")]
