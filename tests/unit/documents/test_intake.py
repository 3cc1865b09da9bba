"""A person's own files: what is read from them, and what is refused with a clear word."""

import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO

import docx
import openpyxl
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from services.documents.intake import TitleSource, admit_attachment, read_document
from services.documents.intake.media import ACCEPTED, PDF, Use, admit
from services.documents.intake.word_numbers import han_count
from services.documents.rendering import OfficialLayout, render
from shared.errors import Problem
from shared.typesetting import FontSettings
from tests.support import office_files as files

TITLE = "某市人民政府办公室关于开展节水工作的通知"
BODY = (
    "各县区人民政府：",
    "现就有关工作通知如下。",
    "一、加强管理",
    "（一）落实责任。各单位要明确专人。",
    "某市人民政府办公室",
    "2024年9月2日",
)
TEXT = "\n".join((TITLE, "", *BODY))


def refusal(data: bytes, *, name: str) -> Problem:
    with pytest.raises(Problem) as refused:
        read_document(data, name=name)
    return refused.value


def outcome(take: Callable[..., object], data: bytes, *, name: str) -> int:
    """200 when the file was taken, else the status of its refusal."""
    try:
        take(data, name=name)
    except Problem as problem:
        return problem.status
    return 200


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_text_file_is_read_in_every_usual_encoding(encoding: str, end: str) -> None:
    read = read_document(TEXT.replace("\n", end).encode(encoding), name="通知.txt")
    assert (read.title, read.paragraphs) == (TITLE, BODY)
    assert (read.title_source, read.media_type) == (TitleSource.FIRST_LINES, "text/plain")


def test_broken_bytes_are_named_by_line_and_position() -> None:
    data = "第一行\n第二".encode() + b"\xff" + "行".encode()
    problem = refusal(data, name="坏.txt")
    assert (problem.code, problem.status) == ("documents.text_broken", 422)
    assert "第 2 行" in problem.detail
    assert f"第 {data.index(0xFF) + 1} 个字节" in problem.detail


@pytest.mark.parametrize("cut", [1, 2])
def test_a_cut_utf8_file_is_not_taken_for_another_encoding(cut: int) -> None:
    assert refusal(TEXT.encode()[:-cut] + b"", name="截断.txt").code == "documents.text_broken"


def test_control_characters_are_no_text() -> None:
    assert refusal("标题\n正\x07文".encode(), name="a.txt").code == "documents.text_broken"


@pytest.mark.parametrize("data", [b"", b"   \n\n\t ", "\ufeff".encode()])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert refusal(data, name="空.txt").code == "documents.file_empty"


def test_a_text_beyond_any_document_is_refused() -> None:
    assert refusal(("字" * 300_001).encode(), name="a.txt").code == "documents.file_too_long"


@given(st.text(min_size=1), st.sampled_from(["utf-8", "utf-16", "gb18030"]))
def test_any_text_file_is_read_or_refused_and_never_breaks(text: str, encoding: str) -> None:
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        return
    assert outcome(read_document, data, name="a.txt") in {200, 415, 422}


@given(st.binary(min_size=1, max_size=300), st.sampled_from(["a.txt", "a.docx", "a.pdf", "a"]))
def test_any_bytes_are_read_or_refused_and_never_break(data: bytes, name: str) -> None:
    for take in (read_document, admit_attachment):
        assert outcome(take, data, name=name) in {200, 415, 422}


