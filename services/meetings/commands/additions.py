"""Asking the chair's leave (报主持人同意) for what is to be added to a frozen meeting: points of the agenda, papers."""

from sqlalchemy.orm import Session

from services.meetings.commands.duties import do, drop, give_presiding
from services.meetings.domain.states import AgendaState, Leave
from services.meetings.domain.steps import Step
from services.meetings.models import AgendaItem, Meeting, MeetingFile
from services.meetings.queries.meetings import list_agenda, list_files
from shared.auth import Actor
from shared.clock import Clock
from shared.flow.acts import Act


def ask_chair(session: Session, actor: Actor, clock: Clock, meeting: Meeting) -> None:
    """The chair has something to decide on; asked for more, still once."""
    chair = meeting.chair_post_id
    give_presiding(session, actor, clock, meeting, Step.GRANT_ADDITION, post_id=chair)


def chair_has_answered(session: Session, actor: Actor, clock: Clock, meeting: Meeting) -> Act | None:
    """The chair's work is done with the last answer."""
    session.flush()
    if any(_asked(session, meeting)):
        return None
    return do(session, actor, clock, meeting.id, Step.GRANT_ADDITION, for_post_id=meeting.chair_post_id)


def forget_asking(session: Session, actor: Actor, clock: Clock, meeting: Meeting) -> None:
    """Something is no longer asked for; the chair has no work when it was the last."""
    session.flush()
    if not any(_asked(session, meeting)):
        drop(session, actor, clock, meeting.id, Step.GRANT_ADDITION)


def refuse_unanswered(session: Session, actor: Actor, clock: Clock, meeting: Meeting, *, why: str) -> None:
    """What the chair has not decided on in time is not added."""
    items, papers = _asked(session, meeting)
    for item in items:
        item.state, item.outcome_note = AgendaState.REFUSED.value, why
    for paper in papers:
        paper.leave, paper.leave_opinion = Leave.REFUSED.value, why
    forget_asking(session, actor, clock, meeting)


def _asked(session: Session, meeting: Meeting) -> tuple[list[AgendaItem], list[MeetingFile]]:
    return (
        list_agenda(session, meeting.id, states=[AgendaState.ASKED]),
        list_files(session, [meeting.id], role="paper", leaves=[Leave.ASKED]),
    )
