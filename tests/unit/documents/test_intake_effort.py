"""What a small file made to be slow costs: little, and what stands on its first page is found all the same."""

import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from io import BytesIO
from itertools import count
from time import thread_time

import docx
import pytest
from docx.oxml.ns import nsdecls
from pypdf import PdfReader

from services.documents.intake import admit_attachment, bounds, read_document
from services.documents.intake.effort import TooMuchEffort, bounded_effort
from shared.errors import Problem
from tests.support import office_files as files

SMALL = 50_000
MARK = "机密★1年"
LONG = "字" * 100_000
EMPTY_CELL = '<c s="1"/>'
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def answer(take: Callable[..., object], data: bytes, *, name: str) -> str:
    """The refusal's code, or nothing when the file is taken; either within a second of processor time."""
    assert len(data) < SMALL
    begun = thread_time()
    try:
        take(data, name=name)
        return ""
    except Problem as problem:
        return problem.code
    finally:
        assert thread_time() - begun < 1


def sheet(rows: str, *, shared: str = "") -> bytes:
    names = {"worksheet": "worksheets/sheet1.xml", "sharedStrings": "sharedStrings.xml"}
    related = "".join(
        f'<Relationship Id="{kind}" Type="t/{kind}" Target="{at}"/>' for kind, at in names.items()
    )
    return files.zip_file(
        {
            "xl/workbook.xml": f'<w xmlns:r="{RELATED}"><sheet r:id="worksheet"/></w>',
            "xl/_rels/workbook.xml.rels": f"<rs>{related}</rs>",
            "xl/worksheets/sheet1.xml": f"<w>{rows}</w>",
            "xl/sharedStrings.xml": f"<sst>{shared}</sst>",
        }
    )


def pages(document: str, parts: Mapping[str, str]) -> bytes:
    return files.zip_file({"OFD.xml": "<o><DocRoot>D/D.xml</DocRoot></o>", "D/D.xml": document, **parts})


def ofd_page(*lines: str) -> str:
    return f"<p>{''.join(f'<TextObject><TextCode>{line}</TextCode></TextObject>' for line in lines)}</p>"


def with_body(body: str, **parts: str) -> bytes:
    """A Word document of this body, with some parts replaced."""
    xml = f"<w:document {nsdecls('w')}><w:body>{body}</w:body></w:document>"
    return files.with_parts(
        files.saved(docx.Document()),
        {"word/document.xml": xml, **{f"word/{name}.xml": part for name, part in parts.items()}},
    )


