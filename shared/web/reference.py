"""The reference of all routes for people who read, derived from their declarations."""

from collections.abc import Iterable, Iterator

from shared.permissions import CHINESE_NAMES, Permission
from shared.service import Service
from shared.web.declaration import PUBLIC, SIGNED_IN, Access, Declaration
from shared.web.openapi import routes_of

HEAD = """# Routes

Generated from the routes by `yiwang routes docs/api.md`; a test holds it to them. Shapes of requests and answers are in
each service's `/openapi.json`, and on a page in its `/docs`. Refusals are `application/problem+json` (RFC 9457) with a
stable `code`. Writes take an `Idempotency-Key`; what several people may edit takes `If-Match` with the `ETag` that
was read.
"""


def reference(services: Iterable[Service]) -> str:
    """Markdown: one table for each service."""
    return HEAD + "".join(_section(service) for service in services)


def _section(service: Service) -> str:
    rows = "\n".join(_rows(service))
    return f"\n## {service.name} — {service.title}\n\n| route | does | needs |\n|---|---|---|\n{rows}\n"


def _rows(service: Service) -> Iterator[str]:
    declared = routes_of(service.load_api()).values()
    for route in sorted(declared, key=lambda each: (each.path, each.method)):
        yield f"| `{route.method} {service.prefix}{route.path}` | {route.summary} | {_needs(route)} |"


def _needs(route: Declaration) -> str:
    if isinstance(route.permission, Access):
        return {PUBLIC: "—", SIGNED_IN: "signed in"}[route.permission]
    return f"`{route.permission}` {CHINESE_NAMES[Permission(route.permission)]}"
