"""What is written for containers fits together and fits the suite; nothing here needs a container engine."""

import json
import re
import shlex
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from sqlalchemy.engine import make_url

from shared.cli.env import env, names_in
from shared.cli.run import run
from shared.config import Settings, read_settings
from shared.service import Service, all_services
from tests.support.metrics import metric_names

ROOT = Path(__file__).parents[2]
K8S = ROOT / "deploy" / "k8s"
ROLES = ("api", "worker", "relay")
# A ${NAME:-default} or ${NAME:?message} in compose.yaml.
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::?(?P<kind>[-?])(?P<rest>[^}]*))?\}")

services = pytest.mark.parametrize("service", all_services(), ids=lambda service: service.name)


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return loaded


@services
def test_compose_runs_the_service_in_every_role(service: Service, compose: dict[str, Any]) -> None:
    name = service.name
    commands = {role: compose["services"][f"{name}-{role}"]["command"] for role in ROLES}
    assert commands == {
        "api": ["run", "api", name],
        "worker": ["run", "worker", name],
        "relay": ["relay", name],
    }
    assert set(run.commands) == {"api", "worker"}


def test_compose_runs_no_service_that_is_not_there(compose: dict[str, Any]) -> None:
    names = {service.name for service in all_services()}
    found = {name.rpartition("-")[0] for name in compose["services"] if name.rpartition("-")[2] in ROLES}
    assert found == names


@services
def test_a_service_gets_its_own_password_and_no_other(service: Service, compose: dict[str, Any]) -> None:
    own = f"YIWANG_DB_PASSWORD_{service.name.upper()}"
    for role in ROLES:
        told = str(compose["services"][f"{service.name}-{role}"]["environment"])
        assert set(re.findall(r"YIWANG_DB_PASSWORD_\w+", told)) == {own}
        assert ("YIWANG_SECRET_KEY" in told) == (service.name in ("affairs", "identity") and role != "relay")


@services
def test_a_service_is_led_to_its_own_database(service: Service, compose: dict[str, Any]) -> None:
    name = service.name
    for container in (*(f"{name}-{role}" for role in ROLES), "prepare"):
        told = compose["services"][container]["environment"]["YIWANG_DATABASE_URL"]
        url = make_url(_settings(VARIABLE.sub("secret", told)).database_url_of(name))
        role = "yiwang_prepare" if container == "prepare" else f"yiwang_{name}"
        assert (url.username, url.host, url.database) == (role, "postgres", f"yiwang_{name}")
    told = _manifest(K8S / "settings.yaml", "ConfigMap")["data"]["YIWANG_DATABASE_URL"]
    assert make_url(_settings(told).database_url_of(name)).database == f"yiwang_{name}"


def test_our_containers_have_no_rights_and_bounds(compose: dict[str, Any]) -> None:
    for name, container in compose["services"].items():
        assert container["deploy"]["resources"]["limits"]["memory"], name
        assert "no-new-privileges:true" in container["security_opt"], name
        assert container["restart"], name
        if "build" not in container:
            assert "healthcheck" in container, name
            continue
        assert container["read_only"], name
        assert container["cap_drop"] == ["ALL"], name
        assert container["user"] == "10001:10001", name
        writable = " ".join([*container.get("volumes", []), *container.get("tmpfs", [])])
        assert {"/tmp", "/var/lib/yiwang"} <= set(re.findall(r"/[\w/]+", writable)), name


def test_only_the_door_is_open_to_the_outside(compose: dict[str, Any]) -> None:
    assert [name for name, container in compose["services"].items() if "ports" in container] == ["caddy"]
    assert compose["networks"]["back"]["internal"] is True


