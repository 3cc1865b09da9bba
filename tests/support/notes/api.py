"""The notes service's routes; a note's text says what shall go wrong."""

from typing import Any, ClassVar
from uuid import UUID

import eventlet
import sqlalchemy as sa
from marshmallow import fields

from shared.errors import changed_meanwhile, not_found
from shared.ids import new_id
from shared.permissions import Permission
from shared.web import (
    PUBLIC,
    SIGNED_IN,
    Call,
    Download,
    EventStream,
    Page,
    PageQuery,
    Schema,
    Text,
    make_page,
    read_cursor,
    route,
)
from tests.support.notes import SERVICE
from tests.support.notes.models import Note

CRASH, WAIT = "crash", "wait"


class WriteNote(Schema):
    text = Text(longest=200, shortest=1, required=True)
    number = fields.Integer(load_default=0)
    tags = fields.List(fields.String(), load_default=list)


class NoteSchema(Schema):
    id = fields.UUID(required=True)
    text = fields.String(required=True)
    revision = fields.Integer(required=True)


class SizeSchema(Schema):
    name = fields.String(required=True)
    size = fields.Integer(required=True)


class NoForm(Schema):
    """A form that is only its file."""


class Listening:
    """A stream without an end, counted while it is open."""

    opened: ClassVar[set[UUID]] = set()

    def __init__(self) -> None:
        self.id = new_id()
        self.opened.add(self.id)

    def __iter__(self) -> "Listening":
        return self

    def __next__(self) -> bytes:
        eventlet.sleep(0.05)
        return b": listening\n\n"

    def close(self) -> None:
        self.opened.discard(self.id)


class NotesApi:
    name = "notes.api"
    service = SERVICE

    @route("GET", "/sneaking", permission=SIGNED_IN)
    def sneak(self, call: Call) -> None:
        """Write where only reading was declared."""
        call.session.execute(sa.insert(Note).values(id=new_id(), text="sneaked in", revision=1))

    @route("POST", "/notes", permission=Permission.MOBILE_USE, body=WriteNote, returns=NoteSchema, status=201)
    def write_note(self, call: Call) -> Any:
        """Write a note."""
        note = Note(id=new_id(), text=call.body["text"])
        call.session.add(note)
        call.session.flush()
        if note.text == CRASH:
            raise RuntimeError("the inside of the service")
        if note.text == WAIT:
            eventlet.sleep(0.5)
        return note

    @route("GET", "/notes", permission=SIGNED_IN, query=PageQuery, page_of=NoteSchema)
    def list_notes(self, call: Call) -> Page[Note]:
        """All notes, a page at a time."""
        query = sa.select(Note).order_by(Note.id).limit(call.query["limit"] + 1)
        if call.query["after"]:
            [after] = read_cursor(call.query["after"], UUID)
            query = query.where(Note.id > after)
        return make_page(call.session.scalars(query).all(), call.query["limit"], lambda note: [note.id])

    @route("GET", "/notes/<uuid:note_id>", permission=SIGNED_IN, returns=NoteSchema)
    def get_note(self, call: Call, note_id: UUID) -> Note:
        """One note."""
        return _note(call, note_id)

    @route("PUT", "/notes/<uuid:note_id>", permission=SIGNED_IN, body=WriteNote, returns=NoteSchema)
    def rewrite_note(self, call: Call, note_id: UUID) -> Note:
        """Change a note, unless somebody else did meanwhile."""
        note = _note(call, note_id)
        if call.expected_revision() not in (None, note.revision):
            raise changed_meanwhile("notes.changed", "便笺已被修改", "请重新打开后再改。")
        note.text, note.revision = call.body["text"], note.revision + 1
        return note

    @route("DELETE", "/notes/<uuid:note_id>", permission=SIGNED_IN)
    def remove_note(self, call: Call, note_id: UUID) -> None:
        """Remove a note."""
        call.session.delete(_note(call, note_id))

    @route("GET", "/titles/<title>", permission=SIGNED_IN, page_of=NoteSchema)
    def find_notes(self, call: Call, title: str) -> Page[Note]:
        """The notes of that text."""
        return Page(call.session.scalars(sa.select(Note).where(Note.text == title)).all(), None)

    @route("GET", "/titles", permission=SIGNED_IN, query=PageQuery, page_of=NoteSchema)
    def list_by_title(self, call: Call) -> Page[Note]:
        """All notes by their text, from one of them on."""
        query = sa.select(Note).order_by(Note.text, Note.id)
        if call.query["after"]:
            text, number = read_cursor(call.query["after"], str, int)
            query = query.where(Note.text > text, Note.revision < number)
        return Page(call.session.scalars(query).all(), None)

    @route("GET", "/files/<string:digest>", permission=SIGNED_IN, downloads="application/octet-stream")
    def open_file(self, call: Call, digest: str) -> Download:
        """A kept content; what is asked for by its digest may be gone."""
        return Download(chunks=call.blobs.chunks(digest), media_type="text/html", name="a.html", inline=True)

    @route("GET", "/stream", permission=SIGNED_IN, downloads="text/event-stream")
    def listen(self, call: Call) -> EventStream:
        """Something that does not end by itself."""
        return EventStream(events=Listening())

    @route("GET", "/listeners", permission=PUBLIC, returns=SizeSchema)
    def count_listeners(self, call: Call) -> Any:
        """How many streams are open."""
        return {"name": "open", "size": len(Listening.opened)}

    @route("POST", "/files", permission=SIGNED_IN, form=NoForm, returns=SizeSchema)
    def weigh_file(self, call: Call) -> Any:
        """How large an uploaded file is."""
        upload = call.file()
        return {"name": upload.name, "size": len(upload.stream.read())}

    @route("GET", "/open", permission=PUBLIC, returns=SizeSchema)
    def look(self, call: Call) -> Any:
        """Something that everybody may see."""
        return {"name": "open", "size": 0}


def _note(call: Call, note_id: UUID) -> Note:
    note = call.session.get(Note, note_id)
    if note is None:
        raise not_found("notes.no_such_note", "便笺不存在", "请刷新列表。")
    return note
