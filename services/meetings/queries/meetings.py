"""Parts of one meeting: its agenda, invitations, files and history."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.meetings.domain.states import IN_FORCE, AgendaState, Leave, MeetingState
from services.meetings.errors import agenda as agenda_errors
from services.meetings.errors import invitations as invitation_errors
from services.meetings.errors import papers as paper_errors
from services.meetings.models import AgendaItem, Invitation, Meeting, MeetingAct, MeetingFile
from shared.dated_rules import RuleTable, rule_for_unit
from shared.web.paging import Page, make_page, read_cursor

ON_AGENDA = (AgendaState.PLANNED, AgendaState.HEARD, AgendaState.POSTPONED)


def list_agenda(
    session: Session, meeting_id: UUID, *, states: Sequence[AgendaState] = ON_AGENDA
) -> list[AgendaItem]:
    """The points of a meeting's agenda in order."""
    wanted = sa.select(AgendaItem).where(AgendaItem.meeting_id == meeting_id, AgendaItem.state.in_(states))
    return list(session.scalars(wanted.order_by(AgendaItem.position, AgendaItem.id)))


def get_agenda_item(session: Session, meeting_id: UUID, item_id: UUID) -> AgendaItem:
    """One point, also one that is only asked for; Problem 404."""
    item = session.get(AgendaItem, item_id)
    if item is None or item.meeting_id != meeting_id:
        raise agenda_errors.agenda_item_not_found(item_id)
    return item


def list_invitations(session: Session, meeting_id: UUID) -> list[Invitation]:
    """Everybody who is invited, in order; without those whose invitation was taken back."""
    wanted = sa.select(Invitation).where(Invitation.meeting_id == meeting_id, Invitation.removed_at.is_(None))
    return list(session.scalars(wanted.order_by(Invitation.position, Invitation.id)))


def get_invitation(session: Session, meeting_id: UUID, invitation_id: UUID) -> Invitation:
    """One invitation that stands; Problem 404."""
    found = session.get(Invitation, invitation_id, populate_existing=True)
    if found is None or found.meeting_id != meeting_id or found.removed_at:
        raise invitation_errors.invitation_not_found(invitation_id)
    return found


def find_invitation_of(
    session: Session, meeting_id: UUID, post_ids: Collection[UUID], *, standing_in: bool = False
) -> Invitation | None:
    """The invitation of one of these posts; with `standing_in` also one in which it stands in for somebody."""
    own = Invitation.post_id.in_(post_ids)
    either = sa.or_(own, Invitation.stand_in_post_id.in_(post_ids)) if standing_in else own
    wanted = sa.select(Invitation).where(
        Invitation.meeting_id == meeting_id, Invitation.removed_at.is_(None), either
    )
    return session.scalars(wanted.order_by(own.desc(), Invitation.position).limit(1)).first()


def list_files(
    session: Session,
    subject_ids: Collection[UUID],
    *,
    role: str | None = None,
    leaves: Collection[Leave] = IN_FORCE,
) -> list[MeetingFile]:
    """The files of topics or meetings, in order; papers that the chair has not agreed to only when they are wanted."""
    wanted = sa.select(MeetingFile).where(
        MeetingFile.subject_id.in_(subject_ids),
        MeetingFile.removed_at.is_(None),
        MeetingFile.leave.in_(leaves),
    )
    if role:
        wanted = wanted.where(MeetingFile.role == role)
    order = (MeetingFile.subject_id, MeetingFile.role, MeetingFile.position, MeetingFile.id)
    return list(session.scalars(wanted.order_by(*order)))


def get_paper(session: Session, subject_id: UUID, file_id: UUID) -> MeetingFile:
    """A paper of a topic or a meeting, also one that is only asked for; Problem 404."""
    file = session.get(MeetingFile, file_id, populate_existing=True)
    if file is None or file.subject_id != subject_id or file.removed_at or file.role != "paper":
        raise paper_errors.file_not_found(file_id)
    return file


def list_acts(session: Session, subject_id: UUID) -> list[MeetingAct]:
    """The whole history of a topic, a call or a meeting, oldest first."""
    wanted = sa.select(MeetingAct).where(MeetingAct.subject_id == subject_id)
    return list(session.scalars(wanted.order_by(MeetingAct.at, MeetingAct.id)))


def page_acts(session: Session, subject_id: UUID, *, query: Mapping[str, Any]) -> Page[MeetingAct]:
    """The same, page by page."""
    wanted = sa.select(MeetingAct).where(MeetingAct.subject_id == subject_id)
    if query.get("after"):
        last = read_cursor(query["after"], datetime, UUID)
        wanted = wanted.where(sa.tuple_(MeetingAct.at, MeetingAct.id) > sa.tuple_(*last))
    ordered = wanted.order_by(MeetingAct.at, MeetingAct.id)
    rows = session.scalars(ordered.limit(query["limit"] + 1)).all()
    return make_page(rows, query["limit"], lambda act: (act.at, act.id))


def count_called(
    session: Session, unit_id: UUID, year: int, *, kind: str = "", but: UUID | None = None
) -> int:
    """How many meetings an organ called in a year and did not cancel: of a kind, or comprehensive ones."""
    counted = sa.select(sa.func.count()).where(
        Meeting.unit_id == unit_id,
        Meeting.year == year,
        Meeting.state.not_in([MeetingState.PLANNED, MeetingState.CANCELLED]),
        Meeting.kind == kind if kind else Meeting.comprehensive,
    )
    if but:
        counted = counted.where(Meeting.id != but)
    return session.scalar(counted) or 0


def rule(session: Session, table: RuleTable, unit_id: UUID, day: date) -> Any:
    """What the rule says for an organ on a day."""
    return rule_for_unit(session, table, day, unit_id=unit_id).value
