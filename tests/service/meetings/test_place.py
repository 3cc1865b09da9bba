"""Where a meeting takes place: the room that is booked for it, or what its organisers wrote."""

from datetime import UTC, datetime, timedelta

from tests.service.meetings.house import Hall

EVERY_DAY = [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in range(1, 8)]
BEGINS = datetime.now(UTC) + timedelta(days=2)


def _room(hall: Hall, name: str, *, by: str = "会务", **changes: bool) -> tuple[str, str]:
    """Its id and its name, which no other test has."""
    shape = {"name": f"{name} {datetime.now(UTC).timestamp()}", "capacity": 20, "hours": EVERY_DAY, **changes}
    room = hall.do(by, "POST", "/rooms", shape)
    return room["id"], room["name"]


def _book(hall: Hall, meeting_id: str, room_id: str, *, ahead: int = 0) -> str:
    begin = BEGINS - timedelta(hours=ahead)
    asked = {
        "room_id": room_id, "title": "专题会议", "meeting_id": meeting_id, "starts_at": begin.isoformat(),
        "ends_at": (begin + timedelta(hours=2)).isoformat(),
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
