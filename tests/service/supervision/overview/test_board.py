"""The board: exact counts whatever happens to tasks, for the organs below the acting post and for nobody else."""

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy.orm import Session

from services.supervision.commands.board import fold_board, keep_board, recount_board
from services.supervision.models import Task, TaskRest
from services.supervision.queries import bulletins
from services.supervision.queries.board import show_board
from services.supervision.queries.board_tasks import page_board_tasks, page_late
from services.supervision.rendering.bulletin import render_bulletin
from services.supervision.rendering.picture import draw_board
from services.supervision.schemas.board import BoardTaskQuery
from shared.calendar_days import DayRow, import_days, work_calendar
from shared.errors import Problem
from shared.flow import duties
from shared.flow.acts import Assignee, Subject
from shared.typesetting import FontSettings
from shared.workdays import DayKind
from tests.service.supervision.overview.office import MORNING, Office

TODAY = date(2026, 11, 2)


def asked(**filters: Any) -> Mapping[str, Any]:
    """A query as a request would load it."""
    loaded: Mapping[str, Any] = BoardTaskQuery().load({"limit": 20, **filters})
    return loaded


def board_of(office: Office, session: Session, who: str = "督查员", **filters: Any) -> dict[str, Any]:
    return show_board(session, office.actor(who), query=asked(**filters), today=TODAY)


def lines_of(book: bytes) -> list[tuple[Any, ...]]:
    """The cells of a workbook's only sheet."""
    return list(load_workbook(BytesIO(book)).worksheets[0].values)


def counted(session: Session) -> set[tuple[Any, ...]]:
    """Every counter that is not nothing, folded and pending together."""
    sums = sa.text(
        "SELECT level, unit_id, period, lead_unit_id, source, leader_post_id, light,"
        " sum(tasks), sum(handled), sum(running), sum(spent) FROM board_cell GROUP BY 1, 2, 3, 4, 5, 6, 7"
        " HAVING sum(tasks) <> 0 OR sum(handled) <> 0 OR sum(running) <> 0 OR sum(spent) <> 0"
    )
    return {tuple(row) for row in session.execute(sums)}


def test_an_empty_board_is_all_zero(office: Office) -> None:
    with office.session() as session:
        board = board_of(office, session)
        actor = office.actor("督查员")
        assert lines_of(bulletins.board_workbook(session, actor, query=asked(), now=MORNING))[1][:2] == (
            "合计",
            0,
        )
        bulletin = bulletins.make_bulletin(session, actor, query=asked(), now=MORNING)
    assert render_bulletin(bulletin, FontSettings.of("")).startswith(b"%PDF")
    assert (board["total"]["tasks"], board["total"]["red"]) == (0, 0)
    assert board["total"]["mean_days"] is None
    assert board["units"] == []


def test_counts_follow_every_change_and_are_the_same_before_and_after_folding(office: Office) -> None:
    with office.session() as session:
        task = office.task(session, light="grey", state="assigned", assigned_at=MORNING)
        office.task(session, lead="财政局", source="hotline", light="red")
        office.task(session, lead="财政局", state="registered", established_at=None)
    with office.session() as session:
        before = board_of(office, session)
        assert fold_board(session) > 0
        assert board_of(office, session) == before
    assert [(line["name"], line["red"], line["grey"]) for line in before["units"]] == [
        ("萍乡市财政局", 1, 0),
        ("萍乡市数据局", 0, 1),
    ]
    assert [(line["name"], line["tasks"]) for line in before["sources"]] == [
        ("12345热线", 1),
        ("会议议定事项", 1),
    ]
    assert before["leaders"][0]["tasks"] == 2
    assert before["months"] == [{"month": "2026-11", **before["total"]}]
    with office.session() as session:
        session.get_one(Task, task.id).light = "red"
        session.flush()
        assert board_of(office, session)["total"]["red"] == 2
        session.get_one(Task, task.id).state = "cancelled"
        session.flush()
        assert board_of(office, session)["total"]["tasks"] == 1


def test_a_change_that_is_rolled_back_counts_nothing(office: Office) -> None:
    with office.database.session() as session:
        office.task(session)
        session.rollback()
        assert board_of(office, session)["total"]["tasks"] == 0


