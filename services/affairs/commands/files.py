"""Files: uploaded first, then named in an application, a completion, or as the template of a material."""

from pathlib import PurePath
from typing import IO
from uuid import UUID

from sqlalchemy.orm import Session

from services.affairs import errors
from services.affairs.domain.media import ACCEPTED_NAMES, media_type_of
from services.affairs.domain.secrecy import refuse_secret
from services.affairs.means import Means
from services.affairs.models import AffairsFile, Case, Matter
from shared.auth import Actor
from shared.clock import Clock
from shared.files import file_too_large
from shared.ids import new_id
from shared.offload import offload
from shared.papers import read_paper
from shared.secrecy import SecrecyMark

LARGEST_FILE = 50 * 1024 * 1024


def upload_file(
    session: Session, actor: Actor, clock: Clock, *, means: Means, stream: IO[bytes], name: str
) -> AffairsFile:
    """Keep a file of the actor's; its type is told by its content. Problem 413, 415, 422 (also for a secrecy mark)."""
    refuse_secret(PurePath(name).stem, where="文件名")
    data = stream.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise file_too_large(LARGEST_FILE)
    if not data:
        raise errors.file_empty(name)
    media_type = offload(media_type_of, data)
    if media_type is None:
        raise errors.file_refused(name, ACCEPTED_NAMES)
    if mark := offload(_mark_on_first_page, data):
        raise errors.secret_content(mark.quote, where=f"“{name}”")
    blob = means.blobs.put(data, media_type=media_type, name=name)
    kept = AffairsFile(
        id=new_id(),
        digest=blob.digest,
        size=blob.size,
        media_type=blob.media_type,
        name=blob.name,
        uploaded_at=clock.now(),
        uploaded_by_person_id=actor.person_id,
        uploaded_by_name=actor.person_name,
    )
    session.add(kept)
    session.flush()
    return kept


def _mark_on_first_page(data: bytes) -> SecrecyMark | None:
    paper = read_paper(data)
    return paper.secrecy_mark if paper else None


def take_file(session: Session, actor: Actor, file_id: UUID, *, case: Case) -> AffairsFile:
    """A file that the actor uploaded, now the case's. Problem 404 for another's, 409 when another case has it."""
    file = session.get(AffairsFile, file_id, with_for_update=True)
    if file is None or (file.case_id != case.id and file.uploaded_by_person_id != actor.person_id):
        raise errors.file_not_found(file_id)
    if file.case_id not in (None, case.id) or file.matter_id is not None:
        raise errors.file_in_use(file.name)
    file.case_id = case.id
    return file


def take_template(session: Session, actor: Actor, file_id: UUID, *, matter: Matter) -> AffairsFile:
    """A file that the actor uploaded, or the matter's already, as a template of that matter."""
    file = session.get(AffairsFile, file_id, with_for_update=True)
    if file is None or (file.matter_id != matter.id and file.uploaded_by_person_id != actor.person_id):
        raise errors.file_not_found(file_id)
    if file.case_id is not None or file.matter_id not in (None, matter.id):
        raise errors.file_in_use(file.name)
    file.matter_id = matter.id
    return file
