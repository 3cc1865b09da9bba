"""Setting the pages of a meeting, and keeping them as its files."""

from sqlalchemy.orm import Session

from services.meetings.commands.papers import keep_file
from services.meetings.models import Meeting
from services.meetings.queries.pages import notice_of
from services.meetings.rendering import MeetingPage, render_page
from shared.auth import Actor
from shared.clock import Clock
from shared.files import BlobRef, BlobStore
from shared.offload import offload
from shared.typesetting import FontSettings

PDF = "application/pdf"


def keep_notice(
    session: Session, actor: Actor, clock: Clock, meeting: Meeting, *, blobs: BlobStore, font_dir: str
) -> BlobRef:
    """Keep the notice as PDF, as it went out now."""
    page = notice_of(session, meeting, at=clock.now())
    return keep_page(session, actor, clock, meeting, page, "notice", blobs=blobs, font_dir=font_dir)


def keep_page(
    session: Session,
    actor: Actor,
    clock: Clock,
    meeting: Meeting,
    page: MeetingPage,
    role: str,
    *,
    blobs: BlobStore,
    font_dir: str,
) -> BlobRef:
    """Set a page and keep it as a file of the meeting."""
    pdf = offload(render_page, page, FontSettings.of(font_dir))
    blob = blobs.put(pdf, media_type=PDF, name=f"{page.heading}.pdf")
    keep_file(session, actor, clock, subject_id=meeting.id, role=role, blob=blob, title=page.heading)
    return blob
