"""Moving through a definition and back."""

import json
import random
import time
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import TaskDataEnvironment

from shared.errors import Problem
from shared.flow.definitions import Definition, parse_definition
from shared.flow.engine import OpenStep, Run
from shared.flow.net import ConditionEngine, new_workflow
from tests.support.bpmn import arrow, line, node, outcomes, process, task

LINE = parse_definition(line(task("draft"), task("review"), task("sign")))

# draft → (a1 → a2 | b) → c → again? back to draft : end
ROUND = parse_definition(
    process(
        node("start", "start"),
        task("draft"),
        node("and", "split"),
        task("a1"),
        task("a2"),
        task("b"),
        node("and", "join"),
        task("c", inner=outcomes("finish", "again")),
        node("xor", "ask", 'default="ask-end"'),
        node("end", "end"),
        arrow("start", "draft"),
        arrow("draft", "split"),
        arrow("split", "a1"),
        arrow("a1", "a2"),
        arrow("split", "b"),
        arrow("a2", "join"),
        arrow("b", "join"),
        arrow("join", "c"),
        arrow("c", "ask"),
        arrow("ask", "end"),
        arrow("ask", "draft", 'outcome == "again"'),
    )
)


def reload(run: Run) -> Run:
    return Run.load(run.definition, json.loads(json.dumps(run.to_json())))


def open_ids(run: Run) -> list[str]:
    return [item.step.id for item in run.open_steps()]


def passed_ids(run: Run) -> list[str]:
    return [item.step.id for item in run.passed_steps()]


def task_of(run: Run, step_id: str) -> UUID:
    return next(item.task_id for item in run.open_steps() if item.step.id == step_id)


def complete(run: Run, *step_ids: str, outcome: str = "") -> Run:
    """Complete these steps one after the other, keeping and loading the state between them."""
    for step_id in step_ids:
        known = run.definition.steps[step_id].outcomes
        run.complete(task_of(run, step_id), outcome or (known[0].value if known else ""))
        run = reload(run)
    return run


def test_steps_follow_each_other_to_the_end():
    run = Run.start(LINE)
    assert open_ids(run) == ["draft"]
    opened = run.complete(task_of(run, "draft"))
    assert [item.step.id for item in opened] == ["review"]
    run = complete(reload(run), "review", "sign")
    assert run.ended
    assert open_ids(run) == []
    assert passed_ids(run) == ["draft", "review", "sign"]


def test_a_step_is_completed_once():
    run = Run.start(LINE)
    task_id = task_of(run, "draft")
    run.complete(task_id)
    for stale in (task_id, uuid4()):
        with pytest.raises(Problem, match=r"flow\.step_not_open"):
            run.complete(stale)


def test_branches_wait_for_each_other_whatever_comes_first():
    for order in (["b", "a1", "a2"], ["a1", "b", "a2"], ["a1", "a2", "b"]):
        run = complete(Run.start(ROUND), "draft")
        assert open_ids(run) == ["a1", "b"]
        run = complete(run, *order[:-1])
        assert "c" not in open_ids(run)
        assert open_ids(complete(run, order[-1])) == ["c"]


def test_branches_wait_for_each_other_in_every_round_of_a_loop():
    run = complete(Run.start(ROUND), "draft", "b", "a1", "a2")
    run = complete(complete(run, "c", outcome="again"), "draft", "a1", "a2")
    assert open_ids(run) == ["b"]
    run = complete(run, "b")
    assert complete(run, "c").ended


def test_conditions_ask_variables_and_the_outcome_of_the_step_before():
    definition = parse_definition(
        process(
            node("start", "start"),
            task("check", inner=outcomes("agree", "revise")),
            node("xor", "ask", 'default="ask-end"'),
            task("long"),
            task("redo"),
            node("end", "end"),
            arrow("start", "check"),
            arrow("check", "ask"),
            arrow("ask", "redo", 'outcome == "revise"'),
            arrow("ask", "long", "pages &gt; 10 and not urgent"),
            arrow("ask", "end"),
            arrow("long", "end"),
            arrow("redo", "end"),
            variables='<yw:variable name="pages" type="integer"/><yw:variable name="urgent" type="boolean"/>',
        )
    )
    cases = [("revise", {"pages": 11}, ["redo"]), ("agree", {"pages": 11}, ["long"]), ("agree", {}, [])]
    cases.append(("agree", {"pages": 11, "urgent": True}, []))
    for outcome, variables, expected in cases:
        run = Run.start(definition)
        run.complete(task_of(run, "check"), outcome, variables)
        assert open_ids(reload(run)) == expected
        assert run.ended is (not expected)


