"""The record of a supervised task (督查事项办理单) as a page."""

from services.supervision.rendering.record import RecordLine, RecordSheet, render_record

__all__ = ["RecordLine", "RecordSheet", "render_record"]
