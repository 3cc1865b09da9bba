"""The bridge to SpiffWorkflow: its net is built from our checked graph, its expressions go to simpleeval.

SpiffWorkflow's own parser is not used: it would read the XML a second time and by other rules (it orders
conditions by the height at which the shapes are drawn), so that what was checked would not be what runs.
"""

# ruff: noqa: SLF001 - task states can be set, and predictions made, only through names with an underscore.

from collections.abc import Mapping
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import SimpleBpmnTask
from SpiffWorkflow.bpmn.specs.defaults import ExclusiveGateway, ParallelGateway, UserTask
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from shared.flow.conditions import OUTCOME, evaluate_condition
from shared.flow.definitions import Definition
from shared.flow.graph import NodeKind

# SpiffWorkflow has nodes of its own named Start and End; a sign that no id can contain keeps ours apart.
_OURS = "#"
_OUTCOME_KEY = "outcome"
_JOINED_KEY = "joined"


class Join(ParallelGateway):
    """A parallel gateway that waits for a token on every incoming flow, in every round of a loop anew.

    Each arrival is a task of its own; those that wait are the tokens. SpiffWorkflow's own rule also counts
    arrivals of earlier rounds and so lets a second round through too early. The task that fires keeps the ids
    of the arrivals that it used up, so that going back can restore them.
    """

    def _update_hook(self, my_task: Task) -> bool:
        waiting = [
            task
            for task in my_task.workflow.tasks.values()
            if task.task_spec is self and task.state == TaskState.WAITING and task is not my_task
        ]
        arrived = {task.parent.task_spec.name for task in waiting} | {my_task.parent.task_spec.name}
        if arrived != set(self._inputs):
            my_task._set_state(TaskState.WAITING)
            return False
        for task in waiting:
            task.cancel()
        my_task.internal_data = {_JOINED_KEY: [task.id for task in waiting]}
        return True

    def _run_hook(self, my_task: Task) -> bool:
        return True


# Events become plain pass-through nodes: no event machinery is in the net.
_SPECS: dict[NodeKind, Any] = {
    NodeKind.START: SimpleBpmnTask,
    NodeKind.END: SimpleBpmnTask,
    NodeKind.USER_TASK: UserTask,
    NodeKind.MANUAL_TASK: UserTask,
    NodeKind.EXCLUSIVE: ExclusiveGateway,
    NodeKind.PARALLEL: Join,
}


class ConditionEngine:
    """What SpiffWorkflow calls for every expression: conditions only, by simpleeval; nothing can be executed.

    It does not derive from SpiffWorkflow's Python engine, so there is no `eval` or `exec` to fall back to.
    """

    def evaluate(self, task: Task, expression: str, external_context: Any = None) -> bool:
        values: Mapping[str, Any] = {**task.workflow.data, OUTCOME: _latest_outcome(task)}
        return evaluate_condition(expression, values)

    def execute(self, task: Task, script: str, external_context: Any = None) -> bool:
        raise PermissionError("a flow definition may not run scripts")

    def call_service(self, task: Task, **parameters: Any) -> bool:
        raise PermissionError("a flow definition may not call services")


_ENGINE = ConditionEngine()


def _latest_outcome(task: Task) -> str:
    """The outcome of the step on whose way the task is; the empty one when that step had none."""
    current = task.parent
    while current is not None and not current.task_spec.manual:
        current = current.parent
    return str(current.internal_data.get(_OUTCOME_KEY, "")) if current is not None else ""


def spec_name(node_id: str) -> str:
    return _OURS + node_id


def node_id_of(task: Task) -> str:
    """The id of the node in the definition; a node of SpiffWorkflow's own keeps its name."""
    name: str = task.task_spec.name
    return name.removeprefix(_OURS)


def outcome_of(task: Task) -> str:
    return str(task.internal_data.get(_OUTCOME_KEY, ""))


def set_outcome(task: Task, outcome: str) -> None:
    task.internal_data = {_OUTCOME_KEY: outcome} if outcome else {}


_nets: WeakKeyDictionary[Definition, BpmnProcessSpec] = WeakKeyDictionary()


