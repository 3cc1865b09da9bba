"""The tasks that supervise a document stand on its page, whatever order their events come in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from services.documents.commands.supervised import follow_task
from services.documents.queries.documents import list_acts, list_tasks
from shared.auth import Actor
from shared.events.base import Event, example_of
from shared.events.supervision import (
    Light,
    TaskCancelled,
    TaskClosed,
    TaskEstablished,
    TaskLightTurned,
    TaskRegistered,
)
from shared.ids import new_id
from tests.service.documents.offices import MORNING, Offices

LATER = MORNING + timedelta(days=30)


def of_task(event: type[Any], task_id: UUID, document_id: UUID | None = None, **fields: Any) -> Any:
    example = example_of(event)
    if document_id:
        fields["origin"] = replace(example.origin, system="documents", kind="incoming", id=document_id)
    return replace(example, task_id=task_id, **fields)


def course(task_id: UUID, document_id: UUID) -> list[Event]:
    return [
        of_task(TaskRegistered, task_id, document_id, registered_at=MORNING, title="按期答复"),
        of_task(TaskEstablished, task_id, established_at=MORNING + timedelta(hours=1)),
        of_task(TaskLightTurned, task_id, light=Light.AMBER, turned_at=MORNING + timedelta(days=1)),
        of_task(TaskLightTurned, task_id, light=Light.RED, turned_at=MORNING + timedelta(days=2)),
    ]


def tell(offices: Offices, events: Sequence[Event]) -> None:
    for event in events:
        with offices.session() as session:
            follow_task(session, Actor.system(new_id()), offices.clock, event=event)


def shown(offices: Offices, document_id: UUID) -> list[dict[str, Any]]:
    with offices.session() as session:
        return list_tasks(session, document_id)


def test_a_task_is_shown_the_same_in_whatever_order_and_however_often_it_is_told(offices: Offices) -> None:
    document_id = offices.draft()
    for order in permutations(range(4)):
        task_id = new_id()
        told = course(task_id, document_id)
        tell(offices, [told[place] for place in order] + told)
        (task,) = (each for each in shown(offices, document_id) if each["task_id"] == task_id)
        facts = (task["title"], task["number"], task["state_label"], task["light_label"], task["late"])
        assert facts == ("按期答复", "萍督〔2026〕8号", "已立项", "超期", True)
    with offices.session() as session:
        begun = [act for act in list_acts(session, document_id) if act.verb == "task_registered"]
    assert len(begun) == 24


@pytest.mark.parametrize(("event", "label"), [(TaskClosed, "已办结"), (TaskCancelled, "已撤销")])
def test_the_history_says_once_how_a_task_ended(offices: Offices, event: type[Any], label: str) -> None:
    document_id, task_id = offices.draft(), new_id()
    moment = {"closed_at": LATER, "in_time": False} if event is TaskClosed else {"cancelled_at": LATER}
    ended = of_task(event, task_id, document_id, **moment)
    tell(offices, [*course(task_id, document_id), ended, ended])
    (task,) = shown(offices, document_id)
    assert (task["state_label"], task["late"]) == (label, True)
    with offices.session() as session:
        acts = [
            act for act in list_acts(session, document_id) if act.verb in ("task_closed", "task_cancelled")
        ]
    assert [act.step for act in acts] == ["督查督办"]


def test_tasks_of_other_matters_are_shown_nowhere(offices: Offices) -> None:
    document_id, task_id = offices.draft(), new_id()
    tell(offices, [of_task(TaskRegistered, task_id), of_task(TaskClosed, task_id)])
    assert shown(offices, document_id) == []