def paragraph(text: str, *, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_a_template_that_a_thousand_elements_name_is_read_once() -> None:
    named = '<TemplatePage BaseLoc="T.xml"/>' * 1000
    slow = ofd_page(*["某市"] * 3000)
    assert answer(admit_attachment, pages(f"<d>{named}</d>", {"D/T.xml": slow}), name="a.ofd") == ""
    marked = pages(
        f'<d>{named}<TemplatePage BaseLoc="U.xml"/></d>', {"D/T.xml": slow, "D/U.xml": ofd_page(MARK)}
    )
    assert answer(admit_attachment, marked, name="a.ofd") == "documents.secret_document"


def test_a_long_text_that_a_thousand_cells_share_is_looked_at_once() -> None:
    row = "<row>" + '<c t="s"><v>0</v></c>' * 1000 + "</row>"
    assert answer(admit_attachment, sheet(row, shared=f"<si><t>{LONG}</t></si>"), name="a.xlsx") == ""
    marked = sheet(
        row + '<row><c t="s"><v>1</v></c></row>', shared=f"<si><t>{LONG}</t></si><si><t>{MARK}</t></si>"
    )
    assert answer(admit_attachment, marked, name="a.xlsx") == "documents.secret_document"


def test_cells_without_end_are_looked_at_as_far_as_a_first_page_goes() -> None:
    cells = "<c><is><t>某市</t></is></c>" * 100_000
    marked = f"<row><c/><c><is><t>{MARK}</t></is></c>{cells}</row>"
    assert answer(admit_attachment, sheet(f"<row>{cells}</row>"), name="a.xlsx") == ""
    assert answer(admit_attachment, sheet(marked), name="a.xlsx") == "documents.secret_document"


def test_empty_cells_do_not_hide_the_row_below_them() -> None:
    rows = f"<row>{EMPTY_CELL * 16_384}</row><row><c><is><t>{MARK}</t></is></c></row>"
    assert answer(admit_attachment, sheet(rows), name="a.xlsx") == "documents.secret_document"


@pytest.mark.parametrize("figure", ["9" * 5000, "99999999999", "-1", "x"])
def test_a_cell_that_names_a_text_which_is_not_there_says_nothing(figure: str) -> None:
    data = sheet(f'<row><c t="s"><v>{figure}</v></c></row>', shared="<si><t>某市</t></si>")
    assert answer(admit_attachment, data, name="a.xlsx") == ""


@pytest.mark.parametrize("inner", [f"<t>{LONG * 10}</t>", "<t/>" * 500_000], ids=["long", "many"])
def test_a_slide_whose_paragraphs_lie_in_each_other_is_looked_at_briefly(inner: str) -> None:
    shown = f"<s><p><t>{MARK}</t></p>{'<p>' * 100}{inner}{'</p>' * 100}</s>"
    for slide, expected in ((shown, "documents.secret_document"), (shown.replace(MARK, ""), "")):
        data = files.zip_file({"ppt/presentation.xml": "<x/>", "ppt/slides/slide1.xml": slide})
        assert answer(admit_attachment, data, name="a.pptx") == expected


@pytest.mark.parametrize("based_on", ["round", "other"])
def test_a_style_that_is_based_on_itself_ends(based_on: str) -> None:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{one}"><w:basedOn w:val="{base}"/></w:style>'
        for one, base in (("round", based_on), ("other", "round"))
    )
    body = paragraph("某市关于节水的通知", properties='<w:pStyle w:val="round"/>')
    data = with_body(body, styles=f"<w:styles {nsdecls('w')}>{styles}</w:styles>")
    assert answer(read_document, data, name="a.docx") == ""


def test_a_paragraph_has_what_its_style_is_based_on() -> None:
    centred = '<w:pPr><w:jc w:val="center"/></w:pPr>'
    styles = (
        f'<w:style w:type="paragraph" w:styleId="a">{centred}</w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="c"><w:basedOn w:val="b"/></w:style>'
    )
    body = paragraph("某市关于节水的通知", properties='<w:pStyle w:val="c"/>') + paragraph("正文。")
    data = with_body(body, styles=f"<w:styles {nsdecls('w')}>{styles}</w:styles>")
    read = read_document(data, name="a.docx")
    assert (read.title, read.title_source) == ("某市关于节水的通知", "style")


def test_a_style_whose_name_could_be_taken_for_a_question_is_only_a_name() -> None:
    body = paragraph("某市关于节水的通知", properties="<w:pStyle w:val='a\"]|//*['/>")
    assert answer(read_document, with_body(body), name="a.docx") == ""


def test_a_list_of_very_many_levels_is_read_once_for_all_its_paragraphs() -> None:
    level = '<w:lvl w:ilvl="0"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
    override = '<w:lvlOverride w:ilvl="8"><w:startOverride w:val="3"/></w:lvlOverride>'
    numbering = (
        f'<w:numbering {nsdecls("w")}><w:abstractNum w:abstractNumId="1">{level * 5000}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="1"/>{override * 5000}</w:num></w:numbering>'
    )
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    data = with_body(paragraph("项", properties=numbered) * 1000, numbering=numbering)
    assert answer(read_document, data, name="a.docx") == ""
    assert read_document(data, name="a.docx").paragraphs[-1] == "一〇〇〇、项"


