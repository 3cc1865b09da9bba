"""The tables of the phone page say what the services say: routes, what they take and give, acts and steps."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import marshmallow as ma
import pytest
from marshmallow import validate

from services.affairs.commands.departments import PROVIDE_STEP
from services.affairs.commands.report_forms import APPROVE_STEP
from services.affairs.commands.report_opening import FILL_STEP
from services.affairs.domain.bundle_steps import BundleStep
from services.affairs.domain.steps import DutyStep
from services.documents.commands.steps import MEANINGS
from services.meetings.domain.steps import Step as MeetingStep
from services.supervision.domain import states, steps
from services.supervision.domain.states import Verb
from shared.service import all_services
from shared.web.declaration import Declaration
from shared.web.openapi import routes_of

ROOT = Path(__file__).parents[2]
PHONE = ROOT / "services" / "mobile" / "phone"
SYSTEMS = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(PHONE.glob("*.json"))}
# Kinds of field that a whole list or a nested form stands behind.
NESTED = ("rows", "group")
every_system = pytest.mark.parametrize("system", sorted(SYSTEMS))


@cache
def routes() -> dict[tuple[str, str], Declaration]:
    """All routes by method and full path, with placeholders of one shape."""
    declared = {}
    for service in all_services():
        for declaration in routes_of(service.load_api()).values():
            path = re.sub(r"<[^>]+>", "{}", f"/api/{service.name}{declaration.path}")
            declared[declaration.method, path] = declaration
    return declared


def find_route(method: str, base: str, path: str) -> Declaration:
    full = path if path.startswith("/api/") else base + path
    wanted = (method, re.sub(r"\{[^}]*\}", "{}", full))
    assert wanted in routes(), wanted
    return routes()[wanted]


def subjects_of(table: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every subject; what is the same as another has that one's table with its own differences."""
    for shape in table["subjects"].values():
        yield {**table["subjects"][shape["same"]], **shape} if "same" in shape else shape


