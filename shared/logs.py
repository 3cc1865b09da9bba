"""Logs: one JSON object a line on standard error, each with the correlation id of the work it belongs to."""

import json
import logging
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TextIO

import orjson
import structlog

# Names under which a secret might come along by mistake; the value is never written.
_SECRET_NAMES = ("password", "token", "authorization", "secret", "cookie")
_QUIET = {
    "amqp": "WARNING",
    "nameko": "WARNING",
    # Whatever fails in a worker is logged at the entrypoint, with what it was working on.
    "nameko.containers": "CRITICAL",
    "kombu": "WARNING",
    "alembic": "WARNING",
    "bagit": "ERROR",
    "fontTools": "ERROR",
    "spiff": "WARNING",
    "pypdf": "ERROR",
}


def configure_logs(*, level: str, as_json: bool, stream: TextIO = sys.stderr) -> None:
    """Send everything that is logged in this process through one formatter, to standard error or elsewhere."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_secrets,
    ]
    renderer: Any = structlog.processors.JSONRenderer(_written)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            renderer if as_json else structlog.dev.ConsoleRenderer(colors=stream.isatty()),
        ],
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    # What is asked of every line although no line shows it; these are the switches that the library documents.
    logging._srcfile = None  # noqa: SLF001
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name, quieter in _QUIET.items():
        logging.getLogger(name).setLevel(quieter)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _written(entry: Any, **options: Any) -> str:
    try:
        return orjson.dumps(entry, default=options.get("default")).decode()
    except TypeError:
        # A number of over 64 bits or half a character is no reason to lose the line.
        return json.dumps(entry, **options)


@contextmanager
def log_context(**facts: Any) -> Iterator[None]:
    """Everything logged inside carries these facts."""
    with structlog.contextvars.bound_contextvars(**{name: str(fact) for name, fact in facts.items()}):
        yield


def without_secrets(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor that blanks what must not be written down."""
    for name in entry:
        if _names_a_secret(name):
            entry[name] = "***"
    return entry


@lru_cache(maxsize=1024)
def _names_a_secret(name: str) -> bool:
    return any(secret in name.lower() for secret in _SECRET_NAMES)
