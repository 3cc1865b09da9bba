"""Calendar files, read by the library that writes them and by a foreign one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import icalendar
import pytest
import vobject

from services.meetings.domain.calendar_text import Entry, Guest, write_feed, write_invitation

ENTRY = Entry(
    meeting_id=UUID(int=1),
    title="市政府第12次常务会议；议题, 附件\\说明",
    place="市政府第一会议室",
    number="〔2026〕12号",
    unit_name="萍乡市人民政府办公室",
    starts_at=datetime(2026, 11, 5, 1, 0, tzinfo=UTC),
    ends_at=datetime(2026, 11, 5, 3, 30, tzinfo=UTC),
    called_off=False,
    sequence=4,
    stamped_at=datetime(2026, 11, 2, 1, 30, tzinfo=UTC),
)
GUEST = Guest(
    invitation_id=UUID(int=2), name="王示例", answer="attending", organiser_post_id=UUID(int=3),
    organiser_name="萍乡市人民政府办公室",
)  # fmt: skip


def test_an_invitation_is_a_request_and_a_cancelled_meeting_a_cancel_of_the_same_uid() -> None:
    asked = icalendar.Calendar.from_ical(write_invitation(ENTRY, GUEST))
    off = replace(ENTRY, called_off=True, sequence=5)
    cancelled = icalendar.Calendar.from_ical(write_invitation(off, GUEST))
    assert (asked["METHOD"], cancelled["METHOD"]) == ("REQUEST", "CANCEL")
    [before], [after] = asked.walk("VEVENT"), cancelled.walk("VEVENT")
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (4, 5)
    assert (before["STATUS"], after["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert before["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert before["ORGANIZER"].params["CN"] == "萍乡市人民政府办公室"
    taken_back = icalendar.Calendar.from_ical(write_invitation(ENTRY, replace(GUEST, uninvited=True)))
    assert taken_back["METHOD"] == "CANCEL"


def test_times_are_those_of_shanghai_and_the_zone_is_in_the_file() -> None:
    read = icalendar.Calendar.from_ical(write_invitation(ENTRY, GUEST))
    [event], [zone] = read.walk("VEVENT"), read.walk("VTIMEZONE")
    assert event["DTSTART"].params["TZID"] == zone["TZID"] == "Asia/Shanghai"
    assert event["DTSTART"].dt == ENTRY.starts_at
    assert event["DTSTART"].dt.utcoffset() == timedelta(hours=8)
    [standard] = zone.walk("STANDARD")
    assert standard["TZOFFSETTO"].td == timedelta(hours=8)
    assert b"DTSTART;TZID=Asia/Shanghai:20261105T090000" in write_invitation(ENTRY, GUEST)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_foreign_parser_reads_the_same() -> None:
    read = vobject.readOne(
        write_feed([ENTRY, replace(ENTRY, meeting_id=UUID(int=9))], name="会议日程").decode()
    )
    first, second = read.vevent_list
    assert first.summary.value == second.summary.value == ENTRY.title
    assert first.dtstart.value == ENTRY.starts_at
    assert first.dtend.value == ENTRY.ends_at
    assert first.dtstart.value.utcoffset() == timedelta(hours=8)
    invitation = vobject.readOne(write_invitation(ENTRY, GUEST).decode())
    assert invitation.method.value == "REQUEST"
    assert invitation.vevent.sequence.value == "4"
    assert invitation.vevent.attendee.params["CN"] == ["王示例"]


def test_a_feed_names_no_person_and_the_same_meetings_give_the_same_bytes() -> None:
    feed = write_feed([ENTRY], name="会议日程")
    assert feed == write_feed([ENTRY], name="会议日程")
    [event] = icalendar.Calendar.from_ical(feed).walk("VEVENT")
    assert not {"ATTENDEE", "ORGANIZER", "CONTACT"} & set(event)


def test_lines_are_folded_and_end_as_the_standard_wants() -> None:
    feed = write_feed([replace(ENTRY, title="关于" + "加快推进电子文件归档" * 12)], name="会议日程")
    assert all(len(line) <= 75 for line in feed.split(b"\r\n"))
    assert feed.endswith(b"END:VCALENDAR\r\n")
