"""The file: PDF/A-2b, the same bytes for the same document, text printed literally, long documents in time."""

import io
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pypdf
import pytest

from services.documents.rendering import (
    LayoutForm,
    ProcessingSheet,
    ProcessStep,
    Table,
    render,
    render_processing_sheet,
)
from shared.errors import Problem
from shared.typesetting import Typesetter
from tests.unit.rendering import pages
from tests.unit.rendering.samples import DOCUMENT, LETTER, PACKAGED, text_of

SHEET = ProcessingSheet(
    agency="青山市人民政府办公室",
    heading="发文稿纸",
    title=DOCUMENT.title,
    elements=(
        ("发文字号", "青政发〔2024〕12号"),
        ("紧急程度", "平件"),
        ("主送机关", "各县（区）人民政府，市政府各部门"),
    ),
    steps=(
        ProcessStep(
            step="签发",
            person="王小明",
            post="市长",
            act="同意",
            at=datetime(2024, 3, 4, 23, 30, tzinfo=UTC),
            opinion="同意。\n请抓紧印发。",
            on_behalf_of="李大川",
        ),
    ),
    produced_at=datetime(2024, 3, 6, 1, 0, tzinfo=UTC),
)


def metadata(pdf: bytes) -> str:
    """The XMP packet of the file."""
    found = pypdf.PdfReader(io.BytesIO(pdf)).root_object["/Metadata"].get_object()
    return found.get_data().decode("utf-8")


@pytest.mark.parametrize("form", list(LayoutForm))
def test_every_form_is_pdf_a_2b(form: LayoutForm) -> None:
    packet = metadata(render(replace(DOCUMENT, form=form), PACKAGED))
    assert "<pdfaid:part>2</pdfaid:part>" in packet
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in packet
    assert DOCUMENT.title in packet


def test_every_font_is_embedded() -> None:
    reader = pypdf.PdfReader(io.BytesIO(render(DOCUMENT, PACKAGED)))
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(descriptor.get_object())


def test_the_same_document_gives_the_same_bytes_whatever_was_set_before() -> None:
    first = render(DOCUMENT, PACKAGED)
    render(LETTER, PACKAGED)
    assert render(DOCUMENT, PACKAGED) == first


def test_the_only_time_in_the_file_is_the_documents_own() -> None:
    assert "2024-03-05" in metadata(render(DOCUMENT, PACKAGED))
    produced_at = datetime(2024, 3, 7, 2, 0, tzinfo=UTC)
    assert "2024-03-07" in metadata(render(replace(DOCUMENT, produced_at=produced_at), PACKAGED))


def test_a_moment_between_two_seconds_is_a_moment_too() -> None:
    produced_at = datetime(2024, 3, 7, 2, 0, 0, 123456, tzinfo=UTC)
    assert "2024-03-07" in metadata(render(replace(DOCUMENT, produced_at=produced_at), PACKAGED))


def test_documents_are_set_side_by_side() -> None:
    alone = [render(replace(DOCUMENT, body=(text_of(n),)), PACKAGED) for n in range(500, 504)]
    together: dict[int, bytes] = {}

    def set_one(number: int) -> None:
        together[number] = render(replace(DOCUMENT, body=(text_of(number),)), PACKAGED)

    threads = [Thread(target=set_one, args=(number,)) for number in range(500, 504)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[number] for number in range(500, 504)] == alone


MARKUP = (
    '#eval("1+1")',
    '#panic("x") ] } ) " \\ $x^2$',
    "*粗* _斜_ `码` <标签> @引用",
    "// 注 /* 注 */ = 题 - 项 + 项",
    "#read('/pyproject.toml') #import '/x.typ': *",
    "{{x}} %s \\u{41} &lt;b&gt;",
)


