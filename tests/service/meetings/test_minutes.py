"""Minutes and decisions over HTTP: two editors, the chair's word, and decisions that cannot be followed up."""

from typing import Any
from uuid import UUID

import pytest

from services.meetings.commands.vacancies import give_what_waits
from shared.events import supervision as told
from shared.ids import new_id
from tests.service.meetings.house import DOER, Hall


@pytest.fixture
def held(hall: Hall) -> str:
    """A meeting that is over."""
    meeting_id = hall.called()
    hall.held(meeting_id)
    return meeting_id


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lead_unit_id": None}, "422 meetings.decision_without_lead"),
        ({"lead_unit_id": str(new_id())}, "422 directory.unit_unknown"),
        ({"due_on": "2020-01-01"}, "422 meetings.due_in_past"),
        ({"due_on": "2099-01-01"}, "409 workdays.year_not_loaded"),
        ({"text": " "}, "422 web.fields_invalid"),
    ],
)
def test_a_decision_that_nobody_can_follow_up_is_refused(
    hall: Hall, held: str, changes: dict[str, Any], code: str
) -> None:
    assert hall.refused("会务", "POST", f"/meetings/{held}/decisions", hall.a_decision(**changes)) == code
    assert hall.show("会务", held)["decisions"] == []


def test_a_lead_is_the_organ_or_below_it(hall: Hall, held: str) -> None:
    path = f"/meetings/{held}/decisions"
    with hall.house.session() as session:
        other = str(hall.house.unit(session, f"外市{new_id()}", "新余市数据局"))
    refused = hall.ask("会务", "POST", path, json=hall.a_decision(lead_unit_id=other))
    assert (refused.status_code, refused.json()["code"]) == (422, "meetings.lead_not_below")
    assert "请改由" in refused.json()["errors"]["lead_unit_id"][0]
    made = hall.do("会务", "POST", path, hall.a_decision(lead_unit_id=hall.unit("市政府办")))
    revised = f"/decisions/{made['id']}"
    assert (
        hall.refused("会务", "PUT", revised, hall.a_decision(lead_unit_id=other))
        == "422 meetings.lead_not_below"
    )


def test_a_lead_does_not_assist_itself(hall: Hall, held: str) -> None:
    decision = hall.a_decision(assistant_unit_ids=[hall.unit("数据")])
    assert (
        hall.refused("会务", "POST", f"/meetings/{held}/decisions", decision) == "422 meetings.lead_assists"
    )


def test_decisions_are_numbered_anew_until_they_are_recorded(hall: Hall, held: str) -> None:
    path = f"/meetings/{held}/decisions"
    first, second = (hall.do("会务", "POST", path, hall.a_decision(text=text)) for text in ("甲", "乙"))
    hall.ask("会务", "DELETE", f"/decisions/{first['id']}")
    assert [(one["position"], one["text"]) for one in hall.show("会务", held)["decisions"]] == [(1, "乙")]
    hall.approved(held)
    shown = hall.show("会务", held)
    assert shown["decisions"][0]["number"] == f"{shown['number']}-1"
    assert hall.refused("会务", "PUT", f"/decisions/{second['id']}", hall.a_decision()) == (
        "409 meetings.act_not_possible"
    )
    assert hall.told(second["id"]) == ["decision.recorded.v1"]


def test_two_editors_of_minutes_are_told_of_each_other(hall: Hall, held: str) -> None:
    minutes = f"/meetings/{held}/minutes"
    assert hall.ask("会务", "GET", minutes).status_code == 404
    hall.do("会务", "POST", minutes)
    tag = hall.ask("会务", "GET", minutes).headers["ETag"]
    text = {"body": ["会议议定如下。"]}
    assert hall.refused("会务", "PUT", minutes, text) == "428 meetings.version_needed"
    hall.do("会务二", "PUT", minutes, text, headers={"If-Match": tag})
    late = hall.ask("会务", "PUT", minutes, json=text, headers={"If-Match": tag})
    assert (late.status_code, late.json()["version"]) == (412, 2)
    assert "会务二" in late.json()["detail"]
    versions = hall.do("会务", "GET", f"{minutes}/versions")["items"]
    assert [one["number"] for one in versions] == [2, 1]
    assert "body" not in versions[0]
    first = hall.do("会务", "GET", f"{minutes}/versions?limit=1")
    rest = hall.do("会务", "GET", f"{minutes}/versions?limit=1&after={first['next']}")
    assert ([one["number"] for one in (*first["items"], *rest["items"])], rest["next"]) == ([2, 1], None)
    assert hall.do("会务", "GET", f"{minutes}/versions/1")["body"]


