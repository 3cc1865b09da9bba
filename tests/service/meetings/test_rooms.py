"""Rooms and bookings: what can be had, what stands in the way, series, approval, use and release."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.meetings.commands.rooms import managing
from services.meetings.commands.rooms.booking import decide_request
from services.meetings.commands.rooms.changing import cancel_booking, hand_over_booking
from services.meetings.commands.rooms.using import (
    check_in,
    check_in_for_meeting,
    follow_moved_meeting,
    free_rooms_of,
    release_unused,
)
from services.meetings.domain.rooms import Scope, Slot
from services.meetings.models import Meeting, MeetingAct, Room, RoomBooking
from services.meetings.queries.rooms import find_free, show_bookings
from shared.auth import Actor
from shared.errors import Problem
from shared.ids import new_id
from tests.service.meetings.wing import WORKING_HOURS, Wing, local, slot

WEEKLY = {"frequency": "weekly", "count": 4}


def _conflicts(wing: Wing, by: str, room: UUID, when: Slot, **facts: object) -> dict[str, list[int]]:
    """The kinds of conflict of a booking, each with the days of the asked times that it hits."""
    with pytest.raises(Problem) as refused:
        wing.book(by, room, when, **facts)
    assert refused.value.code == "meetings.room_taken"
    assert refused.value.status == 409
    return {
        one["kind"]: [int(hit["asked_from"][8:10]) for hit in one["occurrences"]]
        for one in refused.value.extra["conflicts"]
    }


def _refusal(wing: Wing, by: str, room: UUID, when: Slot, **facts: object) -> str:
    with pytest.raises(Problem) as refused:
        wing.book(by, room, when, **facts)
    assert refused.value.detail
    return refused.value.code


def test_a_room_of_another_organ_that_is_not_open_to_all_does_not_exist(wing: Wing) -> None:
    room = wing.room(open_to_all=False)
    assert _refusal(wing, "财政科员", room, slot(3, 9, 10)) == "meetings.room_not_found"
    assert wing.book("秘书长", room, slot(3, 9, 10))


def test_only_those_who_manage_rooms_of_the_organ_change_one(wing: Wing) -> None:
    room = wing.room()
    with wing.session() as session, pytest.raises(Problem, match="not_room_keeper"):
        managing.revise_room(
            session, wing.actor("财政文书"), wing.clock, room_id=room, changes={"capacity": 5},
            expected_revision=None,
        )  # fmt: skip
    with wing.session() as session:
        revise = managing.revise_room
        changed = revise(
            session, wing.actor("会务二"), wing.clock, room_id=room, changes={"capacity": 5},
            expected_revision=1,
        )  # fmt: skip
        assert (changed.capacity, changed.revision) == (5, 2)
    with wing.session() as session, pytest.raises(Problem, match="room_changed"):
        revise(
            session, wing.actor("会务"), wing.clock, room_id=room, changes={"capacity": 6},
            expected_revision=1,
        )  # fmt: skip


def test_times_that_cannot_be_are_refused(wing: Wing) -> None:
    room = wing.room()
    assert _refusal(wing, "数据科员", room, slot(3, 10, 9)) == "meetings.booking_ends_before"
    assert _refusal(wing, "数据科员", room, slot(2, 8, 9)) == "meetings.booking_past"
    assert _refusal(wing, "数据科员", room, Slot(local(3, 0), local(3, 23))) == "meetings.booking_too_long"
    assert _refusal(wing, "数据科员", room, slot(300, 9, 10)) == "meetings.booking_too_far"
    assert _refusal(wing, "数据科员", room, slot(3, 9, 10), people=21) == "meetings.room_too_small"
    unbounded = {"frequency": "weekly"}
    assert _refusal(wing, "数据科员", room, slot(3, 9, 10), repeat=unbounded) == "meetings.series_unbounded"
    endless = {"frequency": "daily", "count": 500}
    assert _refusal(wing, "数据科员", room, slot(3, 9, 10), repeat=endless) == "meetings.series_too_long"
    assert wing.bookings(room) == []


def test_five_kinds_of_conflict_are_told_apart_in_one_answer(wing: Wing) -> None:
    room = wing.room(needs_approval=True)
    wing.book("会务", room, slot(3, 9, 10))
    wing.book("会务", room, slot(4, 9, 10), repeat=WEEKLY)
    wing.book("财政科员", room, slot(5, 9, 10))
    with wing.session() as session:
        managing.close_room(
            session, wing.actor("会务"), wing.clock, room_id=room, starts_at=local(6, 0), ends_at=local(7, 0),
            reason="空调检修",
        )  # fmt: skip
    daily = {"frequency": "daily", "count": 9}
    assert _conflicts(wing, "数据科员", room, Slot(local(3, 9, 30), local(3, 11)), repeat=daily) == {
        "booking": [3],
        "series": [4, 11],
        "pending": [5],
        "closed": [6],
        "out_of_hours": [7, 8],
    }
    spared = {**daily, "skip": [local(day, 0).date() for day in (3, 4, 5, 6, 7, 8, 11)]}
    free = wing.book("数据科员", room, Slot(local(3, 9, 30), local(3, 11)), repeat=spared)
    assert [one.starts_at.day for one in free] == [9, 10]


def test_two_meetings_one_after_the_other_are_no_conflict(wing: Wing) -> None:
    room = wing.room()
    wing.book("财政科员", room, slot(3, 9, 10))
    assert wing.book("数据科员", room, slot(3, 10, 11))
    assert _conflicts(wing, "数据科员", room, Slot(local(3, 9, 59), local(3, 10))) == {"booking": [3]}


def test_the_database_itself_refuses_a_double_booking(wing: Wing) -> None:
    room = wing.room()
    [first] = wing.book("财政科员", room, slot(3, 9, 10))
    with pytest.raises(sa.exc.IntegrityError, match="ex_room_booking_no_double"), wing.session() as session:
        session.add(_double(first))


def test_a_double_that_only_the_database_sees_is_answered_as_any_other(wing: Wing) -> None:
    """What is written past the room's lock is not there yet when the booking looks, and is when it is written."""
    room = wing.room()
    [other] = wing.book("财政科员", room, slot(4, 9, 10))
    unseen = _double(other)
    unseen.starts_at, unseen.ends_at = local(3, 9), local(3, 10)
    behind = wing.database.session()
    behind.add(unseen)
    behind.flush()

    def commit_when_waited_for(*_: object) -> None:
        # After the look at what stands in the way, and before the insert that would wait for it.
        behind.commit()

    sa.event.listen(RoomBooking, "before_insert", commit_when_waited_for, once=True)
    assert _conflicts(wing, "数据科员", room, slot(3, 9, 11)) == {"booking": [3]}
    behind.close()