@pytest.mark.parametrize("markup", MARKUP)
def test_markup_in_any_element_is_printed_as_it_is(markup: str) -> None:
    layout = replace(
        DOCUMENT,
        title=markup,
        mark=(markup,),
        body=(markup, Table(rows=((markup,),))),
        recipients=(markup,),
        signatories=(markup,),
        note=markup,
        copies_to=(markup,),
        attachment_names=(markup,),
    )
    found = pages.whole_text(render(layout, PACKAGED)).replace("\u200b", "")
    assert found.count(markup.replace(" ", "")) >= 6


@pytest.mark.parametrize("invisible", ["\u202e", "\u200b", "\u200d", "\ufeff", "\u00ad"])
def test_characters_that_cannot_be_seen_do_not_reach_the_page(invisible: str) -> None:
    layout = replace(DOCUMENT, body=(f"甲{invisible}乙。",), title=f"关于{invisible}防汛的通知")
    assert "甲乙。" in pages.whole_text(render(layout, PACKAGED))


@pytest.mark.parametrize("control", ["\x00", "\x07", "\x0b", "\t", "\u00a0", "\u2028"])
def test_control_characters_become_spaces(control: str) -> None:
    pdf = render(replace(DOCUMENT, body=(f"甲{control}乙。",), title=f"关于{control}防汛的通知"), PACKAGED)
    assert "甲乙。" in pages.whole_text(pdf)


def test_half_of_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(Problem) as refusal:
        render(replace(DOCUMENT, body=("甲\ud800乙。",)), PACKAGED)
    assert refusal.value.detail.encode("utf-8")


def test_a_word_longer_than_a_line_is_broken_and_a_web_address_is_not_changed() -> None:
    address = "https://www.example.gov.cn/a/b/index.html"
    pdf = render(
        replace(DOCUMENT, body=("A" * 200, f"见{address}。", Table(rows=(("B" * 90, "乙"),)))), PACKAGED
    )
    assert all(line.right <= 185 for page in pages.lines(pdf) for line in page)
    assert address in pages.whole_text(pdf)


def test_a_document_of_60_000_characters_is_set_within_2_seconds() -> None:
    body = tuple(f"（{'一二三四五六七八九'[n % 9]}）{text_of(300)}。" for n in range(200))
    typesetter_is_warm = render(DOCUMENT, PACKAGED)
    begin = time.perf_counter()
    pdf = render(replace(DOCUMENT, body=body), PACKAGED)
    assert time.perf_counter() - begin < 2
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) > 90
    assert typesetter_is_warm


def test_the_processing_sheet_lists_every_act_with_local_time_and_on_whose_behalf() -> None:
    pdf = render_processing_sheet(SHEET, PACKAGED)
    found = pages.whole_text(pdf)
    assert "青山市人民政府办公室发文稿纸" in found
    for part in (
        "青政发〔2024〕12号",
        "签发",
        "王小明",
        "市长",
        "代李大川",
        "2024-03-05",
        "07:30",
        "请抓紧印发。",
    ):
        assert part in found
    assert "第1页共1页" in found
    assert "<pdfaid:part>2</pdfaid:part>" in metadata(pdf)
    assert render_processing_sheet(SHEET, PACKAGED) == pdf


def test_a_long_history_runs_over_several_pages_under_the_same_head() -> None:
    found = pages.texts(render_processing_sheet(replace(SHEET, steps=SHEET.steps * 60), PACKAGED))
    assert len(found) > 2
    assert all(any(line.startswith("序号环节") for line in page) for page in found)


def test_a_sheet_without_any_act_is_set() -> None:
    assert "办理过程" in pages.whole_text(render_processing_sheet(replace(SHEET, steps=()), PACKAGED))


def test_a_fault_of_a_template_is_not_blamed_on_the_content(tmp_path: Path) -> None:
    absent = tmp_path / "absent.typ"
    with pytest.raises(RuntimeError):
        Typesetter(PACKAGED).typeset(absent, {}, pieces=(), produced_at=SHEET.produced_at)
