"""Papers of topics and meetings (材料)."""

from typing import IO
from uuid import UUID

from sqlalchemy.orm import Session

from services.meetings import errors
from services.meetings.commands.additions import ask_chair, chair_has_answered, forget_asking
from services.meetings.commands.agenda import require_chair
from services.meetings.commands.history import keep_act
from services.meetings.commands.planning import lock_as_organiser, see_as_organiser
from services.meetings.commands.topics.locking import lock_with_meeting, see_as_submitter
from services.meetings.domain.secrecy import refuse_secret
from services.meetings.domain.states import (
    ENDED_TOPIC_STATES,
    IN_FORCE,
    MEETING_LABELS,
    MEETING_OVER,
    TOPIC_LABELS,
    Leave,
    TopicState,
)
from services.meetings.errors import papers as paper_errors
from services.meetings.models import Meeting, MeetingFile, Topic
from services.meetings.papers import ReadPaper, read_bounded, read_paper
from services.meetings.queries.meetings import get_paper, list_files
from services.meetings.queries.visibility import lock_meeting
from shared.auth import Actor
from shared.clock import Clock
from shared.files import BlobRef, BlobStore
from shared.ids import new_id
from shared.offload import offload

MOST_PAPERS = 30


def attach_to_topic(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    topic_id: UUID,
    blobs: BlobStore,
    stream: IO[bytes],
    name: str,
    title: str = "",
) -> MeetingFile:
    """Add a paper to a topic, until the agenda that it is on is frozen; a late one is warned of with the notice."""
    see_as_submitter(session, actor, clock, topic_id)
    # Reading takes its time, in which the meeting is not to stand still for everybody.
    data, paper = _read(stream, name=name, title=title)
    topic = _lock_open_topic(session, actor, clock, topic_id)
    topic.revision += 1
    kept = _attach(session, actor, clock, topic.id, blobs, data, paper, name=name, title=title)
    keep_act(session, actor, topic.id, at=clock.now(), verb="attach", step="材料", details={"name": name})
    return kept


def attach_to_meeting(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    meeting_id: UUID,
    blobs: BlobStore,
    stream: IO[bytes],
    name: str,
    title: str = "",
    reason: str = "",
) -> MeetingFile:
    """Add a paper of the meeting as a whole, until it is closed; after the freeze ask the chair's leave for it."""
    see_as_organiser(session, actor, clock, meeting_id)
    data, paper = _read(stream, name=name, title=title)
    meeting = _lock_open_meeting(session, actor, clock, meeting_id)
    if meeting.frozen_at and not reason:
        raise errors.reason_missing("议程锁定后增加材料")
    meeting.revision += 1
    kept = _attach(session, actor, clock, meeting.id, blobs, data, paper, name=name, title=title)
    verb, step = "attach", "材料"
    if meeting.frozen_at:
        verb, step = "ask_paper", "申请增加材料"
        kept.leave, kept.leave_reason = Leave.ASKED.value, reason
        ask_chair(session, actor, clock, meeting)
    keep_act(
        session, actor, meeting.id, at=clock.now(), verb=verb, step=step, opinion=reason,
        details={"name": name},
    )  # fmt: skip
    return kept


def decide_paper(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    meeting_id: UUID,
    file_id: UUID,
    granted: bool,
    opinion: str = "",
) -> MeetingFile:
    """The chair's leave to add a paper to a frozen meeting, or its refusal; either stays on record."""
    meeting = lock_meeting(session, actor, meeting_id, now=clock.now())
    require_chair(session, actor, clock, meeting)
    paper = get_paper(session, meeting.id, file_id)
    if paper.leave != Leave.ASKED or meeting.state in MEETING_OVER:
        raise errors.act_not_possible("增加材料的申请", "再次审定", "已处理")
    if not granted and not opinion:
        raise errors.reason_missing("不同意增加材料", "opinion")
    if granted:
        paper.position = len(list_files(session, [meeting.id], role="paper")) + 1
    paper.leave = (Leave.GRANTED if granted else Leave.REFUSED).value
    paper.leave_opinion, paper.leave_by_name, paper.leave_at = opinion, actor.person_name, clock.now()
    meeting.revision += 1
    duty = chair_has_answered(session, actor, clock, meeting)
    keep_act(
        session, actor, meeting.id, at=clock.now(),
        verb="grant_paper" if granted else "refuse_paper", step="审定增加材料",
        outcome="同意" if granted else "不同意", opinion=opinion, duty=duty, details={"name": paper.name},
    )  # fmt: skip
    return paper


