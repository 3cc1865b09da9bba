"""Small files of every type that people upload, made on the spot."""

import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO

import docx
import typst
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from pypdf import PdfReader, PdfWriter

from shared.typesetting import FontSettings
from shared.typesetting.fonts import FontBook

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8cfc0f01f0005000201e5b1d3990000000049454e44ae426082"
)
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb00430001") + b"\1" * 64 + b"\xff\xd9"
OLD_WORD = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512
LOCKED_WORD = OLD_WORD + "EncryptedPackage".encode("utf-16-le")
PROGRAM = b"MZ\x90\0\x03\0\0\0" + b"\0" * 200


def zip_file(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip package of these parts."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def with_parts(package: bytes, parts: Mapping[str, str | bytes]) -> bytes:
    """The package with some parts replaced or added."""
    with zipfile.ZipFile(BytesIO(package)) as archive:
        return zip_file({name: archive.read(name) for name in archive.namelist()} | dict(parts))


def saved(document: Document) -> bytes:
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def word_file(paragraphs: Sequence[str], *, title: str = "", head: Sequence[str] = ()) -> bytes:
    """A Word document: head lines, a centred title, then plain paragraphs."""
    document = docx.Document()
    for line in head:
        document.add_paragraph(line)
    if title:
        document.add_paragraph(title).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return saved(document)


@cache
def pdf_file(*paragraphs: str) -> bytes:
    """A PDF with text, set in A4 with lines of 28 characters and page numbers."""
    text = "\n\n".join(f"#par[{paragraph}]" for paragraph in paragraphs)
    source = (
        '#set page(paper: "a4", margin: (top: 37mm, bottom: 35mm, left: 28mm, right: 26mm), numbering: "— 1 —")\n'
        '#set text(font: "Noto Sans CJK SC", size: 15.8pt, lang: "zh")\n'
        "#set par(first-line-indent: (amount: 2em, all: true))\n"
    )
    content: bytes = (source + text).encode()
    fonts = FontBook(FontSettings(use_installed=False)).fonts
    compiled = typst.Compiler(content, font_paths=fonts, ignore_system_fonts=True).compile()
    assert isinstance(compiled, bytes)
    return compiled


def scanned_pdf() -> bytes:
    """A PDF of one page without any text."""
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    return _written(writer)


def locked_pdf(password: str) -> bytes:
    """A PDF that is encrypted; with an empty password it opens, but restricts its use."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf_file("某市人民政府关于某事的通知"))))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    return _written(writer)


def _written(writer: PdfWriter) -> bytes:
    target = BytesIO()
    writer.write(target)
    return target.getvalue()