def _double(of: RoomBooking) -> RoomBooking:
    return RoomBooking(
        id=new_id(), room_id=of.room_id, room_no=of.room_no, starts_at=of.starts_at + timedelta(minutes=5),
        ends_at=of.ends_at, title="另一会议", state="booked", booker_post_id=of.booker_post_id,
        booker_name="某人", booker_unit_id=of.booker_unit_id, booker_unit_name="某单位", made_at=of.made_at,
    )  # fmt: skip


def test_a_room_that_needs_it_waits_for_approval(wing: Wing) -> None:
    room = wing.room(needs_approval=True)
    [asked] = wing.book("数据科员", room, slot(3, 9, 10))
    assert asked.state == "requested"
    assert wing.open_steps("会务") == wing.open_steps("会务二") == [("approve_booking", "lead")]
    with wing.session() as session, pytest.raises(Problem, match="refusal_unexplained"):
        decide_request(session, wing.actor("会务"), wing.clock, request_id=_request(asked), granted=False)
    with wing.session() as session, pytest.raises(Problem, match="booking_not_found"):
        decide_request(session, wing.actor("数据文书"), wing.clock, request_id=_request(asked), granted=True)
    with wing.session() as session:
        decide_request(session, wing.actor("会务"), wing.clock, request_id=_request(asked), granted=True)
    assert wing.booking(asked.id).state == "booked"
    assert (wing.open_steps("会务"), wing.open_steps("会务二")) == ([], [])
    assert wing.open_steps("数据科员") == [("booking_told", "reader")]
    with wing.session() as session, pytest.raises(Problem, match="request_settled"):
        decide_request(session, wing.actor("会务二"), wing.clock, request_id=_request(asked), granted=True)


