"""What is asked of the read model."""

from services.mobile.queries.boxes import Filters
from services.mobile.queries.feed import list_changes, resume_point
from services.mobile.queries.inbox import (
    count_boxes,
    find_item,
    get_item,
    list_box,
    list_for_export,
)
from services.mobile.queries.trace import get_trace_of_chain, get_trace_of_subject
from services.mobile.queries.viewer import Viewer, viewer_of

__all__ = [
    "Filters",
    "Viewer",
    "count_boxes",
    "find_item",
    "get_item",
    "get_trace_of_chain",
    "get_trace_of_subject",
    "list_box",
    "list_changes",
    "list_for_export",
    "resume_point",
    "viewer_of",
]