def uses_of(table: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each act with the address of what it is done to: by its step, by itself, or as the service tells it."""
    for shape in subjects_of(table):
        by_step = {verb for verbs in shape.get("steps", {}).values() for verb in verbs}
        elsewhere = {
            verb
            for one in subjects_of(table)
            for verbs in [*one.get("steps", {}).values(), one["also"]]
            for verb in verbs
        }
        stepless = set(table["acts"]) - elsewhere
        mine = by_step | set(shape["also"]) | (stepless if shape.get("told") or shape.get("flow") else set())
        for verb in sorted(mine):
            acts = table["acts"][verb]
            for act in acts if isinstance(acts, list) else [acts]:
                yield shape["path"], act


def fields_of(table: dict[str, Any], names: list[str]) -> dict[str, dict[str, Any]]:
    return {table["fields"][name].get("name", name): table["fields"][name] for name in names}


def check_fields(table: dict[str, Any], names: list[str], schema: ma.Schema, *, sent: set[str]) -> None:
    """What is offered the route takes, what it must have is offered, and each choice is one of its values."""
    offered = fields_of(table, names)
    known = {field.data_key or name: field for name, field in schema.load_fields.items()}
    assert set(offered) | sent <= set(known), schema
    assert {name for name, field in known.items() if field.required} <= set(offered) | sent, schema
    for name, field in offered.items():
        taken: Any = known[name]
        if field["kind"] in NESTED:
            inner: Any = taken.inner if isinstance(taken, ma.fields.List) else taken
            check_fields(table, field["fields"], inner.schema, sent=set())
        if "options" in field and not field.get("boolean"):
            allowed = [rule.choices for rule in taken.validators if isinstance(rule, validate.OneOf)]
            # What may be left out is offered by leaving it out, and not as a choice of nothing.
            known_values = [{str(one) for one in choices if one or taken.required} for choices in allowed]
            assert all(set(field["options"]) == values for values in known_values), name
        if taken.required and field["kind"] != "acknowledge":
            assert field.get("required"), (name, schema)


@every_system
def test_an_act_goes_to_a_route_with_what_the_route_takes(system: str) -> None:
    table = SYSTEMS[system]
    for base, act in uses_of(table):
        declaration = find_route("POST", base, act["path"])
        sent = set(act.get("sends", {}))
        if [table["fields"][name]["kind"] for name in act["fields"]] == ["file"]:
            assert declaration.form is not None, act
        elif declaration.body is None:
            assert (act["fields"], sent) == ([], set()), act
        else:
            check_fields(table, act["fields"], declaration.body(), sent=sent)


@every_system
def test_every_act_belongs_to_something(system: str) -> None:
    table = SYSTEMS[system]
    used = [act for _, act in uses_of(table)]
    declared = [
        act for acts in table["acts"].values() for act in (acts if isinstance(acts, list) else [acts])
    ]
    assert [act for act in declared if act not in used] == []


@every_system
def test_what_is_shown_is_what_the_service_gives(system: str) -> None:
    table = SYSTEMS[system]
    for shape in subjects_of(table):
        given = find_route("GET", "", shape["path"]).returns
        assert given is not None
        asked = [path for _, path, *_ in shape["facts"]] + [path for _, path in shape["prose"]]
        asked += [path for path, _ in shape["files"]]
        asked += [path for _, path, *_ in shape["lists"]]
        asked += [
            f"{path}.{column.split(':')[0]}" for _, path, columns, *_ in shape["lists"] for column in columns
        ]
        asked += [path for act in acts_of(table, shape) for path in act.get("if", {})]
        for act in acts_of(table, shape):
            if "each" in act:
                rows, conditions, names = act["each"]
                asked += [rows, *(f"{rows}.{name}" for name in [*conditions, *names])]
        unknown = [path for path in asked if not leads_somewhere(given(), path)]
        assert unknown == [], system
        for path in [
            shape.get("history"),
            shape.get("reading", {}).get("path"),
            *(path for _, path in shape["files"]),
        ]:
            method = "POST" if path == shape.get("reading", {}).get("path") else "GET"
            if path is not None:
                find_route(method, shape["path"], path)


def acts_of(table: dict[str, Any], shape: dict[str, Any]) -> list[dict[str, Any]]:
    return [act for base, act in uses_of(table) if base == shape["path"]]


def leads_somewhere(schema: ma.Schema, path: str) -> bool:
    """Whether an answer of that schema has something at such a path; what is no schema of its own may hold anything."""
    name, _, rest = path.partition(".")
    known: dict[str, Any] = {field.data_key or key: field for key, field in schema.dump_fields.items()}
    if name not in known:
        return False
    field = known[name].inner if isinstance(known[name], ma.fields.List) else known[name]
    return not rest or not isinstance(field, ma.fields.Nested) or leads_somewhere(field.schema, rest)


@every_system
def test_words_and_extras_are_declared(system: str) -> None:
    table = SYSTEMS[system]
    for shape in subjects_of(table):
        forms = [column.partition(":")[2] for _, _, columns, *_ in shape["lists"] for column in columns]
        known = {"", "moment", "percent", *table["words"]}
        assert set(forms) <= known
        words = [path for _, path, *form in shape["facts"] if form == ["word"]]
        assert set(words) <= set(table["words"])
        if "flow" in shape:
            complete = find_route("POST", shape["path"], shape["flow"] + "/complete").body
            assert complete is not None
            extras = [name for names in shape["extras"].values() for name in names]
            check_fields(table, extras, complete(), sent=set())


def test_a_day_and_a_weight_are_asked_for_at_the_steps_that_may_say_them() -> None:
    """How long an incoming document is kept hangs on its weight; everywhere else the service refuses both."""
    shapes = SYSTEMS["documents"]["subjects"]
    said = {"answer_by", "lead_unit_id", "importance", "subject_class"}
    for direction, subject in zip(shapes, subjects_of(SYSTEMS["documents"]), strict=True):
        steps = {step: meaning for (flow, step), meaning in MEANINGS.items() if flow == direction}
        asked = {step: said & set(names) for step, names in subject["extras"].items() if said & set(names)}
        assert asked == {step: said for step, meaning in steps.items() if meaning.demands}, direction
        assert set(subject["extras"]) <= set(steps), direction


def test_every_act_that_supervision_tells_of_can_be_done_or_is_left_to_the_desk() -> None:
    table = SYSTEMS["supervision"]
    told = {*steps.STEP_OF_VERB, *steps.BY_STAFF, Verb.SPLIT, Verb.ATTACH}
    assert {verb.value for verb in told} == set(table["acts"]) | set(table["elsewhere"])
    for verb, acts in table["acts"].items():
        for act in acts if isinstance(acts, list) else []:
            assert all(states.may(states.State(one), Verb(verb)) for one in act["if"]["state"])


def test_every_step_of_meetings_and_affairs_has_its_acts() -> None:
    """Whoever has to come has the invitation's own acts."""
    by_step = {
        system: {step for shape in subjects_of(SYSTEMS[system]) for step in shape["steps"]}
        for system in ("meetings", "affairs")
    }
    assert {step.value for step in MeetingStep} - by_step["meetings"] == {"attend", "reply"}
    others = {APPROVE_STEP, FILL_STEP, PROVIDE_STEP}
    assert {step.value for step in [*DutyStep, *BundleStep]} | others == by_step["affairs"]
