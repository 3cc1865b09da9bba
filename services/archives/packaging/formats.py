"""A look into each file before it is packed: whether it is what it says, opens, is locked, and will last."""

import codecs
import zipfile
from collections.abc import Callable
from pathlib import Path

import filetype
from pypdf import PdfReader

from services.archives.domain.filing import FileFormat
from services.archives.packaging.digests import CHUNK

PDF = "application/pdf"
OFD = "application/ofd"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_TITLES = {
    f"{_OFFICE}wordprocessingml.document": "Word 文档（OOXML）",
    f"{_OFFICE}spreadsheetml.sheet": "Excel 工作簿（OOXML）",
    f"{_OFFICE}presentationml.presentation": "PowerPoint 演示文稿（OOXML）",
    "application/json": "JSON",
    "image/jpeg": "JPEG 图像",
    "image/png": "PNG 图像",
    "image/tiff": "TIFF 图像",
    "text/markdown": "纯文本（Markdown）",
    "text/plain": "纯文本",
}
_TEXT = frozenset({"application/json", "text/markdown", "text/plain", "text/csv"})


def look_into(path: Path, media_type: str) -> FileFormat:
    """What the file shows when it is opened; a file that cannot be read is a finding, never a failure of
    filing.
    """
    plain_type = media_type.partition(";")[0].strip()
    look = _look_for(plain_type)
    detected = filetype.guess_mime(str(path)) if path.stat().st_size else None
    if look is None:
        return FileFormat(title=_title(plain_type), detected_type=detected)
    try:
        return look(path, plain_type, detected)
    # A broken file may fail in any way inside a parser, and each of them means the same: it does not open.
    except Exception as error:  # noqa: BLE001 - said above
        return FileFormat(
            title=_title(plain_type),
            detected_type=detected,
            opens=False,
            problem=f"不能打开（{type(error).__name__}）",
        )


def _look_for(media_type: str) -> Callable[[Path, str, str | None], FileFormat] | None:
    if media_type == PDF:
        return _pdf
    if media_type == OFD or media_type.startswith(_OFFICE):
        return _zipped
    return _text if media_type in _TEXT else None


def _title(media_type: str) -> str:
    return _TITLES.get(media_type, media_type)


def _pdf(path: Path, media_type: str, detected: str | None) -> FileFormat:
    with path.open("rb") as stream:
        reader = PdfReader(stream, strict=False)
        if reader.is_encrypted:
            return FileFormat(
                title="PDF（加密）", detected_type=detected, opens=False, encrypted=True, problem="有密码保护"
            )
        pages = len(reader.pages)
        claimed = _pdfa(reader)
        information = reader.metadata
        return FileFormat(
            title=f"PDF/A-{claimed}" if claimed else f"PDF {reader.pdf_header.removeprefix('%PDF-')}",
            detected_type=detected,
            pages=pages,
            opens=pages > 0,
            encrypted=False,
            archival=claimed is not None,
            problem=None if pages else "没有页面",
            software=information.producer or information.creator if information else None,
        )


def _pdfa(reader: PdfReader) -> str | None:
    """The part and level of PDF/A (ISO 19005) that the file claims, such as `2B`."""
    claims = reader.xmp_metadata
    if claims is None or not claims.pdfaid_part:
        return None
    return f"{claims.pdfaid_part}{claims.pdfaid_conformance or ''}"


def _zipped(path: Path, media_type: str, detected: str | None) -> FileFormat:
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        locked = any(entry.flag_bits & 0x1 for entry in archive.infolist())
    wanted = "OFD.xml" if media_type == OFD else "[Content_Types].xml"
    opens = wanted in names and not locked
    return FileFormat(
        title="OFD" if media_type == OFD else _title(media_type),
        # An OFD file looks like any zip file from outside.
        detected_type=OFD if media_type == OFD and opens else detected,
        opens=opens,
        encrypted=locked,
        archival=media_type == OFD and opens,
        problem=None if opens else "内部结构不完整",
    )


def _text(path: Path, media_type: str, detected: str | None) -> FileFormat:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        while piece := stream.read(CHUNK):
            decoder.decode(piece)
    decoder.decode(b"", final=True)
    return FileFormat(
        title=f"{_title(media_type)}（UTF-8）", detected_type=detected, opens=True, encrypted=False
    )
