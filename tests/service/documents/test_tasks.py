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
PERSON = example_of(TaskRegistered).doer
SUITE = replace(PERSON, person_id=None, person_name="系统", post_id=None)


def of_task(event: type[Any], task_id: UUID, document_id: UUID | None = None, **fields: Any) -> Any:
    """An event of a task that the suite itself made of the document, if the fields do not say another doer."""
    example = example_of(event)
    if event is TaskRegistered:
        fields = {"doer": SUITE, **fields}
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


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_end_of_a_task_is_told_of_its_document_in_whatever_order(
    offices: Offices, order: tuple[int, int]
) -> None:
    document_id, task_id = offices.draft(), new_id()
    both = [
        of_task(TaskRegistered, task_id, document_id, registered_at=MORNING),
        of_task(TaskCancelled, task_id, document_id, cancelled_at=LATER, reason="任务依据已废止"),
    ]
    tell(offices, [both[place] for place in order] + both)
    with offices.session() as session:
        told = [act.outcome for act in list_acts(session, document_id) if act.verb == "task_cancelled"]
    assert told == ["已撤销：任务依据已废止"]


def test_a_part_that_is_established_when_it_is_registered_stands_so(offices: Offices) -> None:
    document_id, task_id = offices.draft(), new_id()
    both = [
        of_task(TaskRegistered, task_id, document_id, registered_at=MORNING),
        of_task(TaskEstablished, task_id, established_at=MORNING),
    ]
    tell(offices, [*both, both[0]])
    assert [task["state_label"] for task in shown(offices, document_id)] == ["已立项"]


def test_only_an_organ_that_looks_after_the_owner_supervises_its_document(offices: Offices) -> None:
    document_id = offices.draft()
    own, other = offices.units["市政府办"], offices.units["安源"]
    tasks = {unit_id: new_id() for unit_id in (own, offices.units["市政府"], other, new_id())}
    for unit_id, task_id in tasks.items():
        registered = of_task(TaskRegistered, task_id, document_id, unit_id=unit_id, doer=PERSON)
        closed = of_task(TaskClosed, task_id, document_id, unit_id=unit_id, closed_at=LATER)
        tell(offices, [registered, closed])
    taken = {task["task_id"] for task in shown(offices, document_id)}
    assert taken == {tasks[own], tasks[offices.units["市政府"]]}
    with offices.session() as session:
        acts = [act.verb for act in list_acts(session, document_id) if act.step == "督查督办"]
    assert sorted(acts) == ["task_closed", "task_closed", "task_registered", "task_registered"]


def test_tasks_of_other_matters_are_shown_nowhere(offices: Offices) -> None:
    document_id, task_id = offices.draft(), new_id()
    tell(offices, [of_task(TaskRegistered, task_id), of_task(TaskClosed, task_id)])
    assert shown(offices, document_id) == []