def test_moving_an_approved_booking_asks_anew_and_giving_it_up_ends_the_request(wing: Wing) -> None:
    room = wing.room(needs_approval=True)
    [asked] = wing.book("数据科员", room, slot(3, 9, 10))
    with wing.session() as session:
        decide_request(session, wing.actor("会务"), wing.clock, request_id=_request(asked), granted=True)
    wing.change("数据科员", asked, starts_at=local(3, 14))
    moved = wing.booking(asked.id)
    assert (moved.state, moved.ends_at) == ("requested", local(3, 15))
    assert moved.request_id != asked.request_id
    assert wing.open_steps("会务") == [("approve_booking", "lead")]
    with wing.session() as session:
        cancel_booking(session, wing.actor("数据科员"), wing.clock, booking_id=asked.id)
    assert wing.open_steps("会务") == []


def test_a_request_that_nobody_decides_in_time_is_over(wing: Wing) -> None:
    room = wing.room(needs_approval=True)
    [asked] = wing.book("数据科员", room, slot(3, 9, 10))
    wing.at(local(3, 9))
    _tick(wing)
    assert wing.booking(asked.id).state == "refused"
    assert wing.open_steps("会务") == []
    assert wing.open_steps("数据科员") == [("booking_told", "reader")]


def test_one_this_and_following_or_all_of_a_series_are_changed(wing: Wing) -> None:
    room = wing.room()
    first, second, third, fourth = wing.book("数据科员", room, slot(3, 9, 10), repeat=WEEKLY)
    wing.change("数据科员", second, title="改题")
    assert [one.title for one in wing.bookings(room)] == ["工作例会", "改题", "工作例会", "工作例会"]
    later = {"starts_at": local(17, 14), "ends_at": local(17, 16)}
    assert wing.change("数据科员", third, scope=Scope.FOLLOWING, **later) == ([third.id, fourth.id], [])
    assert [one.starts_at.hour + 8 for one in wing.bookings(room)] == [9, 9, 14, 14]
    changed, _ = wing.change("数据科员", first, scope=Scope.ALL, title="周例会")
    assert changed == [first.id, second.id, third.id, fourth.id]


def test_a_daily_series_moves_onto_its_own_next_days(wing: Wing) -> None:
    room = wing.room()
    series = wing.book("数据科员", room, slot(9, 9, 10), repeat={"frequency": "daily", "count": 4})
    wing.change("数据科员", series[0], scope=Scope.ALL, starts_at=local(10, 9))
    assert [one.starts_at.day for one in wing.bookings(room)] == [10, 11, 12, 13]


def test_a_series_moves_as_a_whole_or_not_at_all(wing: Wing) -> None:
    room = wing.room()
    series = wing.book("数据科员", room, slot(3, 9, 10), repeat=WEEKLY)
    wing.book("财政科员", room, slot(17, 14, 15))
    with pytest.raises(Problem, match="room_taken") as refused:
        wing.change("数据科员", series[0], scope=Scope.ALL, starts_at=local(3, 14))
    assert refused.value.extra["conflicts"][0]["occurrences"][0]["asked_from"].startswith("2026-11-17")
    assert [one.starts_at.hour + 8 for one in wing.bookings(room)] == [9, 9, 9, 14, 9]


def test_editing_a_series_never_touches_the_past_nor_other_peoples_occurrences(wing: Wing) -> None:
    room = wing.room()
    first, second, third, fourth = wing.book("数据科员", room, slot(3, 9, 10), repeat=WEEKLY)
    with wing.session() as session:
        to = wing.post_id("财政科员")
        hand_over_booking(session, wing.actor("数据科员"), wing.clock, booking_id=third.id, to_post_id=to)
    assert wing.open_steps("财政科员") == [("booking_told", "reader")]
    wing.at(local(3, 12))
    before = [(one.starts_at, one.title) for one in (wing.booking(first.id), wing.booking(third.id))]
    changed, kept = wing.change(
        "数据科员", second, scope=Scope.ALL, starts_at=local(10, 15), ends_at=local(10, 16), title="新"
    )
    assert (changed, kept) == ([second.id, fourth.id], [first.id, third.id])
    assert [(one.starts_at, one.title) for one in (wing.booking(first.id), wing.booking(third.id))] == before
    for booking, code in ((first, "booking_fixed"), (third, "not_your_booking")):
        with pytest.raises(Problem, match=code):
            wing.change("数据科员", booking, title="不行")
    with wing.session() as session:
        cancel_booking(session, wing.actor("数据科员"), wing.clock, booking_id=fourth.id, scope=Scope.ALL)
    states = [wing.booking(one.id).state for one in (first, second, third, fourth)]
    assert states == ["booked", "cancelled", "booked", "cancelled"]