@pytest.mark.parametrize(
    ("text", "title", "source"),
    [
        (f"某市人民政府办公室文件\n某政办发〔2024〕3号\n{TITLE}\n正文。", TITLE, TitleSource.FIRST_LINES),
        ("某市人民政府办公室\n关于开展节水工作的通知\n各县区：\n正文。", TITLE, TitleSource.FIRST_LINES),
        (
            "2024年全市重点工作要点\n为做好工作，制定本要点。",
            "2024年全市重点工作要点",
            TitleSource.FIRST_LINES,
        ),
        ("某市发展规划\n（2021—2025年）\n前  言\n正文。", "某市发展规划", TitleSource.FIRST_LINES),
        ("某市管理办法\n（试行）\n第一条 为了管理。", "某市管理办法（试行）", TitleSource.FIRST_LINES),
        ("各县区：\n现将《某市规划》印发给你们。\n正文。", "关于印发《某市规划》的通知", TitleSource.TOLD),
        ("一、第一部分\n正文。", "节水", TitleSource.FILE_NAME),
        ("这是一段没有标题的话。", "节水", TitleSource.FILE_NAME),
    ],
)
def test_the_title_is_found_or_said_to_be_a_guess(text: str, title: str, source: TitleSource) -> None:
    read = read_document(text.encode(), name="资料/节水.txt")
    assert (read.title, read.title_source) == (title, source)


@pytest.mark.timeout(10)
@pytest.mark.parametrize("piece", ["现将《", "(", "1〔", "关于", "第1"])
def test_a_text_made_to_be_slow_is_read_quickly(piece: str) -> None:
    assert read_document((piece * 30_000).encode(), name="节水.txt").title == "节水"


def test_a_file_name_alone_is_the_title_only_as_a_last_resort_and_keeps_the_text_whole() -> None:
    read = read_document("这是一段没有标题的话。".encode(), name="C:\\我的\\节水.txt")
    assert (read.title, read.paragraphs) == ("节水", ("这是一段没有标题的话。",))


def test_a_word_document_is_read_with_its_centred_title() -> None:
    read = read_document(files.word_file(BODY, title=TITLE, head=["某政办发〔2024〕3号"]), name="通知.docx")
    assert (read.title, read.title_source, read.paragraphs) == (TITLE, TitleSource.STYLE, BODY)


def test_a_title_on_two_centred_lines_is_one() -> None:
    document = docx.Document()
    for part in (TITLE[:9], TITLE[9:]):
        document.add_paragraph(part).alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph("正文。")
    assert read_document(files.saved(document), name="a.docx").title == TITLE


def test_a_word_documents_title_style_counts() -> None:
    document = docx.Document()
    document.add_paragraph(TITLE, style="Title")
    document.add_paragraph("正文。")
    assert read_document(files.saved(document), name="a.docx").title_source is TitleSource.STYLE


def test_tables_become_rows_in_their_place() -> None:
    document = docx.Document()
    document.add_paragraph(TITLE).alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph("见下表：")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        [*table.rows[0].cells, *table.rows[1].cells], ["单位", "数量", "某局", "3"], strict=True
    ):
        cell.text = text
    document.add_paragraph("表后。")
    read = read_document(files.saved(document), name="a.docx")
    assert read.paragraphs == ("见下表：", "单位　数量", "某局　3", "表后。")


def test_numbers_that_word_sets_by_itself_are_kept() -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">'
            '<w:lvl w:ilvl="0"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
            '<w:lvl w:ilvl="1"><w:numFmt w:val="japaneseCounting"/><w:lvlText w:val="(%2)"/></w:lvl>'
            "</w:abstractNum>"
        ),
    )
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    document.add_paragraph(TITLE).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, level in [("总则", 0), ("目标", 1), ("任务", 1), ("措施", 0), ("保障", 1)]:
        properties = document.add_paragraph(text)._p.get_or_add_pPr()
        properties.append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>')
        )
    read = read_document(files.saved(document), name="a.docx")
    assert read.paragraphs == ("一、总则", "(一)目标", "(二)任务", "二、措施", "(一)保障")


@pytest.mark.parametrize(
    ("number", "text"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (35, "三十五"), (100, "一〇〇")]
)
def test_han_figures_count(number: int, text: str) -> None:
    assert han_count(number) == text


