"""Invitation files and private calendar addresses over HTTP."""

import icalendar
import requests
import sqlalchemy as sa

from services.meetings.models import CalendarFeed
from shared.directory import DirectoryPerson
from tests.service.meetings.house import Hall


def _feed(hall: Hall, path: str, **headers: str) -> requests.Response:
    return hall.ask("", "GET", path, headers=headers)


def _events(content: bytes) -> dict[str, icalendar.Event]:
    found = icalendar.Calendar.from_ical(content)
    return {str(event["UID"]).partition("@")[0]: event for event in found.walk("VEVENT")}


def test_an_invitation_file_is_for_whoever_is_invited(hall: Hall) -> None:
    meeting_id = hall.called("数据局长")
    path = f"/meetings/{meeting_id}/invitation-file"
    assert hall.ask("数据文书", "GET", path).status_code == 404
    assert hall.refused("会务", "GET", path) == "403 meetings.not_invited"
    answer = hall.ask("数据局长", "GET", path)
    assert answer.headers["Content-Type"].startswith("text/calendar")
    asked = icalendar.Calendar.from_ical(answer.content)
    assert asked["METHOD"] == "REQUEST"
    hall.do("会务", "POST", f"/meetings/{meeting_id}/cancel", {"reason": "与上级会议冲突"})
    cancelled = icalendar.Calendar.from_ical(hall.ask("数据局长", "GET", path).content)
    assert cancelled["METHOD"] == "CANCEL"
    before, after = asked.walk("VEVENT")[0], cancelled.walk("VEVENT")[0]
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_a_planned_meeting_has_no_invitation_file_yet(hall: Hall) -> None:
    meeting_id = hall.meeting()
    assert hall.refused("市长", "GET", f"/meetings/{meeting_id}/invitation-file") == (
        "409 meetings.not_in_calendar"
    )


def test_a_private_address_shows_ones_own_meetings_and_no_person(hall: Hall) -> None:
    mine, others, planned = hall.called("数据副局长"), hall.called("财政局长"), hall.meeting()
    made = hall.do("数据副局长", "POST", "/calendar-feeds", {"name": "手机"})
    assert len(made["key"]) >= 43
    read = _feed(hall, made["path"])
    assert read.status_code == 200
    events = _events(read.content)
    assert mine in events
    assert not {others, planned} & set(events)
    assert "ATTENDEE" not in read.text
    assert "数据副局长" not in read.text
    with hall.house.session() as session:
        kept = session.scalars(sa.select(CalendarFeed.digest)).all()
    assert made["key"] not in "".join(kept)


def test_whoever_has_leave_no_longer_has_the_meeting_in_the_calendar(hall: Hall) -> None:
    meeting_id = hall.called("财政副局长")
    made = hall.do("财政副局长", "POST", "/calendar-feeds", {})
    assert meeting_id in _events(_feed(hall, made["path"]).content)
    asked = {"outcome": "ask_leave", "reason": "出差"}
    seat = hall.do("财政副局长", "POST", f"/meetings/{meeting_id}/answer", asked)
    permit = f"/meetings/{meeting_id}/invitations/{seat['id']}/permit"
    hall.do("市长", "POST", permit, {"granted": True})
    assert meeting_id not in _events(_feed(hall, made["path"]).content)


def test_an_unchanged_calendar_is_not_sent_twice(hall: Hall) -> None:
    meeting_id = hall.called("数据科员")
    made = hall.do("数据科员", "POST", "/calendar-feeds", {})
    tag = _feed(hall, made["path"]).headers["ETag"]
    unchanged = _feed(hall, made["path"], **{"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["ETag"] == tag
    hall.do("会务", "POST", f"/meetings/{meeting_id}/cancel", {"reason": "并入常务会"})
    changed = _feed(hall, made["path"], **{"If-None-Match": tag})
    assert changed.status_code == 200
    assert _events(changed.content)[meeting_id]["STATUS"] == "CANCELLED"


def test_a_revoked_address_leads_nowhere(hall: Hall) -> None:
    made, other = (hall.do("财政文书", "POST", "/calendar-feeds", {}) for _ in range(2))
    assert len(hall.do("财政文书", "GET", "/calendar-feeds")["items"]) == 2
    assert (
        hall.refused("数据文书", "DELETE", f"/calendar-feeds/{made['id']}") == "404 meetings.feed_not_found"
    )
    hall.ask("财政文书", "DELETE", f"/calendar-feeds/{made['id']}")
    assert _feed(hall, made["path"]).json()["code"] == "meetings.feed_not_found"
    assert _feed(hall, "/calendar?key=guessed").status_code == 404
    assert _feed(hall, "/calendar").status_code == 422
    assert _feed(hall, other["path"]).status_code == 200


def test_an_address_ends_with_its_person(hall: Hall) -> None:
    made = hall.do("会务二", "POST", "/calendar-feeds", {})
    person_id = hall.house.people["会务二"].person_id

    def set_active(active: bool) -> None:
        changed = sa.update(DirectoryPerson).where(DirectoryPerson.id == person_id)
        hall.api.prepare(lambda session: session.execute(changed.values(active=active)) and None)

    set_active(False)
    try:
        assert _feed(hall, made["path"]).status_code == 404
    finally:
        set_active(True)


def test_an_address_that_is_read_too_often_is_refused_for_a_while(hall: Hall) -> None:
    made = hall.do("秘书长", "POST", "/calendar-feeds", {})
    answers = [_feed(hall, made["path"]).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]
