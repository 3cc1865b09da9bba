"""Matters of the hotline and the media: every error first, all or none, safe to repeat."""

import io
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from services.supervision.commands.import_matters import import_matters
from services.supervision.importing import read_rows
from services.supervision.models import Task
from shared.errors import Problem
from tests.service.supervision.offices import Offices

CSV = (
    "编号,来源,标题,内容,主办单位,办结期限,时限,紧急程度\n"
    "H-001,热线,路灯不亮,青山路三盏路灯不亮,萍乡市数据局,2026-11-20,,急件\n"
    "M-001,媒体,排队时间长,办事大厅排队两小时,,,2.5,\n"
)


def bring(offices: Offices, rows: list[Any]) -> Any:
    with offices.session() as session:
        return import_matters(session, offices.actor("督查员"), offices.clock, rows=rows)


def count(offices: Offices) -> int:
    with offices.session() as session:
        own = sa.select(sa.func.count()).where(Task.unit_id == offices.units["市政府办"])
        return session.scalar(own) or 0


def test_a_file_is_registered_and_may_be_sent_again(offices: Offices) -> None:
    rows = read_rows(CSV.encode("gb18030"), name="线索.csv")
    assert bring(offices, rows)["registered"] == 2
    again = bring(offices, rows)
    assert (again["registered"], again["repeated"], count(offices)) == (0, 2, 2)
    with offices.session() as session:
        first = session.get_one(Task, again["rows"][0]["task_id"])
        second = session.get_one(Task, again["rows"][1]["task_id"])
    assert (first.source, first.urgency, first.lead_unit_name) == ("hotline", "急件", "萍乡市数据局")
    assert (second.source, second.half_days, second.state) == ("media", 5, "registered")


def test_a_workbook_says_the_same_as_a_csv(offices: Offices) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in CSV.splitlines():
        sheet.append(line.split(","))
    target = io.BytesIO()
    book.save(target)
    assert read_rows(target.getvalue(), name="线索.xlsx") == read_rows(CSV.encode(), name="线索.csv")


def test_every_error_is_told_and_nothing_is_registered(offices: Offices) -> None:
    rows: list[Any] = [
        {"reference": "H-1", "title": "可以的事项"},
        {"reference": "H-2"},
        {"reference": "H-3", "title": "单位不对", "lead": "没有这个局"},
        {"reference": "H-4", "title": "日期已过", "due_on": "2026-10-01"},
        {"reference": "H-1", "title": "重复的编号"},
        "不是一行",
    ]
    with pytest.raises(Problem) as refused:
        bring(offices, rows)
    assert refused.value.code == "supervision.rows_wrong"
    assert list(refused.value.errors) == ["第 2 行", "第 3 行", "第 4 行", "第 5 行", "第 6 行"]
    assert "title：必填" in refused.value.errors["第 2 行"]
    assert "没有这个局" in refused.value.errors["第 3 行"][0]
    assert count(offices) == 0


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "是空的"),
        ("编号,说明\n1,2\n".encode(), "不认识的列“说明”"),
        ("编号\n1\n".encode(), "缺少列“标题”"),
        (b"PK\x03\x04broken", "已损坏"),
        (b"\x00\x01\x02", "不是文本表格"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, why: str) -> None:
    with pytest.raises(Problem) as refused:
        read_rows(content, name="线索.csv")
    assert refused.value.code == "supervision.file_unreadable"
    assert why in refused.value.detail


def test_rules_and_calendars_are_read_once_for_all_rows(offices: Offices) -> None:
    read: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        read.append(statement)

    rows = [
        {"reference": f"H-{number}", "title": "路灯不亮", "lead": "数据局", "due_on": "2026-11-20"}
        for number in range(30)
    ]
    engine = offices.database.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        assert bring(offices, rows)["registered"] == 30
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert len([one for one in read if "calendar_day" in one and one.startswith("SELECT")]) <= 4
