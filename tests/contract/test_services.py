"""The suite's laws for services: their rooms, who may use which route, what failures are called, what is migrated."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from shared import errors, migrations
from shared.messaging.upkeep import KeepsDirectory, Upkeep
from shared.permissions import CHINESE_NAMES, Permission
from shared.service import Service, all_services

ROOT = Path(__file__).parents[2]
ROOMS = (
    "README.md",
    "api",
    "worker",
    "commands",
    "queries",
    "domain",
    "models",
    "schemas",
    "errors",
    "migrations",
)

# Whoever adds a route that needs no sign-in says so here.
PUBLIC_ROUTES = {
    "affairs GET /results/<string:code>/verify",
    "identity GET /.well-known/jwks.json",
    "identity GET /jwks.json",
    "identity POST /login",
    "identity POST /refresh",
    "meetings GET /calendar",
    "mobile GET /app",
    "mobile GET /figures/page",
}
# Permissions that decide inside a command or about a step of a flow, where no single route can name them.
DECIDED_WITHIN = {
    Permission.AFFAIRS_DECIDE,
    Permission.AFFAIRS_HANDLE,
    Permission.DOCUMENTS_CHECK,
    Permission.DOCUMENTS_COUNTERSIGN,
    Permission.DOCUMENTS_HANDLE,
    Permission.DOCUMENTS_INSTRUCT,
    Permission.DOCUMENTS_SIGN,
    Permission.DOCUMENTS_SIGN_PRINCIPAL,
    Permission.OPERATIONS_MANAGE,
    Permission.SUPERVISION_APPROVE,
    Permission.SUPERVISION_HANDLE,
}
MAKERS = {name for name, made in vars(errors).items() if callable(made) and name[0].islower()} | {"Problem"}
CODE = re.compile(r"[a-z]+(\.[a-z][a-z0-9_]*)+")

every_service = pytest.mark.parametrize("service", all_services(), ids=lambda service: service.name)


class DeclaredRoute(NamedTuple):
    service: str
    method: str
    path: str
    wanted: str
    summary: str

    def __str__(self) -> str:
        return f"{self.service} {self.method} {self.path}"


class DeclaredCode(NamedTuple):
    code: str
    place: str


@cache
def routes() -> list[DeclaredRoute]:
    """All routes of all services; read in a process of its own, because nameko patches what it is imported into."""
    listing = (
        "import json\n"
        "from shared.service import all_services\n"
        "from shared.web.openapi import routes_of\n"
        "print(json.dumps([[s.name, d.method, d.path, d.permission.value, d.summary]\n"
        "    for s in all_services() for d in routes_of(s.load_api()).values()]))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", listing], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return [DeclaredRoute(*row) for row in json.loads(done.stdout)]


def codes_in(folder: Path) -> Iterator[DeclaredCode]:
    """The codes of the failures that the modules below the folder make."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            maker = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if maker in MAKERS and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield DeclaredCode(first.value, f"{path.relative_to(ROOT)}:{node.lineno}")


@every_service
def test_a_service_has_its_rooms(service: Service) -> None:
    folder = ROOT.joinpath(*service.package.split("."))
    missing = [room for room in ROOMS if not any((folder / name).exists() for name in (room, f"{room}.py"))]
    assert missing == []


@every_service
def test_a_services_worker_seals_its_audit_log_and_hears_of_the_end_of_access_by_itself(
    service: Service,
) -> None:
    """Identity decides who has access and has no copy of it."""
    assert issubclass(service.load_worker(), Upkeep if service.name == "identity" else KeepsDirectory)


@every_service
def test_a_services_readme_tells_of_all_its_routes(service: Service) -> None:
    """By the first word of their paths: a README may take several of one kind together."""
    text = (ROOT.joinpath(*service.package.split(".")) / "README.md").read_text(encoding="utf-8")
    first_words = {route.path.split("/")[1] for route in routes() if route.service == service.name}
    assert {word for word in first_words if word not in text} == set()


@every_service
def test_the_migrations_build_what_the_models_say(
    service: Service, fresh_database: Callable[[Service], str]
) -> None:
    migrations.check(service, fresh_database(service))


def test_who_need_not_sign_in_is_known() -> None:
    assert {str(route) for route in routes() if route.wanted == "public"} == PUBLIC_ROUTES


def test_every_route_asks_for_a_known_permission_or_for_sign_in() -> None:
    known = {permission.value for permission in Permission} | {"public", "signed_in"}
    assert [str(route) for route in routes() if route.wanted not in known] == []


def test_every_route_says_what_it_is_for() -> None:
    assert [str(route) for route in routes() if not route.summary] == []


def test_every_permission_opens_a_route_or_decides_within() -> None:
    opening = {Permission(route.wanted) for route in routes() if route.wanted not in ("public", "signed_in")}
    assert set(Permission) - opening == DECIDED_WITHIN


def test_permissions_are_in_order_and_have_chinese_names() -> None:
    assert [member.value for member in Permission] == sorted(member.value for member in Permission)
    assert set(CHINESE_NAMES) == set(Permission)
    assert len(set(CHINESE_NAMES.values())) == len(Permission)
    assert all(re.search("[\u4e00-\u9fff]", name) for name in CHINESE_NAMES.values())


def test_a_permission_belongs_to_a_service_or_to_all() -> None:
    owners = {permission.value.partition(".")[0] for permission in Permission}
    assert owners <= {service.name for service in all_services()} | {"audit", "operations"}


@every_service
def test_a_services_failures_are_called_after_it(service: Service) -> None:
    found = list(codes_in(ROOT.joinpath(*service.package.split("."))))
    assert found
    assert [
        item for item in found if not re.fullmatch(rf"{service.name}(\.[a-z][a-z0-9_]*)+", item.code)
    ] == []


def test_no_two_failures_share_a_code() -> None:
    found = [*codes_in(ROOT / "services"), *codes_in(ROOT / "shared")]
    assert [item for item in found if not CODE.fullmatch(item.code)] == []
    places: dict[str, list[str]] = {}
    for item in found:
        places.setdefault(item.code, []).append(item.place)
    assert {code: where for code, where in places.items() if len(where) > 1} == {}


def test_every_installed_service_is_where_its_name_says() -> None:
    assert [service.package for service in all_services()] == [
        f"services.{service.name}" for service in all_services()
    ]