def test_those_who_manage_a_room_take_a_booking_away_with_a_reason(wing: Wing) -> None:
    room = wing.room()
    [booked] = wing.book("数据科员", room, slot(3, 9, 10))
    with wing.session() as session, pytest.raises(Problem, match="refusal_unexplained"):
        cancel_booking(session, wing.actor("会务"), wing.clock, booking_id=booked.id)
    with wing.session() as session, pytest.raises(Problem, match="closure_hits_bookings"):
        managing.close_room(
            session, wing.actor("会务"), wing.clock, room_id=room, starts_at=local(3, 8),
            ends_at=local(3, 18), reason="检修",
        )  # fmt: skip
    with wing.session() as session:
        cancel_booking(session, wing.actor("会务"), wing.clock, booking_id=booked.id, reason="抗旱急用")
    assert wing.open_steps("数据科员") == [("booking_told", "reader")]
    assert wing.book("财政科员", room, slot(3, 9, 10))


def test_free_rooms_are_found_by_time_size_and_equipment(wing: Wing) -> None:
    small, large = wing.room(name="小", capacity=8, equipment=["投影"]), wing.room(name="大", capacity=80)
    wing.room(name="夜", hours=[{"weekday": 3, "opens": "18:00", "closes": "24:00"}])

    def free(when: Slot, **wanted: object) -> list[UUID]:
        with wing.session() as session:
            found = find_free(session, wing.actor("数据科员"), slot=when, **wanted)  # type: ignore[arg-type]
            return [room.id for room in found]

    assert free(slot(3, 9, 10)) == [small, large]
    assert free(slot(3, 9, 10), capacity=9) == [large]
    assert free(slot(3, 9, 10), equipment=["投影", "视频会议"]) == [large]
    wing.book("财政科员", large, slot(3, 9, 10))
    assert free(slot(3, 9, 10), capacity=9) == []
    assert free(slot(3, 10, 11)) == [small, large]
    assert free(slot(7, 9, 10)) == []


def test_what_others_use_a_room_for_is_not_told(wing: Wing) -> None:
    room = wing.room()
    wing.book("数据科员", room, slot(3, 9, 10), title="人事研究")

    def title_for(name: str) -> str:
        with wing.session() as session:
            rows = wing.bookings(room)
            shown = show_bookings(session, wing.actor(name), rows, now=wing.clock.now())
            return str(shown[0]["title"])

    assert [title_for(name) for name in ("财政科员", "数据科员", "会务")] == ["", "人事研究", "人事研究"]


def test_a_room_that_nobody_entered_is_released_and_others_can_have_it(wing: Wing) -> None:
    room = wing.room()
    [unused] = wing.book("数据科员", room, slot(3, 9, 11))
    [used] = wing.book("财政科员", wing.room(name="另一间"), slot(3, 9, 11))
    with wing.session() as session, pytest.raises(Problem, match="too_early_to_check_in"):
        check_in(session, wing.actor("财政科员"), wing.clock, booking_id=used.id)
    wing.at(local(3, 8, 45))
    with wing.session() as session:
        check_in(session, wing.actor("财政科员"), wing.clock, booking_id=used.id)
    wing.at(local(3, 9, 14))
    assert _tick(wing) == 0
    wing.at(local(3, 9, 15))
    assert (_tick(wing), _tick(wing)) == (1, 0)
    assert (wing.booking(unused.id).state, wing.booking(used.id).state) == ("released", "in_use")
    assert wing.open_steps("数据科员") == [("booking_told", "reader")]
    assert wing.book("市长", room, Slot(local(3, 9, 15), local(3, 11)))
    with wing.session() as session, pytest.raises(Problem, match="booking_fixed"):
        check_in(session, wing.actor("数据科员"), wing.clock, booking_id=unused.id)
    with wing.session() as session:
        wanted = sa.select(MeetingAct.verb).where(MeetingAct.subject_id == unused.id)
        assert session.scalars(wanted.order_by(MeetingAct.at)).all() == ["book", "release"]


