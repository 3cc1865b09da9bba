"""Running a definition: which steps are open, what completing one opens, and going back.

Nothing here knows people or a database. The state of an instance is a small JSON value; it is loaded with the
definition version that it started with, which is not part of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from shared.flow.definitions import Definition
from shared.flow.errors import cannot_return_there, outcome_invalid, step_is_final, step_not_open
from shared.flow.net import (
    dump_tasks,
    load_tasks,
    new_workflow,
    node_id_of,
    outcome_of,
    set_outcome,
    settle_joins,
)
from shared.flow.steps import Step

STATE_FORMAT = 1
READY_OR_DONE = TaskState.READY | TaskState.COMPLETED


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step that waits for somebody; `task_id` is this one arrival at it."""

    task_id: UUID
    step: Step


@dataclass(frozen=True, slots=True)
class PassedStep:
    """A step that has been completed on the way to where the flow is now."""

    task_id: UUID
    step: Step
    outcome: str


@dataclass(frozen=True, slots=True)
class Marks:
    """For the diagram: the ids of steps that are done, open, or undone by a return and not done again."""

    done: frozenset[str]
    current: frozenset[str]
    returned: frozenset[str]


class Run:
    """One running instance of a definition, in memory. Made by `start` or `load`; kept as `to_json`."""

    def __init__(self, definition: Definition, workflow: Any, returned: set[str]) -> None:
        self.definition = definition
        self._workflow = workflow
        self._returned = returned
        self._workflow.do_engine_steps()

    @classmethod
    def start(cls, definition: Definition, variables: Mapping[str, Any] | None = None) -> "Run":
        """A new instance, moved on to its first steps. Raises Problem for unknown or wrong variables."""
        values = definition.first_values() | definition.checked_variables(variables or {})
        return cls(definition, new_workflow(definition, values), set())

    @classmethod
    def load(cls, definition: Definition, state: Mapping[str, Any]) -> "Run":
        """The instance whose `to_json` was kept."""
        if state["format"] != STATE_FORMAT:
            raise ValueError(f"unknown state format {state['format']!r}")
        workflow = load_tasks(definition, state["variables"], state["tasks"])
        return cls(definition, workflow, set(state["returned"]))

    def to_json(self) -> dict[str, Any]:
        """The state as plain JSON values, about 100 bytes for each step that was passed."""
        return {
            "format": STATE_FORMAT,
            "variables": dict(self._workflow.data),
            "returned": sorted(self._returned),
            "tasks": dump_tasks(self._workflow),
        }

    @property
    def variables(self) -> Mapping[str, Any]:
        return dict(self._workflow.data)

    def set_variables(self, values: Mapping[str, Any]) -> None:
        """Change variables without moving. Raises Problem for unknown or wrong ones."""
        self._workflow.data.update(self.definition.checked_variables(values))

    @property
    def ended(self) -> bool:
        """Whether every branch has come to an end event."""
        return bool(self._workflow.is_completed())

    def open_steps(self) -> tuple[OpenStep, ...]:
        """The steps that wait for somebody, in the order of the document."""
        found = [OpenStep(task.id, self._step(task)) for task in self._tasks(TaskState.READY)]
        return tuple(sorted(found, key=lambda item: self.definition.order[item.step.id]))

    def passed_steps(self) -> tuple[PassedStep, ...]:
        """The completed steps to which the flow can return, each with its latest passing, in order."""
        latest: dict[str, Task] = {}
        for task in sorted(self._tasks(TaskState.COMPLETED), key=lambda task: task.depth):
            latest[node_id_of(task)] = task
        found = [PassedStep(task.id, self._step(task), outcome_of(task)) for task in latest.values()]
        return tuple(sorted(found, key=lambda item: self.definition.order[item.step.id]))

    def complete(
        self, task_id: UUID, outcome: str = "", variables: Mapping[str, Any] | None = None
    ) -> tuple[OpenStep, ...]:
        """Complete an open step and move on; the steps that this opened.

        Raises Problem when the step is not open, or for an outcome or variable that it does not have.
        """
        task = self._open_task(task_id)
        step = self._step(task)
        if not step.accepts_outcome(outcome):
            raise outcome_invalid(step.name, [known.label for known in step.outcomes])
        values = self.definition.checked_variables(variables or {})
        return self._finish(task, outcome, values)

    def skip(self, task_id: UUID) -> tuple[OpenStep, ...]:
        """Pass over an open step that nobody has to do; it ends without an outcome."""
        return self._finish(self._open_task(task_id), "", {})

    def return_to(self, step_id: str, *, within: UUID | None = None) -> OpenStep:
        """Go back to the latest passing of a step; all that came of it is undone, open siblings included.

        `within` is the open step from which it is returned; its own way back is preferred when a step was
        passed several times. Raises Problem when the step was not passed, or a final one would be undone;
        the run must not be used or kept then.
        """
        task = self._passed_task(step_id, within)
        before, done = self._worked_on(READY_OR_DONE), self._worked_on(TaskState.COMPLETED)
        self._workflow.reset_from_task_id(task.id)
        settle_joins(self._workflow)
        self._workflow.completed = False
        set_outcome(task, "")
        self._refuse_undoing(done)
        remaining = self._worked_on(READY_OR_DONE)
        self._returned |= {step for task_id, step in before.items() if task_id not in remaining}
        self._returned.discard(step_id)
        return OpenStep(task.id, self._step(task))

    def marks(self) -> Marks:
        """What the diagram shows."""
        current = frozenset(item.step.id for item in self.open_steps())
        returned = frozenset(self._returned) - current
        done = frozenset(item.step.id for item in self.passed_steps()) - current - returned
        return Marks(done, current, returned)

    def _finish(self, task: Task, outcome: str, values: Mapping[str, Any]) -> tuple[OpenStep, ...]:
        before = {item.task_id for item in self.open_steps()}
        set_outcome(task, outcome)
        self._workflow.data.update(values)
        task.run()
        self._workflow.do_engine_steps()
        self._returned.discard(node_id_of(task))
        return tuple(item for item in self.open_steps() if item.task_id not in before)

    def _tasks(self, state: int) -> list[Task]:
        return [task for task in self._workflow.get_tasks(state=state) if task.task_spec.manual]

    def _refuse_undoing(self, done_before: Mapping[UUID, str]) -> None:
        done_now = self._worked_on(TaskState.COMPLETED)
        for task_id, step_id in done_before.items():
            if task_id not in done_now and self.definition.steps[step_id].final:
                raise step_is_final(self.definition.steps[step_id].name)

    def _worked_on(self, state: int) -> dict[UUID, str]:
        """The step of every task in these states, by task id."""
        return {task.id: node_id_of(task) for task in self._tasks(state)}

    def _step(self, task: Task) -> Step:
        return self.definition.steps[node_id_of(task)]

    def _open_task(self, task_id: UUID) -> Task:
        task = self._workflow.tasks.get(task_id)
        if task is None or not task.task_spec.manual or not task.has_state(TaskState.READY):
            raise step_not_open(task_id)
        return task

    def _passed_task(self, step_id: str, within: UUID | None) -> Task:
        passed = [task for task in self._tasks(TaskState.COMPLETED) if node_id_of(task) == step_id]
        if not passed:
            step = self.definition.steps.get(step_id)
            raise cannot_return_there(step.name if step else step_id)
        inner = self._workflow.tasks.get(within) if within else None
        on_the_way = [task for task in passed if inner is not None and inner.is_descendant_of(task)]
        return max(on_the_way or passed, key=lambda task: task.depth)
