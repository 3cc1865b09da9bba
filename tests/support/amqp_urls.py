"""Raw AMQP connections from a URL, for tests that look at the broker past the product's own code."""

from typing import Any
from urllib.parse import unquote, urlsplit

import amqp


def connect(url: str, **options: Any) -> amqp.Connection:
    """An open connection to the virtual host of `url`; a broker that does not answer within 5 s is an OSError."""
    parts = urlsplit(url)
    connection = amqp.Connection(
        f"{parts.hostname}:{parts.port or 5672}",
        userid=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        virtual_host=unquote(parts.path[1:]) or "/",
        connect_timeout=5,
        read_timeout=5,
        **options,
    )
    connection.connect()
    return connection
