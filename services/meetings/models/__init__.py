"""The tables of the meetings service."""

from services.meetings.models.base import Base
from services.meetings.models.decision import Decision
from services.meetings.models.meeting import AgendaItem, Invitation, Meeting
from services.meetings.models.minutes import Minutes, MinutesVersion
from services.meetings.models.record import MeetingAct, MeetingFile, Reminder, Sight
from services.meetings.models.rooms import Room, RoomBooking, RoomClosure, RoomSeries
from services.meetings.models.sign_in import CalendarFeed, SeatPlan, SeatTaken, SignInScan, SignInSecret
from services.meetings.models.topic import Topic, TopicAdvice, TopicCall

__all__ = [
    "AgendaItem",
    "Base",
    "CalendarFeed",
    "Decision",
    "Invitation",
    "Meeting",
    "MeetingAct",
    "MeetingFile",
    "Minutes",
    "MinutesVersion",
    "Reminder",
    "Room",
    "RoomBooking",
    "RoomClosure",
    "RoomSeries",
    "SeatPlan",
    "SeatTaken",
    "Sight",
    "SignInScan",
    "SignInSecret",
    "Topic",
    "TopicAdvice",
    "TopicCall",
]
