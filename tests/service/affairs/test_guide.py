"""The guide (办事指南): fourteen elements made from the catalogue, as a page and as PDF, of each version."""

from io import BytesIO
from uuid import UUID

import pytest
from pypdf import PdfReader

from services.affairs.commands.matters import edit_matter, publish_matter
from services.affairs.domain.guide import Guide, guide_page
from services.affairs.queries.guides import find_guide
from services.affairs.rendering.guide import render_guide
from shared.errors import Problem
from tests.service.affairs.offices import APPLICANT, Offices

ELEMENTS = [
    "事项名称", "事项编码", "责任单位", "申请对象", "设定依据", "受理条件", "提交材料", "办理流程", "办件类型",
    "办理时限", "办理形式", "办理结果", "收费情况", "咨询监督",
]  # fmt: skip


def guide(offices: Offices, matter_id: UUID, *, version: int | None = None, by: str = APPLICANT) -> Guide:
    with offices.session() as session:
        return find_guide(session, offices.actor(by), offices.clock, matter_id=matter_id, version=version)


def test_a_guide_has_fourteen_elements_from_the_catalogue(offices: Offices) -> None:
    made = guide(offices, offices.matter(basis=["机关事务管理条例"], conditions=["编制未满"]))
    assert [name for name, _ in made.elements] == ELEMENTS
    said = dict(made.elements)
    assert said["设定依据"] == ("机关事务管理条例",)
    assert said["办理时限"] == ("承诺时限：受理后 5 个工作日", "法定时限：20 个工作日")
    assert said["办理流程"][0].startswith("申请 → 受理 → ")
    assert [row[4] for row in made.materials] == ["—", "可容缺", "可告知承诺"]


def test_what_somebody_wrote_is_escaped_in_the_page(offices: Offices) -> None:
    page = guide_page(guide(offices, offices.matter(name="<script>alert(1)</script>调动", note="")))
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;调动 办事指南" in page


def test_each_version_has_its_guide_and_a_draft_is_its_keepers_alone(offices: Offices) -> None:
    matter_id = offices.matter()
    keeper = "人社主任"
    with offices.session() as session:
        content = offices.content(promised_days=2)
        edit_matter(session, offices.actor(keeper), offices.clock, matter_id=matter_id, content=content)
    with pytest.raises(Problem, match=r"affairs\.version_not_found"):
        guide(offices, matter_id, version=2)
    assert guide(offices, matter_id, version=2, by=keeper).version == 2
    assert guide(offices, matter_id).version == 1
    with offices.session() as session:
        publish_matter(session, offices.actor(keeper), offices.clock, matter_id=matter_id)
    assert dict(guide(offices, matter_id).elements)["办理时限"][0] == "承诺时限：受理后 2 个工作日"
    assert dict(guide(offices, matter_id, version=1).elements)["办理时限"][0] == "承诺时限：受理后 5 个工作日"


def test_the_guide_is_set_as_a_pdf(offices: Offices) -> None:
    made = guide(offices, offices.matter())
    pdf = render_guide(made, offices.means.fonts, produced_at=offices.clock.now())
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    assert all(element in text for element in ELEMENTS)