def _net_of(definition: Definition) -> BpmnProcessSpec:
    """SpiffWorkflow's form of the definition, built once; running it does not change it."""
    if definition not in _nets:
        _nets[definition] = _build_net(definition)
    return _nets[definition]


def _build_net(definition: Definition) -> BpmnProcessSpec:
    graph = definition.graph
    net = BpmnProcessSpec(name=definition.key, description=definition.name)
    made = {node.id: _SPECS[node.kind](net, spec_name(node.id)) for node in graph.nodes.values()}
    for node in graph.nodes.values():
        for flow in graph.outgoing[node.id]:
            if flow.condition:
                made[node.id].connect_outgoing_if(flow.condition, made[flow.target])
            else:
                made[node.id].connect(made[flow.target])
        if node.kind is NodeKind.END:
            made[node.id].connect(net.end)
    net.start.connect(made[graph.start.id])
    return net


def new_workflow(definition: Definition, variables: Mapping[str, Any]) -> BpmnWorkflow:
    """A workflow at its start."""
    net = _net_of(definition)
    workflow = BpmnWorkflow(net, script_engine=_ENGINE)
    workflow.data = dict(variables)
    return workflow


def settle_joins(workflow: BpmnWorkflow) -> None:
    """After a part of the tree was removed: joins that fired with help from it wait again for that branch."""
    broken = True
    while broken:
        fired = [task for task in _joins(workflow, TaskState.COMPLETED) if _JOINED_KEY in task.internal_data]
        broken = False
        for task in fired:
            if any(arrival not in workflow.tasks for arrival in task.internal_data[_JOINED_KEY]):
                _unfire(task)
                broken = True
                break
    used = {arrival for task in fired for arrival in task.internal_data[_JOINED_KEY]}
    for task in _joins(workflow, TaskState.CANCELLED):
        if task.id not in used:
            task._set_state(TaskState.WAITING)
            task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)


def _joins(workflow: BpmnWorkflow, state: int) -> list[Task]:
    return [
        task for task in workflow.tasks.values() if isinstance(task.task_spec, Join) and task.state == state
    ]


def _unfire(task: Task) -> None:
    task._drop_children(force=True)
    task.internal_data = {}
    task._set_state(TaskState.WAITING)
    task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)


def dump_tasks(workflow: BpmnWorkflow) -> list[list[Any]]:
    """The task tree as rows `[id, place of the parent, node, state, note]`, parents first.

    The note is the outcome of a step, or the places of the arrivals that a join used up.

    What SpiffWorkflow merely predicts is left out; it is predicted again on loading.
    """
    rows: list[list[Any]] = []
    places: dict[UUID, int] = {}
    waiting = [workflow.task_tree]
    while waiting:
        task = waiting.pop(0)
        places[task.id] = len(rows)
        parent = places[task.parent.id] if task.parent is not None else None
        rows.append([task.id.hex, parent, task.task_spec.name, task.state, outcome_of(task)])
        waiting.extend(child for child in task.children if not _is_prediction(child))
    for task_id, place in places.items():
        if joined := workflow.tasks[task_id].internal_data.get(_JOINED_KEY):
            rows[place][4] = [places[arrival] for arrival in joined]
    return rows


def _is_prediction(task: Task) -> bool:
    return bool(task.has_state(TaskState.PREDICTED_MASK | TaskState.FUTURE))


def load_tasks(definition: Definition, variables: Mapping[str, Any], rows: list[list[Any]]) -> BpmnWorkflow:
    """The workflow for rows of `dump_tasks`."""
    net = _net_of(definition)
    workflow = BpmnWorkflow(net, script_engine=_ENGINE, deserializing=True)
    workflow.data = dict(variables)
    tasks: list[Task] = []
    for hex_id, parent, name, state, _ in rows:
        above = tasks[parent] if parent is not None else None
        tasks.append(Task(workflow, net.task_specs[name], above, state=state, id=UUID(hex_id)))
    for task, (*_, note) in zip(tasks, rows, strict=True):
        if isinstance(note, list):
            task.internal_data = {_JOINED_KEY: [tasks[place].id for place in note]}
        else:
            set_outcome(task, note)
    workflow.task_tree = tasks[0]
    workflow._predict()
    workflow.completed = not any(task.has_state(TaskState.NOT_FINISHED_MASK) for task in tasks)
    return workflow
