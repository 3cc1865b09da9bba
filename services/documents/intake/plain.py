"""Plain text files, in the encodings that offices here use."""

import codecs
import re

from services.documents.intake import errors
from shared.errors import Problem

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Form feed and the usual white space apart, a text has no control characters.
_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f]")


def decode(data: bytes, *, name: str) -> str:
    """The text in UTF-8 (with or without mark), UTF-16 with mark, or GB18030.

    Raises `documents.text_broken` with line and byte: a damaged UTF-8 file is not taken for GB18030 gibberish.
    """
    encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    try:
        text = data.decode(encoding or "utf-8")
    except UnicodeDecodeError as broken:
        text = _decode_gb18030(data, name=name, broken=broken, marked=encoding is not None)
    if control := _CONTROL.search(text):
        at = control.start()
        raise errors.text_broken(name, offset=len(text[:at].encode()), line=text.count("\n", 0, at) + 1)
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\x1a")


def is_text(data: bytes) -> bool:
    """Whether the content can be read as plain text."""
    try:
        decode(data, name="")
    except Problem:
        return False
    return True


def _decode_gb18030(data: bytes, *, name: str, broken: UnicodeDecodeError, marked: bool) -> str:
    if not marked and not _is_mostly_utf8(data):
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError as gb_broken:
            broken = gb_broken
    raise errors.text_broken(
        name, offset=broken.start, line=data.count(b"\n", 0, broken.start) + 1
    ) from broken


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether far more characters read well as UTF-8 than not; GB18030 text almost never does."""
    lenient = data.decode("utf-8", errors="replace")
    wrong = lenient.count("\N{REPLACEMENT CHARACTER}")
    well = len(lenient) - len(lenient.encode("ascii", errors="ignore")) - wrong
    return well > 2 * wrong
