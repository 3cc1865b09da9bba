"""Assessment: from real tasks to a published ranking, its explanation, appeals and corrections."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from services.identity.domain.roles import Role
from services.supervision.commands.assessment import correct_score, publish_assessment
from services.supervision.commands.assessment_appeals import attach_proof, decide_appeal, make_appeal
from services.supervision.commands.assessment_findings import record_finding, withdraw_finding
from services.supervision.commands.matter import Named
from services.supervision.domain.deadlines import Limit
from services.supervision.models import Assessment, AssessmentScore
from services.supervision.queries import assessment as queries
from services.supervision.queries.assessment_appeals import get_appeal, list_appeals, show_appeal
from services.supervision.queries.assessment_findings import list_findings
from services.supervision.scoring_table import SCORING
from shared.dated_rules import set_rule
from shared.errors import Problem
from shared.messaging.models import OutboxEvent
from tests.service.supervision.offices import Offices

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
PERIOD = {"period_from": FIRST, "period_to": LAST}


@pytest.fixture
def november(offices: Offices) -> Offices:
    """One task that the data bureau signed for late and finished late, and one without fault of the finance bureau."""
    late = offices.assigned()
    good = offices.assigned(lead=Named(unit_id=offices.units["财政局"]))
    offices.do("sign_for", good, "财政局承办")
    goals = [{"on": date(2026, 11, 12), "progress": 50, "text": ""}]
    offices.do("plan", good, "财政局承办", goals=goals)
    offices.at(2026, 11, 10)
    offices.do("sign_for", late, "数据局承办")
    offices.do("ask_closure", good, "财政局承办", conclusion="已完成。")
    offices.do("review", good, "督查员", passed=True)
    offices.do("close", good, "市领导", agreed=True)
    offices.do("rate", good, "市领导", score=5)
    offices.at(2026, 11, 20)
    offices.do("ask_closure", late, "数据局承办", conclusion="归档率达到83%。")
    offices.do("review", late, "督查员", passed=True)
    offices.do("close", late, "市领导", agreed=True)
    offices.do("rate", late, "市领导", score=3)
    offices.at(2026, 12, 1)
    return offices


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(Problem) as failure:
        yield
    assert failure.value.code == f"supervision.{code}"


def publish(offices: Offices, *, by: str = "督查员", **changes: Any) -> UUID:
    request = {"title": "2026年11月督查考核", **PERIOD, **changes}
    with offices.session() as session:
        return publish_assessment(session, offices.actor(by), offices.clock, request=request).id


def preview(offices: Offices, **changes: Any) -> dict[str, Any]:
    query = {**PERIOD, "as_of": None, "lead_unit_id": None, **changes}
    with offices.session() as session:
        return queries.preview(session, offices.actor("督查员"), query=query, now=offices.clock.now())


def score_of(session: Session, offices: Offices, who: str, assessment_id: UUID, unit: str) -> dict[str, Any]:
    actor = offices.actor(who)
    found = queries.get_assessment(session, actor, assessment_id)
    return queries.show_score(session, actor, found, offices.units[unit])


def codes(unit: dict[str, Any]) -> dict[str, str]:
    return {line["code"]: line["points"] for line in unit["lines"]}


def appeal(offices: Offices, assessment_id: UUID, *, by: str = "数据局领导", **changes: Any) -> UUID:
    request = {"unit_id": offices.units["数据局"], "line_keys": [], "reason": "系统故障，无法签收", **changes}
    with offices.session() as session:
        made = make_appeal(
            session, offices.actor(by), offices.clock, assessment_id=assessment_id, request=request
        )
        return made.id


def decide(offices: Offices, appeal_id: UUID, *, by: str = "督查员", **request: Any) -> None:
    with offices.session() as session:
        decide_appeal(
            session,
            offices.actor(by),
            offices.clock,
            appeal_id=appeal_id,
            request={"points": None, "for_post_id": None, "answer": "情况属实", **request},
        )


def finding(offices: Offices, *, by: str = "督查员", **changes: Any) -> UUID:
    request = {
        "lead_unit_id": offices.units["财政局"],
        "code": "report_empty",
        "points": None,
        "task_id": None,
        "about_event_id": None,
        "reason": "半年报告没有数据和成效",
        "on": date(2026, 11, 20),
        **changes,
    }
    with offices.session() as session:
        return record_finding(session, offices.actor(by), offices.clock, request=request).id


def test_every_point_names_events_of_the_log(november: Offices) -> None:
    computed = preview(november)
    assert [(unit["unit_name"], unit["score"], unit["place"]) for unit in computed["units"]] == [
        ("萍乡市财政局", 100, 1),
        ("萍乡市数据局", 85, 2),
    ]
    worse = computed["units"][1]
    assert codes(worse) == {"signed_late": "2.00", "closed_late": "5.00", "leader_rating": "8.00"}
    with november.session() as session:
        for line in worse["lines"]:
            for cause in line["causes"]:
                told = sa.select(OutboxEvent).where(OutboxEvent.id == UUID(cause["event_id"]))
                event = session.scalars(told).one()
                assert (event.key, str(event.subject)) == (cause["key"], cause["task_id"])
                assert cause["task_title"] == "年底前电子文件归档率达到80%"


def test_a_past_day_is_computed_by_what_was_known_then(november: Offices) -> None:
    before = preview(november, as_of=date(2026, 11, 12))["units"]
    assert {unit["unit_name"]: unit["score"] for unit in before} == {"萍乡市财政局": 100, "萍乡市数据局": 98}
    only = preview(november, as_of=date(2026, 11, 12), lead_unit_id=november.units["数据局"])["units"]
    assert [codes(unit) for unit in only] == [{"signed_late": "2.00"}]


def test_late_reports_and_plans_without_goals_cost_what_the_rules_say(offices: Offices) -> None:
    task_id = offices.working(limit=Limit(half_days=60))
    offices.do("plan", task_id, "数据局承办", goals=[])
    offices.at(2026, 11, 17)
    offices.watch()
    (unit,) = preview(offices, as_of=date(2026, 11, 17))["units"]
    assert codes(unit) == {"plan_without_goals": "5.00", "feedback_missing": "10.00"}
    offices.at(2026, 11, 19)
    for report in ("已完成存量清理", "新增文件已归档"):
        offices.do("feed_back", task_id, "数据局承办", progress=50, report=report)
    told = offices.events(task_id, "task.fed_back")
    (missed,) = offices.events(task_id, "task.feedback_missed")
    assert [event["in_time"] for event in told] == [False, True]
    assert told[0]["due_at"] == missed["due_at"]
    (unit,) = preview(offices)["units"]
    assert codes(unit) == {"plan_without_goals": "5.00", "feedback_late": "2.00"}


def test_published_scores_are_computed_again_the_same_whatever_was_set_or_found_later(
    november: Offices,
) -> None:
    assessment_id = publish(november)
    november.at(2026, 12, 2)
    finding(november)
    assert SCORING.default is not None
    with november.session() as session:
        set_rule(
            session,
            november.actor("督查员"),
            november.clock,
            table=SCORING,
            value={**SCORING.default, "rows": [{"code": "signed_late", "title": "逾期签收", "points": 50}]},
            valid_from=date(2026, 10, 1),
            reason="从严",
            subject=str(november.units["市政府办"]),
        )
    with november.session() as session:
        found = queries.get_assessment(session, november.actor("督查员"), assessment_id)
        assert queries.check_again(session, found)["equal"]
    changed = {unit["unit_name"]: unit["score"] for unit in preview(november)["units"]}
    assert changed == {"萍乡市财政局": 100, "萍乡市数据局": 50}
    assert preview(november)["rule_revision"] == 1


def test_tampering_with_a_published_score_shows(november: Offices) -> None:
    assessment_id = publish(november)
    with november.session() as session:
        row = session.get_one(AssessmentScore, (assessment_id, november.units["数据局"]))
        row.score = Decimal(99)
        session.flush()
        checked = queries.check_again(session, session.get_one(Assessment, assessment_id))
    assert checked["differing"] == [november.units["数据局"]]


def test_a_period_is_published_once_and_when_it_is_over(november: Offices) -> None:
    november.at(2026, 11, 30)
    with refused("period_not_over"):
        publish(november)
    november.at(2026, 12, 1)
    with refused("nobody_scored"):
        publish(november, period_from=date(2026, 1, 1), period_to=date(2026, 1, 31))
    publish(november)
    with refused("already_published"):
        publish(november)


def test_a_unit_sees_its_own_explanation_and_the_ranking_but_not_anothers_explanation(
    november: Offices,
) -> None:
    with november.session() as session:
        query = {**PERIOD, "unit_id": november.units["市政府办"], "as_of": None}
        own = queries.preview_own(
            session, november.actor("数据局承办"), query=query, now=november.clock.now()
        )
        assert [unit["unit_name"] for unit in own["units"]] == ["萍乡市数据局"]
        page = queries.list_assessments(
            session, november.actor("数据局承办"), query={"after": None, "limit": 20}
        )
        assert page.items == []
    assessment_id = publish(november)
    with november.session() as session:
        ranking = queries.show_ranking(
            session, queries.get_assessment(session, november.actor("数据局承办"), assessment_id)
        )
        assert len(ranking["units"]) == 2
        assert len(score_of(session, november, "数据局承办", assessment_id, "数据局")["lines"]) == 3
        assert score_of(session, november, "督查员", assessment_id, "财政局")["lines"] == []
        with refused("score_not_found"):
            score_of(session, november, "数据局承办", assessment_id, "财政局")
        with refused("assessment_not_found"):
            queries.get_assessment(session, november.actor("档案局承办"), assessment_id)
        book = queries.ranking_workbook(session, session.get_one(Assessment, assessment_id))
    rows = list(load_workbook(BytesIO(book)).worksheets[0].values)
    assert [row[:3] for row in rows[1:]] == [(1, "萍乡市财政局", 100), (2, "萍乡市数据局", 85)]


def test_an_appeal_is_work_of_the_assessors_and_its_acceptance_a_correction_with_a_trail(
    november: Offices,
) -> None:
    assessment_id = publish(november)
    with november.session() as session:
        lines = score_of(session, november, "数据局领导", assessment_id, "数据局")["lines"]
    late = next(line["key"] for line in lines if line["code"] == "signed_late")
    appeal_id = appeal(november, assessment_id, line_keys=[late])
    assert november.open_items(appeal_id) == {"decide_appeal": ["督查员", "督查员乙"]}
    with november.session() as session:
        attach_proof(
            session,
            november.actor("数据局领导"),
            november.clock,
            appeal_id=appeal_id,
            blobs=november.blobs,
            stream=BytesIO("故障通告".encode()),
            name="通告.txt",
        )
    with refused("appeal_waits"):
        appeal(november, assessment_id)
    with refused("correction_empty"):
        decide(november, appeal_id, accepted=True)
    decide(november, appeal_id, accepted=True, points=Decimal(2))
    assert november.open_items(appeal_id) == {}
    with refused("appeal_decided"):
        decide(november, appeal_id, by="督查员乙", accepted=False)
    with november.session() as session:
        shown = score_of(session, november, "数据局承办", assessment_id, "数据局")
        kept = show_appeal(
            session, get_appeal(session, november.actor("数据局承办"), november.clock, appeal_id)
        )
        assert queries.check_again(session, session.get_one(Assessment, assessment_id))["equal"]
    assert (shown["score"], shown["corrected"], shown["final_score"]) == (85, 2, 87)
    trail = [(row.points, row.appeal_id, row.line_keys) for row in shown["corrections"]]
    assert trail == [(2, appeal_id, [late])]
    assert (kept["state_label"], [file.name for file in kept["files"]]) == ("已采纳", ["通告.txt"])


def test_a_refused_appeal_changes_nothing(november: Offices) -> None:
    assessment_id = publish(november)
    appeal_id = appeal(november, assessment_id)
    decide(november, appeal_id, accepted=False, answer="没有证据")
    with november.session() as session:
        assert score_of(session, november, "数据局领导", assessment_id, "数据局")["final_score"] == 85
        page = list_appeals(
            session,
            november.actor("督查员"),
            november.clock,
            query={"after": None, "limit": 20, "state": "refused"},
        )
        assert [row["id"] for row in page.items] == [appeal_id]


def test_the_files_of_all_appeals_of_a_page_are_read_at_once(november: Offices) -> None:
    assessment_id, read = publish(november), []
    for unit in ("数据局", "财政局"):
        by = f"{unit}领导"
        appeal_id = appeal(november, assessment_id, by=by, unit_id=november.units[unit])
        with november.session() as session:
            attach_proof(
                session, november.actor(by), november.clock,
                appeal_id=appeal_id, blobs=november.blobs, stream=BytesIO(by.encode()), name=f"{by}.txt",
            )  # fmt: skip

    def note(conn: object, cursor: object, statement: str, *_: object) -> None:
        read.append(statement)

    engine = november.database.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        with november.session() as session:
            query = {"after": None, "limit": 20, "state": None}
            page = list_appeals(session, november.actor("督查员"), november.clock, query=query)
            names = [[file.name for file in row["files"]] for row in page.items]
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert names == [["财政局领导.txt"], ["数据局领导.txt"]]
    assert len([one for one in read if "FROM appeal_file" in one]) == 1


def test_who_may_appeal_and_until_when(november: Offices) -> None:
    assessment_id = publish(november)
    with refused("not_your_score"):
        appeal(november, assessment_id, by="财政局领导")
    with refused("line_unknown"):
        appeal(november, assessment_id, line_keys=["signed_late:nothing"])
    november.at(2026, 12, 9)
    with refused("appeal_too_late"):
        appeal(november, assessment_id)


def test_a_unit_does_not_decide_its_own_appeal(november: Offices) -> None:
    appeal_id = appeal(november, publish(november))
    with pytest.raises(Problem) as failure:
        decide(november, appeal_id, by="数据局领导", accepted=True, points=Decimal(15))
    assert failure.value.code == "flow.item_not_yours"
    with refused("appeal_not_found"):
        decide(november, appeal_id, by="财政局领导", accepted=True, points=Decimal(15))


def test_a_correction_changes_the_ranking_with_ties_and_is_not_for_units(november: Offices) -> None:
    assessment_id = publish(november)
    request = {"points": Decimal(15), "line_keys": [], "reason": "登记有误"}
    facts: dict[str, Any] = {
        "assessment_id": assessment_id,
        "unit_id": november.units["数据局"],
        "request": request,
    }
    with november.session() as session, refused("assessment_not_found"):
        correct_score(session, november.actor("数据局领导"), november.clock, **facts)
    with november.session() as session:
        correct_score(session, november.actor("督查员"), november.clock, **facts)
    with november.session() as session:
        found = session.get_one(Assessment, assessment_id)
        now = queries.show_ranking(session, found)["units"]
        before = queries.show_ranking(session, found, as_of=found.published_at.replace(hour=0))["units"]
    assert [(unit["place"], unit["final_place"]) for unit in now] == [(2, 1), (1, 1)]
    assert [unit["final_place"] for unit in before] == [1, 2]


def test_findings_count_until_they_are_withdrawn_and_never_judge_traces(november: Offices) -> None:
    with refused("finding_forbidden"):
        finding(november, reason="现场没有拍照留痕")
    with refused("finding_out_of_range"):
        finding(november, points=Decimal(11))
    with refused("finding_not_scored"):
        finding(november, code="red_slip")
    made = finding(november, points=Decimal(7))
    scored = {unit["unit_name"]: unit for unit in preview(november)["units"]}
    assert codes(scored["萍乡市财政局"]) == {"report_empty": "7.00"}
    assert scored["萍乡市财政局"]["lines"][0]["causes"][0]["key"] == "finding.recorded.v1"
    with november.session() as session:
        query = {"after": None, "limit": 20, "lead_unit_id": None}
        assert len(list_findings(session, november.actor("财政局承办"), query=query).items) == 1
        assert list_findings(session, november.actor("数据局承办"), query=query).items == []
        with refused("finding_not_found"):
            withdraw_finding(
                session, november.actor("财政局领导"), november.clock, finding_id=made, reason="有误"
            )
        withdraw_finding(session, november.actor("督查员"), november.clock, finding_id=made, reason="有误")
    november.at(2026, 12, 2)
    assert preview(november)["units"][0]["score"] == 100
    with november.session() as session, refused("finding_withdrawn"):
        withdraw_finding(session, november.actor("督查员"), november.clock, finding_id=made, reason="有误")


def test_an_assessor_in_the_scored_unit_changes_nothing_of_its_score(november: Offices) -> None:
    with november.session() as session:
        section = november.unit(session, "信息科", "督查室信息科", kind="internal_office",
                                parent=november.units["市政府办"], issues=False)  # fmt: skip
        november.post(session, "科内考核", section, Role.SUPERVISOR)
        november.post(session, "科内承办", section, Role.HANDLER)
    november.at(2026, 11, 23)
    task_id = november.assigned(lead=Named(unit_id=section))
    november.at(2026, 11, 27)
    november.do("sign_for", task_id, "科内承办")
    november.at(2026, 12, 1)
    assessment_id = publish(november)
    request = {"points": Decimal(20), "line_keys": [], "reason": "应予加分"}

    def correct(by: str) -> None:
        with november.session() as session:
            correct_score(
                session, november.actor(by), november.clock,
                assessment_id=assessment_id, unit_id=section, request=request,
            )  # fmt: skip

    with refused("own_score"):
        correct("科内考核")
    appeal_id = appeal(november, assessment_id, by="科内承办", unit_id=section)
    assert "科内考核" in november.open_items(appeal_id)["decide_appeal"]
    with refused("own_score"):
        decide(november, appeal_id, by="科内考核", accepted=True, points=Decimal(20))
    correct("督查员")


def test_findings_are_about_units_below_and_texts_bear_no_secrecy_mark(november: Offices) -> None:
    with november.session() as session:
        november.post(session, "数据局考核", november.units["数据局"], Role.SUPERVISOR)
    with refused("secret_content"):
        finding(november, reason="机密★")
    with refused("unit_not_below"):
        finding(november, by="数据局考核", lead_unit_id=november.units["财政局"])
    assessment_id = publish(november)
    with refused("secret_content"):
        appeal(november, assessment_id, reason="秘密★1年")
    appeal_id = appeal(november, assessment_id)
    with refused("secret_content"), november.session() as session:
        attach_proof(
            session,
            november.actor("数据局领导"),
            november.clock,
            appeal_id=appeal_id,
            blobs=november.blobs,
            stream=BytesIO("绝密\n通告".encode()),
            name="通告.txt",
        )
