"""Every door of every service: shut without a token, and open while signing keys change."""

import threading
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import requests
import sqlalchemy as sa

from deploy.demo.client import Person
from deploy.demo.story import DRAFTER
from shared.db import Database
from shared.service import all_services
from tests.support.city import City
from tests.support.town import operate
from tests.support.waiting import eventually

pytestmark = pytest.mark.timeout(240)

# A drafter may not look into the archives; the point is that the token is believed.
GOOD = {200, 403}
NOBODYS_ID = str(UUID(int=7))
AN_ADDRESS_OF_EACH = {
    "affairs": "/api/affairs/matters",
    "archives": "/api/archives/fonds",
    "documents": "/api/documents/kinds",
    "identity": "/api/identity/me",
    "meetings": "/api/meetings/meetings",
    "mobile": "/api/mobile/inbox/counts",
    "supervision": "/api/supervision/tasks",
}


def operations(city: City) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every method and address that the services describe."""
    for service in all_services():
        described = requests.get(f"{city.base_url}{service.prefix}/openapi.json", timeout=30).json()
        for path, methods in described["paths"].items():
            for method, operation in methods.items():
                yield method.upper(), an_address_of(service.prefix + path, operation), operation


def an_address_of(path: str, operation: dict[str, Any]) -> str:
    """The path with something of the right type in the place of every argument."""
    for argument in operation["parameters"]:
        if argument["in"] == "path":
            filled = "7" if argument["schema"]["type"] == "integer" else NOBODYS_ID
            path = path.replace(f"{{{argument['name']}}}", filled)
    return path


def test_without_a_token_every_door_is_shut_that_is_not_said_to_be_open(city: City) -> None:
    let_in, asked = [], 0
    for method, address, operation in operations(city):
        if not operation["security"]:
            continue
        asked += 1
        for headers in ({}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer forged.token.here"}):
            answer = requests.request(
                method, city.base_url + address, headers=headers, json={}, timeout=30, stream=True
            )
            code = answer.json()["code"]
            if answer.status_code != 401 or code not in ("auth.token_missing", "auth.token_invalid"):
                let_in.append((method, address, answer.status_code, code))
    assert asked > 60
    assert let_in == []


def test_nobodys_header_is_believed_about_who_asks(city: City) -> None:
    """What a proxy or another program might say of the caller counts nothing without a token."""
    claims = {
        "X-User": "admin",
        "X-Forwarded-User": "admin",
        "Remote-User": "admin",
        "context_data": '{"person_id": "1"}',
        "X-Permissions": "documents.read",
    }
    for address in AN_ADDRESS_OF_EACH.values():
        answer = requests.get(city.base_url + address, headers=claims, timeout=30)
        assert answer.status_code == 401


def test_keys_change_while_people_work_and_nobody_is_sent_away(city: City) -> None:
    assert set(AN_ADDRESS_OF_EACH) == {service.name for service in all_services()}
    person = city.people()(DRAFTER)
    for address in AN_ADDRESS_OF_EACH.values():
        eventually(lambda where=address: _status(city, person, where) in GOOD, 30)  # type: ignore[misc]
    seen: list[tuple[str, int]] = []
    done = threading.Event()

    def keep_working() -> None:
        while not done.is_set():
            for address in AN_ADDRESS_OF_EACH.values():
                seen.append((address, _status(city, person, address)))

    def keep_signing_in() -> None:
        while not done.is_set():
            # A token of this very moment, signed with whatever key is in use now, at every door.
            fresh = Person(city.base_url, DRAFTER, person.password).sign_in()
            seen.extend((address, _status(city, fresh, address)) for address in AN_ADDRESS_OF_EACH.values())

    workers = [threading.Thread(target=work) for work in (keep_working, keep_signing_in)]
    for worker in workers:
        worker.start()
    try:
        for _ in range(2):
            let_announced_keys_ripen(city)
            operate(city.home, city.environment, "keys", "rotate")
            before = len(seen)
            eventually(lambda so_far=before: len(seen) > so_far + 20, 30)  # type: ignore[misc]
    finally:
        done.set()
        for worker in workers:
            worker.join()
    assert [answer for answer in seen if answer[1] not in GOOD] == []


def let_announced_keys_ripen(city: City) -> None:
    """As if the next key had been announced an hour ago; it may sign when ten minutes have passed."""
    database = Database("identity", city.environment["YIWANG_DATABASE_URL"].format(service="identity"))
    with database.transaction() as session:
        session.execute(sa.text("UPDATE signing_key SET announced_at = announced_at - interval '1 hour'"))
    database.close()


def _status(city: City, person: Person, address: str) -> int:
    headers = {"Authorization": f"Bearer {person._tokens['access_token']}"}
    return requests.get(city.base_url + address, headers=headers, timeout=30).status_code
