"""What events and timers do to the read model; each event has its effect once, in any order of arrival."""

from services.mobile.commands.follow import follow_naming, follow_work
from services.mobile.commands.maintain import forget_old_changes, reset_read_model
from services.mobile.commands.trace import keep_trace

__all__ = ["follow_naming", "follow_work", "forget_old_changes", "keep_trace", "reset_read_model"]