def test_text_inside_a_content_control_is_not_lost() -> None:
    document = docx.Document()
    document.add_paragraph(TITLE).alignment = WD_ALIGN_PARAGRAPH.CENTER
    inner = f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>控件里的话。</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    document.element.body.insert(1, parse_xml(inner))
    assert read_document(files.saved(document), name="a.docx").paragraphs == ("控件里的话。",)


def test_open_revisions_are_refused() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("已定的话")
    paragraph._p.append(parse_xml(f'<w:ins {nsdecls("w")} w:id="1"><w:r><w:t>新加的话</w:t></w:r></w:ins>'))
    assert refusal(files.saved(document), name="a.docx").code == "documents.file_has_tracked_changes"


@pytest.mark.parametrize("part", ["word/vbaProject.bin", "word/VBAProject.bin"])
def test_macros_are_refused(part: str) -> None:
    data = files.with_parts(files.word_file(BODY), {part: b"\0"})
    assert refusal(data, name="a.docx").code == "documents.file_has_macros"


def test_macros_are_refused_by_the_declared_type_too() -> None:
    types = '<Types xmlns="t"><Override PartName="/word/document.xml" ContentType="x.macroEnabled.main+xml"/></Types>'
    data = files.with_parts(files.word_file(BODY), {"[Content_Types].xml": types})
    assert refusal(data, name="a.docx").code == "documents.file_has_macros"


def test_a_package_that_unpacks_without_end_is_refused_unread() -> None:
    bomb = files.with_parts(files.word_file(BODY), {"word/media/x.bin": b"\0" * 60_000_000})
    assert len(bomb) < 200_000
    assert refusal(bomb, name="a.docx").code == "documents.file_expands_too_far"


def test_a_package_of_very_many_parts_is_refused() -> None:
    parts = {f"word/media/{at}": b"" for at in range(5001)}
    assert (
        refusal(files.with_parts(files.word_file(BODY), parts), name="a.docx").code
        == "documents.file_expands_too_far"
    )


def test_entities_in_a_package_are_not_expanded() -> None:
    laughs = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 12))
    xml = (
        f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a0 "ha">{laughs}]><w:document {nsdecls("w")}><w:body>'
        "<w:p><w:r><w:t>&a11;标题</w:t></w:r></w:p></w:body></w:document>"
    )
    data = files.with_parts(files.word_file(BODY), {"word/document.xml": xml})
    assert refusal(data, name="a.docx").code == "documents.file_damaged"


@pytest.mark.parametrize(
    "data",
    [
        files.word_file(BODY)[:-200],
        files.word_file(BODY)[:200],
        files.with_parts(files.word_file(BODY), {"word/document.xml": "<w:document"}),
        files.with_parts(files.word_file(BODY), {"word/document.xml": "<other/>"}),
        files.with_parts(files.word_file(BODY), {"_rels/.rels": "<x/>"}),
        files.with_parts(files.word_file(BODY), {"[Content_Types].xml": "<x/>"}),
        files.zip_file({"word/document.xml": "<x/>"}),
    ],
    ids=["cut", "cut short", "broken xml", "other xml", "no relations", "no types", "nothing else"],
)
def test_a_damaged_word_document_is_refused(data: bytes) -> None:
    assert refusal(data, name="a.docx").code == "documents.file_damaged"


def test_a_pdf_is_read_line_by_line_into_paragraphs() -> None:
    long = "（一）落实责任。" + "各单位要高度重视节水工作并明确专人负责具体事项的落实" * 4 + "。"
    read = read_document(
        files.pdf_file(TITLE, "各县区人民政府：", "一、加强管理", long, "某市人民政府办公室"), name="通知.pdf"
    )
    assert read.title == TITLE
    assert read.paragraphs == ("各县区人民政府：", "一、加强管理", long, "某市人民政府办公室")
    assert read.media_type == "application/pdf"


