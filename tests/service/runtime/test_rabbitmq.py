"""The private RabbitMQ node: starts, breaks on demand, comes back with its data, and never stays behind."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import amqp
import psutil
import pytest

from shared.runtime.ports import is_free
from shared.runtime.rabbitmq import LocalRabbit, RabbitFailed
from tests.support.amqp_urls import connect
from tests.support.brokers import Broker, fresh_vhost_name
from tests.support.processes import RunningProgram
from tests.support.waiting import eventually

OWNER = """
import sys, time
from pathlib import Path
from shared.runtime.rabbitmq import LocalRabbit
from tests.support.amqp_urls import connect
node = LocalRabbit(Path(sys.argv[1]))
url = node.start()
with connect(url) as connection:
    connection.channel().queue_declare("papers", durable=True, auto_delete=False)
node.settle()
print("ready", url, flush=True)
time.sleep(600)
"""
DURABLE = {"durable": True, "auto_delete": False, "exclusive": False}
QUORUM = {**DURABLE, "arguments": {"x-queue-type": "quorum"}}


@contextmanager
def channel(url: str) -> Iterator[amqp.Channel]:
    with connect(url, confirm_publish=True) as connection:
        yield connection.channel()


def keep_message(url: str, queue: str) -> None:
    with channel(url) as line:
        line.queue_declare(queue, **QUORUM)
        line.basic_publish_confirm(amqp.Message("公文".encode(), delivery_mode=2), "", queue)


def count_messages(url: str, queue: str) -> int:
    with channel(url) as line:
        found: int = line.queue_declare(queue, passive=True).message_count
        return found


def family_of(data_dir: Path) -> list[psutil.Process]:
    """Every process whose environment or command names the folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("HOME") == str(data_dir) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


def test_a_quorum_queue_takes_a_confirmed_message(amqp_vhost: str) -> None:
    keep_message(amqp_vhost, "papers")
    assert eventually(lambda: count_messages(amqp_vhost, "papers") == 1)


def test_virtual_hosts_know_nothing_of_each_other(broker: Broker, amqp_vhost: str) -> None:
    name = fresh_vhost_name()
    other = broker.add_vhost(name)
    keep_message(amqp_vhost, "papers")
    with pytest.raises(amqp.NotFound):
        count_messages(other, "papers")
    broker.delete_vhost(name)
    with pytest.raises((amqp.AMQPError, OSError)), channel(other):
        pass


def test_the_account_named_guest_is_refused(breakable_broker: LocalRabbit) -> None:
    port = breakable_broker.url.rsplit(":", 1)[1].split("/")[0]
    with pytest.raises((amqp.AccessRefused, OSError)), channel(f"amqp://guest:guest@127.0.0.1:{port}/%2F"):
        pass


def test_a_frozen_node_answers_nothing_until_it_thaws(
    breakable_broker: LocalRabbit, breakable_vhost: str
) -> None:
    breakable_broker.freeze()
    with pytest.raises(OSError), channel(breakable_vhost):  # noqa: PT011 (a timeout, however it is worded)
        pass
    breakable_broker.thaw()
    keep_message(breakable_vhost, "papers")


def test_a_stopped_broker_comes_back_on_its_port_with_its_messages(
    breakable_broker: LocalRabbit, breakable_vhost: str
) -> None:
    keep_message(breakable_vhost, "papers")
    breakable_broker.stop_app()
    with pytest.raises(OSError), channel(breakable_vhost):  # noqa: PT011 (refused)
        pass
    breakable_broker.start_app()
    assert eventually(lambda: count_messages(breakable_vhost, "papers") == 1)


def test_a_killed_node_comes_back_on_its_port_with_its_messages(
    breakable_broker: LocalRabbit, breakable_vhost: str
) -> None:
    keep_message(breakable_vhost, "papers")
    breakable_broker.settle()
    breakable_broker.kill()
    breakable_broker.start()
    assert eventually(lambda: count_messages(breakable_vhost, "papers") == 1)


def test_a_killed_owner_takes_its_node_along_and_the_folder_is_free(tmp_path: Path) -> None:
    data_dir = tmp_path / "rabbitmq"
    with RunningProgram(["python", "-c", OWNER, str(data_dir)], tmp_path / "owner.log") as owner:
        url = owner.wait_for_line("ready", within=60).split()[1]
        assert {process.name() for process in family_of(data_dir)} >= {"beam.smp", "epmd"}
        with pytest.raises(RabbitFailed, match="another process"):
            LocalRabbit(data_dir).start()
        owner.signal(signal.SIGKILL)
        owner.wait()
        with LocalRabbit(data_dir) as node:
            assert count_messages(node.url, "papers") == 0
    eventually(lambda: not family_of(data_dir), within=20)
    assert is_free(int(url.rsplit(":", 1)[1].split("/")[0]))
