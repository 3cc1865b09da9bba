"""A form's data of a period as a workbook (XLSX)."""

from collections.abc import Mapping
from functools import partial
from operator import itemgetter
from typing import Any

from shared.offload import offload
from shared.workbook import Column, workbook_bytes

_STATES = {"": "未到期", "open": "待填报", "filed": "已报送", "dropped": "已停止"}


def workbook_of(data: Mapping[str, Any]) -> bytes:
    """The units one to a row, the fields one to a column."""
    return offload(_write, data)


def _write(data: Mapping[str, Any]) -> bytes:
    columns: list[Column[dict[str, Any]]] = [
        Column("单位", 30, itemgetter("unit_name")),
        Column("状态", 10, _state),
    ]
    for field in data["fields"]:
        title = f"{field['name']}（{field['measure']}）" if field["measure"] else field["name"]
        columns.append(Column(title, 18, partial(_value, field["code"])))
    columns.append(Column("报送时间", 18, itemgetter("filed_at")))
    return workbook_bytes(data["period"], columns=columns, rows=data["rows"])


def _state(row: dict[str, Any]) -> str:
    return "逾期未报" if row["overdue"] else _STATES[row["state"]]


def _value(code: str, row: dict[str, Any]) -> Any:
    value = row["values"].get(code)
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else value