def test_everything_starts_after_the_preparation(compose: dict[str, Any]) -> None:
    for name, container in compose["services"].items():
        if name.rpartition("-")[2] in ROLES:
            assert container["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}, name


def test_mounted_files_are_in_the_project(compose: dict[str, Any]) -> None:
    mounts = [mount for container in compose["services"].values() for mount in container.get("volumes", [])]
    # One without a source is a volume of the container's own.
    mounts = [mount for mount in mounts if ":" in mount]
    sources = {VARIABLE.sub(lambda found: found["rest"], mount).partition(":")[0] for mount in mounts}
    for source in sources:
        assert source in compose["volumes"] or (ROOT / source).exists(), source


def test_every_variable_is_written_by_the_command_or_has_a_default(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    assert CliRunner().invoke(env, ["--file", str(path)]).exit_code == 0
    written = names_in(path)
    text = (ROOT / "compose.yaml").read_text()
    required = {found["name"] for found in VARIABLE.finditer(text) if found["kind"] != "-"}
    assert required == written
    assert not {found["name"] for found in VARIABLE.finditer(text) if found["kind"] == "-"} & written


def test_no_password_has_a_default_or_is_written_down() -> None:
    kept = [path for path in (ROOT / "deploy").rglob("*") if path.suffix in (".yaml", ".conf", ".sh")]
    assigned = re.compile(r"(?i)^[\s\"'-]*\w*(password|secret_key)\w*[\"']?\s*[:=]\s*[\"']?(?P<value>\S+)")
    in_address = re.compile(r"://[^:/@\s]+:(?P<value>[^@\s]+)@")
    for path in [ROOT / "compose.yaml", *kept]:
        for line in path.read_text().splitlines():
            for found in filter(None, (assigned.search(line), in_address.search(line))):
                assert re.match(r"\$\{\w+(:\?|\}|$)", found["value"]), f"{path.name}: {line}"


@services
def test_caddy_leads_to_the_service(service: Service) -> None:
    text = (ROOT / "deploy" / "caddy" / "Caddyfile").read_text()
    block = text.partition(f"handle {service.prefix}/* {{")[2].partition("\n\t}")[0]
    assert f"dynamic a {service.name}-api 8000" in block
    assert "import service" in block
    assert "flush_interval -1" in text


@services
def test_kubernetes_runs_the_service(service: Service) -> None:
    assert f"services/{service.name}" in _kustomization(K8S)["resources"]
    overlay = _kustomization(K8S / "services" / service.name)
    assert overlay["namePrefix"] == f"{service.name}-"
    assert overlay["labels"][0]["pairs"] == {"yiwang/service": service.name}
    assert f"yiwang-{service.name}" in overlay["patches"][0]["patch"]
    paths = _manifest(K8S / "ingress.yaml", "Ingress")["spec"]["rules"][0]["http"]["paths"]
    backends = {path["path"]: path["backend"]["service"]["name"] for path in paths}
    assert backends[service.prefix] == f"{service.name}-api"


@pytest.mark.parametrize("role", ROLES)
def test_a_pod_is_watched_bounded_and_without_rights(role: str) -> None:
    deployment = _manifest(K8S / "service" / f"{role}.yaml", "Deployment")
    assert deployment["spec"]["replicas"] == 2
    pod = deployment["spec"]["template"]["spec"]
    [container] = pod["containers"]
    assert (
        container["args"]
        == {
            "api": ["run", "api", "$(YIWANG_SERVICE)"],
            "worker": ["run", "worker", "$(YIWANG_SERVICE)"],
            "relay": ["relay", "$(YIWANG_SERVICE)"],
        }[role]
    )
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert container["resources"]["limits"]["memory"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert {mount["mountPath"] for mount in container["volumeMounts"]} == {"/tmp", "/var/lib/yiwang"}
    assert pod["securityContext"]["runAsNonRoot"] is True
    budget = _manifest(K8S / "service" / f"{role}.yaml", "PodDisruptionBudget")
    assert budget["spec"]["selector"] == deployment["spec"]["selector"]
    assert _manifest(K8S / "prepare.yaml", "Job")["spec"]["template"]["spec"]["containers"][0]["args"] == [
        "prepare"
    ]


def test_every_manifest_is_named_in_its_kustomization() -> None:
    for folder in (K8S, K8S / "service"):
        manifests = {path.name for path in folder.glob("*.yaml")} - {"kustomization.yaml"}
        assert manifests == {name for name in _kustomization(folder)["resources"] if name.endswith(".yaml")}


def test_the_image_is_made_of_what_is_there() -> None:
    """Every COPY finds its source, and nothing that it needs is kept from the engine."""
    lines = (ROOT / "deploy" / "Dockerfile").read_text().splitlines()
    copied = [shlex.split(line)[1:-1] for line in lines if line.startswith("COPY ") and "--from" not in line]
    sources = [source for line in copied for source in line]
    allowed = (ROOT / "deploy" / "Dockerfile.dockerignore").read_text()
    for source in sources:
        assert (ROOT / source).exists(), source
        assert f"!{source}" in allowed.splitlines(), source
    assert any(line.startswith("USER 10001") for line in lines)
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    assert "--require-hashes" in "\n".join(lines)


def test_the_package_carries_every_file_that_the_code_reads() -> None:
    """A kind of file that the package does not name works from a checkout and is missing in the image."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    kinds = {pattern.removeprefix("*") for pattern in project["tool"]["setuptools"]["package-data"]["*"]}
    for folder in ("services", "shared", "deploy/demo", "deploy/passwords"):
        for path in (ROOT / folder).rglob("*"):
            # The template of new revisions is for developers, who have a checkout.
            is_read = path.is_file() and path.suffix not in (".py", ".pyc", ".mako")
            assert not is_read or path.suffix in kinds, path


def test_the_dashboard_shows_only_what_is_counted() -> None:
    text = (ROOT / "deploy" / "grafana" / "suite.json").read_text()
    json.loads(text)
    shown = {re.sub(r"_(bucket|sum|count)$", "", name) for name in re.findall(r"\byiwang_\w+", text)}
    assert shown <= metric_names()


def test_the_secrets_are_private_fresh_and_never_overwritten(tmp_path: Path) -> None:
    path, other = tmp_path / ".env", tmp_path / "other.env"
    assert CliRunner().invoke(env, ["--file", str(path)]).exit_code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_text()
    refused = CliRunner().invoke(env, ["--file", str(path)])
    assert refused.exit_code == 1
    assert "不会覆盖" in refused.output
    assert path.read_text() == before
    CliRunner().invoke(env, ["--file", str(other)])
    values = [_values(file) for file in (path, other)]
    assert not set(values[0].values()) & set(values[1].values())
    assert len(set(values[0].values())) == len(values[0])


def test_what_an_older_file_lacks_is_added_and_the_rest_kept(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    CliRunner().invoke(env, ["--file", str(path)])
    complete = _values(path)
    lines = [
        line for line in path.read_text().splitlines() if not line.startswith("YIWANG_DB_PASSWORD_MOBILE")
    ]
    path.write_text("\n".join([*lines, ""]))
    assert CliRunner().invoke(env, ["--file", str(path), "--add-missing"]).exit_code == 0
    now = _values(path)
    assert now.keys() == complete.keys()
    assert [name for name in now if now[name] != complete[name]] == ["YIWANG_DB_PASSWORD_MOBILE"]


def _settings(database_url: str) -> Settings:
    return replace(read_settings(), database_url=database_url)


def _values(path: Path) -> dict[str, str]:
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def _kustomization(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((folder / "kustomization.yaml").read_text())
    return loaded


def _manifest(path: Path, kind: str) -> dict[str, Any]:
    return next(made for made in yaml.safe_load_all(path.read_text()) if made["kind"] == kind)
