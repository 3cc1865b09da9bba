"""Routes of papers: of topics, and of meetings."""

from typing import Any
from uuid import UUID

from services.meetings.api.meetings import MEETING, ORGANISE, READ, shown
from services.meetings.api.topics import SUBMIT, TOPIC
from services.meetings.commands import answering, papers
from services.meetings.models import MeetingFile
from services.meetings.queries import views
from services.meetings.schemas import topics as shapes
from services.meetings.schemas.meetings import GrantSchema, MeetingSchema
from shared.permissions import Permission
from shared.web import Call, Download, route

TOPIC_FILE = f"{TOPIC}/files/<uuid:file_id>"
MEETING_FILE = f"{MEETING}/files/<uuid:file_id>"
BYTES = "application/octet-stream"


class PaperRoutes:
    """What is read before a topic is heard."""

    @route(
        "POST",
        f"{TOPIC}/files",
        permission=SUBMIT,
        form=shapes.FileFormSchema,
        returns=shapes.FileSchema,
        status=201,
    )
    def attach_to_topic(self, call: Call, topic_id: UUID) -> Any:
        """上传议题材料"""
        return papers.attach_to_topic(
            call.session, call.actor, call.clock, topic_id=topic_id, **_uploaded(call)
        )

    @route("DELETE", TOPIC_FILE, permission=SUBMIT)
    def detach_from_topic(self, call: Call, topic_id: UUID, file_id: UUID) -> None:
        """移除议题材料"""
        papers.detach_from_topic(call.session, call.actor, call.clock, topic_id=topic_id, file_id=file_id)

    @route("GET", f"{TOPIC_FILE}/content", permission=READ, downloads=BYTES, audited=True)
    def download_topic_file(self, call: Call, topic_id: UUID, file_id: UUID) -> Download:
        """下载议题材料"""
        return _content(call, views.get_topic_file(call.session, call.actor, call.clock, topic_id, file_id))

    @route(
        "POST",
        f"{MEETING}/files",
        permission=ORGANISE,
        form=shapes.MeetingFileFormSchema,
        returns=shapes.MeetingFileSchema,
        status=201,
    )
    def attach_to_meeting(self, call: Call, meeting_id: UUID) -> Any:
        """上传会议材料；议程锁定后须写明理由报主持人同意"""
        return papers.attach_to_meeting(
            call.session, call.actor, call.clock, meeting_id=meeting_id, **_uploaded(call)
        )

    @route("DELETE", MEETING_FILE, permission=ORGANISE)
    def detach_from_meeting(self, call: Call, meeting_id: UUID, file_id: UUID) -> None:
        """移除会议材料"""
        papers.detach_from_meeting(
            call.session, call.actor, call.clock, meeting_id=meeting_id, file_id=file_id
        )

    @route(
        "POST",
        f"{MEETING_FILE}/leave",
        permission=Permission.MEETINGS_CHAIR,
        body=GrantSchema,
        returns=MeetingSchema,
    )
    def decide_paper(self, call: Call, meeting_id: UUID, file_id: UUID) -> dict[str, Any]:
        """主持人审定锁定后增加的材料"""
        papers.decide_paper(
            call.session, call.actor, call.clock, meeting_id=meeting_id, file_id=file_id, **call.body
        )
        return shown(call, meeting_id)

    @route("GET", f"{MEETING_FILE}/content", permission=READ, downloads=BYTES, audited=True)
    def download_meeting_file(self, call: Call, meeting_id: UUID, file_id: UUID) -> Download:
        """下载会议材料、通知或会议记录"""
        file = views.get_meeting_file(call.session, call.actor, call.clock, meeting_id, file_id)
        answering.note_download(call.session, call.actor, call.clock, meeting_id=meeting_id, file=file)
        return _content(call, file)


def _uploaded(call: Call) -> dict[str, Any]:
    """The file that came with the form, and the form's own fields."""
    upload = call.file()
    return {"blobs": call.blobs, "stream": upload.stream, "name": upload.name, **call.body}


def _content(call: Call, file: MeetingFile) -> Download:
    chunks = call.blobs.chunks(file.digest)
    return Download(chunks=chunks, media_type=file.media_type, name=file.name, size=file.size)