def test_minutes_that_somebody_has_saved_meanwhile_are_neither_put_together_anew_nor_submitted(
    hall: Hall, held: str
) -> None:
    minutes = f"/meetings/{held}/minutes"
    read = hall.do("会务", "POST", minutes)
    tag = {"If-Match": f'"{read["revision"]}"'}
    hall.do("会务二", "PUT", minutes, {"body": ["会议议定如下。"]}, headers=tag)
    for verb in ("compose", "submit"):
        late = hall.ask("会务", "POST", f"{minutes}/{verb}", headers=tag)
        assert (late.status_code, late.json()["code"]) == (412, "meetings.minutes_changed")
    now = hall.do("会务", "GET", minutes)
    assert (now["version"], now["state"], now["body"]) == (2, "drafting", ["会议议定如下。"])
    composed = hall.do("会务", "POST", f"{minutes}/compose", headers={"If-Match": '"2"'})
    assert (composed["version"], composed["body"]) == (3, read["body"])
    assert hall.do("会务", "POST", f"{minutes}/submit", headers={"If-Match": '"3"'})["state"] == "submitted"


def test_who_came_is_put_right_until_the_minutes_go_to_the_chair(hall: Hall, held: str) -> None:
    minutes, seat = f"/meetings/{held}/minutes", hall.seat(held, "数据局长")["id"]
    path = f"/meetings/{held}/invitations/{seat}/attendance"
    corrected = {"attendance": "present", "reason": "补签"}
    hall.do("会务", "POST", minutes)
    hall.do("会务", "POST", path, corrected)
    hall.do("会务", "POST", f"{minutes}/submit")
    corrected["attendance"] = "absent"
    assert hall.refused("会务", "POST", path, corrected) == "409 meetings.act_not_possible"
    decide = f"{minutes}/decide"
    hall.do("市长", "POST", decide, {"approved": False, "opinion": "核对到会人员"})
    hall.do("会务", "POST", path, corrected)
    hall.do("会务", "POST", f"{minutes}/submit")
    hall.do("市长", "POST", decide, {"approved": True})
    hall.issue(held)
    assert hall.refused("会务", "POST", path, corrected) == "409 meetings.act_not_possible"


def test_observers_of_one_point_and_units_without_a_seat_see_no_more_than_theirs(hall: Hall) -> None:
    topic_id, meeting_id = hall.approved_topic(), hall.meeting()
    agenda = f"/meetings/{meeting_id}/agenda"
    hall.do("会务", "POST", agenda, {"topic_id": topic_id})
    item_id = hall.do("会务", "POST", agenda, {"title": "人事事项"})["agenda"][1]["id"]
    invitees = [
        {"post_id": hall.post("数据科员"), "role": "observer", "agenda_item_ids": [item_id]},
        {"unit_id": hall.unit("财政")},
    ]
    hall.do("会务", "POST", f"/meetings/{meeting_id}/invitations", {"invitees": invitees})
    hall.call(meeting_id)
    observed = hall.show("数据科员", meeting_id)
    assert [one["title"] for one in observed["agenda"]] == ["人事事项"]
    asked = hall.show("财政文书", meeting_id)
    assert (len(asked["agenda"]), asked["agenda"][0]["files"]) == (2, [])
    assert [(one["unit_id"], one["state"]) for one in asked["invitations"]] == [(hall.unit("财政"), "naming")]
    paper = hall.show("会务", meeting_id)["agenda"][0]["files"][0]["id"]
    content = f"/meetings/{meeting_id}/files/{paper}/content"
    assert hall.ask("会务", "GET", content).content.decode() == "归档率提升方案。"
    assert hall.ask("数据科员", "GET", content).status_code == 404
    assert hall.ask("财政文书", "GET", content).status_code == 404
    assert hall.refused("财政文书", "GET", f"/meetings/{meeting_id}/history") == "403 meetings.not_organiser"


def test_the_chair_returns_or_approves_and_others_see_only_what_was_approved(hall: Hall, held: str) -> None:
    minutes = f"/meetings/{held}/minutes"
    hall.do("会务", "POST", minutes)
    hall.do("会务", "POST", f"{minutes}/submit")
    decide = f"{minutes}/decide"
    assert hall.refused("副市长", "POST", decide, {"approved": True}) == "403 meetings.not_chair"
    assert hall.refused("市长", "POST", decide, {"approved": False}) == "422 meetings.reason_missing"
    hall.do("市长", "POST", decide, {"approved": False, "opinion": "补充第二项"})
    assert hall.duties(held) == {("会务", "minutes")}
    assert hall.ask("数据局长", "GET", minutes).status_code == 404
    hall.do("会务", "POST", f"{minutes}/submit")
    hall.do("市长", "POST", decide, {"approved": True})
    assert hall.do("数据局长", "GET", minutes)["state"] == "approved"
    assert hall.refused("市长", "POST", decide, {"approved": True}) == "409 meetings.act_not_possible"


