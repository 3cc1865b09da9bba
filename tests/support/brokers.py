"""The broker of the tests. Each test has a virtual host: names are those of production, traffic does not mix."""

import secrets
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urlsplit, urlunsplit

import requests

from shared.runtime.rabbitmq import LocalRabbit
from shared.runtime.rabbitmq_package import ensure_rabbitmq_server


class Broker(Protocol):
    """A RabbitMQ server that gives out empty virtual hosts."""

    @property
    def url(self) -> str: ...

    def add_vhost(self, name: str) -> str: ...

    def delete_vhost(self, name: str) -> None: ...


class ExistingBroker:
    """A server that somebody else runs: virtual hosts are made through its management interface."""

    def __init__(self, url: str, management_url: str | None = None) -> None:
        self.url = url
        self._management_url = (management_url or _usual_management_url(url)).rstrip("/")
        try:
            requests.get(f"{self._management_url}/api/vhosts", timeout=10).raise_for_status()
        except requests.RequestException as error:
            raise RuntimeError(
                "YIWANG_AMQP_URL 所指的 RabbitMQ 没有可用的管理接口; 请启用 rabbitmq_management, "
                f"或用 YIWANG_TEST_MANAGEMENT_URL 给出其地址 (http://用户:口令@主机:端口): {error}"
            ) from error

    def add_vhost(self, name: str) -> str:
        user = quote(urlsplit(self._management_url).username or "", safe="")
        self._put(f"vhosts/{quote(name, safe='')}", {})
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        self._put(f"permissions/{quote(name, safe='')}/{user}", everything)
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{quote(name, safe='')}"))

    def delete_vhost(self, name: str) -> None:
        address = f"{self._management_url}/api/vhosts/{quote(name, safe='')}"
        requests.delete(address, timeout=30).raise_for_status()

    def _put(self, path: str, body: dict[str, str]) -> None:
        requests.put(f"{self._management_url}/api/{path}", json=body, timeout=30).raise_for_status()


def private_broker(data_dir: Path) -> LocalRabbit:
    """A started node of our own; installs the server first where that is allowed, or says what to install."""
    ensure_rabbitmq_server()
    node = LocalRabbit(data_dir)
    node.start()
    return node


def fresh_vhost_name() -> str:
    return f"test-{secrets.token_hex(4)}"


def _usual_management_url(url: str) -> str:
    parts = urlsplit(url)
    scheme, port = ("https", 15671) if parts.scheme == "amqps" else ("http", 15672)
    account = f"{parts.username or 'guest'}:{parts.password or 'guest'}"
    return f"{scheme}://{account}@{parts.hostname or 'localhost'}:{port}"
