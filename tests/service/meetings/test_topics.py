"""Topics over HTTP: who sees them, what is refused, advice, pool and agenda."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.ids import new_id
from tests.service.meetings.house import Hall


def test_topics_need_a_token_and_the_permission(hall: Hall) -> None:
    assert hall.ask("", "POST", "/topics", json=hall.a_topic()).status_code == 401
    assert hall.refused("副市长", "POST", "/topics", hall.a_topic()) == "403 auth.missing_permission"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": " "}, "web.fields_invalid"),
        ({"coordinated": "maybe"}, "web.fields_invalid"),
        ({"content": "机密★10年"}, "meetings.secret_content"),
        ({"unit_id": str(new_id())}, "directory.unit_unknown"),
        ({"unit_ids_involved": [str(new_id())]}, "directory.unit_unknown"),
    ],
)
def test_a_wrong_topic_is_refused(hall: Hall, changes: dict[str, object], code: str) -> None:
    assert hall.refused("数据文书", "POST", "/topics", hall.a_topic(**changes)) == f"422 {code}"


def test_a_draft_is_its_own_units_and_a_submitted_one_the_organs_too(hall: Hall) -> None:
    topic_id = hall.topic()
    assert hall.ask("秘书长", "GET", f"/topics/{topic_id}").status_code == 404
    assert hall.ask("财政文书", "GET", f"/topics/{topic_id}").status_code == 404
    assert hall.do("数据科员", "GET", f"/topics/{topic_id}")["state"] == "draft"
    hall.do("数据文书", "POST", f"/topics/{topic_id}/submit")
    assert hall.do("秘书长", "GET", f"/topics/{topic_id}")["state_label"] == "待审核"
    assert hall.duties(topic_id) == {("秘书长", "screen_topic")}
    assert hall.told(topic_id)[:2] == ["topic.moved_on.v1", "topic.submitted.v1"]
    assert hall.refused("会务", "POST", f"/topics/{topic_id}/withdraw", {"reason": "误报"}) == (
        "403 meetings.not_of_submitter"
    )


def test_warnings_are_acknowledged_and_stay_on_record(hall: Hall) -> None:
    topic_id = hall.topic(paper=False, coordinated="pending")
    hall.attach("数据文书", f"/topics/{topic_id}/files", ("字" * 3001).encode())
    refused = hall.ask("数据文书", "POST", f"/topics/{topic_id}/submit", json={})
    keys = list(refused.json()["errors"])
    assert refused.json()["code"] == "meetings.warnings_unread"
    assert [key.partition(":")[0] for key in keys] == ["uncoordinated", "paper_length"]
    shown = hall.do("数据文书", "POST", f"/topics/{topic_id}/submit", {"acknowledged": keys})
    assert [one["code"] for one in shown["told_findings"]] == ["uncoordinated", "paper_length"]


def test_an_uncoordinated_topic_is_refused_where_the_rule_says_so(hall: Hall) -> None:
    rule = {
        "unit_id": hall.unit("财政"), "valid_from": "2026-01-01", "reason": "未经协商不上会",
        "value": {"uncoordinated": "refuse", "paper_characters": 3000, "paper_days_ahead": 2},
    }  # fmt: skip
    hall.do("规则员", "POST", "/local-rules/topics/versions", rule)
    topic_id = hall.topic(coordinated="pending", unit_id=hall.unit("财政"))
    assert hall.refused("数据文书", "POST", f"/topics/{topic_id}/submit") == "422 meetings.rules_broken"


def test_advice_is_asked_once_and_given_by_the_unit_asked(hall: Hall) -> None:
    topic_id = hall.topic(unit_ids_involved=[hall.unit("财政")])
    asked = {"unit_ids": [hall.unit("财政")], "note": "请就经费提出意见"}
    hall.do("数据文书", "POST", f"/topics/{topic_id}/advice", asked)
    assert hall.refused("数据文书", "POST", f"/topics/{topic_id}/advice", asked) == (
        "409 meetings.advice_asked_before"
    )
    assert ("财政文书", "advise") in hall.duties(topic_id)
    path = f"/topics/{topic_id}/advice/give"
    assert hall.refused("财政文书", "POST", path, {"stance": "disagree"}) == "422 meetings.reason_missing"
    hall.do("财政文书", "POST", path, {"stance": "disagree", "text": "经费没有来源"})
    assert hall.refused("财政文书", "POST", path, {"stance": "agree"}) == "409 meetings.advice_not_asked"
    said = hall.do("数据文书", "GET", f"/topics/{topic_id}")
    assert [one["code"] for one in said["findings"]] == ["uncoordinated"]
    assert hall.duties(topic_id) == {("数据文书", "draft_topic")}


def test_a_returned_topic_is_its_drafters_again_and_the_pool_gives_back(hall: Hall) -> None:
    topic_id = hall.topic()
    hall.do("数据文书", "POST", f"/topics/{topic_id}/submit")
    screen = f"/topics/{topic_id}/screen"
    assert hall.refused("秘书长", "POST", screen, {"outcome": "return"}) == "422 meetings.reason_missing"
    hall.do("秘书长", "POST", screen, {"outcome": "return", "opinion": "补充数据"})
    assert hall.duties(topic_id) == {("数据文书", "draft_topic")}
    hall.do("数据文书", "POST", f"/topics/{topic_id}/submit")
    hall.do("秘书长", "POST", screen, {"outcome": "pass"})
    hall.do("副市长", "POST", f"/topics/{topic_id}/approve", {"outcome": "pool", "opinion": "时机不成熟"})
    assert hall.duties(topic_id) == set()
    pool = hall.do("秘书长", "GET", "/topics?state=pooled&q=电子文件")["items"]
    assert topic_id in [one["id"] for one in pool]
    hall.do("秘书长", "POST", f"/topics/{topic_id}/take-up", {"chair_post_id": hall.post("市长")})
    assert hall.duties(topic_id) == {("市长", "approve_topic")}
    assert hall.refused("副市长", "POST", f"/topics/{topic_id}/approve", {"outcome": "approve"}) == (
        "409 flow.item_closed"
    )
    hall.do("市长", "POST", f"/topics/{topic_id}/approve", {"outcome": "approve"})


def test_nothing_is_added_to_a_frozen_agenda_without_the_chairs_recorded_leave(hall: Hall) -> None:
    topic_id, meeting_id = hall.approved_topic(), hall.called()
    agenda = f"/meetings/{meeting_id}/agenda"
    assert hall.refused("会务", "POST", agenda, {"topic_id": topic_id}) == "422 meetings.reason_missing"
    added = hall.do("会务", "POST", agenda, {"topic_id": topic_id, "reason": "上级要求"})
    item = next(one for one in added["agenda"] if one["topic_id"] == topic_id)
    assert item["state"] == "asked"
    leave = f"{agenda}/{item['id']}/leave"
    assert hall.refused("副市长", "POST", leave, {"granted": True}) == "403 meetings.not_chair"
    granted = hall.do("市长", "POST", leave, {"granted": True, "opinion": "同意"})
    item = next(one for one in granted["agenda"] if one["topic_id"] == topic_id)
    assert (item["state"], item["leave_by_name"], item["leave_reason"]) == ("planned", "市长", "上级要求")
    assert ("市长", "grant_addition") not in hall.duties(meeting_id)
    hall.do("数据文书", "POST", f"/topics/{topic_id}/withdraw", {"reason": "另行研究"})
    assert topic_id not in [one["topic_id"] for one in hall.show("会务", meeting_id)["agenda"]]


def test_a_topics_papers_stay_as_they_are_once_the_agenda_is_frozen(hall: Hall) -> None:
    topic_id, meeting_id = hall.approved_topic(), hall.meeting()
    hall.do("会务", "POST", f"/meetings/{meeting_id}/agenda", {"topic_id": topic_id})
    files = f"/topics/{topic_id}/files"
    early = hall.attach("数据文书", files, "补充说明。".encode(), "说明.txt")
    hall.do("数据文书", "DELETE", f"{files}/{early['id']}")
    hall.do("会务", "POST", f"/meetings/{meeting_id}/freeze")
    before = hall.do("数据文书", "GET", f"/topics/{topic_id}")
    late = hall.ask("数据文书", "POST", files, files={"file": ("补充.txt", "补充。".encode())})
    assert (late.status_code, late.json()["code"]) == (409, "meetings.papers_frozen")
    assert "会务人员" in late.json()["detail"]
    (paper,) = before["files"]
    assert hall.refused("数据文书", "DELETE", f"{files}/{paper['id']}") == "409 meetings.papers_frozen"
    assert hall.do("数据文书", "GET", f"/topics/{topic_id}") == before


def test_the_histories_of_topics_and_meetings_are_read_page_by_page(hall: Hall) -> None:
    for by, path in (
        ("数据文书", f"/topics/{hall.approved_topic()}"),
        ("会务", f"/meetings/{hall.called()}"),
    ):
        whole = hall.do(by, "GET", f"{path}/history?limit=200")["items"]
        page = hall.do(by, "GET", f"{path}/history?limit=2")
        read = page["items"]
        while page["next"]:
            page = hall.do(by, "GET", f"{path}/history?limit=2&after={page['next']}")
            assert len(page["items"]) <= 2
            read += page["items"]
        assert read == whole
        assert len(whole) > 3
        assert hall.refused(by, "GET", f"{path}/history?after=x") == "422 web.cursor_invalid"


def test_a_call_is_answered_until_its_closing_day(hall: Hall) -> None:
    today = (datetime.now(UTC) + timedelta(hours=8)).date()
    call = {
        "meeting_kind": "常务会", "title": "征集12月常务会议题", "unit_ids": [hall.unit("数据")],
        "closes_on": (today - timedelta(days=1)).isoformat(),
    }  # fmt: skip
    assert hall.refused("会务", "POST", "/topic-calls", call) == "422 meetings.closes_in_past"
    call_id = hall.do("会务", "POST", "/topic-calls", {**call, "closes_on": today.isoformat()})["id"]
    assert hall.refused("财政文书", "POST", "/topics", hall.a_topic(call_id=call_id)) == (
        "404 meetings.topic_call_not_found"
    )
    topic_id = hall.topic(call_id=call_id)
    hall.do("会务", "POST", f"/topic-calls/{call_id}/close")
    assert hall.refused("数据文书", "POST", f"/topics/{topic_id}/submit") == "409 meetings.call_closed"


def test_two_people_do_not_overwrite_each_others_topic(hall: Hall) -> None:
    topic_id = hall.topic()
    tag = hall.ask("数据文书", "GET", f"/topics/{topic_id}").headers["ETag"]
    changed = {"json": {"title": "新题"}, "headers": {"If-Match": tag}}
    assert hall.ask("数据科员", "PUT", f"/topics/{topic_id}", **changed).status_code == 200
    assert hall.ask("数据文书", "PUT", f"/topics/{topic_id}", **changed).status_code == 412