def detach_from_topic(session: Session, actor: Actor, clock: Clock, *, topic_id: UUID, file_id: UUID) -> None:
    """Take a paper off a topic, until its agenda is frozen; the history keeps that it was there."""
    topic = _lock_open_topic(session, actor, clock, topic_id)
    topic.revision += 1
    _detach(session, actor, clock, topic.id, file_id)


def detach_from_meeting(
    session: Session, actor: Actor, clock: Clock, *, meeting_id: UUID, file_id: UUID
) -> None:
    """The same for a paper of the meeting, until it is closed; one that was asked for is asked for no more."""
    meeting = _lock_open_meeting(session, actor, clock, meeting_id)
    meeting.revision += 1
    _detach(session, actor, clock, meeting.id, file_id)
    forget_asking(session, actor, clock, meeting)


def keep_file(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    subject_id: UUID,
    role: str,
    blob: BlobRef,
    title: str,
    characters: int | None = None,
) -> MeetingFile:
    """Keep that a topic or a meeting has a file with this content, after those that it has."""
    kept = MeetingFile(
        id=new_id(),
        subject_id=subject_id,
        role=role,
        position=len(list_files(session, [subject_id], role=role)) + 1,
        title=title,
        name=blob.name,
        digest=blob.digest,
        size=blob.size,
        media_type=blob.media_type,
        characters=characters,
        added_at=clock.now(),
        added_by_person_id=actor.person_id,
        added_by_name=actor.person_name,
    )
    session.add(kept)
    session.flush()
    return kept


def ref_of(file: MeetingFile) -> BlobRef:
    """The file's content as others refer to it."""
    return BlobRef(digest=file.digest, size=file.size, media_type=file.media_type, name=file.name)


def _read(stream: IO[bytes], *, name: str, title: str) -> tuple[bytes, ReadPaper]:
    refuse_secret(title, where="材料标题")
    data = read_bounded(stream)
    return data, offload(read_paper, data, name=name)


def _attach(
    session: Session,
    actor: Actor,
    clock: Clock,
    subject_id: UUID,
    blobs: BlobStore,
    data: bytes,
    paper: ReadPaper,
    *,
    name: str,
    title: str,
) -> MeetingFile:
    if len(list_files(session, [subject_id], role="paper", leaves=[*IN_FORCE, Leave.ASKED])) >= MOST_PAPERS:
        raise paper_errors.too_many_files(MOST_PAPERS)
    blob = blobs.put(data, media_type=paper.media_type, name=name)
    shown = title or name.rpartition(".")[0] or name
    return keep_file(
        session, actor, clock, subject_id=subject_id, role="paper", blob=blob, title=shown,
        characters=paper.characters,
    )  # fmt: skip


def _detach(session: Session, actor: Actor, clock: Clock, subject_id: UUID, file_id: UUID) -> None:
    file = get_paper(session, subject_id, file_id)
    if file.leave == Leave.REFUSED:
        raise errors.act_not_possible("材料", "移除", "主持人未同意，留存备查")
    file.removed_at = clock.now()
    session.flush()
    for position, left in enumerate(list_files(session, [subject_id], role="paper"), start=1):
        left.position = position
    keep_act(
        session, actor, subject_id, at=clock.now(), verb="detach", step="材料", details={"name": file.name}
    )


def _lock_open_topic(session: Session, actor: Actor, clock: Clock, topic_id: UUID) -> Topic:
    topic, meeting = lock_with_meeting(session, actor, clock, topic_id)
    if topic.state in ENDED_TOPIC_STATES:
        raise errors.act_not_possible("议题", "调整材料", TOPIC_LABELS[topic.state])
    if meeting and meeting.frozen_at and topic.state == TopicState.SCHEDULED:
        raise paper_errors.papers_frozen(topic.title, meeting.title)
    return topic


def _lock_open_meeting(session: Session, actor: Actor, clock: Clock, meeting_id: UUID) -> Meeting:
    meeting = lock_as_organiser(session, actor, clock, meeting_id)
    if meeting.state in MEETING_OVER:
        raise errors.act_not_possible("会议", "调整材料", MEETING_LABELS[meeting.state])
    return meeting
