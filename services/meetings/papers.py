"""Papers (上会材料) as far as the rules need: type by content, length of the text, no secrecy mark."""

import re
from dataclasses import dataclass
from typing import IO

from services.meetings import errors
from services.meetings.domain.secrecy import refuse_secret
from services.meetings.errors import papers as paper_errors
from shared import papers

MB = 1024 * 1024
LARGEST_PAPER = 50 * MB
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, kw_only=True)
class ReadPaper:
    """What a paper is: its media type by content, and how many characters its text has, None when not readable."""

    media_type: str
    characters: int | None


def read_bounded(stream: IO[bytes]) -> bytes:
    """All of an upload; Problem 413 over the limit."""
    data = stream.read(LARGEST_PAPER + 1)
    if len(data) > LARGEST_PAPER:
        raise paper_errors.paper_too_large(LARGEST_PAPER // MB)
    return data


def read_paper(data: bytes, *, name: str) -> ReadPaper:
    """Tell a paper's type by its content; Problem 415 for other types, 422 for one with a secrecy mark."""
    refuse_secret(name.rpartition(".")[0] or name, where="文件名")
    read = papers.read_paper(data)
    if read is None:
        raise paper_errors.paper_type_unknown(name)
    if mark := read.secrecy_mark:
        raise errors.secret_content(mark.quote, where=f"材料“{name}”")
    counted = read.media_type in _COUNTED and read.text is not None
    characters = len(_BLANK.sub("", read.text or "")) if counted else None
    return ReadPaper(media_type=read.media_type, characters=characters)


# The length of a sheet or of slides says nothing about how long they take to read.
_COUNTED = (
    "application/pdf",
    "text/plain; charset=utf-8",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)