def test_conditions_hold_in_the_order_of_the_document_not_of_the_drawing():
    parts = [
        node("start", "start"),
        task("go"),
        node("xor", "ask", 'default="ask-end"'),
        task("first"),
        task("second"),
        node("end", "end"),
        arrow("start", "go"),
        arrow("go", "ask"),
        arrow("ask", "first", "True"),
        arrow("ask", "second", "True"),
        arrow("ask", "end"),
        arrow("first", "end"),
        arrow("second", "end"),
    ]
    below = process(*parts).replace(b'x="550" y="100"', b'x="550" y="900"')
    assert open_ids(complete(Run.start(parse_definition(below)), "go")) == ["first"]


@pytest.mark.parametrize(
    "values", [{"nope": 1}, {"pages": "3"}, {"pages": True}, {"kind": "x"}, {"pages": 10**12}]
)
def test_unknown_and_wrong_variables_are_refused_and_change_nothing(values):
    definition = parse_definition(
        line(
            task("a"),
            variables='<yw:variable name="pages" type="integer"/><yw:variable name="kind" values="up down"/>',
        )
    )
    with pytest.raises(Problem, match=r"flow\.variable_"):
        Run.start(definition, values)
    run = Run.start(definition)
    before = run.to_json()
    with pytest.raises(Problem, match=r"flow\.variable_"):
        run.complete(task_of(run, "a"), "", values)
    assert run.to_json() == before


def test_an_outcome_must_be_one_of_the_steps_own():
    definition = parse_definition(line(task("a", inner=outcomes("agree")), task("b")))
    run = Run.start(definition)
    for wrong in ("", "nope"):
        with pytest.raises(Problem, match=r"flow\.outcome_invalid"):
            run.complete(task_of(run, "a"), wrong)
    run.complete(task_of(run, "a"), "agree")
    with pytest.raises(Problem, match=r"flow\.outcome_invalid"):
        run.complete(task_of(run, "b"), "agree")


def test_returning_opens_an_earlier_step_again_and_forgets_what_came_after():
    run = complete(Run.start(LINE), "draft", "review")
    opened = run.return_to("draft")
    run = reload(run)
    assert opened == OpenStep(task_of(run, "draft"), LINE.steps["draft"])
    assert passed_ids(run) == []
    assert run.marks().returned == {"review", "sign"}
    run = complete(run, "draft", "review")
    assert run.marks().returned == frozenset({"sign"}) - {"sign"}
    assert run.marks().current == {"sign"}
    assert run.marks().done == {"draft", "review"}


def test_only_a_passed_step_can_be_returned_to():
    run = complete(Run.start(LINE), "draft")
    for step_id in ("sign", "review", "nowhere"):
        with pytest.raises(Problem, match=r"flow\.cannot_return_there"):
            run.return_to(step_id)


def test_returning_before_a_split_cancels_the_siblings():
    run = complete(Run.start(ROUND), "draft", "a1")
    run.return_to("draft", within=task_of(run, "a2"))
    assert open_ids(reload(run)) == ["draft"]


def test_returning_within_a_branch_leaves_the_other_branch_alone():
    run = complete(Run.start(ROUND), "draft", "a1")
    run.return_to("a1", within=task_of(run, "a2"))
    run = reload(run)
    assert open_ids(run) == ["a1", "b"]
    assert open_ids(complete(run, "b", "a1", "a2")) == ["c"]


@pytest.mark.parametrize("order", [["b", "a1", "a2"], ["a1", "a2", "b"]])
@pytest.mark.parametrize("back", ["a1", "a2", "b"])
def test_returning_behind_a_join_keeps_the_other_branch_done(order, back):
    run = complete(Run.start(ROUND), "draft", *order)
    run.return_to(back)
    run = reload(run)
    assert open_ids(run) == [back]
    run = complete(run, *(["a1", "a2"] if back == "a1" else [back]))
    assert open_ids(run) == ["c"]
    assert complete(run, "c").ended


