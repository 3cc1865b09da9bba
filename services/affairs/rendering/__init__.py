"""Setting results and records of cases as PDF/A-2b."""

from services.affairs.rendering.record import RecordLine, RecordSheet, render_record
from services.affairs.rendering.result import ResultSheet, render_result

__all__ = ["RecordLine", "RecordSheet", "ResultSheet", "render_record", "render_result"]
