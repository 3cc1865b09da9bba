"""Which files are taken, recognised by what is in them and never by their name.

| type | as a body | as an attachment | limit |
|---|---|---|---|
| txt, docx, text PDF | yes | yes (a scanned PDF too) | 50 MB |
| xlsx, pptx, ofd, jpg, png | no | yes | 50 MB |

Refused: zip, rar, 7z and other archives (what is inside would escape every check), the old doc, xls, ppt and wps
formats (they cannot be read safely), files with macros, encrypted files, programs, and whatever is not recognised.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from types import MappingProxyType

import filetype

from services.documents.intake import errors, plain
from services.documents.intake.bounds import MEGABYTE
from services.documents.intake.package import Package, is_package, open_package

DEFAULT_LIMIT = 50 * MEGABYTE


class Use(StrEnum):
    """What a file is uploaded for: the text of a document, or an attachment to it."""

    BODY = "body"
    ATTACHMENT = "attachment"


@dataclass(frozen=True)
class FileType:
    """One accepted type: media type, the endings its name may have, how people call it, and what it may be used for."""

    media_type: str
    extensions: tuple[str, ...]
    label: str
    uses: frozenset[Use]


_BOTH = frozenset(Use)
_ATTACHED = frozenset({Use.ATTACHMENT})
_OFFICE = "application/vnd.openxmlformats-officedocument"

TEXT = FileType("text/plain", ("txt",), "纯文本 txt", _BOTH)
WORD = FileType(f"{_OFFICE}.wordprocessingml.document", ("docx",), "Word 文档 docx", _BOTH)
PDF = FileType("application/pdf", ("pdf",), "PDF", _BOTH)
SHEET = FileType(f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",), "Excel 表格 xlsx", _ATTACHED)
SLIDES = FileType(f"{_OFFICE}.presentationml.presentation", ("pptx",), "演示文稿 pptx", _ATTACHED)
OFD = FileType("application/ofd", ("ofd",), "版式文件 ofd", _ATTACHED)
JPEG = FileType("image/jpeg", ("jpg", "jpeg"), "图片 jpg", _ATTACHED)
PNG = FileType("image/png", ("png",), "图片 png", _ATTACHED)

ACCEPTED: tuple[FileType, ...] = (TEXT, WORD, PDF, SHEET, SLIDES, OFD, JPEG, PNG)
_IMAGES = {each.media_type: each for each in (JPEG, PNG)}
# Which part of a zip package shows what it is.
_MAIN_PARTS: Mapping[str, FileType] = MappingProxyType(
    {"word/document.xml": WORD, "xl/workbook.xml": SHEET, "ppt/presentation.xml": SLIDES, "OFD.xml": OFD}
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
# Readers look for the header within the first kilobyte, and some senders put a line before it.
_PDF_HEADER_WITHIN = 1024


def admit(data: bytes, *, name: str, use: Use, limits: Mapping[str, int] = MappingProxyType({})) -> FileType:
    """The type of a file that may be taken for this use.

    `limits` gives other limits in bytes by media type. Raises the `documents.file_…` problems.
    """
    if not data:
        raise errors.file_empty(name)
    # No limit is above the largest one, so an oversized file is refused before anything in it is read.
    if len(data) > (largest := max(DEFAULT_LIMIT, *limits.values(), 0)):
        raise errors.file_too_large(name, size=len(data), limit=largest)
    found = recognise(data, name=name, use=use)
    if len(data) > (limit := limits.get(found.media_type, DEFAULT_LIMIT)):
        raise errors.file_too_large(name, size=len(data), limit=limit)
    return found


def recognise(data: bytes, *, name: str, use: Use) -> FileType:
    """The type that the content shows; the name must not promise another one."""
    claimed = _claimed_type(name)
    found, label = _look(data, name=name)
    if found is None and claimed is TEXT and b"\0" not in data:
        # Says where the bytes stop being text, which is what a person can act on.
        plain.decode(data, name=name)
    if claimed and found is not claimed:
        raise errors.file_not_what_it_says(name, claimed=claimed.label, found=label)
    if found is None or use not in found.uses:
        raise errors.file_type_refused(
            name, found=label, accepted=[each.label for each in ACCEPTED if use in each.uses]
        )
    return found


def _look(data: bytes, *, name: str) -> tuple[FileType | None, str]:
    """The accepted type and how to call the content; no type when it is none of the accepted ones."""
    if is_package(data):
        return _look_into(open_package(data, name=name), name=name)
    if data.startswith(_OLD_OFFICE):
        if _ENCRYPTED_PACKAGE in data:
            raise errors.file_encrypted(name)
        return None, "旧版 Office 或 WPS 格式（doc、xls、ppt、wps），请另存为 docx、xlsx 或 pptx"
    if b"%PDF-" in data[:_PDF_HEADER_WITHIN]:
        return PDF, PDF.label
    guessed = filetype.guess(data)
    if guessed is not None:
        image = _IMAGES.get(guessed.mime)
        return image, image.label if image else f"{guessed.extension} 类型（{guessed.mime}）"
    if plain.is_text(data):
        return TEXT, TEXT.label
    return None, "无法识别的内容"


def _look_into(package: Package, *, name: str) -> tuple[FileType | None, str]:
    if package.has_macros:
        raise errors.file_has_macros(name)
    found = next((kind for part, kind in _MAIN_PARTS.items() if part in package.names), None)
    return found, found.label if found else "zip 压缩包"


def _claimed_type(name: str) -> FileType | None:
    ending = PurePosixPath(name.replace("\\", "/")).suffix.lstrip(".").lower()
    return next((each for each in ACCEPTED if ending in each.extensions), None)
