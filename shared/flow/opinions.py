"""What people write with an act."""

from shared.flow.errors import opinion_too_long, reason_needed

MAX_OPINION = 2000


def checked_opinion(text: str) -> str:
    """The opinion without outer blanks. Raises `flow.opinion_too_long`."""
    opinion = text.strip()
    if len(opinion) > MAX_OPINION:
        raise opinion_too_long(MAX_OPINION)
    return opinion


def required_reason(text: str, *, verb: str) -> str:
    """The reason, which may not be missing. Raises `flow.reason_needed` and `flow.opinion_too_long`."""
    if not text.strip():
        raise reason_needed(verb)
    return checked_opinion(text)