def test_a_rejected_task_leaves_a_decision_to_be_waived(hall: Hall, held: str) -> None:
    decision = hall.do("会务", "POST", f"/meetings/{held}/decisions", hall.a_decision())
    hall.approved(held)
    hall.issue(held)
    (task_id,) = hall.register(held)
    waive = f"/decisions/{decision['id']}/waive"
    assert hall.refused("会务", "POST", waive, {"reason": "已办结"}) == "409 meetings.decision_supervised"
    now = hall.house.clock.now()
    rejected = told.TaskRejected(task_id=task_id, reason="与他项重复", doer=DOER, rejected_at=now)
    hall.tell(rejected, rejected)
    assert hall.refused("会务", "POST", f"/meetings/{held}/close") == "409 meetings.decisions_unsettled"
    hall.do("会务", "POST", waive, {"reason": "并入萍督〔2026〕5号办理"})
    hall.do("会务", "POST", f"/meetings/{held}/close")
    assert hall.told(decision["id"]) == ["decision.recorded.v1", "decision.waived.v1"]
    assert hall.conclude() == 1
    assert hall.do("会务", "GET", f"/decisions?meeting_id={held}&waived=true")["items"]


def _rejected(hall: Hall, *task_ids: UUID) -> None:
    """Supervision makes no tasks of them after all."""
    for task_id in task_ids:
        now = hall.house.clock.now()
        hall.tell(told.TaskRejected(task_id=task_id, reason="与他项重复", doer=DOER, rejected_at=now))


def test_a_task_rejected_after_the_meeting_was_closed_is_waived_by_its_organisers(
    hall: Hall, held: str
) -> None:
    path = f"/meetings/{held}/decisions"
    made = [hall.do("会务", "POST", path, hall.a_decision(text=text))["id"] for text in ("甲", "乙", "丙")]
    hall.approved(held)
    hall.issue(held)
    tasks = hall.register(held)
    hall.do("会务", "POST", f"/meetings/{held}/close")
    _rejected(hall, *tasks[:2])
    assert hall.duties(held) == {("会务", "waive")}
    assert hall.conclude() == 0
    first, second, third = (f"/decisions/{one}/waive" for one in made)
    assert hall.refused("会务", "POST", third, {"reason": "已办结"}) == "409 meetings.act_not_possible"
    hall.do("会务", "POST", first, {"reason": "并入萍督〔2026〕5号办理"})
    assert hall.duties(held) == {("会务", "waive")}
    hall.do("会务二", "POST", second, {"reason": "会上已办结"})
    assert hall.duties(held) == set()
    assert hall.told(made[0]) == ["decision.recorded.v1", "decision.waived.v1"]
    assert hall.conclude() == 0
    _rejected(hall, tasks[2])
    assert hall.duties(held) == {("会务", "waive")}
    hall.do("会务", "POST", third, {"reason": "不再办理"})
    assert hall.conclude() == 1
    assert hall.show("会务", held)["state"] == "concluded"


def test_what_is_to_waive_is_anybodys_who_organises_when_the_organisers_post_is_gone(
    hall: Hall, held: str
) -> None:
    hall.do("会务", "POST", f"/meetings/{held}/decisions", hall.a_decision())
    hall.approved(held)
    hall.issue(held)
    (task_id,) = hall.register(held)
    hall.do("会务", "POST", f"/meetings/{held}/close")
    with hall.house.abolished("会务"):
        _rejected(hall, task_id)
    assert {who for who, step in hall.duties(held) if step == "waive"} >= {"会务二"}
    assert ("会务", "waive") not in hall.duties(held)


def test_what_is_to_waive_and_nobody_could_take_is_given_when_somebody_can(hall: Hall, held: str) -> None:
    hall.do("会务", "POST", f"/meetings/{held}/decisions", hall.a_decision())
    hall.approved(held)
    hall.issue(held)
    (task_id,) = hall.register(held)
    hall.do("会务", "POST", f"/meetings/{held}/close")
    with hall.house.abolished("会务", "会务二", "秘书长"):
        _rejected(hall, task_id)
    assert hall.duties(held) == set()
    with hall.house.session() as session:
        give_what_waits(session, hall.system(), hall.house.clock, batch=1000)
    assert hall.duties(held) == {("会务", "waive")}