def test_a_document_that_this_office_rendered_reads_back_as_it_was() -> None:
    body = (
        "一、加强管理",
        "（一）落实责任。" + "各单位要用好IPv6等技术，明确专人负责具体事项" * 6 + "。",
        "这一段的末行正好排满，后面紧跟着另一段" * 9,
        "第三段写满之后还要翻到下一页，" * 60 + "完。",
    )
    layout = OfficialLayout(
        mark=("某市人民政府",),
        number="某府发〔2024〕3号",
        title=TITLE,
        recipients=("各县区人民政府",),
        body=body,
        signatories=("某市人民政府",),
        issued_on=date(2024, 9, 2),
    )
    read = read_document(render(layout, FontSettings(use_installed=False)), name="发文.pdf")
    assert (read.title, read.title_source) == (TITLE, TitleSource.STYLE)
    assert read.paragraphs == ("各县区人民政府：", *body, "某市人民政府", "2024年9月2日")
    assert read.first_page[:2] == ("某市人民政府文件", "某府发〔2024〕3号")


def test_a_scan_has_no_text_to_read_but_may_be_attached() -> None:
    assert refusal(files.scanned_pdf(), name="扫描件.pdf").code == "documents.file_without_text"
    assert admit_attachment(files.scanned_pdf(), name="扫描件.pdf") is PDF


@pytest.mark.parametrize("password", ["secret", ""])
def test_a_locked_pdf_is_refused(password: str) -> None:
    data = files.locked_pdf(password)
    assert refusal(data, name="a.pdf").code == "documents.file_encrypted"
    with pytest.raises(Problem, match="file_encrypted"):
        admit_attachment(data, name="a.pdf")


@pytest.mark.parametrize("data", [b"%PDF-1.7\nnothing", files.pdf_file(TITLE)[:300]])
def test_a_pdf_that_breaks_off_is_refused(data: bytes) -> None:
    assert refusal(data, name="a.pdf").code == "documents.file_damaged"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", b"this is no pdf"),
        ("a.docx", files.pdf_file(TITLE)),
        ("a.txt", files.word_file(BODY)),
        ("a.pdf", files.word_file(BODY)),
        ("a.docx", files.zip_file({"a.txt": "x"})),
        ("A.PDF", files.PNG),
    ],
)
def test_a_name_that_promises_another_type_is_refused(name: str, data: bytes) -> None:
    problem = refusal(data, name=name)
    assert (problem.code, problem.status) == ("documents.file_not_what_it_says", 415)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.zip", files.zip_file({"a.txt": "x"})),
        ("a.doc", files.OLD_WORD),
        ("a.exe", files.PROGRAM),
        ("a.bin", bytes(range(256))),
        ("a.gif", b"GIF89a" + b"\0" * 50),
        ("a.rar", b"Rar!\x1a\x07\0" + b"\0" * 50),
    ],
)
def test_types_that_cannot_be_checked_are_refused(name: str, data: bytes) -> None:
    with pytest.raises(Problem) as refused:
        admit_attachment(data, name=name)
    assert refused.value.status == 415


def test_a_picture_is_an_attachment_and_no_text() -> None:
    assert admit_attachment(files.PNG, name="图.png").media_type == "image/png"
    assert admit_attachment(files.JPEG, name="图.JPEG").media_type == "image/jpeg"
    assert refusal(files.PNG, name="图").code == "documents.file_type_refused"


def test_the_content_decides_where_the_name_says_nothing() -> None:
    assert read_document(files.word_file(BODY, title=TITLE), name="通知").title == TITLE


def test_an_encrypted_word_document_is_told_from_an_old_one() -> None:
    assert refusal(files.LOCKED_WORD, name="a.docx").code == "documents.file_encrypted"


