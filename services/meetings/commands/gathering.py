"""Gathering all facts of a concluded meeting for the archives, as one dossier."""

from sqlalchemy.orm import Session

from services.meetings.commands.papers import ref_of
from services.meetings.models import Meeting
from services.meetings.queries.decisions import find_minutes, list_decisions
from services.meetings.queries.meetings import list_acts, list_files
from services.meetings.queries.pages import outcome_of, papers_with_topics
from shared.clock import local_date
from shared.directory import DirectoryUnit, find_unit, get_organ
from shared.events import dossier
from shared.files import BlobRef
from shared.history import act_for_archives

_KIND = "会议"


def gather_dossier(session: Session, meeting: Meeting, *, record: BlobRef) -> dossier.Dossier:
    """Notice, papers, minutes, record, the whole history, and links to the 纪要 and to every task."""
    owner = get_organ(session, meeting.unit_id)
    ended_at = meeting.ended_at or meeting.ends_at
    return dossier.Dossier(
        document_id=meeting.id,
        correlation_id=meeting.correlation_id,
        direction=dossier.Direction.MEETING,
        kind=_KIND,
        subject_class=meeting.kind,
        title=meeting.title,
        number=meeting.number,
        owner=_unit(owner),
        office=_unit(find_unit(session, meeting.unit_id) or owner),
        issuer=_unit(owner),
        issuer_relation=dossier.Relation.OWN,
        drafted_at=meeting.planned_at,
        written_on=local_date(ended_at),
        meeting_ended_on=local_date(ended_at),
        closed_at=meeting.closed_at or ended_at,
        drafter=dossier.Person(name=meeting.organiser_name, person_id=meeting.organiser_person_id),
        rendered=record,
        attachments=_attachments(session, meeting),
        acts=tuple(act_for_archives(act) for act in list_acts(session, meeting.id)),
        links=_links(session, meeting),
    )


def _attachments(session: Session, meeting: Meeting) -> tuple[dossier.Attachment, ...]:
    notices = [
        dossier.Attachment(title=file.title, blob=ref_of(file))
        for file in list_files(session, [meeting.id], role="notice")
    ]
    papers = [
        dossier.Attachment(title=title, blob=ref_of(file))
        for title, file in papers_with_topics(session, meeting)
    ]
    minutes = find_minutes(session, meeting.id)
    issued = []
    if minutes and minutes.rendered:
        issued = [dossier.Attachment(title=minutes.title, blob=BlobRef(**minutes.rendered))]
    return (*notices, *papers, *issued)


def _links(session: Session, meeting: Meeting) -> tuple[dossier.Link, ...]:
    minutes = find_minutes(session, meeting.id)
    found: list[dossier.Link] = []
    if minutes and minutes.document_id:
        found.append(
            dossier.Link(
                kind=dossier.LinkKind.RELATED,
                title=minutes.title,
                document_id=minutes.document_id,
                number=minutes.number or None,
            )
        )
    found.extend(
        dossier.Link(
            kind=dossier.LinkKind.RELATED,
            title=f"{made.text}（{outcome_of(made)}）",
            document_id=made.task_id,
            number=made.task_number or None,
        )
        for made in list_decisions(session, meeting.id)
        if made.task_id
    )
    return tuple(found)


def _unit(unit: DirectoryUnit) -> dossier.Unit:
    return dossier.Unit(name=unit.name, unit_id=unit.id, uscc=unit.credit_code, code=None)
