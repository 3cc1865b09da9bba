"""What people of one unit cannot do for another, nor for themselves what others have to permit."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from shared.directory import DirectoryDelegation, DirectoryTenure
from shared.ids import new_id
from tests.service.meetings.house import Hall


@contextmanager
def standing_in(hall: Hall, absent: str, deputy: str) -> Iterator[None]:
    """Meanwhile the deputy may act for the absent one."""
    now, people, delegation_id = datetime.now(UTC), hall.house.people, new_id()
    with hall.house.session() as session:
        session.add(
            DirectoryDelegation(
                id=delegation_id,
                from_person_id=people[absent].person_id,
                from_post_id=people[absent].post_id,
                to_post_id=people[deputy].post_id,
                to_person_id=people[deputy].person_id,
                work_kinds=[],
                starts_at=now - timedelta(hours=1),
                ends_at=now + timedelta(days=1),
            )
        )
    yield
    with hall.house.session() as session:
        session.delete(session.get_one(DirectoryDelegation, delegation_id))


def called_with_units(hall: Hall, *units: str) -> tuple[str, list[str]]:
    meeting_id = hall.meeting()
    hall.do("会务", "POST", f"/meetings/{meeting_id}/agenda", {"title": "通报有关情况"})
    invitees = {"invitees": [{"unit_id": hall.unit(unit)} for unit in units]}
    made = hall.do("会务", "POST", f"/meetings/{meeting_id}/invitations", invitees)
    hall.call(meeting_id)
    return meeting_id, [seat["id"] for seat in made["invitations"]]


def test_a_unit_names_nobody_for_another_unit(hall: Hall) -> None:
    meeting_id, (of_finance, of_data) = called_with_units(hall, "财政", "数据")
    path = f"/meetings/{meeting_id}/invitations"
    theirs = {"post_id": hall.post("数据科员")}
    assert hall.refused("财政文书", "POST", f"{path}/{of_data}/name", theirs) == "403 flow.item_not_yours"
    assert {("财政文书", "name"), ("数据文书", "name")} <= hall.duties(meeting_id)
    hall.do("数据文书", "POST", f"{path}/{of_data}/name", theirs)
    hall.do("财政文书", "POST", f"{path}/{of_finance}/name", {"post_id": hall.post("财政科员")})
    assert hall.seat(meeting_id, "数据科员")["state"] == "attending"


def test_a_deputy_who_is_invited_too_answers_for_whom_is_named(hall: Hall) -> None:
    meeting_id = hall.called("财政局长", "财政副局长")
    answer = f"/meetings/{meeting_id}/answer"
    absent = {"outcome": "ask_leave", "reason": "出差", "for_post_id": hall.post("财政局长")}
    assert hall.refused("财政副局长", "POST", answer, absent) == "403 flow.item_not_yours"
    with standing_in(hall, "财政局长", "财政副局长"):
        assert hall.do("财政副局长", "POST", answer, absent)["post_id"] == hall.post("财政局长")
        assert hall.do("财政副局长", "POST", answer, {"outcome": "attend"})["post_id"] == hall.post(
            "财政副局长"
        )
    states = [hall.seat(meeting_id, name)["state"] for name in ("财政局长", "财政副局长")]
    assert states == ["leave_asked", "attending"]


def test_a_unit_with_two_seats_names_both(hall: Hall) -> None:
    meeting_id, seats = called_with_units(hall, "财政", "财政")
    for seat, name in zip(seats, ("财政科员", "财政副局长"), strict=True):
        assert ("财政文书", "name") in hall.duties(meeting_id)
        path = f"/meetings/{meeting_id}/invitations/{seat}/name"
        hall.do("财政文书", "POST", path, {"post_id": hall.post(name)})
    assert ("财政文书", "name") not in hall.duties(meeting_id)


def test_a_unit_sees_the_seat_that_it_shall_fill_and_no_other(hall: Hall) -> None:
    meeting_id, (of_finance, _) = called_with_units(hall, "财政", "数据")
    seen = hall.do("财政文书", "GET", f"/meetings/{meeting_id}")["invitations"]
    assert [seat["id"] for seat in seen] == [of_finance]
    path = f"/meetings/{meeting_id}/invitations/{of_finance}/name"
    hall.do("财政文书", "POST", path, {"post_id": hall.post("财政科员")})
    assert hall.do("财政文书", "GET", f"/meetings/{meeting_id}")["invitations"] == []


def test_advice_is_that_of_the_unit_for_which_it_is_given(hall: Hall) -> None:
    topic_id = hall.topic(by="会务", unit_id=hall.unit("市政府办"))
    asked = {"unit_ids": [hall.unit("数据"), hall.unit("财政")]}
    hall.do("会务", "POST", f"/topics/{topic_id}/advice", asked)
    with standing_in(hall, "财政文书", "数据科员"):
        hall.do("数据科员", "POST", f"/topics/{topic_id}/advice/give", {"stance": "agree"})
    given = {one["unit_id"]: one["stance"] for one in hall.do("会务", "GET", f"/topics/{topic_id}")["advice"]}
    assert given == {hall.unit("财政"): "agree", hall.unit("数据"): None}
    assert ("数据文书", "advise") in hall.duties(topic_id)


@pytest.mark.parametrize("part", ["chair_post_id", "convener_post_id"])
def test_a_meeting_is_presided_over_by_its_own_organ_or_one_above(hall: Hall, part: str) -> None:
    elsewhere = hall.a_plan(**{part: hall.post("数据局长")})
    assert hall.refused("会务", "POST", "/meetings", elsewhere) == "422 meetings.presides_elsewhere"
    of_bureau = hall.a_plan(**{"chair_post_id": hall.post("数据局长"), part: hall.post("副市长")})
    assert hall.ask("数据文书", "POST", "/meetings", json=of_bureau).status_code == 201


def test_a_topic_is_not_approved_by_a_chair_of_another_organ(hall: Hall) -> None:
    topic_id = hall.topic()
    hall.do("数据文书", "POST", f"/topics/{topic_id}/submit")
    passed = {"outcome": "pass", "chair_post_id": hall.post("财政局长")}
    refused = hall.refused("秘书长", "POST", f"/topics/{topic_id}/screen", passed)
    assert refused == "422 meetings.presides_elsewhere"
    assert hall.duties(topic_id) == {("秘书长", "screen_topic")}


def test_a_deputy_does_not_permit_the_own_leave(hall: Hall) -> None:
    meeting_id = hall.called("财政副局长")
    asked = {"outcome": "ask_leave", "reason": "出差"}
    seat = hall.do("财政副局长", "POST", f"/meetings/{meeting_id}/answer", asked)
    permit = f"/meetings/{meeting_id}/invitations/{seat['id']}/permit"
    with standing_in(hall, "市长", "财政副局长"):
        assert hall.refused("财政副局长", "POST", permit, {"granted": True}) == "403 meetings.own_request"
    hall.do("市长", "POST", permit, {"granted": True})


def test_a_convener_asks_the_chair_for_the_own_leave(hall: Hall) -> None:
    meeting_id = hall.called("秘书长", "数据局长", convener_post_id=hall.post("秘书长"))
    answer, asked = f"/meetings/{meeting_id}/answer", {"outcome": "ask_leave", "reason": "出差"}
    own = hall.do("秘书长", "POST", answer, asked)["id"]
    other = hall.do("数据局长", "POST", answer, asked)["id"]
    assert hall.duties(meeting_id) >= {("市长", "permit"), ("秘书长", "permit")}
    permit = f"/meetings/{meeting_id}/invitations/{{}}/permit"
    assert hall.refused("秘书长", "POST", permit.format(own), {"granted": True}) == "403 meetings.own_request"
    assert (
        hall.refused("市长", "POST", permit.format(other), {"granted": True}) == "403 meetings.not_convener"
    )
    hall.do("市长", "POST", permit.format(own), {"granted": True})
    assert ("市长", "permit") not in hall.duties(meeting_id)
    assert ("秘书长", "permit") in hall.duties(meeting_id)
    hall.do("秘书长", "POST", permit.format(other), {"granted": True})
    assert {hall.seat(meeting_id, name)["state"] for name in ("秘书长", "数据局长")} == {"excused"}


def test_nobody_permits_the_own_leave_from_a_second_post(hall: Hall) -> None:
    meeting_id = hall.called("数据局长")
    asked = {"outcome": "ask_leave", "reason": "出差"}
    seat = hall.do("数据局长", "POST", f"/meetings/{meeting_id}/answer", asked)
    permit = f"/meetings/{meeting_id}/invitations/{seat['id']}/permit"
    mayor, held = hall.house.people["市长"], new_id()
    with hall.house.session() as session:
        session.add(
            DirectoryTenure(id=held, person_id=mayor.person_id, post_id=hall.house.post_id("数据局长"))
        )
    assert hall.refused("市长", "POST", permit, {"granted": True}) == "403 meetings.own_request"
    with hall.house.session() as session:
        session.delete(session.get_one(DirectoryTenure, held))
    hall.do("市长", "POST", permit, {"granted": True})


def test_a_chair_who_convenes_hands_that_on_before_asking_for_leave(hall: Hall) -> None:
    meeting_id = hall.called("市长")
    answer, asked = f"/meetings/{meeting_id}/answer", {"outcome": "ask_leave", "reason": "出差"}
    assert hall.refused("市长", "POST", answer, asked) == "409 meetings.nobody_permits"
    named = {"chair_post_id": hall.post("副市长"), "reason": "市长出差"}
    hall.do("会务", "POST", f"/meetings/{meeting_id}/chair", named)
    seat = hall.do("市长", "POST", answer, asked)["id"]
    hall.do("副市长", "POST", f"/meetings/{meeting_id}/invitations/{seat}/permit", {"granted": True})
    assert hall.seat(meeting_id, "市长")["state"] == "excused"


def test_a_stand_in_is_somebody(hall: Hall) -> None:
    meeting_id = hall.called("财政局长")
    path, asked = f"/meetings/{meeting_id}/answer", {"outcome": "stand_in", "reason": "出差"}
    asked["stand_in_post_id"] = hall.post("财政副局长")
    with hall.house.vacated("财政副局长"):
        assert hall.refused("财政局长", "POST", path, asked) == "422 meetings.stand_in_vacant"
    assert hall.do("财政局长", "POST", path, asked)["stand_in_name"] == "财政副局长"


def test_a_recorded_decision_whose_task_is_on_its_way_is_not_waived(hall: Hall) -> None:
    meeting_id = hall.called("数据局长")
    hall.held(meeting_id)
    decision = hall.do("会务", "POST", f"/meetings/{meeting_id}/decisions", hall.a_decision())
    hall.approved(meeting_id)
    waive = f"/decisions/{decision['id']}/waive"
    assert hall.refused("会务", "POST", waive, {"reason": "已办结"}) == "409 meetings.decision_supervised"
    assert hall.told(decision["id"]) == ["decision.recorded.v1"]


def test_an_opinion_with_a_secrecy_mark_is_refused(hall: Hall) -> None:
    meeting_id = hall.called("数据局长")
    answer = {"outcome": "ask_leave", "reason": "机密★"}
    refused = hall.refused("数据局长", "POST", f"/meetings/{meeting_id}/answer", answer)
    assert refused == "422 meetings.secret_content"
    assert UUID(hall.seat(meeting_id, "数据局长")["id"])
    assert hall.seat(meeting_id, "数据局长")["state"] == "waiting"


def test_whoever_was_uninvited_from_some_points_does_not_see_the_others(hall: Hall) -> None:
    meeting_id = hall.meeting()
    agenda = f"/meetings/{meeting_id}/agenda"
    hall.do("会务", "POST", agenda, {"title": "通报有关情况"})
    (first,) = hall.show("会务", meeting_id)["agenda"]
    hall.do("会务", "POST", agenda, {"title": "人事事项"})
    limited = {"role": "observer", "agenda_item_ids": [first["id"]]}
    invitees = [
        {"post_id": hall.post("数据局长")},
        {"post_id": hall.post("财政科员"), **limited},
        {"unit_id": hall.unit("数据"), **limited},
    ]
    hall.do("会务", "POST", f"/meetings/{meeting_id}/invitations", {"invitees": invitees})
    hall.call(meeting_id)
    seat = hall.seat(meeting_id, "财政科员")["id"]
    remove = f"/meetings/{meeting_id}/invitations/{seat}/remove"
    hall.do("会务", "POST", remove, {"reason": "议程调整"})
    for name in ("财政科员", "数据文书"):
        assert [item["title"] for item in hall.show(name, meeting_id)["agenda"]] == ["通报有关情况"]
    assert len(hall.show("数据局长", meeting_id)["agenda"]) == 2