def test_a_package_with_a_password_is_refused() -> None:
    data = bytearray(files.word_file(BODY))
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    assert refusal(bytes(data), name="a.docx").code == "documents.file_encrypted"


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(
        [("a.docx", files.word_file(BODY, title=TITLE)), ("a.pdf", files.pdf_file(TITLE, "正文。"))]
    ),
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=20),
)
def test_a_file_with_wrong_bytes_is_read_or_refused_and_never_breaks(
    file: tuple[str, bytes], wrong: list[tuple[float, int]]
) -> None:
    name, data = file[0], bytearray(file[1])
    for place, value in wrong:
        data[int(place * len(data))] = value
    for take in (read_document, admit_attachment):
        assert outcome(take, bytes(data), name=name) in {200, 415, 422}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "p",
                "r",
                "t",
                "tbl",
                "tr",
                "tc",
                "sdt",
                "sdtContent",
                "pPr",
                "numPr",
                "numId",
                "ilvl",
                "jc",
                "br",
            ]
        ),
        max_size=25,
    ),
    st.sampled_from(["", "1", "x", "-1", "center"]),
)
def test_a_word_document_nested_in_any_way_is_read_or_refused(tags: list[str], value: str) -> None:
    opened = "".join(f'<w:{tag} w:val="{value}">' for tag in tags)
    closed = "".join(f"</w:{tag}>" for tag in reversed(tags))
    xml = f"<w:document {nsdecls('w')}><w:body>{opened}文{closed}<w:p/></w:body></w:document>"
    data = files.with_parts(files.word_file(BODY), {"word/document.xml": xml})
    assert outcome(read_document, data, name="a.docx") in {200, 422}


def test_limits_are_by_type_and_can_be_changed() -> None:
    data = files.word_file(BODY)
    with pytest.raises(Problem) as refused:
        read_document(data, name="a.docx", limits={each.media_type: 1000 for each in ACCEPTED})
    assert (refused.value.code, refused.value.status) == ("documents.file_too_large", 413)
    assert (
        admit(TEXT.encode(), name="a.txt", use=Use.BODY, limits={"application/pdf": 1}).label == "纯文本 txt"
    )


def test_an_oversized_file_is_refused_before_it_is_read() -> None:
    with pytest.raises(Problem, match="file_too_large"):
        admit_attachment(b"%PDF-" + bytes(50 * 1024 * 1024), name="a.pdf")


def marked_sheet() -> bytes:
    book, target = openpyxl.Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "秘密★1年"
    sheet["A2"] = "名单"
    book.save(target)
    return target.getvalue()


def header_marked_word() -> bytes:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "机密★1年"
    document.add_paragraph(TITLE).alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph("正文。")
    return files.saved(document)


def footer_marked_word() -> bytes:
    document = docx.Document()
    document.sections[0].footer.paragraphs[0].text = "机密★1年"
    document.add_paragraph(TITLE).alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph("正文。")
    return files.saved(document)


def header_marked_sheet() -> bytes:
    book, target = openpyxl.Workbook(), BytesIO()
    sheet = book.worksheets[0]
    sheet["A1"] = "名单"
    sheet.oddHeader.left.text = "机密★1年"
    sheet.oddHeader.left.font = "宋体,常规"
    sheet.oddHeader.left.size = 14
    book.save(target)
    return target.getvalue()


def wide_sheet_put_first() -> bytes:
    """A book whose first sheet was made last, with many other words above its mark."""
    book, target = openpyxl.Workbook(), BytesIO()
    book.worksheets[0]["A1"] = "名单"
    first = book.create_sheet("首页", 0)
    first.append([f"第{column}列" for column in range(80)])
    first.append(["秘密★1年"])
    book.save(target)
    return target.getvalue()


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MARKED_SLIDE = "<s><p><t>机密★</t><t>1年</t></p></s>"


