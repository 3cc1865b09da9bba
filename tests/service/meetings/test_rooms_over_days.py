"""Rooms of meetings that go on for days: which of their bookings count as used, and which are given back."""

from datetime import datetime

from services.meetings.commands.rooms.using import release_unused
from services.meetings.domain.rooms import Slot
from services.meetings.models import RoomBooking
from shared.auth import Actor
from shared.ids import new_id
from tests.service.meetings.wing import Wing, local, slot


def _tick(wing: Wing, moment: datetime) -> int:
    wing.at(moment)
    with wing.session() as session:
        return release_unused(session, Actor.system(new_id()), wing.clock)


def _states(wing: Wing, *bookings: RoomBooking) -> list[str]:
    return [wing.booking(one.id).state for one in bookings]


def test_each_day_of_a_meeting_has_its_room_and_the_day_after_its_end_gives_it_back(wing: Wing) -> None:
    meeting_id = wing.meeting(at=Slot(local(3, 10), local(5, 12)))
    repeat = {"frequency": "daily", "count": 3}
    days = wing.book("会务", wing.room(), slot(3, 9, 18), meeting_id=meeting_id, repeat=repeat)
    wing.change_seat(meeting_id, "数据局长", arrived_at=local(3, 9, 58), attendance="present")
    assert _tick(wing, local(3, 10, 20)) == 0
    assert _states(wing, *days) == ["in_use", "booked", "booked"]
    assert _tick(wing, local(4, 9, 20)) == 0
    assert _states(wing, *days) == ["in_use", "in_use", "booked"]
    assert [wing.booking(one.id).checked_in_at for one in days] == [local(3, 9, 58), local(4, 9), None]

    # It was over sooner than planned: on the third day nobody comes.
    wing.change_meeting(meeting_id, state="held", began_at=local(3, 10), ended_at=local(4, 17))
    assert _tick(wing, local(5, 9, 10)) == 0
    assert _tick(wing, local(5, 9, 15)) == 1
    assert _states(wing, *days) == ["in_use", "in_use", "released"]


def test_a_day_on_which_nobody_came_takes_no_later_day_along(wing: Wing) -> None:
    meeting_id = wing.meeting(at=Slot(local(3, 9), local(4, 12)))
    repeat = {"frequency": "daily", "count": 2}
    days = wing.book("会务", wing.room(), slot(3, 9, 12), meeting_id=meeting_id, repeat=repeat)
    assert _tick(wing, local(3, 9, 15)) == 1
    assert _states(wing, *days) == ["released", "booked"]
    wing.change_seat(meeting_id, "数据局长", arrived_at=local(4, 8, 50), attendance="present")
    assert _tick(wing, local(4, 9, 15)) == 0
    assert _states(wing, *days) == ["released", "in_use"]


def test_coming_to_one_meeting_is_no_use_of_the_weeks_after(wing: Wing) -> None:
    meeting_id = wing.meeting(at=slot(3, 10, 12))
    repeat = {"frequency": "weekly", "count": 2}
    weeks = wing.book("会务", wing.room(), slot(3, 10, 12), meeting_id=meeting_id, repeat=repeat)
    wing.change_seat(meeting_id, "数据局长", arrived_at=local(3, 9, 58), attendance="present")
    assert _tick(wing, local(3, 10, 20)) == 0
    assert _tick(wing, local(10, 10, 15)) == 1
    assert _states(wing, *weeks) == ["in_use", "released"]


def test_a_room_booked_to_get_ready_the_day_before_is_judged_by_its_own_time(wing: Wing) -> None:
    meeting_id = wing.meeting(at=slot(4, 10, 12))
    room = wing.room()
    [before] = wing.book("会务", room, slot(3, 14, 18), meeting_id=meeting_id)
    [day] = wing.book("会务", room, slot(4, 9, 12), meeting_id=meeting_id)
    assert _tick(wing, local(3, 14, 15)) == 1
    assert _states(wing, before, day) == ["released", "booked"]
    assert _tick(wing, local(4, 9, 20)) == 0
