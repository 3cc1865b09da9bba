"""Files of a task: what it is about, and what proves what was done."""

from pathlib import PurePath
from typing import IO
from uuid import UUID

from sqlalchemy.orm import Session

from services.supervision import errors
from services.supervision.commands.desk import open_desk
from services.supervision.commands.settling import settle
from services.supervision.domain.secrecy import refuse_secret
from services.supervision.domain.states import VERB_LABELS, Verb
from services.supervision.models import TaskFile
from services.supervision.queries.acts import actions_of
from shared.auth import Actor
from shared.clock import Clock
from shared.files import BlobRef, BlobStore
from shared.ids import new_id
from shared.offload import offload
from shared.papers import read_paper

MB = 1024 * 1024
LARGEST_FILE = 50 * MB


def attach_file(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    task_id: UUID,
    blobs: BlobStore,
    stream: IO[bytes],
    name: str,
    title: str = "",
) -> TaskFile:
    """Add a file; the supervising organ's staff and whoever has an open item may.

    Problem 413 over 50 MB, 415 for what cannot be looked into, 422 for a secrecy mark.
    """
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.ATTACH)
    open_to_actor = {action["verb"] for action in actions_of(session, actor, desk.task, now=desk.now)}
    if Verb.ATTACH.value not in open_to_actor:
        raise errors.not_your_staff(desk.task.title, VERB_LABELS[Verb.ATTACH])
    refuse_secret(title, where="文件标题")
    blob = keep_upload(blobs, stream, name=name)
    file = TaskFile(
        id=new_id(),
        task_id=desk.task.id,
        title=title or name,
        name=name,
        digest=blob.digest,
        size=blob.size,
        media_type=blob.media_type,
        added_at=desk.now,
        added_by_person_id=actor.person_id,
        added_by_name=actor.person_name,
    )
    session.add(file)
    desk.note(Verb.ATTACH, opinion=file.title, digest=file.digest)
    settle(desk)
    return file


def keep_upload(blobs: BlobStore, stream: IO[bytes], *, name: str) -> BlobRef:
    """Keep what somebody uploads, of the type that its content shows; the same problems as `attach_file`."""
    refuse_secret(PurePath(name).stem, where="文件名")
    data = stream.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise errors.file_too_large(LARGEST_FILE // MB)
    paper = offload(read_paper, data)
    if paper is None:
        raise errors.file_type_unknown(name)
    if mark := paper.secrecy_mark:
        raise errors.secret_content(mark.quote, where=f"“{name}”")
    return blobs.put(data, media_type=paper.media_type, name=name)
