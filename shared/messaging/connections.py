"""Connections to RabbitMQ: the address taken apart, time limits on everything, a name that operators see."""

import math
import socket
import ssl
from contextlib import suppress
from typing import Any
from urllib.parse import unquote, urlsplit

import amqp
from amqp.exceptions import AMQPError

# What any use of a connection may raise when the line or the broker is gone.
AWAY: tuple[type[Exception], ...] = (AMQPError, OSError)

# What py-amqp adds when a connection is closed under its hands by another greenlet.
GONE: tuple[type[Exception], ...] = (*AWAY, AttributeError, TypeError)

CONNECT_SECONDS = 10


def connect(url: str, *, name: str, heartbeat: float = 0, confirm: bool = False, limit: float = 30) -> Any:
    """An open `amqp.Connection`; whatever is in `AWAY` when there is none to be had.

    `limit` is how many seconds a single read or write may hang. A password never shows in an error's text.
    """
    parts = urlsplit(url)
    secure = parts.scheme == "amqps"
    connection = amqp.Connection(
        host=f"{parts.hostname or 'localhost'}:{parts.port or (5671 if secure else 5672)}",
        userid=unquote(parts.username or "guest"),
        password=unquote(parts.password or "guest"),
        login_method="PLAIN",
        virtual_host=unquote(parts.path[1:]) or "/",
        ssl={"context": ssl.create_default_context(), "server_hostname": parts.hostname} if secure else False,
        connect_timeout=min(CONNECT_SECONDS, limit),
        heartbeat=math.ceil(heartbeat),
        confirm_publish=confirm,
        client_properties={"connection_name": name},
        socket_settings={socket.TCP_USER_TIMEOUT: int(limit * 1000)},
    )
    connection.connect()
    connection.sock.settimeout(limit)
    return connection


def wake(connection: Any) -> None:
    """End the line under whoever waits on it, so that they see it; the socket itself stays to be closed.

    Closed at once, it would leave eventlet's hub before its waiters were told, and they would wait on.
    """
    sock = _socket_of(connection)
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


def cut(connection: Any) -> None:
    """Close the socket without a word; nobody may be waiting on it any more."""
    wake(connection)
    sock = _socket_of(connection)
    if sock is not None:
        with suppress(OSError):
            sock.close()


def close(connection: Any) -> None:
    """Say goodbye if there is still somebody to say it to."""
    try:
        connection.close()
    except AWAY:
        cut(connection)


def _socket_of(connection: Any) -> Any:
    return getattr(getattr(connection, "_transport", None), "sock", None)