def test_whatever_happens_the_counters_are_what_counting_anew_gives(office: Office) -> None:
    chance = random.Random(7)
    moments = [MORNING - timedelta(days=day) for day in range(60)]
    with office.session() as session:
        keep_board(session, today=TODAY)
        tasks = [office.task(session, assigned_at=chance.choice(moments)) for _ in range(12)]
        for _ in range(120):
            task = chance.choice(tasks)
            change: dict[str, Any] = chance.choice(
                [
                    {"light": chance.choice(["grey", "green", "amber", "red", "done"])},
                    {"lead_unit_id": chance.choice([office.units["财政局"], None])},
                    {"instructor_post_id": chance.choice([office.post_id("市长"), None])},
                    {"closure_asked_at": chance.choice([*moments, None])},
                    {"suspended_at": chance.choice([MORNING, None])},
                    {"established_at": chance.choice([*moments, None])},
                    {"assigned_at": chance.choice([*moments, None])},
                    {"state": chance.choice(["working", "cancelled"])},
                ]
            )
            for name, value in change.items():
                setattr(task, name, value)
            session.flush()
            if chance.random() < 0.3:
                since = chance.choice(moments)
                session.merge(
                    TaskRest(
                        task_id=task.id,
                        since=since,
                        until=chance.choice([None, since + timedelta(days=5)]),
                        reason="等待批复",
                    )
                )
                session.flush()
            if chance.random() < 0.1:
                fold_board(session, most=7)
        kept = counted(session)
        recount_board(session, today=TODAY)
        assert counted(session) == kept
        while fold_board(session, most=5):
            pass
        assert counted(session) == kept


def test_mean_handling_time_counts_open_tasks_at_their_age_so_far(office: Office) -> None:
    begun = datetime(2026, 9, 28, 2, tzinfo=UTC)
    reported = datetime(2026, 10, 12, 2, tzinfo=UTC)
    with office.session() as session:
        calendar = work_calendar(session)
        office.task(
            session,
            state="closed",
            light="done",
            assigned_at=begun,
            closure_asked_at=reported,
            closed_at=MORNING,
        )
        office.task(session, assigned_at=begun)
        total = board_of(office, session)["total"]
    closed = calendar.count_between(date(2026, 9, 28), date(2026, 10, 12))
    running = calendar.count_between(date(2026, 9, 28), TODAY)
    assert total["mean_closed_days"] == closed == Decimal(6)
    assert total["mean_open_days"] == running
    assert total["mean_days"] == (closed + running) / 2


def test_time_at_rest_is_no_handling_time(office: Office) -> None:
    begun, rested, resumed = (datetime(2026, 10, day, 2, tzinfo=UTC) for day in (12, 14, 21))
    with office.session() as session:
        calendar = work_calendar(session)
        task = office.task(session, assigned_at=begun, suspended_at=rested, state="suspended")
        assert board_of(office, session)["total"]["mean_days"] == 2
        task.suspended_at, task.state = None, "working"
        session.add(TaskRest(task_id=task.id, since=rested, until=resumed, reason="等待批复"))
        session.flush()
        days = calendar.count_between(date(2026, 10, 12), TODAY) - 5
        assert board_of(office, session)["total"]["mean_days"] == days


def test_a_calendar_that_changed_is_counted_with_at_the_next_tick(office: Office) -> None:
    with office.session() as session:
        keep_board(session, today=TODAY)
        office.task(session, assigned_at=MORNING - timedelta(days=5))
        before = board_of(office, session)["total"]["mean_days"]
    with office.session() as session:
        import_days(session, [DayRow(date(2026, 10, 30), DayKind.OFF)], source="防台风放假")
    with office.session() as session:
        keep_board(session, today=TODAY)
        assert board_of(office, session)["total"]["mean_days"] == before - 1


def test_of_open_tasks_nothing_is_said_in_a_year_whose_days_are_not_known(office: Office) -> None:
    with office.session() as session:
        office.task(session, assigned_at=MORNING)
        total = show_board(session, office.actor("督查员"), query=asked(), today=date(2031, 5, 1))["total"]
    assert (total["tasks"], total["mean_days"], total["mean_open_days"]) == (1, None, None)


def test_filters_count_what_the_list_under_the_same_filters_lists(office: Office) -> None:
    with office.session() as session:
        for lead in ("数据局", "财政局"):
            for source in ("meeting", "hotline"):
                for month in (5, 9, 11):
                    office.task(
                        session,
                        lead=lead,
                        source=source,
                        established_at=MORNING.replace(month=month),
                        light="red" if month == 5 else "green",
                        due_at=MORNING.replace(month=10),
                        instructor_post_id=office.post_id("市长") if month == 9 else None,
                    )
        choices: tuple[dict[str, str], ...] = (
            {},
            {"lead_unit_id": str(office.units["数据局"])},
            {"source": "hotline", "light": "red"},
            {"leader_post_id": str(office.post_id("市长"))},
            {"lead_unit_id": str(office.units["数据局"]), "source": "meeting", "month_from": "2026-09"},
            {"month_from": "2026-01", "month_to": "2026-09"},
            {"month_to": "2026-05"},
        )
        for filters in choices:
            board = board_of(office, session, **filters)
            tasks = page_board_tasks(
                session, office.actor("督查员"), query=asked(**filters), now=MORNING
            ).items
            assert board["total"]["tasks"] == len(tasks) > 0, filters
            for part in ("units", "sources", "leaders", "months"):
                assert sum(line["tasks"] for line in board[part]) == len(tasks), (filters, part)


