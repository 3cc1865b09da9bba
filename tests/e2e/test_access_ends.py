"""Log-out, disabling a person or losing the post ends access in every service within five seconds, tokens included."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import requests

from shared.runtime.ports import choose_free_ports
from shared.service import all_services
from tests.service.identity.people import PERSONS, POSTS, UNITS
from tests.support.city import City
from tests.support.processes import RunningProgram
from tests.support.town import SYSTEM_ADMINISTRATOR
from tests.support.waiting import eventually

pytestmark = pytest.mark.timeout(300)

WITHIN = 5.0


@dataclass
class Office:
    """A running suite, its people's passwords, whose access ends, and who ends it."""

    base_url: str
    passwords: dict[str, str]
    holder: str
    system: str

    def sign_in(self, login_name: str) -> str:
        body = {"login_name": login_name, "password": self.passwords[login_name]}
        answer = requests.post(f"{self.base_url}/api/identity/login", json=body, timeout=30)
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["access_token"]
        return token

    def ask(self, method: str, path: str, token: str, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return requests.request(method, self.base_url + path, headers=headers, timeout=30, **options)

    @cached_property
    def doors(self) -> list[str]:
        """One address of every service that wants a token, found in its description."""
        found = []
        for service in all_services():
            described = requests.get(f"{self.base_url}{service.prefix}/openapi.json", timeout=30).json()
            wanted = next(
                path
                for path, methods in described["paths"].items()
                if "{" not in path and methods.get("get", {}).get("security")
            )
            found.append(service.prefix + wanted)
        return found

    def is_shut_out(self, path: str, token: str) -> bool:
        answer = self.ask("GET", path, token)
        return answer.status_code == 401 and answer.json()["code"] == "auth.access_ended"


@pytest.fixture(params=["embedded", "processes"])
def office(request: pytest.FixtureRequest) -> Office:
    found: Office = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def processes(city: City) -> Office:
    """Separate processes on a real broker; the holder is somebody whom no story needs."""
    passwords = read(city.town.passwords_file)
    return Office(city.base_url, passwords, holder="上栗县人民政府.承办", system=SYSTEM_ADMINISTRATOR)


@pytest.fixture(scope="module")
def embedded() -> Iterator[Office]:
    """One process, with the broker in memory."""
    [port] = choose_free_ports(1)
    with TemporaryDirectory(prefix="yiwang-test-") as folder:
        home = Path(folder)
        environment = {"YIWANG_HOME": str(home), "YIWANG_HTTP_PORT": str(port)}
        command = ["python", "-m", "shared.cli", "serve"]
        with RunningProgram(command, home / "serve.log", environment=environment) as program:
            base_url = f"http://127.0.0.1:{port}"
            program.wait_for_answer(f"{base_url}/readyz", within=180)
            passwords = settle(home, environment)
            yield Office(base_url, passwords, holder="预算科承办", system="系统管理员")


def settle(home: Path, environment: dict[str, str]) -> dict[str, str]:
    """Import a small municipality as an operator does; returns the passwords that were made."""
    files = []
    for name, content in {"units": UNITS, "persons": PERSONS, "posts": POSTS}.items():
        path = home / f"{name}.csv"
        path.write_text(content, encoding="utf-8")
        files.append(str(path))
    passwords = home / "passwords.tsv"
    for command in (["import", *files], ["first-passwords", "--final", str(passwords)]):
        log = home / "operate.log"
        program = ["python", "-m", "shared.cli", "identity", *command]
        with RunningProgram(program, log, environment=environment) as operating:
            assert operating.wait(120) == 0, log.read_text()
    return read(passwords)


def read(passwords: Path) -> dict[str, str]:
    lines = passwords.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if "\t" in line)


def shut_out_everywhere(office: Office, token: str, *, began: float) -> None:
    for door in office.doors:
        left = WITHIN - (time.monotonic() - began)
        eventually(lambda door=door: office.is_shut_out(door, token), left)  # type: ignore[misc]


def holder_and_post(office: Office, token: str) -> tuple[str, str]:
    me = office.ask("GET", "/api/identity/me", token).json()
    return me["person_id"], me["acting"]["post_id"]


def let_in_everywhere(office: Office, token: str) -> None:
    """The token works, once every service knows the key that signed it."""
    for door in office.doors:
        eventually(lambda door=door: office.ask("GET", door, token).status_code != 401, 20)  # type: ignore[misc]


def test_a_token_opens_every_service_and_log_out_shuts_it_out(office: Office) -> None:
    token = office.sign_in(office.holder)
    let_in_everywhere(office, token)
    began = time.monotonic()
    assert office.ask("POST", "/api/identity/logout", token).status_code == 204
    shut_out_everywhere(office, token, began=began)


def test_disabling_the_person_shuts_out(office: Office) -> None:
    token, system = office.sign_in(office.holder), office.sign_in(office.system)
    let_in_everywhere(office, token)
    person_id, _ = holder_and_post(office, token)
    began = time.monotonic()
    path = f"/api/identity/persons/{person_id}"
    assert office.ask("POST", f"{path}/disable", system, json={"reason": "调离"}).status_code == 200
    shut_out_everywhere(office, token, began=began)
    assert office.ask("POST", f"{path}/enable", system).status_code == 200
    let_in_everywhere(office, office.sign_in(office.holder))


def test_losing_the_post_shuts_out(office: Office) -> None:
    token, system = office.sign_in(office.holder), office.sign_in(office.system)
    let_in_everywhere(office, token)
    person_id, post_id = holder_and_post(office, token)
    began = time.monotonic()
    path = f"/api/identity/posts/{post_id}"
    body = {"person_id": person_id}
    assert office.ask("POST", f"{path}/dismiss", system, json=body).status_code == 200
    shut_out_everywhere(office, token, began=began)
    assert office.ask("POST", f"{path}/appoint", system, json=body).status_code == 200
