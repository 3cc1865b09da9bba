"""Meetings over HTTP: plans, quotas, notices, answers and attendance, and what is refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.meetings.commands.arriving import record_arrival
from services.meetings.commands.reminding import send_reminders
from shared.errors import Problem
from shared.ids import new_id
from tests.service.meetings.house import Hall

SOON = datetime.now(UTC) + timedelta(hours=3)


def test_planning_needs_a_token_and_the_permission(hall: Hall) -> None:
    assert hall.ask("", "POST", "/meetings", json=hall.a_plan()).status_code == 401
    assert hall.refused("市长", "POST", "/meetings", hall.a_plan()) == "403 auth.missing_permission"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ends_at": (SOON - timedelta(hours=9)).isoformat()}, "meetings.ends_before_it_begins"),
        ({"starts_at": "2020-01-01T09:00:00+08:00"}, "meetings.too_long_ago"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "meetings.too_long_ago"),
        ({"ends_at": "9999-12-31T23:59:59-11:00"}, "meetings.too_far_ahead"),
        ({"starts_at": "2026-01-01T09:00:00"}, "web.fields_invalid"),
        ({"kind": "茶话会"}, "web.fields_invalid"),
        ({"chair_post_id": str(new_id())}, "directory.post_unknown"),
        ({"title": "研究某事（秘密）"}, "meetings.secret_content"),
    ],
)
def test_a_wrong_plan_is_refused(hall: Hall, changes: dict[str, Any], code: str) -> None:
    assert hall.refused("会务", "POST", "/meetings", hall.a_plan(**changes)) == f"422 {code}"


def test_only_who_may_chair_is_named_as_chair(hall: Hall) -> None:
    plan = hall.a_plan(chair_post_id=hall.post("数据科员"))
    assert hall.refused("会务", "POST", "/meetings", plan) == "422 meetings.chair_may_not"


def test_others_do_not_know_of_a_meeting_until_they_are_called(hall: Hall) -> None:
    meeting_id = hall.meeting()
    assert hall.ask("数据文书", "GET", f"/meetings/{meeting_id}").status_code == 404
    assert hall.ask("数据文书", "POST", f"/meetings/{meeting_id}/begin", json={}).status_code == 404
    assert meeting_id not in [one["id"] for one in hall.do("数据文书", "GET", "/meetings")["items"]]
    assert hall.do("市长", "GET", f"/meetings/{meeting_id}")["is_inside"]


def test_a_notice_needs_an_agenda_and_somebody_invited(hall: Hall) -> None:
    meeting_id = hall.meeting()
    call = f"/meetings/{meeting_id}/call"
    assert hall.refused("会务", "POST", call) == "422 meetings.nobody_invited"
    invitees = {"invitees": [{"post_id": hall.post("数据局长")}]}
    hall.do("会务", "POST", f"/meetings/{meeting_id}/invitations", invitees)
    assert hall.refused("会务", "POST", call) == "422 meetings.agenda_empty"
    assert hall.refused("会务", "POST", f"/meetings/{meeting_id}/invitations", invitees) == (
        "409 meetings.invited_twice"
    )
    unclear = {"invitees": [{"role": "observer"}]}
    assert hall.refused("会务", "POST", f"/meetings/{meeting_id}/invitations", unclear) == (
        "422 meetings.invitee_unclear"
    )
    assert hall.told(meeting_id) == []


def test_a_notice_over_quota_needs_a_reason_that_stays(hall: Hall) -> None:
    planned = hall.one_more("协调会")
    first = hall.called(kind="协调会")
    assert hall.show("会务", first)["within_quota"]
    second = hall.meeting(kind="协调会")
    hall.do("会务", "POST", f"/meetings/{second}/agenda", {"title": "协调"})
    invitees = {"invitees": [{"post_id": hall.post("数据局长")}]}
    hall.do("会务", "POST", f"/meetings/{second}/invitations", invitees)
    assert hall.refused("会务", "POST", f"/meetings/{second}/call") == "422 meetings.over_quota"
    called = hall.call(second, quota_waiver="防汛紧急")
    assert (called["within_quota"], called["quota_waiver"]) == (False, "防汛紧急")
    hall.do("会务", "POST", f"/meetings/{first}/cancel", {"reason": "合并召开"})
    quota = {one["key"]: one for one in hall.do("会务", "GET", "/quotas")["items"]}["协调会"]
    assert (quota["planned"], quota["used"]) == (planned, planned)


def test_warnings_are_told_before_the_notice_and_kept(hall: Hall) -> None:
    begin = datetime.now(UTC) + timedelta(hours=1)
    plan = {"starts_at": begin.isoformat(), "ends_at": (begin + timedelta(hours=9)).isoformat()}
    meeting_id = hall.meeting(**plan, speech_minutes=90)
    hall.do("会务", "POST", f"/meetings/{meeting_id}/agenda", {"title": "部署"})
    invitees = {"invitees": [{"post_id": hall.post("数据科员")}]}
    hall.do("会务", "POST", f"/meetings/{meeting_id}/invitations", invitees)
    assert hall.refused("会务", "POST", f"/meetings/{meeting_id}/call") == "422 meetings.warnings_unread"
    late = {"reply_by": "9999-12-31T23:59:59-11:00"}
    assert hall.refused("会务", "POST", f"/meetings/{meeting_id}/call", late) == "422 meetings.reply_by_wrong"
    assert [one["code"] for one in hall.call(meeting_id)["told_findings"]] == ["length", "speech"]


def test_leave_and_stand_ins_are_the_conveners_to_permit(hall: Hall) -> None:
    meeting_id = hall.called("财政局长", "数据局长")
    answer = f"/meetings/{meeting_id}/answer"
    assert hall.refused("会务二", "POST", answer, {"outcome": "attend"}) == "403 meetings.not_invited"
    assert hall.refused("财政局长", "POST", answer, {"outcome": "ask_leave"}) == "422 meetings.reason_missing"
    nobody = {"outcome": "stand_in", "reason": "出差"}
    assert hall.refused("财政局长", "POST", answer, nobody) == "422 meetings.stand_in_needed"
    taken = {**nobody, "stand_in_post_id": hall.post("数据局长")}
    assert hall.refused("财政局长", "POST", answer, taken) == "422 meetings.stand_in_invited"
    seat = hall.do("财政局长", "POST", answer, {"outcome": "ask_leave", "reason": "出差"})
    assert ("市长", "permit") in hall.duties(meeting_id)
    permit = f"/meetings/{meeting_id}/invitations/{seat['id']}/permit"
    assert hall.refused("会务", "POST", permit, {"granted": True}) == "403 meetings.not_convener"
    assert hall.refused("市长", "POST", permit, {"granted": False}) == "422 meetings.reason_missing"
    hall.do("市长", "POST", permit, {"granted": False, "opinion": "请务必参会"})
    assert hall.duties(meeting_id) >= {("财政局长", "reply")}
    assert ("市长", "permit") not in hall.duties(meeting_id)
    assert hall.refused("市长", "POST", permit, {"granted": True}) == "409 meetings.nothing_to_permit"
    hall.do("财政局长", "POST", answer, {"outcome": "ask_leave", "reason": "手术"})
    hall.do("市长", "POST", permit, {"granted": True})
    arrive = f"/meetings/{meeting_id}/invitations/{seat['id']}/arrive"
    assert hall.refused("会务", "POST", arrive) == "409 meetings.excused_cannot_arrive"
    hidden = hall.show("数据局长", meeting_id)["invitations"]
    assert [one["reason"] for one in hidden] == ["", ""]


def test_who_came_is_put_right_with_a_trail(hall: Hall) -> None:
    meeting_id = hall.called("财政局长", "数据局长")
    seat = hall.seat(meeting_id, "财政局长")["id"]
    with hall.house.session() as session, pytest.raises(Problem, match="too_early"):
        record_arrival(
            session, hall.house.actor("财政局长"), hall.house.clock, meeting_id=meeting_id,  # type: ignore[arg-type]
            invitation_id=seat, at=datetime.now(UTC) - timedelta(hours=2), how="qr",
        )  # fmt: skip
    with hall.house.session() as session:
        came = record_arrival(
            session, hall.house.actor("财政局长"), hall.house.clock, meeting_id=meeting_id,  # type: ignore[arg-type]
            invitation_id=seat, at=datetime.now(UTC) + timedelta(minutes=25), how="qr",
        )  # fmt: skip
        assert (came.attendance, came.arrived_how) == ("late", "qr")
    hall.held(meeting_id)
    shown = hall.show("会务", meeting_id)
    assert {one["attendance_label"] for one in shown["invitations"]} == {"迟到", "缺席"}
    path = f"/meetings/{meeting_id}/invitations/{seat}/attendance"
    assert hall.refused("会务", "POST", path, {"attendance": "present"}) == "422 web.fields_invalid"
    wrong = {"attendance": "present", "reason": "补", "arrived_at": "0001-01-01T00:00:00+14:00"}
    assert hall.refused("会务", "POST", path, wrong) == "422 meetings.not_at_that_time"
    hall.do("会务", "POST", path, {"attendance": "present", "reason": "签到设备时间有误"})
    acts = hall.do("会务", "GET", f"/meetings/{meeting_id}/history")["items"]
    act = next(one for one in acts if one["verb"] == "correct_attendance")
    assert act["details"]["before"]["attendance"] == "late"
    assert act["details"]["after"]["attendance"] == "present"


def test_a_moved_meeting_tells_everybody_and_keeps_its_year(hall: Hall) -> None:
    meeting_id = hall.called()
    begin = datetime.now(UTC) + timedelta(hours=2)
    moved = {
        "starts_at": begin.isoformat(), "ends_at": (begin + timedelta(hours=1)).isoformat(),
        "place": "第二会议室", "reason": "会场调整",
    }  # fmt: skip
    hall.do("会务", "POST", f"/meetings/{meeting_id}/reschedule", moved)
    files = [one["role"] for one in hall.show("数据局长", meeting_id)["files"]]
    assert files == ["notice", "notice"]
    later = datetime.now(UTC) + timedelta(days=400)
    moved |= {"starts_at": later.isoformat(), "ends_at": (later + timedelta(hours=1)).isoformat()}
    assert hall.refused("会务", "POST", f"/meetings/{meeting_id}/reschedule", moved) == (
        "409 meetings.another_year"
    )
    assert hall.told(meeting_id) == ["meeting.called.v1", "meeting.rescheduled.v1"]


def test_a_cancelled_meeting_gives_its_topics_back(hall: Hall) -> None:
    topic_id, meeting_id = hall.approved_topic(), hall.meeting()
    hall.do("会务", "POST", f"/meetings/{meeting_id}/agenda", {"topic_id": topic_id})
    invitees = {"invitees": [{"post_id": hall.post("数据局长")}]}
    hall.do("会务", "POST", f"/meetings/{meeting_id}/invitations", invitees)
    hall.call(meeting_id)
    hall.do("会务", "POST", f"/meetings/{meeting_id}/cancel", {"reason": "与上级会议冲突"})
    assert hall.do("数据文书", "GET", f"/topics/{topic_id}")["state"] == "approved"
    assert hall.duties(meeting_id) == set()
    assert hall.refused("会务", "POST", f"/meetings/{meeting_id}/begin") == "409 meetings.act_not_possible"


def test_a_meeting_ends_only_when_every_point_is_accounted_for(hall: Hall) -> None:
    topic_id, meeting_id = hall.approved_topic(), hall.meeting()
    added = hall.do("会务", "POST", f"/meetings/{meeting_id}/agenda", {"topic_id": topic_id})
    invitees = {"invitees": [{"post_id": hall.post("数据局长")}]}
    hall.do("会务", "POST", f"/meetings/{meeting_id}/invitations", invitees)
    hall.call(meeting_id)
    hall.do("会务", "POST", f"/meetings/{meeting_id}/begin")
    assert hall.refused("会务", "POST", f"/meetings/{meeting_id}/end") == "409 meetings.agenda_unfinished"
    outcome = f"/meetings/{meeting_id}/agenda/{added['agenda'][0]['id']}/outcome"
    assert hall.refused("会务", "POST", outcome, {"outcome": "postponed"}) == "422 meetings.reason_missing"
    hall.do("会务", "POST", outcome, {"outcome": "postponed", "note": "再作测算"})
    hall.do("会务", "POST", f"/meetings/{meeting_id}/end")
    assert hall.do("数据文书", "GET", f"/topics/{topic_id}")["pool_reason"] == "再作测算"
    assert hall.duties(meeting_id) == {("会务", "minutes")}


def test_whoever_downloads_a_paper_has_opened_the_papers(hall: Hall) -> None:
    topic_id, meeting_id = hall.approved_topic(), hall.meeting()
    hall.do("会务", "POST", f"/meetings/{meeting_id}/agenda", {"topic_id": topic_id})
    invitees = {"invitees": [{"post_id": hall.post(name)} for name in ("财政局长", "数据局长")]}
    hall.do("会务", "POST", f"/meetings/{meeting_id}/invitations", invitees)
    hall.call(meeting_id)
    shown = hall.show("财政局长", meeting_id)
    paper, notice = shown["agenda"][0]["files"][0]["id"], shown["files"][0]["id"]

    def download(by: str, file_id: str) -> None:
        assert hall.ask(by, "GET", f"/meetings/{meeting_id}/files/{file_id}/content").ok

    download("财政局长", notice)
    download("会务", paper)
    assert hall.seat(meeting_id, "财政局长")["opened_at"] is None
    download("财政局长", paper)
    opened = hall.seat(meeting_id, "财政局长")
    assert (opened["opened_at"] is not None, opened["opened_by_name"]) == (True, "财政局长")
    download("财政局长", paper)
    assert hall.seat(meeting_id, "财政局长")["opened_at"] == opened["opened_at"]
    assert hall.seat(meeting_id, "数据局长")["opened_at"] is None
    acts = hall.do("会务", "GET", f"/meetings/{meeting_id}/history?limit=200")["items"]
    assert [act["verb"] for act in acts].count("open") == 1
    hall.do("会务", "POST", f"/meetings/{meeting_id}/cancel", {"reason": "与上级会议冲突"})
    download("数据局长", paper)
    assert hall.seat(meeting_id, "数据局长")["opened_at"] is None


def test_each_reminder_is_sent_once(hall: Hall) -> None:
    hall.called()
    with hall.house.session() as session:
        assert send_reminders(session, hall.system(), hall.house.clock) >= 2
    with hall.house.session() as session:
        assert send_reminders(session, hall.system(), hall.house.clock) == 0


def test_reminders_are_sent_a_bounded_number_at_once_and_none_is_left_out(hall: Hall) -> None:
    def tick(**bounds: int) -> int:
        with hall.house.session() as session:
            return send_reminders(session, hall.system(), hall.house.clock, **bounds)

    tick(most=1000)
    hall.called()
    assert [tick(most=1, page=1) for _ in range(2)] == [1, 1]
    assert tick(page=1) == 0
