"""What is left to do about a closed meeting: to say why a decision needs no task whose task was rejected after all."""

from sqlalchemy.orm import Session

from services.meetings.commands.duties import begin_meeting_work, give, organisers_of, settle
from services.meetings.domain.states import MeetingState
from services.meetings.domain.steps import Step
from services.meetings.models import Decision, Meeting
from services.meetings.queries.decisions import list_decisions
from shared.auth import Actor
from shared.clock import Clock
from shared.flow.acts import Act
from shared.flow.duties import close_work, has_work

REJECTED = "rejected"


def renew_waiving(session: Session, actor: Actor, clock: Clock, meeting: Meeting) -> Act | None:
    """Let the organisers of a closed meeting have that to do as long as there is such a decision, and no longer.

    Says what the actor did by it. Before it is closed, closing it is what they have to do.
    """
    if meeting.state != MeetingState.CLOSED:
        return None
    session.flush()
    under_way = has_work(session, subject_id=meeting.id)
    if any(is_unsupervised(made) for made in list_decisions(session, meeting.id)):
        if not under_way:
            begin_meeting_work(session, actor, clock, meeting)
        give(session, actor, clock, meeting.id, Step.WAIVE, posts=organisers_of(session, meeting))
        return None
    if not under_way:
        return None
    duty = settle(session, actor, clock, meeting.id, Step.WAIVE)
    close_work(session, actor, clock, subject_id=meeting.id)
    return duty


def is_unsupervised(made: Decision) -> bool:
    """Whether supervision rejected its task, and nobody has said yet why it needs none."""
    return made.task_state == REJECTED and made.waived_at is None