def test_one_sees_what_the_own_organ_and_those_below_supervise_and_an_office_its_governments(
    office: Office,
) -> None:
    with office.session() as session:
        office.task(session)
        office.task(session, by="安源督查室", lead="安源")
        assert board_of(office, session, "督查员")["total"]["tasks"] == 1
        assert board_of(office, session, "安源督查")["total"]["tasks"] == 1
        assert board_of(office, session, "数据局长")["total"]["tasks"] == 0
        assert board_of(office, session, "市长")["total"]["tasks"] == 2
        assert board_of(office, session, "市府办督查")["total"]["tasks"] == 2
        narrowed = board_of(office, session, "市长", unit_id=str(office.units["安源督查室"]))
        assert narrowed["total"]["tasks"] == 1
        with pytest.raises(Problem, match="不在"):
            board_of(office, session, "安源督查", unit_id=str(office.units["督查室"]))


def test_late_tasks_come_longest_late_first_with_days_and_holders(office: Office) -> None:
    with office.session() as session:
        for day in (30, 12, 20):
            due = datetime(2026, 10, day, 15, 59, 59, tzinfo=UTC)
            task = office.task(session, light="red", due_at=due, assigned_at=due - timedelta(days=30))
        duties.open_work(
            session,
            office.actor("督查员"),
            office.clock,
            subject=Subject(id=task.id, kind="task", title=task.title, link=""),
            unit_id=task.unit_id,
            name="督查事项办理",
        )
        duty = duties.Duty(step_id="handle", step_name="承办", work_kind="supervision")
        duties.give_duty(
            session,
            office.actor("督查员"),
            office.clock,
            subject_id=task.id,
            duty=duty,
            assignees=[Assignee(office.post_id("数据承办"))],
        )
        first = page_late(session, office.actor("督查员"), query=asked(limit=2), now=MORNING)
        rest = page_late(session, office.actor("督查员"), query=asked(limit=2, after=first.next), now=MORNING)
    found = [*first.items, *rest.items]
    assert [row["late_days"] for row in found] == [15, 9, 1]
    assert rest.next is None
    assert [[holder["step"] for holder in row["holders"]] for row in found] == [[], ["承办"], []]
    assert "数据承办" in found[1]["holders"][0]["name"]


def test_exports_open_and_hold_the_same_lines(office: Office) -> None:
    with office.session() as session:
        office.task(
            session, light="red", title="=1+1", due_at=MORNING - timedelta(days=7), assigned_at=MORNING
        )
        actor = office.actor("督查员")
        late = bulletins.late_workbook(session, actor, query=asked(), now=MORNING)
        units = bulletins.board_workbook(session, actor, query=asked(), now=MORNING)
    rows = lines_of(late)
    assert rows[1][1] == "=1+1"
    assert rows[1][9] == 5
    assert [line[:2] for line in lines_of(units)[1:]] == [("萍乡市数据局", 1), ("合计", 1)]


def test_the_bulletin_is_a_pdf_that_tells_of_units_and_late_tasks(office: Office) -> None:
    with office.session() as session:
        office.task(session, light="red", due_at=MORNING - timedelta(days=7), assigned_at=MORNING)
        office.task(session, lead="财政局", assigned_at=MORNING)
        query = asked(month_from="2026-01")
        bulletin = bulletins.make_bulletin(session, office.actor("督查员"), query=query, now=MORNING)
    text = "".join(
        page.extract_text()
        for page in PdfReader(BytesIO(render_bulletin(bulletin, FontSettings.of("")))).pages
    )
    for words in (
        "督查通报",
        "2026年1月至2026年11月",
        "萍乡市财政局",
        "电子文件归档率达到80%",
        "2026年11月2日",
    ):
        assert words in text.replace("\n", ""), words


def test_the_picture_is_well_formed_whatever_units_are_called(office: Office) -> None:
    with office.session() as session:
        office.task(session)
        lines = board_of(office, session)["units"]
    picture = draw_board("亮灯图", [{**lines[0], "name": "<局>&\x00"}, *lines])
    texts = [element.text for element in ET.fromstring(picture).iter()]
    assert "<局>&" in [(text or "").strip() for text in texts]
    assert any("正常 1 件" in (text or "") for text in texts)
