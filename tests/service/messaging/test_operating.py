"""The operator's commands on the whole suite, as a person types them."""

import json
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from amqp import Message
from click.testing import CliRunner, Result

from shared import migrations
from shared.cli import cli
from shared.messaging.connections import close, connect
from shared.runtime import databases
from shared.service import all_services

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def suite_databases(postgres_url: str) -> Iterator[str]:
    """The address of migrated databases for all services, with `{service}` in the name."""
    prefix = f"yiwang_test_{secrets.token_hex(4)}_"
    urls = {}
    for service in all_services():
        urls[service.name] = databases.create_database(postgres_url, prefix + service.name)
        migrations.upgrade(service, urls[service.name])
    first, url = next(iter(urls.items()))
    yield url.replace(prefix + first, prefix + "{service}")
    for name in urls:
        databases.drop_database(postgres_url, prefix + name)


@pytest.fixture
def run(suite_databases: str, amqp_vhost: str, tmp_path: Path) -> Run:
    """Runs `yiwang` with these words."""
    env = {
        "YIWANG_HOME": str(tmp_path),
        "YIWANG_DATABASE_URL": suite_databases,
        "YIWANG_AMQP_URL": amqp_vhost,
        "YIWANG_LOG_LEVEL": "ERROR",
    }
    return lambda *words, **other: CliRunner().invoke(cli, words, env={**env, **other})


def test_the_topology_is_applied_and_then_found_as_declared(run: Run) -> None:
    missing = run("topology", "check")
    assert missing.exit_code == 1
    assert "缺少: mobile.trace" in missing.output
    assert run("topology", "apply").output == "消息拓扑已就绪\n"
    assert run("topology", "apply", "--prune").exit_code == 0
    assert run("topology", "check").output == "消息拓扑与声明一致\n"


def test_what_the_broker_gave_up_is_listed_shown_and_replayed(run: Run, amqp_vhost: str) -> None:
    run("topology", "apply")
    _give_out_too_often(amqp_vhost, "mobile.trace", '{"id": "7", "type": "x"}')
    [found] = [json.loads(line) for line in run("deadletters", "list", "--json").output.splitlines()]
    assert (found["handler"], found["reason"], found["event_id"]) == ("mobile.trace", "delivery_limit", "7")
    assert json.loads(run("deadletters", "show", found["id"]).output) == found
    assert "共 0 条死信" in run("deadletters", "list", "--handler", "mobile.inbox").output
    assert "已重新投递 0 条" in run("deadletters", "replay", "--handler", "mobile.inbox").output
    assert "已重新投递 1 条" in run("deadletters", "replay", found["id"]).output
    assert "共 0 条死信" in run("deadletters", "list").output
    assert run("topology", "check").exit_code == 0


def test_a_letter_that_is_not_there_and_a_replay_of_nothing_are_refused(run: Run) -> None:
    run("topology", "apply")
    assert "没有编号为 nothing 的死信" in run("deadletters", "show", "nothing").output
    assert run("deadletters", "replay").exit_code == 2


def test_an_empty_suite_is_reconciled_and_replayed(run: Run) -> None:
    run("topology", "apply")
    assert run("events", "reconcile").output == "核对 0 条, 补投 0 条\n"
    assert run("events", "replay", "mobile").output == "已用 0 条事件重建 mobile 的读模型\n"
    assert "has no commands.reset_read_model" in run("events", "replay", "identity").output
    assert run("events", "replay", "nothing").exit_code == 2


@pytest.mark.parametrize("words", [("topology", "apply"), ("deadletters", "list"), ("relay",)], ids=" ".join)
def test_in_embedded_mode_they_say_that_there_is_nothing_to_reach(run: Run, words: tuple[str, ...]) -> None:
    result = run(*words, YIWANG_AMQP_URL="memory://")
    assert result.exit_code == 1
    assert "嵌入模式" in result.output


@pytest.mark.parametrize(
    "words", [("topology", "check"), ("deadletters", "list"), ("events", "reconcile")], ids=" ".join
)
def test_without_a_broker_they_say_so(run: Run, words: tuple[str, ...]) -> None:
    result = run(*words, YIWANG_AMQP_URL="amqp://nobody:secret@127.0.0.1:1/")
    assert result.exit_code == 1
    assert "RabbitMQ" in result.output
    assert "secret" not in result.output


def _give_out_too_often(url: str, queue: str, body: str) -> None:
    """Put a message on the queue and give it back until the broker gives it up."""
    connection = connect(url, name="test", confirm=True)
    channel = connection.channel()
    channel.basic_publish(Message(body, delivery_mode=2), exchange="", routing_key=queue)
    while message := channel.basic_get(queue):
        channel.basic_reject(message.delivery_tag, requeue=True)
    close(connection)
