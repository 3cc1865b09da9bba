"""What a bulletin and the board's workbooks are made of."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy.orm import Session

from services.supervision.queries.board import period_label, show_board
from services.supervision.queries.board_tasks import find_late, rows_of
from services.supervision.queries.people import name_of
from services.supervision.queries.scope import organ_of_actor
from services.supervision.rendering.bulletin import Bulletin
from shared.auth import Actor
from shared.clock import local_date
from shared.offload import offload
from shared.workbook import Column, workbook_bytes

MOST_LISTED = 200
MOST_ROWS = 10_000


def make_bulletin(session: Session, actor: Actor, *, query: Mapping[str, Any], now: datetime) -> Bulletin:
    """The board and the longest late tasks of the acting post's organ."""
    today = local_date(now)
    board = show_board(session, actor, query=query, today=today)
    late = find_late(session, actor, query=query, limit=MOST_LISTED)
    organ_id = query["unit_id"] or organ_of_actor(session, actor)
    return Bulletin(
        agency=(name_of(session, organ_id) if organ_id else "") or actor.unit_name or "督查机关",
        period=period_label(query, today=today),
        total=board["total"],
        units=board["units"],
        late=rows_of(session, late, now=now),
        unlisted=max(0, board["total"]["red"] - len(late)),
        produced_at=now,
    )


def late_workbook(session: Session, actor: Actor, *, query: Mapping[str, Any], now: datetime) -> bytes:
    """The late tasks as a workbook, the longest late first."""
    rows = rows_of(session, find_late(session, actor, query=query, limit=MOST_ROWS), now=now)
    return offload(_late_sheet, rows)


def board_workbook(session: Session, actor: Actor, *, query: Mapping[str, Any], now: datetime) -> bytes:
    """The board by unit as a workbook, the whole in its last line."""
    board = show_board(session, actor, query=query, today=local_date(now))
    return offload(_board_sheet, [*board["units"], {**board["total"], "name": "合计"}])


def _late_sheet(rows: Sequence[dict[str, Any]]) -> bytes:
    return workbook_bytes("超期事项", columns=_LATE, rows=rows)


def _board_sheet(rows: Sequence[dict[str, Any]]) -> bytes:
    return workbook_bytes("各主办单位办理情况", columns=_UNITS, rows=rows)


def _days(name: str) -> Any:
    def of(row: Mapping[str, Any]) -> float | None:
        return None if row[name] is None else float(row[name])

    return of


def _holders(row: Mapping[str, Any]) -> str:
    return "、".join(f"{holder['name']}{holder['step']}" for holder in row["holders"])


_LATE: tuple[Column[dict[str, Any]], ...] = (
    Column("督办编号", 20, itemgetter("number")),
    Column("事项", 60, itemgetter("title")),
    Column("来源", 14, itemgetter("source_label")),
    Column("督查机关", 26, itemgetter("unit_name")),
    Column("主办单位", 26, itemgetter("lead_unit_name")),
    Column("领导", 24, itemgetter("leader_name")),
    Column("状态", 12, itemgetter("state_label")),
    Column("原定期限", 18, itemgetter("original_due_at")),
    Column("办结期限", 18, itemgetter("due_at")),
    Column("超期工作日", 10, _days("late_days")),
    Column("现办岗位", 40, _holders),
)
_UNITS: tuple[Column[dict[str, Any]], ...] = (
    Column("主办单位", 36, itemgetter("name")),
    Column("事项", 8, itemgetter("tasks")),
    Column("已销号", 8, itemgetter("done")),
    Column("正常", 8, itemgetter("green")),
    Column("临期", 8, itemgetter("amber")),
    Column("超期", 8, itemgetter("red")),
    Column("未签收", 8, itemgetter("grey")),
    Column("平均办理工作日", 14, _days("mean_days")),
    Column("已销号平均", 12, _days("mean_closed_days")),
    Column("在办已用平均", 12, _days("mean_open_days")),
)
