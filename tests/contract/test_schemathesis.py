"""Whatever a client sends: no service answers with a failure of its own, and each describes itself validly.

One embedded suite with the story's people and documents is asked by requests that schemathesis makes from each
service's own description, as people who between them hold every role. What is asked is the same in every run;
`YIWANG_FUZZ_EXAMPLES` gives the number for each operation, for a longer search that is another one each time.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.generation import GenerationMode

from deploy.demo.client import People, Person, Refused
from deploy.demo.steps import DOCUMENTS
from deploy.demo.story import CLOSING_RECEIVER, DRAFTER, REGISTRY, REVIEWER, Story
from shared.runtime.ports import choose_free_ports
from shared.service import Service, all_services
from tests.support.processes import RunningProgram
from tests.support.town import (
    ARCHIVIST,
    AUDIT_ADMINISTRATOR,
    SECURITY_ADMINISTRATOR,
    SYSTEM_ADMINISTRATOR,
    Town,
)

LONG = "YIWANG_FUZZ_EXAMPLES" in os.environ
pytestmark = pytest.mark.timeout(3600 if LONG else 300)

EXAMPLES = int(os.environ.get("YIWANG_FUZZ_EXAMPLES", "4"))
ASKING = (
    DRAFTER,
    REVIEWER,
    REGISTRY,
    ARCHIVIST,
    f"{CLOSING_RECEIVER}.文书",
    SYSTEM_ADMINISTRATOR,
    SECURITY_ADMINISTRATOR,
    AUDIT_ADMINISTRATOR,
)
# An answer that never ends; of this one the head is looked at, and what came with it.
ENDLESS = "/stream"
# Many wrong sign-ins make the suite slow to answer their source, which is ours.
LAST = ("/login", "/refresh")

# Identity comes last: what it is asked to do takes posts and persons away from the others.
SERVICES = sorted(all_services(), key=lambda service: service.name == "identity")
every_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


@dataclass
class Shaken:
    """A running suite, who asks it, and ids that mean something in it."""

    base_url: str
    people: People
    ids: dict[str, list[str]]
    situations: list[dict[str, str]]
    _tokens: dict[str, str] = field(default_factory=dict)
    _http: requests.Session = field(default_factory=requests.Session)

    def described(self, service: Service) -> dict[str, Any]:
        found: dict[str, Any] = self._http.get(f"{self.base_url}{service.prefix}/openapi.json").json()
        return found

    def ask(self, case: Any, base: str, login_name: str) -> tuple[requests.Response, bytes]:
        """The answer to a generated request; whose token has been brought to an end before signs in and asks again."""
        known = login_name in self._tokens
        if not known:
            self._tokens[login_name] = self._sign_in(login_name)
        answer, body = self._send(case, base, self._tokens[login_name])
        if answer.status_code != 401:
            return answer, body
        # Most of the work of a sign-in is the password's, so a token is kept until it is refused.
        del self._tokens[login_name]
        return self.ask(case, base, login_name) if known else (answer, body)

    def _sign_in(self, login_name: str) -> str:
        """A new token; empty when even signing in has been brought to an end by what was asked."""
        try:
            person = Person(self.base_url, login_name, self.people.passwords[login_name]).sign_in()
        except Refused:
            return ""
        return str(person._tokens["access_token"])

    def _send(self, case: Any, base: str, token: str) -> tuple[requests.Response, bytes]:
        """The answer, of an endless one only the beginning."""
        wanted = case.as_transport_kwargs(base_url=base)
        wanted["headers"] = {**(wanted.get("headers") or {}), "Authorization": f"Bearer {token}"}
        wanted.pop("cookies", None)
        with self._http.request(**wanted, timeout=30, stream=True) as answer:
            if answer.headers.get("Content-Type", "").startswith("text/event-stream"):
                return answer, next(answer.iter_content(64), b"")
            return answer, answer.content


@pytest.fixture(scope="module")
def shaken(session_dir: Path) -> Iterator[Shaken]:
    home, [port] = session_dir / "shaken", choose_free_ports(1)
    home.mkdir()
    environment = {
        "YIWANG_HOME": str(home),
        "YIWANG_HTTP_PORT": str(port),
        "YIWANG_DATABASE_URL": "",
        "YIWANG_AMQP_URL": "memory://",
        "YIWANG_REQUESTS_PER_SECOND": "100000",
        "YIWANG_REQUESTS_PER_SECOND_OF_SOURCE": "100000",
        "YIWANG_LOG_LEVEL": "WARNING",
    }
    command = ["python", "-m", "shared.cli", "serve"]
    with RunningProgram(command, home / "serve.log", environment=environment) as program:
        base_url = f"http://127.0.0.1:{port}"
        program.wait_for_answer(f"{base_url}/readyz", within=120)
        people = Town.found(home, environment).people(base_url)
        documents = told_documents(people)
        yield Shaken(base_url, people, known_ids(people, documents), situations_of(people, documents))
        assert "Traceback" not in program.output, program.output[-8000:]


def told_documents(people: People) -> list[str]:
    """Ids of documents in several states: issued, closed at a receiver, with the reviewer, with the countersigners."""
    stories = [Story(people=people, tell=lambda *_: None) for _ in range(3)]
    whole, drafted, reviewed = stories
    whole.run()
    drafted._draft()
    reviewed._draft()
    reviewed._review()
    return [whole.facts["id"], whole.facts["incoming_id"], drafted.facts["id"], reviewed.facts["id"]]


def known_ids(people: People, documents: list[str]) -> dict[str, list[str]]:
    """What there is, by the name that addresses have for it; nobody who asks is among the persons."""
    drafter, registry, system = people(DRAFTER), people(REGISTRY), people(SYSTEM_ADMINISTRATOR)
    seen = [document for document in documents if document != documents[1]]
    spared = {people(login).me()["person_id"] for login in ASKING}
    spared |= {people(login).me()["acting"]["post_id"] for login in ASKING}
    persons = [one["id"] for one in system.get("/api/identity/persons", limit=50)["items"]]
    found = {
        "document_id": documents,
        "item_id": [item["id"] for one in seen for item in drafter.get(f"{DOCUMENTS}/{one}/items")["items"]],
        "file_id": [
            file["id"] for one in seen for file in registry.get(f"{DOCUMENTS}/{one}").get("files", [])
        ],
        "record_id": [one["id"] for one in people(ARCHIVIST).get("/api/archives/records")["items"]],
        "unit_id": [one["id"] for one in drafter.get("/api/documents/units", q="区")["items"]],
        "post_id": [one["id"] for one in system.get("/api/identity/posts", limit=100)["items"]],
        "person_id": persons,
        "fonds_code": ["Z002", "A001"],
        "key": ["dispatch", "incoming"],
        "role": ["registry", "clerk"],
    }
    found = {name: [one for one in known if one not in spared][:20] for name, known in found.items()}
    assert all(found.values()), found
    return found


def situations_of(people: People, documents: list[str]) -> list[dict[str, str]]:
    """A document with one of its work items and one of its files, as addresses name them together."""
    found = []
    for document_id in documents:
        seer = people(REGISTRY if document_id != documents[1] else f"{CLOSING_RECEIVER}.文书")
        files = [file["id"] for file in seer.get(f"{DOCUMENTS}/{document_id}")["files"]] or [document_id]
        for item in seer.get(f"{DOCUMENTS}/{document_id}/items")["items"]:
            named = {"document_id": document_id, "subject_id": document_id, "item_id": item["id"]}
            found.append({**named, "file_id": files[len(found) % len(files)]})
    # Neighbours in the list are of different documents.
    return sorted(found, key=lambda situation: situation["item_id"][::-1])


@every_service
def test_a_service_describes_itself_validly(shaken: Shaken, service: Service) -> None:
    described = shaken.described(service)
    assert described["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(described).validate()
    named = [
        operation["operationId"] for methods in described["paths"].values() for operation in methods.values()
    ]
    assert len(named) == len(set(named))


@every_service
def test_no_request_makes_a_service_fail(shaken: Shaken, service: Service) -> None:
    known = [one for name, ids in shaken.ids.items() if name.endswith("_id") for one in ids]
    uuids = st.sampled_from(known) | st.uuids().map(str) | st.just(str(UUID(int=0)))
    schemathesis.openapi.format("uuid", uuids)
    schema = schemathesis.openapi.from_dict(shaken.described(service))
    operations = sorted((made.ok() for made in schema.get_all_operations()), key=lambda one: one.path in LAST)
    assert len(operations) > 5
    complaints = [text for operation in operations for text in complaints_about(shaken, service, operation)]
    assert complaints == [], "\n".join(complaints)


def complaints_about(shaken: Shaken, service: Service, operation: Any) -> list[str]:
    """What is wrong with the answers to the requests made for one operation; a line each."""
    found: dict[str, str] = {}
    turns, refused = count(), set[str]()
    base = shaken.base_url + service.prefix

    def look(case: Any) -> None:
        turn = next(turns)
        # Whoever may not do this at all is asked to try it again only now and then.
        able = [login for login in ASKING if login not in refused]
        asking = ASKING if turn % 8 == 0 or not able else able
        login_name = asking[turn % len(asking)]
        if turn % 4:
            _make_sensible(case, shaken, turn - turn // 4)
        answer, body = shaken.ask(case, base, login_name)
        if answer.status_code == 403 and b"auth.missing_permission" in body:
            refused.add(login_name)
        if complaint := complaint_about(answer, body, operation):
            found.setdefault(
                complaint, f"{complaint}: {login_name} {case.as_curl_command()[:1500]} -> {body[:300]!r}"
            )

    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        try:
            strategy = operation.as_strategy(generation_mode=mode)
            checked = given(case=strategy)(look)
            settings(
                max_examples=max(EXAMPLES // 2, 1),
                deadline=None,
                database=None,
                derandomize=not LONG,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )(checked)()
        except Unsatisfiable:
            # What takes nothing cannot be asked wrongly; rightly it can always be asked.
            if mode is GenerationMode.POSITIVE:
                raise
    return list(found.values())


def _make_sensible(case: Any, shaken: Shaken, turn: int) -> None:
    """Name what there is in the address, and write without characters that the door refuses, so that more is asked."""
    situation = shaken.situations[turn % len(shaken.situations)]
    for name in case.path_parameters or {}:
        if name in situation:
            case.path_parameters[name] = situation[name]
        elif known := shaken.ids.get(name):
            case.path_parameters[name] = known[turn % len(known)]
    if isinstance(case.body, dict | list):
        case.body = _writable(case.body)
    case.query = _writable(case.query or {})


def _writable(value: Any) -> Any:
    if isinstance(value, str):
        return "".join(character for character in value if character.isprintable())
    if isinstance(value, dict):
        return {_writable(name): _writable(item) for name, item in value.items()}
    return [_writable(item) for item in value] if isinstance(value, list) else value


def complaint_about(answer: requests.Response, body: bytes, operation: Any) -> str:
    """What is wrong with an answer, in a few words; empty when nothing is."""
    status, kind = answer.status_code, answer.headers.get("Content-Type", "")
    if status >= 500:
        return f"{operation.label} failed with {status}"
    if status >= 400 and kind != "application/problem+json":
        return f"{operation.label} answered {status} as {kind}"
    # 404 and 405 may come before the operation is found, 408 before it is read.
    if str(status) not in operation.definition.raw["responses"] and status not in (404, 405, 408):
        return f"{operation.label} does not describe its answer {status}"
    return "" if body or status == 204 else f"{operation.label} answered {status} with nothing"
