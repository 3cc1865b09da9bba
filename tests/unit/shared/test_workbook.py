"""Lists as workbooks: nothing that was typed runs, and nothing in it keeps the file from being opened."""

from datetime import UTC, datetime
from io import BytesIO
from operator import itemgetter

import pytest
from openpyxl import load_workbook

from shared.workbook import Column, workbook_bytes

COLUMNS = (Column("标题", 60, itemgetter(0)), Column("时间", 18, itemgetter(1)))


def sheet_of(*rows: tuple[object, object]):  # type: ignore[no-untyped-def]
    return load_workbook(BytesIO(workbook_bytes("公文", columns=COLUMNS, rows=rows)))["公文"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x.invalid")'])
def test_a_text_that_looks_like_a_formula_is_that_text(text: str) -> None:
    cell = sheet_of((text, None))["A2"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_characters_that_no_workbook_can_hold_are_left_out() -> None:
    assert sheet_of(("关于\x00防汛\x1f的通知", None))["A2"].value == "关于防汛的通知"


def test_numbers_stay_numbers_and_moments_are_on_the_offices_wall_clock() -> None:
    sheet = sheet_of((7, datetime(2026, 11, 2, 16, 30, tzinfo=UTC)), (None, ""))
    assert [cell.value for cell in sheet[2]] == [7, "2026-11-03 00:30"]
    assert not any(cell.value for cell in sheet[3])


def test_the_head_stays_in_sight_and_columns_are_as_wide_as_said() -> None:
    sheet = sheet_of(("a", None))
    assert [cell.value for cell in sheet[1]] == ["标题", "时间"]
    assert all(cell.font.bold for cell in sheet[1])
    assert sheet.freeze_panes == "A2"
    assert [sheet.column_dimensions[letter].width for letter in "AB"] == [60, 18]
