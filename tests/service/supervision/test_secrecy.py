"""This network is not for state secrets: what bears a mark of them is refused wherever people put it."""

import io
from collections.abc import Callable
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.supervision.commands.files import attach_file
from services.supervision.models import Task, TaskFile
from shared.errors import Problem
from tests.service.supervision.offices import Offices

MARKED = "机密★1年\n关于某事的报告"


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Problem) as raised:
        act()
    return f"{raised.value.status} {raised.value.code}"


def attach(offices: Offices, task_id: UUID, name: str, data: bytes, title: str = "") -> TaskFile:
    with offices.session() as session:
        return attach_file(
            session,
            offices.actor("督查员"),
            offices.clock,
            task_id=task_id,
            blobs=offices.blobs,
            stream=io.BytesIO(data),
            name=name,
            title=title,
        )


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "关于某事（秘密）"},
        {"content": MARKED},
        {"instruction": "绝密★"},
        {"instructor_name": "机密"},
    ],
)
def test_a_marked_matter_is_not_registered(offices: Offices, changes: dict[str, str]) -> None:
    assert refusal(lambda: offices.register(**changes)) == "422 supervision.secret_content"
    with offices.session() as session:
        known = sa.select(sa.func.count(Task.id)).where(Task.unit_id == offices.units["市政府办"])
        assert session.scalar(known) == 0


def test_nothing_marked_is_said_about_a_task(offices: Offices) -> None:
    task_id = offices.established()
    secret = "422 supervision.secret_content"
    assert refusal(lambda: offices.do("assign", task_id, "督查员", opinion=MARKED)) == secret
    offices.do("assign", task_id, "督查员")
    assert refusal(lambda: offices.do("ask_return", task_id, "数据局承办", reason=MARKED)) == secret
    offices.do("sign_for", task_id, "数据局承办")
    said = {"progress": 10, "report": "进展顺利", "problems": MARKED}
    assert refusal(lambda: offices.do("feed_back", task_id, "数据局承办", **said)) == secret
    part = {"title": "秘密★", "lead": {"unit_id": offices.units["财政局"]}, "days": 1}
    assert refusal(lambda: offices.split(task_id, "数据局承办", part)) == secret
    assert refusal(lambda: offices.do("ask_closure", task_id, "数据局承办", conclusion=MARKED)) == secret
    assert offices.get(task_id).state == "working"


@pytest.mark.parametrize(
    ("name", "title", "data", "code"),
    [
        ("报告.txt", "", MARKED.encode(), "422 supervision.secret_content"),
        ("报告（机密）.txt", "", b"plain", "422 supervision.secret_content"),
        ("报告.txt", "秘密★", b"plain", "422 supervision.secret_content"),
        ("报告.zip", "", b"PK\x05\x06" + bytes(18), "415 supervision.file_type_unknown"),
        ("报告.txt", "", bytes(50 * 1024 * 1024 + 1), "413 supervision.file_too_large"),
    ],
)
def test_a_file_that_is_marked_or_cannot_be_looked_into_is_refused(
    offices: Offices, name: str, title: str, data: bytes, code: str
) -> None:
    task_id = offices.working()
    assert refusal(lambda: attach(offices, task_id, name, data, title)) == code
    assert "attach" not in offices.verbs(task_id)


def test_a_file_is_what_its_content_says(offices: Offices) -> None:
    task_id = offices.working()
    assert attach(offices, task_id, "报告.exe", "进展情况".encode()).media_type == "text/plain; charset=utf-8"
