"""The HTTP edge: routes, their answers, and what every service says at its door."""

from shared.web.answers import Download, EventStream
from shared.web.call import Call, Upload
from shared.web.declaration import PUBLIC, SIGNED_IN
from shared.web.paging import Page, make_page, read_cursor
from shared.web.route import route
from shared.web.schema import PageQuery, Schema, Text

__all__ = [
    "PUBLIC",
    "SIGNED_IN",
    "Call",
    "Download",
    "EventStream",
    "Page",
    "PageQuery",
    "Schema",
    "Text",
    "Upload",
    "make_page",
    "read_cursor",
    "route",
]
