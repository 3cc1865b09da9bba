"""The HTTP door of meetings."""

from services.meetings import SERVICE
from services.meetings.api.bookings import BookingRoutes
from services.meetings.api.calendar import CalendarRoutes
from services.meetings.api.invitations import InvitationRoutes
from services.meetings.api.meetings import MeetingRoutes
from services.meetings.api.minutes import MinutesRoutes
from services.meetings.api.papers import PaperRoutes
from services.meetings.api.rooms import RoomRoutes
from services.meetings.api.rules import RuleRoutes
from services.meetings.api.seating import SeatingRoutes
from services.meetings.api.sign_in import SignInRoutes
from services.meetings.api.topics import TopicRoutes
from shared.web.auditing import AuditRoutes


class MeetingsApi(
    TopicRoutes,
    MeetingRoutes,
    InvitationRoutes,
    MinutesRoutes,
    PaperRoutes,
    RoomRoutes,
    BookingRoutes,
    SignInRoutes,
    SeatingRoutes,
    CalendarRoutes,
    RuleRoutes,
    AuditRoutes,
):
    """Answers `/api/meetings`."""

    name = "meetings.api"
    service = SERVICE
