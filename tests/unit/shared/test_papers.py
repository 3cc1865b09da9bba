"""Files that people attach: what they are by their content, and whether a reader sees a secrecy mark first."""

import io
import zipfile

import docx
import openpyxl
import pytest

from shared.papers import read_paper


def a_word_file(*lines: str, header: str = "") -> bytes:
    document, kept = docx.Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    document.save(kept)
    return kept.getvalue()


def a_sheet(*cells: str) -> bytes:
    book, kept = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0].append(list(cells))
    book.save(kept)
    return kept.getvalue()


def a_package(**parts: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return kept.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        "机密★1年\n关于某事的报告".encode(),
        a_word_file("关于某事的报告", header="机密★1年"),
        a_word_file("秘 密", "关于某事的报告"),
        a_sheet("绝密", "数字"),
        a_package(OFD_xml="<OFD/>", Doc_0__Pages__Page_0__Content_xml=(
            "<P><TextObject><TextCode>机密★</TextCode></TextObject></P>"
        )),
    ],
)  # fmt: skip
def test_a_mark_that_a_reader_sees_first_is_found(data: bytes) -> None:
    read = read_paper(data)
    assert read
    assert read.secrecy_mark


def test_what_only_speaks_of_secrets_has_no_mark() -> None:
    read = read_paper(a_word_file("关于加强商业秘密保护的报告", "严守国家秘密"))
    assert read
    assert read.secrecy_mark is None
    assert read.text == "关于加强商业秘密保护的报告\n严守国家秘密"


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\x00\x01", b"MZ\x90\x00\x03", b"PK\x03\x04broken", a_package(a="x")]
)
def test_what_is_not_known_is_no_paper(data: bytes) -> None:
    assert read_paper(data) is None


def test_a_broken_pdf_is_a_paper_without_text() -> None:
    read = read_paper(b"%PDF-1.7 nothing more")
    assert read
    assert (read.media_type, read.text, read.secrecy_mark) == ("application/pdf", None, None)
