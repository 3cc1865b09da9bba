"""Pages of meetings: the notice (会议通知) and the record (会议记录), set as PDF/A-2b."""

from services.meetings.rendering.pages import MeetingPage, Section, Table, render_page

__all__ = ["MeetingPage", "Section", "Table", "render_page"]
