"""Which files are taken as materials, told by what is in them and never by their name."""

import io
import zipfile
from collections.abc import Mapping

import filetype

PDF = "application/pdf"
TEXT = "text/plain"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_PARTS: Mapping[str, str] = {
    "word/document.xml": f"{_OFFICE}.wordprocessingml.document",
    "xl/workbook.xml": f"{_OFFICE}.spreadsheetml.sheet",
    "OFD.xml": "application/ofd",
}
_IMAGES = ("image/jpeg", "image/png")
ACCEPTED_NAMES = "PDF、Word(docx)、Excel(xlsx)、OFD、图片(jpg、png)、纯文本"
# The header may stand a little behind the beginning.
_PDF_HEADER_WITHIN = 1024


def media_type_of(data: bytes) -> str | None:
    """The media type of an accepted file, or None."""
    if b"%PDF-" in data[:_PDF_HEADER_WITHIN]:
        return PDF
    if data.startswith(b"PK"):
        return _package_type(data)
    guessed = filetype.guess(data)
    if guessed is not None:
        return guessed.mime if guessed.mime in _IMAGES else None
    return TEXT if _is_text(data) else None


def _package_type(data: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return None
    if any(name.endswith("vbaProject.bin") for name in names):
        return None
    return next((media_type for part, media_type in _PARTS.items() if part in names), None)


def _is_text(data: bytes) -> bool:
    if b"\0" in data:
        return False
    try:
        return bool(data.decode("utf-8").strip())
    except UnicodeDecodeError:
        return False
