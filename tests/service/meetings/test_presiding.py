"""Another post presides, or convenes, after the notice: what waits for its word goes over from the former one."""

import pytest

from services.identity.domain.roles import Role
from tests.service.meetings.house import Hall

REASON = {"reason": "市长另有公务"}


@pytest.fixture
def asked(hall: Hall) -> str:
    """A called meeting in which leave, and a point for its frozen agenda, are asked for."""
    meeting_id = hall.called()
    answer = {"outcome": "ask_leave", "reason": "出差"}
    hall.do("财政局长", "POST", f"/meetings/{meeting_id}/answer", answer)
    point = {"title": "临时事项", "reason": "紧急"}
    hall.do("会务", "POST", f"/meetings/{meeting_id}/agenda", point)
    return meeting_id


def test_another_chair_has_what_waited_for_the_former_one(hall: Hall, asked: str) -> None:
    assert hall.duties(asked) >= {("市长", "permit"), ("市长", "grant_addition")}
    named = {"chair_post_id": hall.post("副市长"), **REASON}
    before = hall.show("会务", asked)
    shown = hall.do("会务", "POST", f"/meetings/{asked}/chair", named)
    assert (shown["chair_post_id"], shown["convener_post_id"]) == (hall.post("副市长"),) * 2
    assert shown["revision"] > before["revision"]
    assert hall.duties(asked) >= {("副市长", "permit"), ("副市长", "grant_addition")}
    assert not [step for who, step in hall.duties(asked) if who == "市长"]
    item = next(one["id"] for one in shown["agenda"] if one["state"] == "asked")
    leave = f"/meetings/{asked}/agenda/{item}/leave"
    assert hall.refused("市长", "POST", leave, {"granted": True}) == "403 meetings.not_chair"
    hall.do("副市长", "POST", leave, {"granted": True})
    seat = hall.seat(asked, "财政局长")["id"]
    hall.do("副市长", "POST", f"/meetings/{asked}/invitations/{seat}/permit", {"granted": True})
    acts = hall.do("会务", "GET", f"/meetings/{asked}/history?limit=200")["items"]
    (act,) = [one for one in acts if one["verb"] == "change_presiding"]
    assert act["opinion"] == REASON["reason"]
    assert [act["details"][name] for name in ("chair_before", "chair")] == [
        "市政府主要负责人（市长）", "市政府办分管负责人（副市长）",
    ]  # fmt: skip


def test_a_convener_is_changed_alone(hall: Hall, asked: str) -> None:
    named = {"convener_post_id": hall.post("秘书长"), **REASON}
    shown = hall.do("会务", "POST", f"/meetings/{asked}/chair", named)
    assert (shown["chair_post_id"], shown["convener_post_id"]) == (hall.post("市长"), hall.post("秘书长"))
    assert hall.duties(asked) >= {("秘书长", "permit"), ("市长", "grant_addition")}
    assert ("市长", "permit") not in hall.duties(asked)


def test_leave_that_nobody_permitted_before_the_beginning_is_nobodys_to_permit_after(
    hall: Hall, asked: str
) -> None:
    hall.do("会务", "POST", f"/meetings/{asked}/begin")
    named = {"chair_post_id": hall.post("副市长"), **REASON}
    hall.do("会务", "POST", f"/meetings/{asked}/chair", named)
    assert "permit" not in {step for _, step in hall.duties(asked)}


def test_a_meeting_whose_chair_is_gone_is_brought_to_its_end_by_another(hall: Hall) -> None:
    with hall.house.session() as session:
        hall.house.post(session, "前市长", hall.house.units["市政府"], Role.PRINCIPAL)
    meeting_id = hall.called(chair_post_id=hall.post("前市长"))
    hall.held(meeting_id)
    minutes = f"/meetings/{meeting_id}/minutes"
    hall.do("会务", "POST", minutes)
    with hall.house.abolished("前市长"):
        assert hall.refused("会务", "POST", f"{minutes}/submit") == "409 meetings.presiding_gone"
        named = {"chair_post_id": hall.post("市长"), **REASON}
        hall.do("会务", "POST", f"/meetings/{meeting_id}/chair", named)
        hall.do("会务", "POST", f"{minutes}/submit")
        named["chair_post_id"] = hall.post("副市长")
        hall.do("会务二", "POST", f"/meetings/{meeting_id}/chair", named)
        assert hall.duties(meeting_id) == {("副市长", "approve_minutes")}
        hall.do("副市长", "POST", f"{minutes}/decide", {"approved": True})
    hall.issue(meeting_id)
    hall.do("会务", "POST", f"/meetings/{meeting_id}/close")
    assert hall.conclude() == 1


def test_who_presides_is_changed_with_a_reason_by_the_organisers_until_the_minutes_are_approved(
    hall: Hall,
) -> None:
    meeting_id = hall.called()
    path, other = f"/meetings/{meeting_id}/chair", hall.post("副市长")
    named = {"chair_post_id": other, **REASON}
    for by, body, refusal in (
        ("会务", {"chair_post_id": other}, "422 web.fields_invalid"),
        ("会务", REASON, "422 meetings.presiding_unchanged"),
        ("会务", {"chair_post_id": hall.post("市长"), **REASON}, "422 meetings.presiding_unchanged"),
        ("会务", {"chair_post_id": hall.post("秘书长"), **REASON}, "422 meetings.chair_may_not"),
        ("会务", {"chair_post_id": hall.post("数据局长"), **REASON}, "422 meetings.presides_elsewhere"),
        ("会务", {"convener_post_id": hall.post("数据局长"), **REASON}, "422 meetings.presides_elsewhere"),
        ("副市长", named, "403 auth.missing_permission"),
        ("数据文书", named, "404 meetings.not_found"),
    ):
        assert hall.refused(by, "POST", path, body) == refusal
    hall.held(meeting_id)
    hall.approved(meeting_id)
    assert hall.refused("会务", "POST", path, named) == "409 meetings.act_not_possible"


def test_a_point_asked_for_before_the_notice_goes_to_the_chair_who_is_planned_then(hall: Hall) -> None:
    meeting_id = hall.meeting()
    hall.do("会务", "POST", f"/meetings/{meeting_id}/agenda", {"title": "通报有关情况"})
    hall.do("会务", "POST", f"/meetings/{meeting_id}/freeze")
    hall.do("会务", "POST", f"/meetings/{meeting_id}/agenda", {"title": "临时事项", "reason": "紧急"})
    hall.do("会务", "PUT", f"/meetings/{meeting_id}", {"chair_post_id": hall.post("副市长")})
    assert hall.duties(meeting_id) == {("会务", "prepare"), ("副市长", "grant_addition")}