def test_returning_behind_a_join_in_a_later_round_keeps_that_round():
    run = complete(Run.start(ROUND), "draft", "b", "a1", "a2")
    run = complete(complete(run, "c", outcome="again"), "draft", "b", "a1", "a2")
    run.return_to("b")
    assert open_ids(reload(run)) == ["b"]
    assert open_ids(complete(reload(run), "b")) == ["c"]


def test_what_is_final_is_never_undone():
    definition = parse_definition(
        line(task("a"), task("b", 'assign="starter" final="true"'), task("c"), task("d"))
    )
    run = complete(Run.start(definition), "a")
    run.return_to("a")
    run = complete(reload(run), "a", "b", "c")
    for step_id in ("a", "b"):
        with pytest.raises(Problem, match=r"flow\.step_is_final"):
            reload(run).return_to(step_id)
    run.return_to("c")
    assert open_ids(run) == ["c"]


def test_a_skipped_step_has_no_outcome_and_opens_the_next():
    definition = parse_definition(
        line(task("a", 'assign="chosen" optional="true"', inner=outcomes("x")), task("b"))
    )
    run = Run.start(definition)
    assert [item.step.id for item in run.skip(task_of(run, "a"))] == ["b"]


def test_the_python_engine_of_the_library_is_never_reached(monkeypatch):
    def reached(*args, **kwargs):
        raise AssertionError("Python evaluation of a definition's content")

    for owner, name in [
        (PythonScriptEngine, "evaluate"),
        (PythonScriptEngine, "execute"),
        (TaskDataEnvironment, "evaluate"),
        (TaskDataEnvironment, "execute"),
    ]:
        monkeypatch.setattr(owner, name, reached)
    run = complete(Run.start(ROUND), "draft", "b", "a1", "a2")
    run = complete(run, "c", outcome="again")
    assert open_ids(run) == ["draft"]
    engine = new_workflow(ROUND, {}).script_engine
    assert isinstance(engine, ConditionEngine)
    assert not isinstance(engine, PythonScriptEngine)
    with pytest.raises(PermissionError):
        engine.execute(None, "import os")
    with pytest.raises(PermissionError):
        engine.call_service(None)


def test_the_state_is_small_and_quick_to_load_and_keep():
    run = complete(Run.start(ROUND), "draft", "b", "a1", "a2")
    assert len(json.dumps(run.to_json())) < 1500
    started = time.perf_counter()
    for _ in range(100):
        run = reload(run)
    assert (time.perf_counter() - started) / 100 < 0.01


def test_an_unknown_state_format_is_an_error():
    with pytest.raises(ValueError, match="format"):
        Run.load(LINE, {**Run.start(LINE).to_json(), "format": 99})


@settings(max_examples=60, deadline=None)
@given(st.integers())
def test_whatever_is_completed_and_returned_the_flow_keeps_the_token_game(seed):
    chance = random.Random(seed)
    run = Run.start(ROUND)
    for _ in range(40):
        assert set(open_ids(run)) in EXPECTED_OPEN, open_ids(run)
        if run.ended:
            return
        if passed_ids(run) and chance.random() < 0.3:
            inner = chance.choice(run.open_steps())
            run.return_to(chance.choice(passed_ids(run)), within=inner.task_id)
        else:
            _complete_any(run, chance)
        run = reload(run)


# Every set of open steps that the token game of ROUND allows.
EXPECTED_OPEN: list[set[str]] = [
    {"draft"},
    {"a1", "b"},
    {"a2", "b"},
    {"b"},
    {"a1"},
    {"a2"},
    {"c"},
    set(),
]


def _complete_any(run: Run, chance: random.Random) -> None:
    item = chance.choice(run.open_steps())
    known = [outcome.value for outcome in item.step.outcomes]
    run.complete(item.task_id, chance.choice(known) if known else "")


def test_definitions_share_nothing_between_runs():
    def ended(definition: Definition) -> Run:
        return complete(Run.start(definition), "draft", "review", "sign")

    first, second = Run.start(LINE), ended(LINE)
    assert open_ids(first) == ["draft"]
    assert second.ended
