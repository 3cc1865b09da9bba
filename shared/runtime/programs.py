"""Which processes make up the suite on one machine, and what each of them is told."""

import os
import sys

from shared.config import Settings
from shared.runtime.ports import LOOPBACK, choose_free_ports
from shared.runtime.supervisor import Program
from shared.service import all_services

# Requests stop first, then those who work, then who sends what they left, and last what they stand on.
EDGE, WORK, RELAY = range(3)
# Without -P a folder named shared where somebody stands would be taken for ours.
YIWANG = (sys.executable, "-P", "-m", "shared.cli")
# They keep private keys: identity those of access tokens, affairs that of results.
_KEEP_KEYS = ("affairs", "identity")


def programs_of(settings: Settings) -> list[Program]:
    """Every process of the suite: api and worker of each service, one relay for all, and the edge."""
    services = all_services()
    ports = iter(choose_free_ports(2 * len(services) + 1))
    shared = environment_of(settings)
    programs, targets = [], []
    for service in services:
        own = shared
        if service.name in _KEEP_KEYS:
            own = {**shared, "YIWANG_SECRET_KEY": settings.secret_key}
        api, worker = next(ports), next(ports)
        programs.append(_program(f"{service.name}.api", ["run", "api", service.name], api, own, stage=WORK))
        programs.append(
            _program(f"{service.name}.worker", ["run", "worker", service.name], worker, own, stage=WORK)
        )
        targets += ["--to", f"{service.name}=http://{LOOPBACK}:{api}"]
    programs.append(_program("relay", ["relay"], next(ports), shared, stage=RELAY))
    # It passes requests on and needs no address of a server.
    edge = {
        **shared,
        "YIWANG_HTTP_HOST": settings.http_host,
        "YIWANG_DATABASE_URL": "",
        "YIWANG_AMQP_URL": "",
    }
    programs.append(_program("edge", ["edge", *targets], settings.http_port, edge, stage=EDGE))
    return programs


def _program(
    name: str, arguments: list[str], port: int, environment: dict[str, str], *, stage: int
) -> Program:
    everywhere = ("", "0.0.0.0", "localhost")  # noqa: S104 (recognised, not listened on)
    host = LOOPBACK if environment["YIWANG_HTTP_HOST"] in everywhere else environment["YIWANG_HTTP_HOST"]
    own = {"YIWANG_HTTP_PORT": str(port), "YIWANG_METRICS_PORT": str(port)}
    return Program(
        name=name,
        command=[*YIWANG, *arguments],
        ready_url=f"http://{host}:{port}/readyz",
        stage=stage,
        environment={**environment, **own},
    )


def environment_of(settings: Settings) -> dict[str, str]:
    """What every process is told beyond what we were; addresses with passwords go this way, never as arguments."""
    return {
        "PYTHONUNBUFFERED": "1",
        "YIWANG_HOME": str(settings.home),
        "YIWANG_DATABASE_URL": settings.database_url,
        "YIWANG_AMQP_URL": settings.amqp_url,
        "YIWANG_BLOB_URL": settings.blob_url,
        "YIWANG_HTTP_HOST": LOOPBACK,
        "YIWANG_TRUSTED_PROXIES": ",".join({LOOPBACK, *settings.trusted_proxies}),
        "YIWANG_LOG_JSON": os.environ.get("YIWANG_LOG_JSON", "false"),
        "YIWANG_SECRET_KEY": "",
    }
