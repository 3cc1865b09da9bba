"""Many people who want one room at one moment, over HTTP."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import requests
import sqlalchemy as sa

from services.meetings.models import RoomBooking
from shared.flow.models import ItemStatus, WorkItem
from tests.service.meetings.house import Hall

AT_ONCE = 50
EVERY_DAY = [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in range(1, 8)]


def _room(hall: Hall, **changes: Any) -> str:
    shape = {"name": f"会议室 {datetime.now(UTC)}", "capacity": 20, "hours": EVERY_DAY, **changes}
    room_id: str = hall.do("会务", "POST", "/rooms", shape)["id"]
    return room_id


def _asked(room_id: str, *, hours_ahead: int = 24, **facts: Any) -> dict[str, Any]:
    begin = datetime.now(UTC) + timedelta(hours=hours_ahead)
    return {
        "room_id": room_id, "starts_at": begin.isoformat(), "title": "例会",
        "ends_at": (begin + timedelta(hours=1)).isoformat(), **facts,
    }  # fmt: skip


def test_of_fifty_who_book_one_room_at_once_one_gets_it_and_the_others_a_clear_answer(hall: Hall) -> None:
    room_id = _room(hall)
    body, ready = _asked(room_id), Barrier(AT_ONCE)
    names = ["财政科员", "数据科员", "财政文书", "数据文书", "秘书长"]
    tokens = [hall.api.key.token(hall.person(names[number % 5])) for number in range(AT_ONCE)]

    def book(token: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"}
        ready.wait(30)
        return requests.post(f"{hall.api.base}/room-bookings", json=body, headers=headers, timeout=60)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(book, tokens))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: AT_ONCE - 1}
    for problem in (answer.json() for answer in answers if answer.status_code == 409):
        assert problem["code"] == "meetings.room_taken"
        [conflict] = problem["conflicts"]
        assert conflict["kind"] == "booking"
        assert "已由" in conflict["message"]
    with hall.house.session() as session:
        held = sa.select(sa.func.count()).where(RoomBooking.room_id == room_id)
        assert session.scalar(held) == 1


def _copies(hall: Hall, name: str) -> list[UUID]:
    """What the person has still to read about rooms."""
    wanted = sa.select(WorkItem.id).where(
        WorkItem.post_id == hall.house.post_id(name),
        WorkItem.step_id == "booking_told",
        WorkItem.status == ItemStatus.OPEN,
    )
    with hall.house.session() as session:
        return list(session.scalars(wanted))


def test_booking_needs_a_token_a_permission_and_a_room(hall: Hall) -> None:
    room_id = _room(hall)
    assert hall.ask("", "POST", "/room-bookings", json=_asked(room_id)).status_code == 401
    assert hall.refused("数据科员", "POST", "/rooms", {}) == "403 auth.missing_permission"
    wrong = {**_asked(room_id), "repeat": {"frequency": "secondly", "count": 3}}
    assert hall.refused("数据科员", "POST", "/room-bookings", wrong) == "422 web.fields_invalid"
    bad_hours = {"name": "x", "capacity": 3, "hours": [{"weekday": 1, "opens": "18:00", "closes": "08:00"}]}
    assert hall.refused("会务", "POST", "/rooms", bad_hours) == "422 meetings.hours_wrong"


def test_a_booking_goes_its_way_over_http(hall: Hall) -> None:
    room_id = _room(hall, needs_approval=True, equipment=["投影"])
    asked = _asked(room_id, repeat={"frequency": "daily", "count": 3})
    bookings = hall.do("数据科员", "POST", "/room-bookings", asked)["bookings"]
    assert [one["state"] for one in bookings] == ["requested"] * 3
    request = f"/room-requests/{bookings[0]['request_id']}"
    assert hall.ask("财政科员", "GET", request).status_code == 404
    decided = hall.do("会务", "POST", f"{request}/decide", {"granted": True})["bookings"]
    assert {one["state"] for one in decided} == {"booked"}
    [copy] = _copies(hall, "数据科员")
    assert hall.ask("数据科员", "POST", f"/copies/{copy}/read").status_code == 204
    assert _copies(hall, "数据科员") == []

    path = f"/room-bookings/{bookings[1]['id']}"
    shown = hall.ask("数据科员", "GET", path)
    stale = hall.ask("数据科员", "PATCH", path, json={"title": "旧"}, headers={"If-Match": '"99"'})
    assert stale.status_code == 412
    headers = {"If-Match": shown.headers["ETag"]}
    changed = hall.ask(
        "数据科员", "PATCH", path, json={"title": "新", "scope": "following"}, headers=headers
    ).json()
    assert [one["title"] for one in changed["changed"]] == ["新", "新"]
    assert hall.refused("财政科员", "POST", f"{path}/cancel") == "403 meetings.not_your_booking"
    ended = hall.do("数据科员", "POST", f"{path}/cancel", {"scope": "following"})
    assert {one["state"] for one in ended["changed"]} == {"cancelled"}

    first = hall.do(
        "数据科员", "GET", "/room-bookings", params={"mine": "true", "room_id": room_id, "limit": 2}
    )
    rest = hall.do(
        "数据科员", "GET", "/room-bookings",
        params={"mine": "true", "room_id": room_id, "limit": 2, "after": first["next"]},
    )  # fmt: skip
    assert [one["id"] for one in (*first["items"], *rest["items"])] == [one["id"] for one in bookings]
    day = asked["starts_at"][:10]
    week = hall.ask("财政科员", "GET", "/rooms/occupancy", params={"room_id": room_id, "day": day})
    assert week.headers["Content-Type"].startswith("image/svg+xml")
    assert "已预订" in week.text
    assert "例会" not in week.text
    whole = hall.ask("数据科员", "GET", "/rooms/occupancy", params={"day": day})
    assert "会议室使用" in whole.text
    free = hall.do(
        "数据科员", "GET", "/rooms/free",
        params={"starts_at": asked["starts_at"], "ends_at": asked["ends_at"], "equipment": "投影"},
    )  # fmt: skip
    assert room_id not in [one["id"] for one in free["items"]]
