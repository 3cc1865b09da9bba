"""Meetings as iCalendar: an invitation file (RFC 5546 REQUEST, CANCEL) and a feed (RFC 5545 PUBLISH).

The same facts give the same bytes, so that a feed's entity tag changes only when a meeting did.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import icalendar

from services.meetings.domain.states import Answer
from shared.clock import LOCAL_ZONE

ZONE_NAME = "Asia/Shanghai"
MEDIA_TYPE = "text/calendar"
_PRODUCT = "-//Yiwang//Meetings//ZH"
_PARTSTAT = {
    Answer.ATTENDING: "ACCEPTED",
    Answer.EXCUSED: "DECLINED",
    Answer.STAND_IN: "DELEGATED",
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One meeting in a calendar; `sequence` grows with every change, `stamped_at` is when it was last changed."""

    meeting_id: UUID
    title: str
    place: str
    number: str
    unit_name: str
    starts_at: datetime
    ends_at: datetime
    called_off: bool
    sequence: int
    stamped_at: datetime


@dataclass(frozen=True, kw_only=True)
class Guest:
    """Whom an invitation file is for, and who invites; addresses are URNs since the suite knows no mail."""

    invitation_id: UUID
    name: str
    answer: str
    organiser_post_id: UUID
    organiser_name: str
    # Taken back from this guest alone, although the meeting takes place.
    uninvited: bool = False


def write_invitation(entry: Entry, guest: Guest) -> bytes:
    """The file for one guest: REQUEST, or CANCEL when the meeting or the invitation was taken back."""
    gone = entry.called_off or guest.uninvited
    calendar = _calendar("CANCEL" if gone else "REQUEST")
    event = _event(entry, called_off=gone)
    organiser = icalendar.vCalAddress(guest.organiser_post_id.urn)
    organiser.params["CN"] = guest.organiser_name
    event.add("organizer", organiser)
    attendee = icalendar.vCalAddress(guest.invitation_id.urn)
    partstat = _PARTSTAT.get(Answer(guest.answer), "NEEDS-ACTION")
    attendee.params.update(
        {"CN": guest.name, "ROLE": "REQ-PARTICIPANT", "PARTSTAT": partstat, "RSVP": "TRUE"}
    )
    event.add("attendee", attendee)
    calendar.add_component(event)
    return calendar.to_ical()


def write_feed(entries: Iterable[Entry], *, name: str) -> bytes:
    """A calendar of meetings without any person in it."""
    calendar = _calendar("PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", ZONE_NAME)
    calendar.add("refresh-interval", timedelta(minutes=15), parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry, called_off=entry.called_off))
    return calendar.to_ical()


def _calendar(method: str) -> icalendar.Calendar:
    calendar = icalendar.Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_zone())
    return calendar


def _zone() -> icalendar.Timezone:
    """Asia/Shanghai as it has been since the end of summer time on 15 September 1991 (tzdata)."""
    zone = icalendar.Timezone()
    zone.add("tzid", ZONE_NAME)
    standard = icalendar.TimezoneStandard()
    standard.add("dtstart", datetime(1991, 9, 15, 2))  # noqa: DTZ001 (a zone's own definition is in local time)
    standard.add("tzoffsetfrom", timedelta(hours=9))
    standard.add("tzoffsetto", timedelta(hours=8))
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone


def _event(entry: Entry, *, called_off: bool) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{entry.meeting_id}@meetings.yiwang")
    event.add("dtstamp", entry.stamped_at.astimezone(UTC))
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.starts_at.astimezone(LOCAL_ZONE))
    event.add("dtend", entry.ends_at.astimezone(LOCAL_ZONE))
    event.add("summary", f"【已取消】{entry.title}" if called_off else entry.title)
    event.add("location", entry.place)
    event.add("description", " ".join(part for part in (entry.unit_name, entry.number) if part))
    event.add("status", "CANCELLED" if called_off else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if called_off else "OPAQUE")
    return event
