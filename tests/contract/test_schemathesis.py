"""Whatever a client sends: no service answers with a failure of its own, and each describes itself validly.

One embedded suite with the story's people and documents is asked by requests that schemathesis makes from each
service's own description, as people who between them hold every role. What is asked is the same in every run;
`YIWANG_FUZZ_EXAMPLES` gives the number for each operation, for a longer search that is another one each time.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
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

from deploy.demo.client import People, Person
from deploy.demo.story import CLOSING_RECEIVER, DOCUMENTS, DRAFTER, REGISTRY, Story
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

EXAMPLES = int(os.environ.get("YIWANG_FUZZ_EXAMPLES", "16"))
ASKING = (
    DRAFTER,
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

every_service = pytest.mark.parametrize("service", all_services(), ids=lambda service: service.name)


@dataclass
class Shaken:
    """A running suite, who asks it, and ids that mean something in it."""

    base_url: str
    people: People
    ids: list[str]
    _http: requests.Session = field(default_factory=requests.Session)

    def described(self, service: Service) -> dict[str, Any]:
        found: dict[str, Any] = self._http.get(f"{self.base_url}{service.prefix}/openapi.json").json()
        return found

    def sign_in_again(self, login_name: str) -> Person:
        """Some requests sign out whoever sends them; with a token that has ended nothing more is found."""
        return Person(self.base_url, login_name, self.people.passwords[login_name]).sign_in()

    def ask(self, case: Any, base: str, token: str) -> tuple[requests.Response, bytes]:
        """The answer to a generated request; of an endless one only the beginning."""
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
        facts = Story(people=people, tell=lambda *_: None).run()
        yield Shaken(base_url, people, known_ids(people, facts))
        assert "Traceback" not in program.output, program.output[-8000:]


def known_ids(people: People, facts: dict[str, Any]) -> list[str]:
    """Documents, work items, posts, units and persons; nobody who asks is among the persons."""
    drafter, system = people(DRAFTER), people(SYSTEM_ADMINISTRATOR)
    items = drafter.get(f"{DOCUMENTS}/{facts['id']}/items")["items"]
    posts = drafter.get("/api/documents/posts", permission="documents.registry")["items"]
    units = drafter.get("/api/documents/units", q="区")["items"]
    persons = system.get("/api/identity/persons", limit=50)["items"]
    spared = {people(login).me()["person_id"] for login in ASKING}
    records = people(ARCHIVIST).get("/api/archives/records")["items"]
    found = [facts["id"], facts["incoming_id"], *(item["id"] for item in [*items, *units, *records])]
    found += [post["post_id"] for post in posts]
    return found + [one["id"] for one in persons if one["id"] not in spared][:5]


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
    schemathesis.openapi.format(
        "uuid", st.sampled_from(shaken.ids) | st.uuids().map(str) | st.just(str(UUID(int=0)))
    )
    schema = schemathesis.openapi.from_dict(shaken.described(service))
    operations = sorted((made.ok() for made in schema.get_all_operations()), key=lambda one: one.path in LAST)
    assert len(operations) > 5
    complaints = [text for operation in operations for text in complaints_about(shaken, service, operation)]
    assert complaints == [], "\n".join(complaints)


def complaints_about(shaken: Shaken, service: Service, operation: Any) -> list[str]:
    """What is wrong with the answers to the requests made for one operation; a line each."""
    found: dict[str, str] = {}
    askers = cycle(ASKING)
    tokens: dict[str, str] = {}
    base = shaken.base_url + service.prefix

    def look(case: Any) -> None:
        login_name = next(askers)
        if login_name not in tokens:
            tokens[login_name] = shaken.sign_in_again(login_name)._tokens["access_token"]
        answer, body = shaken.ask(case, base, tokens[login_name])
        if answer.status_code == 401:
            del tokens[login_name]
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
