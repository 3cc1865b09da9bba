"""How things are called at the broker."""

from shared.messaging.failures import Step


def events_exchange(service: str) -> str:
    """Where the service's events are published, by routing key."""
    return f"{service}.events"


def dead_exchange(service: str) -> str:
    """Where the broker itself puts what a queue of the service gives up."""
    return f"{service}.dead"


def dead_queue(service: str) -> str:
    """Where the messages are that no handler of the service could deal with."""
    return f"{service}.dead"


def retry_name(service: str, step: Step) -> str:
    """The exchange and queue of one step of the service's retry ladder."""
    return f"{service}.retry.{step.label}"
