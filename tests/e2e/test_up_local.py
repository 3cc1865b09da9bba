"""`yiwang up`: the suite as separate processes on a real broker, from the start to the last process gone."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest
import requests

from shared.service import Service, all_services
from tests.support.suite import RunningSuite, running_suite
from tests.support.waiting import eventually

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def suite() -> Iterator[RunningSuite]:
    with TemporaryDirectory(prefix="yiwang-test-") as home, running_suite(Path(home)) as running:
        yield running


def test_every_service_has_an_api_and_a_worker_and_all_are_ready(suite: RunningSuite) -> None:
    expected = {f"{service.name}.{role}" for service in all_services() for role in ("api", "worker")}
    processes = suite.processes()
    assert set(processes) == expected | {"relay", "edge"}
    answers = {name: requests.get(process.ready_url, timeout=10) for name, process in processes.items()}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(processes, 200)


def test_every_process_tells_of_its_health_and_its_numbers(suite: RunningSuite) -> None:
    for name, process in suite.processes().items():
        base = process.ready_url.removesuffix("/readyz")
        assert requests.get(f"{base}/healthz", timeout=10).status_code == 200, name
        if name != "edge":
            assert "yiwang_" in requests.get(f"{base}/metrics", timeout=10).text, name


@pytest.mark.parametrize("service", all_services(), ids=lambda service: service.name)
def test_the_edge_leads_to_the_service(suite: RunningSuite, service: Service) -> None:
    answer = requests.get(f"{suite.base_url}{service.prefix}/openapi.json", timeout=30)
    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")


def test_an_address_of_no_service_is_not_there(suite: RunningSuite) -> None:
    answer = requests.get(f"{suite.base_url}/api/nothing/here", timeout=10)
    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (
        404,
        "application/problem+json",
    )


def test_no_secret_is_on_a_command_line(suite: RunningSuite) -> None:
    """Any account of the machine can read those."""
    key = (suite.home / "secret.key").read_text().strip()
    for process in suite.family():
        line = " ".join(process.cmdline())
        assert "amqp://" not in line
        assert key not in line


def test_a_killed_worker_comes_back_while_the_others_go_on(suite: RunningSuite) -> None:
    before = suite.processes()
    name = f"{all_services()[0].name}.worker"
    psutil.Process(before[name].pid).send_signal(signal.SIGKILL)
    suite.program.wait_for_line("was ended by SIGKILL; starts again", 15)

    def is_back() -> bool:
        process = suite.process(name)
        return process.pid != before[name].pid and _answers(process.ready_url)

    eventually(is_back, 60)
    after = suite.processes()
    assert {other: after[other].pid for other in before if other != name} == {
        other: process.pid for other, process in before.items() if other != name
    }


def test_a_killed_broker_comes_back_and_the_workers_listen_again(suite: RunningSuite) -> None:
    address = suite.process("relay").ready_url
    [[node, _], _] = json.loads((suite.home / "rabbitmq" / "pids.json").read_text())
    psutil.Process(node).send_signal(signal.SIGKILL)
    suite.program.wait_for_line("消息服务意外停止", 15)
    listening = len(_lines(suite, "listening to"))
    eventually(lambda: len(_lines(suite, "listening to")) > listening, 60)
    assert _answers(address)


def test_sigterm_ends_everything_in_time(suite: RunningSuite) -> None:
    family = suite.family()
    # On a busy disk most of it is PostgreSQL writing out four databases that are a minute old.
    assert suite.stop(within=30) == 0
    left = [process for process in psutil.wait_procs(family, timeout=2)[1] if process.is_running()]
    assert not left


def _lines(suite: RunningSuite, text: str) -> list[str]:
    return [line for line in suite.program.output.splitlines() if text in line]


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).status_code == 200
    except requests.RequestException:
        return False
