"""Where a meeting takes place: the room that is booked for it, or what its organisers wrote."""

from datetime import UTC, datetime, timedelta

from tests.service.meetings.house import Hall

EVERY_DAY = [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in range(1, 8)]
BEGINS = datetime.now(UTC) + timedelta(days=2)


def _room(hall: Hall, name: str, *, by: str = "会务", **changes: int) -> tuple[str, str]:
    """Its id and its name, which no other test has."""
    shape = {"name": f"{name} {datetime.now(UTC).timestamp()}", "capacity": 20, "hours": EVERY_DAY, **changes}
    room = hall.do(by, "POST", "/rooms", shape)
    return room["id"], room["name"]


def _book(hall: Hall, meeting_id: str, room_id: str, *, ahead: int = 0, people: int | None = None) -> str:
    begin = BEGINS - timedelta(hours=ahead)
    asked = {
        "room_id": room_id, "title": "专题会议", "meeting_id": meeting_id, "starts_at": begin.isoformat(),
        "ends_at": (begin + timedelta(hours=2)).isoformat(), "people": people,
    }  # fmt: skip
    booking_id: str = hall.do("会务", "POST", "/room-bookings", asked)["bookings"][0]["id"]
    return booking_id


def _meeting(hall: Hall, **changes: str) -> str:
    times = {"starts_at": BEGINS.isoformat(), "ends_at": (BEGINS + timedelta(hours=2)).isoformat()}
    return hall.meeting(**times, **changes)


def _place(hall: Hall, meeting_id: str) -> str:
    listed = {one["id"]: one for one in hall.do("会务", "GET", "/meetings?state=planned")["items"]}
    place: str = hall.show("会务", meeting_id)["place"]
    assert listed[meeting_id]["place"] == place
    return place


def _ready(hall: Hall, meeting_id: str) -> None:
    hall.do("会务", "POST", f"/meetings/{meeting_id}/agenda", {"title": "通报有关情况"})
    invitees = [{"post_id": hall.post("数据局长")}]
    hall.do("会务", "POST", f"/meetings/{meeting_id}/invitations", {"invitees": invitees})


def test_a_room_that_does_not_hold_everybody_who_was_invited_later_is_warned_of(hall: Hall) -> None:
    meeting_id = _meeting(hall, place="")
    room_id, name = _room(hall, "小会议室", capacity=1)
    _book(hall, meeting_id, room_id)
    _ready(hall, meeting_id)
    invitees = [{"post_id": hall.post(who)} for who in ("财政局长", "财政科员")]
    hall.do("会务", "POST", f"/meetings/{meeting_id}/invitations", {"invitees": invitees})

    def said() -> list[str]:
        found = hall.do("会务", "GET", f"/meetings/{meeting_id}/check")["findings"]
        return [one["message"] for one in found if one["code"] == "room_capacity"]

    assert said() == [f"{name}可容纳 1 人，现邀请 3 人；请换会议室，或另设会场"]
    other_id, other = _room(hall, "分会场", capacity=1)
    _book(hall, meeting_id, other_id, people=1)
    assert said() == [f"{name}、{other}共可容纳 2 人，现邀请 3 人；请换会议室，或另设会场"]
    assert hall.refused("会务", "POST", f"/meetings/{meeting_id}/call") == "422 meetings.warnings_unread"
    hall.call(meeting_id)
    assert "room_capacity" in [one["code"] for one in hall.show("会务", meeting_id)["told_findings"]]


def test_a_place_written_by_hand_stays_until_a_room_is_booked_and_comes_back_after(hall: Hall) -> None:
    meeting_id = _meeting(hall, place="市政府大楼")
    assert _place(hall, meeting_id) == "市政府大楼"
    room_id, name = _room(hall, "东会议室")
    booking_id = _book(hall, meeting_id, room_id)
    assert _place(hall, meeting_id) == name
    hall.do("会务", "POST", f"/room-bookings/{booking_id}/cancel")
    assert _place(hall, meeting_id) == "市政府大楼"


def test_a_room_for_another_time_or_without_approval_is_no_place(hall: Hall) -> None:
    meeting_id = _meeting(hall, place="市政府大楼")
    early, _ = _room(hall, "布置间")
    _book(hall, meeting_id, early, ahead=3)
    asked, name = _room(hall, "须审批会议室", by="财政文书", needs_approval=True)
    booking_id = _book(hall, meeting_id, asked)
    assert _place(hall, meeting_id) == "市政府大楼"
    request_id = hall.do("会务", "GET", f"/room-bookings/{booking_id}")["request_id"]
    hall.do("财政文书", "POST", f"/room-requests/{request_id}/decide", {"granted": True})
    assert _place(hall, meeting_id) == name


def test_a_meeting_is_not_called_without_a_place(hall: Hall) -> None:
    meeting_id = _meeting(hall, place="")
    _ready(hall, meeting_id)
    assert hall.refused("会务", "POST", f"/meetings/{meeting_id}/call") == "422 meetings.place_missing"
    room_id, name = _room(hall, "西会议室")
    _book(hall, meeting_id, room_id)
    assert hall.call(meeting_id)["place"] == name
    assert meeting_id in [one["id"] for one in hall.do("会务", "GET", f"/meetings?q={name}")["items"]]


def test_after_the_notice_the_place_changes_only_with_another_notice(hall: Hall) -> None:
    meeting_id = _meeting(hall, place="市政府大楼")
    _ready(hall, meeting_id)
    hall.call(meeting_id)
    room_id, name = _room(hall, "南会议室")
    _book(hall, meeting_id, room_id)
    assert hall.show("会务", meeting_id)["place"] == "市政府大楼"
    told = {
        "starts_at": BEGINS.isoformat(), "ends_at": (BEGINS + timedelta(hours=2)).isoformat(),
        "reason": "已订会议室",
    }  # fmt: skip
    assert hall.do("会务", "POST", f"/meetings/{meeting_id}/reschedule", told)["place"] == name
    later = {**told, "ends_at": (BEGINS + timedelta(hours=3)).isoformat(), "place": "市民中心"}
    assert hall.do("会务", "POST", f"/meetings/{meeting_id}/reschedule", later)["place"] == "市民中心"