def test_a_meetings_room_counts_as_entered_when_somebody_has_arrived(wing: Wing) -> None:
    meeting_id = wing.meeting(at=slot(3, 10, 12))
    room = wing.room()
    [booked] = wing.book("会务", room, Slot(local(3, 9), local(3, 12)), meeting_id=meeting_id)
    wing.at(local(3, 9, 50))
    # The room is held from nine to get it ready; the meeting begins at ten.
    assert _tick(wing) == 0
    wing.change_seat(meeting_id, "数据局长", arrived_at=local(3, 9, 58), attendance="present")
    wing.at(local(3, 10, 20))
    assert _tick(wing) == 0
    kept = wing.booking(booked.id)
    assert (kept.state, kept.checked_in_at) == ("in_use", local(3, 9, 58))


def test_signing_in_on_the_first_day_leaves_the_rooms_of_later_days_alone(wing: Wing) -> None:
    meeting_id = wing.meeting(at=Slot(local(3, 10), local(4, 12)))
    room = wing.room()
    [first] = wing.book("会务", room, slot(3, 10, 12), meeting_id=meeting_id)
    [second] = wing.book("会务", room, slot(4, 10, 12), meeting_id=meeting_id)
    for moment, states in ((local(3, 9, 40), ("in_use", "booked")), (local(4, 10, 5), ("in_use", "in_use"))):
        wing.at(moment)
        with wing.session() as session:
            meeting = session.get_one(Meeting, meeting_id)
            check_in_for_meeting(session, wing.actor("数据局长"), wing.clock, meeting=meeting)
        assert (wing.booking(first.id).state, wing.booking(second.id).state) == states


def test_a_booking_is_handed_only_to_a_post_that_could_have_booked(wing: Wing) -> None:
    room = wing.room(open_to_all=False)
    [booked] = wing.book("会务", room, slot(3, 9, 10))

    def hand_to(name: str) -> None:
        with wing.session() as session:
            to = wing.post_id(name)
            hand_over_booking(session, wing.actor("会务"), wing.clock, booking_id=booked.id, to_post_id=to)

    for name, why in (("数据科员", "room_not_open"), ("规则员", "cannot_book")):
        with pytest.raises(Problem, match=why):
            hand_to(name)
    assert wing.booking(booked.id).booker_post_id == wing.post_id("会务")
    hand_to("会务二")
    assert wing.booking(booked.id).booker_post_id == wing.post_id("会务二")


def test_a_room_for_a_meeting_holds_everybody_invited_and_is_booked_by_its_organisers(wing: Wing) -> None:
    meeting_id = wing.meeting("财政局长", "数据局长", at=slot(3, 10, 12))
    small = wing.room(name="小间", capacity=1)
    assert _refusal(wing, "会务", small, slot(3, 10, 12), meeting_id=meeting_id) == "meetings.room_too_small"
    large = wing.room(name="大间")
    assert _refusal(wing, "数据文书", large, slot(3, 10, 12), meeting_id=meeting_id) == "meetings.not_found"
    assert wing.book("会务", large, slot(3, 10, 12), meeting_id=meeting_id)[0].people == 2


def test_the_rooms_of_a_meeting_follow_it_or_are_given_back(wing: Wing) -> None:
    meeting_id = wing.meeting(at=slot(3, 10, 12))
    first, second = wing.room(name="甲"), wing.room(name="乙")
    [follows] = wing.book("会务", first, slot(3, 10, 12), meeting_id=meeting_id)
    [stays] = wing.book("会务", second, slot(3, 10, 12), meeting_id=meeting_id)
    wing.book("财政科员", second, slot(4, 10, 12))
    wing.change_meeting(meeting_id, starts_at=local(4, 10), ends_at=local(4, 12))
    for _ in range(2):
        _follow(wing, meeting_id)
    moved, ended = wing.booking(follows.id), wing.booking(stays.id)
    assert (moved.state, moved.starts_at) == ("booked", local(4, 10))
    assert ended.state == "cancelled"
    assert "财政" in ended.reason
    assert wing.open_steps("会务").count(("booking_told", "reader")) == 1
    with wing.session() as session:
        free_rooms_of(session, Actor.system(new_id()), wing.clock, meeting_id=meeting_id)
    assert wing.booking(follows.id).state == "cancelled"


