"""Signing in by a code that turns: only for oneself, only once, not too early, and on record."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.meetings.commands.arrival import open_sign_in, sign_in_by_code
from services.meetings.commands.arriving import correct_attendance
from services.meetings.domain.rotating_code import code_at
from services.meetings.domain.states import Attendance
from services.meetings.models import Invitation, SignInSecret
from services.meetings.queries.meetings import list_acts
from services.meetings.queries.sign_in import count_arrivals
from shared.directory import DirectoryDelegation, DirectoryTenure
from shared.errors import Problem
from shared.ids import new_id
from tests.service.meetings.house import Hall
from tests.service.meetings.wing import Wing, local, slot

TEN = slot(3, 10, 12)


@pytest.fixture
def meeting_id(wing: Wing) -> UUID:
    """A meeting at ten whose sign-in screen is on, a quarter of an hour before."""
    made = wing.meeting("财政局长", "数据局长", at=TEN)
    wing.at(local(3, 9, 45))
    with wing.session() as session:
        open_sign_in(session, wing.actor("会务"), wing.clock, meeting_id=made)
    return made


def _code(wing: Wing, meeting_id: UUID) -> str:
    with wing.session() as session:
        secret = session.get_one(SignInSecret, meeting_id).secret
    return code_at(secret, meeting_id, wing.clock.now()).code


def _scan(wing: Wing, meeting_id: UUID, name: str, code: str = "") -> Invitation:
    scanned = code or _code(wing, meeting_id)
    with wing.session() as session:
        return sign_in_by_code(session, wing.actor(name), wing.clock, meeting_id=meeting_id, code=scanned)


def _refused(wing: Wing, meeting_id: UUID, name: str, code: str = "") -> str:
    with pytest.raises(Problem) as refused:
        _scan(wing, meeting_id, name, code)
    assert refused.value.detail
    return refused.value.code.removeprefix("meetings.")


def test_whoever_scans_signs_in_for_themselves(wing: Wing, meeting_id: UUID) -> None:
    seat = _scan(wing, meeting_id, "数据局长")
    assert (seat.post_id, seat.attendance, seat.arrived_how) == (wing.post_id("数据局长"), "present", "qr")
    assert wing.seat(meeting_id, "财政局长").attendance == ""
    with wing.session() as session:
        assert count_arrivals(session, meeting_id) == {
            "invited": 2, "expected": 2, "present": 1, "late": 0, "stand_ins": 0, "excused": 0, "awaited": 1,
        }  # fmt: skip


def test_a_code_is_of_no_use_to_whoever_is_not_invited(wing: Wing, meeting_id: UUID) -> None:
    assert _refused(wing, meeting_id, "财政科员") == "not_found"
    assert _refused(wing, meeting_id, "秘书长") == "not_invited"


def test_a_code_is_good_for_half_a_minute_and_one_step_more(wing: Wing, meeting_id: UUID) -> None:
    shown = _code(wing, meeting_id)
    wing.at(wing.clock.at + timedelta(seconds=31))
    assert _code(wing, meeting_id) != shown
    assert _scan(wing, meeting_id, "数据局长", shown).attendance == "present"
    wing.at(wing.clock.at + timedelta(seconds=30))
    assert _refused(wing, meeting_id, "财政局长", shown) == "code_expired"
    assert _refused(wing, meeting_id, "财政局长", "nonsense") == "code_expired"


def test_a_person_uses_a_code_once(wing: Wing, meeting_id: UUID) -> None:
    shown = _code(wing, meeting_id)
    first = _scan(wing, meeting_id, "数据局长", shown)
    assert _refused(wing, meeting_id, "数据局长", shown) == "code_used"
    wing.at(wing.clock.at + timedelta(minutes=1))
    assert _scan(wing, meeting_id, "数据局长").arrived_at == first.arrived_at
    with wing.session() as session:
        assert [act.verb for act in list_acts(session, meeting_id)].count("arrive") == 1


def test_signing_in_begins_half_an_hour_before_and_who_comes_after_the_beginning_is_late(wing: Wing) -> None:
    meeting_id = wing.meeting("财政局长", "数据局长", at=TEN)
    wing.at(local(3, 9, 29))
    assert _refused_before_opening(wing, meeting_id) == "sign_in_not_open"
    with wing.session() as session:
        open_sign_in(session, wing.actor("会务"), wing.clock, meeting_id=meeting_id)
    assert _refused(wing, meeting_id, "财政局长") == "too_early_to_sign_in"
    wing.at(local(3, 9, 30))
    assert _scan(wing, meeting_id, "财政局长").attendance == "present"
    wing.at(local(3, 10, 1))
    assert _scan(wing, meeting_id, "数据局长").attendance == "late"


def _refused_before_opening(wing: Wing, meeting_id: UUID) -> str:
    return _refused(wing, meeting_id, "财政局长", "anything")


def test_an_approved_stand_in_signs_in_and_whoever_is_stood_in_for_does_not(
    wing: Wing, meeting_id: UUID
) -> None:
    stand_in = {"stand_in_post_id": wing.post_id("数据副局长"), "stand_in_name": "数据副局长"}
    wing.change_seat(meeting_id, "数据局长", state="stand_in_asked", **stand_in)
    assert _refused(wing, meeting_id, "数据副局长") == "stand_in_unapproved"
    wing.change_seat(meeting_id, "数据局长", state="stand_in")
    assert _refused(wing, meeting_id, "数据局长") == "stand_in_comes"
    seat = _scan(wing, meeting_id, "数据副局长")
    assert (seat.post_id, seat.stood_in) == (wing.post_id("数据局长"), True)


def test_whoever_is_at_work_in_another_post_signs_in_for_the_one_that_is_invited(
    wing: Wing, meeting_id: UUID
) -> None:
    director, elsewhere = wing.people["数据局长"], wing.people["财政科员"]
    with wing.session() as session:
        held = DirectoryTenure(id=new_id(), person_id=director.person_id, post_id=elsewhere.post_id)
        session.add(held)
    scanned = _code(wing, meeting_id)
    in_other_post = replace(director, post_id=elsewhere.post_id, unit_id=elsewhere.unit_id)
    with wing.session() as session:
        seat = sign_in_by_code(session, in_other_post, wing.clock, meeting_id=meeting_id, code=scanned)
    assert (seat.post_id, seat.attendance) == (director.post_id, "present")


def test_whoever_acts_for_somebody_by_delegation_does_not_sign_them_in(wing: Wing, meeting_id: UUID) -> None:
    absent, deputy = wing.people["数据局长"], wing.people["数据科员"]
    with wing.session() as session:
        delegation = DirectoryDelegation(
            id=new_id(), from_person_id=absent.person_id, from_post_id=absent.post_id,
            to_person_id=deputy.person_id, to_post_id=deputy.post_id, work_kinds=[],
            starts_at=local(1, 0), ends_at=local(30, 0),
        )  # fmt: skip
        session.add(delegation)
    assert _refused(wing, meeting_id, "数据科员") == "not_invited"


def test_whoever_has_leave_does_not_sign_in(wing: Wing, meeting_id: UUID) -> None:
    wing.change_seat(meeting_id, "数据局长", state="excused")
    assert _refused(wing, meeting_id, "数据局长") == "excused_cannot_arrive"
    with wing.session() as session:
        assert count_arrivals(session, meeting_id)["expected"] == 1


def test_signing_in_checks_the_meetings_room_in(wing: Wing) -> None:
    meeting_id = wing.meeting("数据局长", at=TEN)
    [booked] = wing.book("会务", wing.room(), TEN, meeting_id=meeting_id)
    wing.at(local(3, 9, 50))
    with wing.session() as session:
        open_sign_in(session, wing.actor("会务"), wing.clock, meeting_id=meeting_id)
    _scan(wing, meeting_id, "数据局长")
    assert wing.booking(booked.id).state == "in_use"


def test_a_correction_by_hand_leaves_what_stood_there_before(wing: Wing, meeting_id: UUID) -> None:
    seat = _scan(wing, meeting_id, "数据局长")
    wing.change_meeting(meeting_id, state="under_way", began_at=TEN.starts_at)
    with wing.session() as session:
        correct_attendance(
            session, wing.actor("会务"), wing.clock, meeting_id=meeting_id, invitation_id=seat.id,
            attendance=Attendance.ABSENT, stood_in=False, arrived_at=None, reason="误扫，本人未到会",
        )  # fmt: skip
        corrected = list_acts(session, meeting_id)[-1]
    assert corrected.details["before"]["arrived_how"] == "qr"
    assert corrected.opinion == "误扫，本人未到会"


def test_the_screen_shows_the_code_its_end_and_the_figures(hall: Hall) -> None:
    meeting_id = hall.called("财政局长", "数据局长")
    path = f"/meetings/{meeting_id}/sign-in"
    assert hall.refused("会务", "GET", f"{path}/code") == "409 meetings.sign_in_not_open"
    assert hall.refused("数据局长", "POST", f"{path}/open") == "403 auth.missing_permission"
    assert hall.refused("数据文书", "POST", f"{path}/open") == "404 meetings.not_found"
    screen = hall.do("会务", "POST", f"{path}/open")
    assert screen["svg"].startswith("<svg")
    assert screen["code"] in screen["content"]
    assert screen["begins_at"] < screen["ends_at"]
    drawn = hall.ask("会务", "GET", f"{path}/code.svg")
    assert drawn.headers["Content-Type"].startswith("image/svg+xml")
    arrived = hall.do("数据局长", "POST", f"{path}/scan", {"code": screen["code"]})
    assert arrived["attendance_label"] == "到会"
    assert hall.do("会务", "GET", f"{path}/code")["counts"]["present"] == 1