def later_slide_first() -> bytes:
    shown = f'<p xmlns:r="{OFFICE}"><sldId id="256" r:id="r2"/><sldId id="257" r:id="r1"/></p>'
    related = (
        '<rs><Relationship Id="r1" Type="t/slide" Target="slides/slide1.xml"/>'
        '<Relationship Id="r2" Type="t/slide" Target="/ppt/slides/slide7.xml"/></rs>'
    )
    return files.zip_file(
        {
            "ppt/presentation.xml": shown,
            "ppt/_rels/presentation.xml.rels": related,
            "ppt/slides/slide1.xml": "<s><p><t>汇报</t></p></s>",
            "ppt/slides/slide7.xml": MARKED_SLIDE,
        }
    )


OFD_PAGE = '<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:TextObject><ofd:TextCode>机密★3年</ofd:TextCode></ofd:TextObject></ofd:Page>'


def ofd_with_page(page: str, *, template: bool = False) -> bytes:
    """A package whose first page, or what lies behind it, is marked and stands where its document says."""
    place = f"Pages/{page}/Content.xml"
    shown = f'<TemplatePage BaseLoc="{place}"/>' if template else f'<Page BaseLoc="{place}"/>'
    return files.zip_file(
        {
            "OFD.xml": "<o><DocRoot>/Doc_3/Document.xml</DocRoot></o>",
            "Doc_3/Document.xml": f'<d>{shown}<Page BaseLoc="Pages/Other/Content.xml"/></d>',
            f"Doc_3/{place}": OFD_PAGE,
            "Doc_3/Pages/Other/Content.xml": "<p/>",
        }
    )


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", f"机密★1年\n{TEXT}".encode()),
        ("a.docx", files.word_file(BODY, title=TITLE, head=["000001", "秘 密 ★ 1 年"])),
        ("a.docx", header_marked_word()),
        ("a.docx", footer_marked_word()),
        ("a.pdf", files.pdf_file("机密★1年", TITLE, "正文。")),
    ],
)
def test_a_marked_first_page_is_refused_as_a_text_and_as_an_attachment(name: str, data: bytes) -> None:
    problem = refusal(data, name=name)
    assert (problem.code, problem.status) == ("documents.secret_document", 422)
    with pytest.raises(Problem, match="secret_document"):
        admit_attachment(data, name=name)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", marked_sheet()),
        ("a.ofd", files.zip_file({"OFD.xml": "<x/>", "Doc_0/Pages/Page_0/Content.xml": OFD_PAGE})),
        ("a.ofd", ofd_with_page("Page_1")),
        ("a.ofd", ofd_with_page("Page_0", template=True)),
        ("a.xlsx", header_marked_sheet()),
        ("a.xlsx", wide_sheet_put_first()),
        ("a.pptx", later_slide_first()),
        ("a.pptx", files.zip_file({"ppt/presentation.xml": "<x/>", "ppt/slides/slide3.xml": MARKED_SLIDE})),
        ("名单（机密）.png", files.PNG),
    ],
)
def test_a_marked_attachment_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(Problem, match="secret_document"):
        admit_attachment(data, name=name)


def test_a_document_about_secrets_and_one_marked_later_are_taken() -> None:
    about = "某市国家保密局关于做好国家秘密定密工作的通知\n各单位要严格保守国家秘密，密级分为绝密、机密、秘密三级。"
    assert read_document(about.encode(), name="a.txt").title.endswith("通知")
    later = "\n".join([TITLE, *["这一行足够长" * 10] * 22, "秘密"])
    assert read_document(later.encode(), name="a.txt").title == TITLE


def test_every_sheet_and_slide_that_is_clean_is_taken() -> None:
    book, target = openpyxl.Workbook(), BytesIO()
    book.save(target)
    assert "xlsx" in admit_attachment(target.getvalue(), name="表.xlsx").label
    slides = files.zip_file({"ppt/presentation.xml": "<x/>", "ppt/slides/slide1.xml": "<x/>"})
    assert "pptx" in admit_attachment(slides, name="片.pptx").label
    assert zipfile.is_zipfile(BytesIO(slides))
