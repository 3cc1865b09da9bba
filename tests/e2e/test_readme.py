"""The README's commands do what it says: blocks under the comment `<!-- run -->` are run as printed.

All of them run in one shell, in their order, with `YIWANG_URL` and `YIWANG_HOME` naming a running suite; a block
fails as a whole when one of its commands does.
"""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from shared.cli import COMMANDS
from shared.service import all_services
from tests.support.city import City

pytestmark = pytest.mark.timeout(240)

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("services/*/README.md"))]
RUN = re.compile(r"<!-- run -->\n+```bash\n(.*?)```", re.DOTALL)
BLOCK = re.compile(r"^```(?:bash|sh)\n(.*?)^```", re.DOTALL | re.MULTILINE)
SPOKEN = re.compile(r"`((?:make|yiwang) [^`]+)`")


def test_what_is_to_be_run_runs_as_printed(city: City, tmp_path: Path) -> None:
    blocks = RUN.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert blocks, "the README has no block under <!-- run -->"
    script = tmp_path / "readme.sh"
    script.write_text("\n".join(["set -eu -o pipefail", *blocks]), encoding="utf-8")
    done = subprocess.run(
        ["bash", str(script)],
        env={**os.environ, **city.environment},
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"status": 5' not in done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    lines = [line for block in BLOCK.findall(text) for line in block.splitlines()] + SPOKEN.findall(text)
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    targets |= {f"test-{layer}" for layer in ("unit", "contract", "service", "e2e", "chaos")}
    commands = {*COMMANDS, *(name for service in all_services() for name in service.commands)}
    known = {"make": targets, "yiwang": commands}
    unknown = [f"{program} {name}" for program, name in _named(lines) if name not in known[program]]
    assert unknown == []


def _named(lines: list[str]) -> list[tuple[str, str]]:
    """The program and its first argument of every call of `make` or `yiwang` in the lines."""
    found = []
    for line in lines:
        for part in re.split(r"&&|;|\|", line.partition("#")[0]):
            try:
                words = shlex.split(part)
            except ValueError:
                continue
            arguments = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
            # A file that make builds is named by its path.
            if words and words[0] in ("make", "yiwang") and arguments and "/" not in arguments[0]:
                found.append((words[0], arguments[0].split("|")[0]))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_a_page_points_to_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    assert [link for link in links if not (page.parent / link).exists()] == []
