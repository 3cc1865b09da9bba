"""What is counted of events on their way in and out."""

from prometheus_client import Counter, Gauge, Histogram

_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)

HANDLED = Counter("yiwang_events_handled_total", "Deliveries taken off the queue", ["handler", "verdict"])
FAILED = Counter("yiwang_events_failed_total", "Attempts that failed", ["handler", "reason"])
RETRIED = Counter("yiwang_events_retried_total", "Deliveries sent up the retry ladder", ["handler"])
DEAD = Counter("yiwang_events_dead_total", "Deliveries sent to the dead letters", ["handler", "reason"])
SECONDS = Histogram("yiwang_event_handling_seconds", "Time in one handler", ["handler"], buckets=_BUCKETS)
AGE = Histogram("yiwang_event_age_seconds", "From recorded to handled", ["handler"], buckets=_BUCKETS)
LINES_LOST = Counter("yiwang_broker_lines_lost_total", "Connections to the broker lost", ["service"])

TICKS = Counter("yiwang_timer_ticks_total", "Firings of timers", ["timer", "outcome"])

BACKLOG = Gauge("yiwang_outbox_backlog", "Events recorded and not yet published", ["service"])
LAG = Gauge("yiwang_outbox_lag_seconds", "Age of the oldest unpublished event", ["service"])
PUBLISHED = Counter("yiwang_outbox_published_total", "Events confirmed by the broker", ["service"])
RETURNED = Counter("yiwang_outbox_returned_total", "Events that no queue was bound for", ["service", "key"])
REFUSED = Counter("yiwang_outbox_refused_total", "Events that the broker refused", ["service"])
ACTIVE = Gauge("yiwang_relay_active", "1 where this process's relay is the active one", ["service"])
