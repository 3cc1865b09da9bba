"""What events and timers do to the read model; each event has its effect once, in any order of arrival."""

from services.mobile.commands.figures import count_facts, note_facts
from services.mobile.commands.follow import follow_naming, follow_work
from services.mobile.commands.maintain import forget_old_changes, reset_read_model
from services.mobile.commands.trace import keep_trace

__all__ = [
    "count_facts",
    "follow_naming",
    "follow_work",
    "forget_old_changes",
    "keep_trace",
    "note_facts",
    "reset_read_model",
]