def test_a_room_that_needs_approval_follows_its_meeting_only_as_a_request(wing: Wing) -> None:
    meeting_id = wing.meeting(at=slot(3, 10, 12))
    first, second = (wing.room(name=name, needs_approval=True) for name in ("甲", "乙"))
    [granted] = wing.book("秘书长", first, slot(3, 10, 12), meeting_id=meeting_id)
    third = wing.room(name="丙", needs_approval=True)
    [waiting] = wing.book("秘书长", third, slot(3, 10, 12), meeting_id=meeting_id)
    [kept] = wing.book("会务", second, slot(3, 10, 12), meeting_id=meeting_id)
    with wing.session() as session:
        decide_request(session, wing.actor("会务"), wing.clock, request_id=_request(granted), granted=True)
    wing.change_meeting(meeting_id, starts_at=local(23, 10), ends_at=local(23, 12))
    _follow(wing, meeting_id)
    _follow(wing, meeting_id)
    moved, asked, own = (wing.booking(one.id) for one in (granted, waiting, kept))
    assert {one.starts_at for one in (moved, asked, own)} == {local(23, 10)}
    assert [one.state for one in (moved, asked, own)] == ["requested", "requested", "booked"]
    assert len({_request(one) for one in (granted, waiting, moved, asked)}) == 4
    assert wing.open_steps("会务").count(("approve_booking", "lead")) == 2
    assert wing.open_steps("秘书长").count(("booking_told", "reader")) == 3
    with wing.session() as session:
        decide_request(session, wing.actor("会务二"), wing.clock, request_id=_request(moved), granted=True)
    assert wing.booking(granted.id).state == "booked"


def test_a_room_that_nobody_can_approve_is_given_back_when_its_meeting_moves(wing: Wing) -> None:
    meeting_id, room = wing.meeting(at=slot(3, 10, 12)), wing.room(name="甲")
    [booked] = wing.book("秘书长", room, slot(3, 10, 12), meeting_id=meeting_id)
    with wing.session() as session:
        session.get_one(Room, room).needs_approval = True
    wing.change_meeting(meeting_id, starts_at=local(4, 10), ends_at=local(4, 12))
    with wing.abolished("会务", "会务二"):
        _follow(wing, meeting_id)
    ended = wing.booking(booked.id)
    assert (ended.state, ended.starts_at) == ("cancelled", local(3, 10))
    assert wing.open_steps("秘书长") == [("booking_told", "reader")]


def test_a_room_is_given_up_only_when_nobody_has_it(wing: Wing) -> None:
    room = wing.room(name="旧会议室")
    twin = {"name": "旧会议室", "capacity": 3, "equipment": [], "hours": WORKING_HOURS}
    with wing.session() as session, pytest.raises(Problem, match="room_name_taken"):
        managing.add_room(session, wing.actor("会务"), wing.clock, room=twin)
    [booked] = wing.book("数据科员", room, slot(3, 9, 10))
    with wing.session() as session, pytest.raises(Problem, match="closure_hits_bookings"):
        managing.retire_room(session, wing.actor("会务"), wing.clock, room_id=room)
    with wing.session() as session:
        cancel_booking(session, wing.actor("数据科员"), wing.clock, booking_id=booked.id)
        managing.retire_room(session, wing.actor("会务"), wing.clock, room_id=room)
    assert _refusal(wing, "数据科员", room, slot(3, 9, 10)) == "meetings.room_retired"


def _request(booking: RoomBooking) -> UUID:
    assert booking.request_id
    return booking.request_id


def _follow(wing: Wing, meeting_id: UUID) -> None:
    with wing.session() as session:
        follow_moved_meeting(session, Actor.system(new_id()), wing.clock, meeting_id=meeting_id)


def _tick(wing: Wing) -> int:
    with wing.session() as session:
        return release_unused(session, Actor.system(new_id()), wing.clock)
