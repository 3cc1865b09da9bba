"""One-thing bundles (一件事): one application, one check, one clock, several departments in parallel and in order."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.affairs.commands import bundle_check, check, clock
from services.affairs.commands.bundles import publish_bundle
from services.affairs.commands.watch import find_overdue
from services.affairs.queries.applicants import applicant_of
from services.affairs.queries.bundles import prefilled, show_bundle
from shared.auth import Actor
from shared.directory import DirectoryPost
from shared.errors import Problem
from shared.ids import new_id
from tests.service.affairs.bundle_desk import BundleOffices
from tests.service.affairs.offices import APPLICANT, ELSEWHERE, Offices


@pytest.fixture
def bundle(offices: Offices) -> BundleOffices:
    return BundleOffices.open(offices)


def test_matters_that_wait_for_each_other_are_no_bundle(bundle: BundleOffices) -> None:
    one, other = bundle.matters["人社"], bundle.matters["编制"]
    circle = [{"matter_id": str(one), "after": [str(other)]}, {"matter_id": str(other), "after": [str(one)]}]
    with pytest.raises(Problem, match=r"affairs\.bundle_invalid"):
        bundle.define(parts=circle)


def test_only_the_organ_that_takes_it_in_keeps_a_bundle(bundle: BundleOffices) -> None:
    with bundle.offices.session() as session, pytest.raises(Problem, match=r"affairs\.not_your_bundle"):
        publish_bundle(
            session, bundle.offices.actor("财政编目"), bundle.offices.clock, bundle_id=bundle.bundle_id
        )


def test_the_clock_of_a_bundle_is_its_longest_path(bundle: BundleOffices) -> None:
    offices = bundle.offices
    with offices.session() as session:
        shown = show_bundle(session, offices.actor(APPLICANT), bundle.bundle_id, today=offices.clock.today())
    assert shown["promised_days"] == 8
    assert shown["longest_path"] == [bundle.matters["人社"], bundle.matters["财政"]]


def test_the_form_of_a_bundle_asks_each_field_and_material_once(bundle: BundleOffices) -> None:
    offices = bundle.offices
    with offices.session() as session:
        applicant = applicant_of(session, offices.actor(APPLICANT), {})
        shown = prefilled(session, applicant, bundle.bundle_id, today=offices.clock.today())
    assert sorted(shown["form"]["properties"]) == ["bank", "grade", "name"]
    assert shown["form"]["required"] == ["name"]
    assert shown["shared_fields"] == ["name"]
    assert [(row["key"], row["saved"]) for row in shown["materials"]] == [("调动申请表", 2)]


def test_one_application_makes_a_case_of_each_matter(bundle: BundleOffices) -> None:
    application_id = bundle.apply()
    shown = bundle.show(application_id)
    assert bundle.states(application_id) == {"人社": "checking", "编制": "checking", "财政": "waiting"}
    told = bundle.offices.told(application_id, "bundle.applied.v1")
    assert [set(event["case_ids"]) for event in told] == [{str(part["case_id"]) for part in shown["parts"]}]
    counts = [
        (event["bundle_id"], event["fields_asked"], event["fields_reused"], event["materials_asked"])
        for part in shown["parts"]
        for event in bundle.offices.told(part["case_id"], "case.applied.v1")
    ]
    assert {row[0] for row in counts} == {str(application_id)}
    # The name and the form were given once, the account once: what one case was given, the others share.
    assert sum(row[1] for row in counts) == 2
    assert sum(row[2] for row in counts) == 2
    assert sum(row[3] for row in counts) == 1
    assert [len(row["cases"]) for row in shown["materials"]] == [3]
    # One check for all: no department has anything to check by itself.
    assert {step for step, _ in bundle.open_work()} == {"check_bundle"}
    assert ("check_bundle", "人社窗口") in bundle.open_work()


def test_what_is_wrong_with_a_material_is_told_under_its_shared_name(bundle: BundleOffices) -> None:
    with pytest.raises(Problem) as refused:
        bundle.apply(materials=[])
    assert refused.value.errors == {"materials.调动申请表": ["缺少“调动申请表”"]}


def test_an_unknown_field_is_refused(bundle: BundleOffices) -> None:
    with pytest.raises(Problem) as refused:
        bundle.apply(form={"name": "李娟", "hobby": "棋"})
    assert list(refused.value.errors) == ["form.hobby"]


def test_nobody_else_sees_or_takes_in_an_application(bundle: BundleOffices) -> None:
    application_id = bundle.apply()
    with pytest.raises(Problem, match=r"affairs\.bundle_application_not_found"):
        bundle.show(application_id, by="教育同事")
    with pytest.raises(Problem, match=r"flow\.item_not_yours"):
        bundle.accept(application_id, by=APPLICANT)
    with pytest.raises(Problem, match="not_found"):
        bundle.accept(application_id, by="财政领导")
    assert bundle.row(application_id).state == "checking"


def test_a_department_cannot_check_its_part_by_itself(bundle: BundleOffices) -> None:
    application_id = bundle.apply()
    case_id = bundle.part(application_id, "人社")["case_id"]
    with pytest.raises(Problem, match=r"flow\."):
        bundle.offices.accept(case_id)
    with pytest.raises(Problem, match=r"flow\."):
        bundle.offices.run(check.refuse_case, "人社窗口", case_id, reason="不属本机关")


def test_a_bundle_runs_in_parallel_and_in_order_to_its_end(bundle: BundleOffices) -> None:
    application_id = bundle.apply()
    bundle.accept(application_id)
    assert bundle.states(application_id) == {"人社": "handling", "编制": "handling", "财政": "waiting"}
    # Eight working days from a Monday: the Thursday of the week after.
    assert bundle.row(application_id).due_at == datetime(2026, 11, 12, 15, 59, 59, tzinfo=UTC)
    bundle.decide(application_id, "人社")
    assert bundle.states(application_id)["财政"] == "waiting"
    bundle.offices.later(days=2)
    bundle.decide(application_id, "编制")
    assert bundle.states(application_id) == {"人社": "granted", "编制": "granted", "财政": "handling"}
    bundle.decide(application_id, "财政")
    shown = bundle.show(application_id)
    assert (shown["state"], shown["in_time"], shown["ended"], shown["total"]) == ("finished", True, 3, 3)
    assert [event["in_time"] for event in bundle.offices.told(application_id, "bundle.finished.v1")] == [True]
    bundle.follow(application_id)
    bundle.watch()
    assert len(bundle.offices.told(application_id, "bundle.finished.v1")) == 1


def test_a_part_that_is_refused_ends_what_waits_for_it(bundle: BundleOffices) -> None:
    application_id = bundle.apply()
    bundle.accept(application_id)
    bundle.decide(application_id, "编制", outcome="refuse")
    assert bundle.states(application_id) == {"人社": "handling", "编制": "refused", "财政": "blocked"}
    blocked = bundle.part(application_id, "财政")
    assert "编制事项" in blocked["reason"]
    assert len(bundle.offices.told(blocked["case_id"], "case.refused.v1")) == 1
    bundle.decide(application_id, "人社")
    assert bundle.row(application_id).state == "finished"


def test_a_late_bundle_shows_and_finishes_out_of_time(bundle: BundleOffices) -> None:
    application_id = bundle.apply()
    bundle.accept(application_id)
    bundle.decide(application_id, "编制")
    bundle.offices.later(days=14)
    bundle.watch()
    bundle.watch()
    shown = bundle.show(application_id)
    assert shown["overdue"]
    assert bundle.part(application_id, "人社")["overdue"]
    assert bundle.row(application_id).overdue_at is not None
    bundle.decide(application_id, "人社")
    bundle.decide(application_id, "财政")
    assert bundle.row(application_id).in_time is False


def test_the_one_clock_rests_with_a_part_on_the_longest_path(bundle: BundleOffices) -> None:
    offices, application_id = bundle.offices, bundle.apply()
    bundle.accept(application_id)
    case_id = bundle.part(application_id, "人社")["case_id"]
    offices.later(days=1)
    offices.run(clock.stop_clock, "人社经办", case_id, cause="专家评审", reason="论证")
    offices.later(days=14)
    bundle.watch()
    # While the part rests the whole is not late, though its date as promised is over.
    assert (bundle.row(application_id).overdue_at, bundle.show(application_id)["overdue"]) == (None, False)
    offices.run(clock.resume_clock, "人社经办", case_id)
    offices.later(days=1)
    bundle.follow(application_id)
    # Ten working days later than the Thursday that was promised.
    assert bundle.row(application_id).due_at == datetime(2026, 11, 26, 15, 59, 59, tzinfo=UTC)
    for short in ("人社", "编制", "财政"):
        bundle.decide(application_id, short)
    assert [told["in_time"] for told in offices.told(application_id, "bundle.finished.v1")] == [True]


def test_a_part_that_cannot_begin_reaches_supervision_when_the_whole_is_late(bundle: BundleOffices) -> None:
    offices, application_id = bundle.offices, bundle.apply()
    bundle.accept(application_id)
    with offices.session() as session:
        of_unit = sa.update(DirectoryPost).where(DirectoryPost.unit_id == offices.units["财政"])
        session.execute(of_unit.values(active=False))
    for short in ("人社", "编制"):
        bundle.decide(application_id, short)
    case_id = bundle.part(application_id, "财政")["case_id"]
    bundle.watch()
    assert offices.told(case_id, "case.overdue.v1") == []
    offices.later(days=14)
    for _ in range(2):
        bundle.watch()
        offices.later(hours=2)
    told = offices.told(case_id, "case.overdue.v1")
    assert [(one["late_unit_name"], one["due_at"][:10]) for one in told] == [("萍乡市财政局", "2026-11-12")]


def test_a_part_that_began_late_is_told_again_when_its_own_promise_is_broken(bundle: BundleOffices) -> None:
    offices, application_id = bundle.offices, bundle.apply()
    bundle.accept(application_id)
    of_unit = sa.update(DirectoryPost).where(DirectoryPost.unit_id == offices.units["财政"])
    with offices.session() as session:
        session.execute(of_unit.values(active=False))
    for short in ("人社", "编制"):
        bundle.decide(application_id, short)
    case_id = bundle.part(application_id, "财政")["case_id"]
    offices.later(days=14)
    bundle.watch()
    with offices.session() as session:
        session.execute(of_unit.values(active=True))
    offices.later(hours=2)
    bundle.watch()
    assert (offices.case(case_id).state, offices.case(case_id).overdue_at) == ("handling", None)
    offices.later(days=14)
    with offices.session() as session:
        find_overdue(session, Actor.system(new_id()), offices.clock)
    told = offices.told(case_id, "case.overdue.v1")
    assert [one["due_at"][:10] for one in told] == ["2026-11-12", "2026-11-19"]


def test_what_the_event_missed_the_timer_finds(bundle: BundleOffices) -> None:
    application_id = bundle.apply()
    bundle.accept(application_id)
    bundle.decide(application_id, "编制", followed=False)
    bundle.decide(application_id, "人社", followed=False)
    assert bundle.states(application_id)["财政"] == "waiting"
    bundle.watch()
    assert bundle.states(application_id)["财政"] == "handling"


def test_completion_is_asked_once_for_all_and_given_once(bundle: BundleOffices) -> None:
    application_id = bundle.apply()
    missing = [{"kind": "material", "key": "调动申请表", "text": "没有盖章"}]
    bundle.run(bundle_check.ask_bundle_completion, "人社窗口", application_id, missing=missing)
    assert ("complete_bundle", APPLICANT) in bundle.open_work()
    with pytest.raises(Problem, match=r"affairs\.bundle_still_missing"):
        bundle.run(bundle_check.complete_bundle, APPLICANT, application_id)
    given = [{"key": "调动申请表", "file_id": UUID(bundle.offices.file(text="盖章的"))}]
    bundle.run(bundle_check.complete_bundle, APPLICANT, application_id, materials=given)
    states = {entry["state"] for row in bundle.show(application_id)["materials"] for entry in row["cases"]}
    assert states == {"present"}
    with pytest.raises(Problem, match=r"affairs\.bundle_completion_before"):
        bundle.run(bundle_check.ask_bundle_completion, "人社窗口", application_id, missing=missing)
    bundle.accept(application_id)


def test_a_refused_bundle_refuses_all_its_cases(bundle: BundleOffices) -> None:
    application_id = bundle.apply()
    bundle.run(bundle_check.refuse_bundle, "人社窗口", application_id, reason="不属受理范围")
    shown = bundle.show(application_id)
    assert shown["state"] == "not_accepted"
    assert {part["state"] for part in shown["parts"]} == {"refused"}
    assert bundle.open_work() == []
    with pytest.raises(Problem, match=r"affairs\.bundle_wrong_state"):
        bundle.accept(application_id)


def test_the_applicant_withdraws_what_is_not_decided(bundle: BundleOffices) -> None:
    application_id = bundle.apply()
    bundle.accept(application_id)
    bundle.decide(application_id, "编制")
    command = bundle_check.withdraw_bundle_application
    with pytest.raises(Problem, match="not_found"):
        bundle.run(command, ELSEWHERE, application_id, reason="不办了", means=bundle.offices.means)
    bundle.run(command, APPLICANT, application_id, reason="不办了", means=bundle.offices.means)
    assert bundle.states(application_id) == {"人社": "withdrawn", "编制": "granted", "财政": "withdrawn"}
    assert bundle.row(application_id).state == "withdrawn"
