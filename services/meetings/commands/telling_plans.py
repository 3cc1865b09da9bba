"""Telling the other services how many meetings a year's plan allows."""

from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.orm import Session

from shared.auth import Actor
from shared.clock import Clock
from shared.dated_rules import RuleVersion
from shared.events.meetings import MeetingQuotaSet, PlannedMeetings
from shared.messaging.outbox import record


def tell_plan(session: Session, actor: Actor, clock: Clock, *, version: RuleVersion) -> None:
    """Tell of a version of the rule `quota`: whose plan it is, from which day on, and its heads."""
    meetings = None if version.value is None else version.value["meetings"]
    plan = (
        None
        if meetings is None
        else tuple(PlannedMeetings(head=head, meetings=most) for head, most in sorted(meetings.items()))
    )
    told = MeetingQuotaSet(
        meeting_quota_id=uuid5(NAMESPACE_URL, f"urn:yiwang:meetings:plan:{version.subject}"),
        unit_id=UUID(version.subject) if version.subject else None,
        revision=version.revision,
        valid_from=version.valid_from,
        plan=plan,
        set_at=clock.now(),
    )
    record(session, actor, told)