@pytest.mark.parametrize("counting", ["lowerRoman", "upperLetter", "decimal"])
@pytest.mark.parametrize("start", ["999999999", "9" * 4000])
@pytest.mark.parametrize("place", ["0", "99999999"])
def test_a_list_that_begins_beyond_counting_costs_nothing(counting: str, start: str, place: str) -> None:
    level = (
        f'<w:lvl w:ilvl="{place}"><w:start w:val="{start}"/><w:numFmt w:val="{counting}"/>'
        f'<w:lvlText w:val="%1{LONG}"/></w:lvl>'
    )
    numbering = (
        f'<w:numbering {nsdecls("w")}><w:abstractNum w:abstractNumId="1">{level}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )
    numbered = f'<w:numPr><w:ilvl w:val="{place}"/><w:numId w:val="1"/></w:numPr>'
    data = with_body(paragraph("项", properties=numbered) * 100, numbering=numbering)
    assert answer(read_document, data, name="a.docx") in {"", "documents.file_damaged"}


def test_tables_within_tables_are_read_once() -> None:
    body = paragraph("表内" * 1000)
    for depth in range(40):
        body = f"<w:tbl><w:tr><w:tc>{paragraph(f'第{depth}层')}{body}</w:tc></w:tr></w:tbl>"
    data = with_body(paragraph("某市关于节水的通知") + body)
    assert answer(read_document, data, name="a.docx") == ""
    read = read_document(data, name="a.docx")
    assert read.paragraphs == (*(f"第{depth}层" for depth in range(39, 0, -1)), "第0层" + "表内" * 1000)


def test_text_boxes_within_each_other_are_read_once() -> None:
    boxes = f"{'<w:txbxContent><w:p>' * 60}<w:r><w:t>{LONG}</w:t></w:r>{'</w:p></w:txbxContent>' * 60}"
    data = with_body(paragraph("某市关于节水的通知") + f"<w:p><w:r>{boxes}</w:r></w:p>")
    assert answer(read_document, data, name="a.docx") == ""


def pdf(content: bytes, *, fonts: int = 1) -> bytes:
    """A PDF of one page, packed small."""
    names = b" ".join(b"/F%d 4 0 R" % at for at in range(fonts))
    packed = zlib.compress(content, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 5 0 R/Resources<</Font<<%s>>>>>>" % names,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed),
    ]
    target, places = BytesIO(), []
    target.write(b"%PDF-1.4\n")
    for number, each in enumerate(objects, 1):
        places.append(target.tell())
        target.write(b"%d 0 obj%s endobj\n" % (number, each))
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    begun = target.tell()
    target.write(b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\n" % table)
    target.write(b"startxref\n%d\n%%%%EOF" % begun)
    return target.getvalue()


def test_a_page_that_unpacks_without_end_is_refused_unread() -> None:
    assert answer(admit_attachment, pdf(b"%" * 20_000_000), name="a.pdf") == "documents.file_expands_too_far"


def test_a_page_of_an_honest_size_is_read() -> None:
    content = b"BT /F0 9 Tf (Annual report of the water office) Tj ET\n" * 50
    assert "water office" in PdfReader(BytesIO(pdf(content))).pages[0].extract_text()
    assert answer(read_document, pdf(content), name="a.pdf") == ""


def test_a_page_that_takes_longer_than_any_honest_one_is_broken_off() -> None:
    begun = thread_time()
    with pytest.raises(Problem, match="file_too_laborious"):
        admit_attachment(pdf(b"BT /F0 9 Tf " + b"(ab) Tj " * 300_000 + b"ET"), name="a.pdf")
    assert thread_time() - begun < bounds.SECONDS + 1


def parse_and_swallow() -> None:
    """A parser that goes on after every error, and has no end."""
    while True:
        with suppress(Exception):
            len("")


def test_whatever_is_called_again_and_again_is_broken_off_even_where_errors_are_swallowed() -> None:
    clock = count()
    with pytest.raises(TooMuchEffort), bounded_effort(10, spent=lambda: float(next(clock))):
        parse_and_swallow()


def test_what_ends_in_time_is_left_alone() -> None:
    clock = count()
    with bounded_effort(10, spent=lambda: float(next(clock))):
        assert [len(text) for text in ("", "字")] == [0, 1]


def test_a_larger_file_may_cost_more_up_to_a_limit() -> None:
    allowed = [bounds.seconds_for(size) for size in (0, bounds.MEGABYTE, 50 * bounds.MEGABYTE)]
    assert allowed == sorted(allowed)
    assert (allowed[0], allowed[-1]) == (bounds.SECONDS, bounds.MOST_SECONDS)
