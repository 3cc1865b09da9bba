"""A part of the demo's municipality that is large enough for its stories, and quick to found.

town = Town.found(folder, environment)     # like `yiwang demo`, with the operator's own commands
Story(people=town.people(base_url), …).run()
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.demo.client import People, read_passwords
from deploy.demo.municipality import DATA, PASSWORD_FILE
from deploy.demo.story import CLOSING_RECEIVER, COUNTERSIGNERS, OFFICE, RECEIVERS
from tests.support.processes import RunningProgram

CITY = "萍乡市人民政府"
# It holds the three administrators' posts.
DATA_OFFICE = "萍乡市数据局"
EDUCATION = "萍乡市教育局"
SECTIONS = {
    f"{OFFICE}秘书科",
    f"{OFFICE}督查科",
    f"{DATA_OFFICE}办公室",
    f"{DATA_OFFICE}数据资源科",
    "萍乡市财政局办公室",
    "萍乡市财政局预算科",
    "萍乡市人力资源和社会保障局办公室",
    "萍乡市人力资源和社会保障局事业单位人事科",
    f"{EDUCATION}基础教育科",
    "湘东区人民政府办公室",
}
UNITS = {CITY, OFFICE, DATA_OFFICE, EDUCATION, *SECTIONS, *COUNTERSIGNERS, *RECEIVERS}

SYSTEM_ADMINISTRATOR = f"{DATA_OFFICE}.系统管理员"
SECURITY_ADMINISTRATOR = f"{DATA_OFFICE}.安全管理员"
AUDIT_ADMINISTRATOR = f"{DATA_OFFICE}.审计管理员"
ARCHIVIST = f"{OFFICE}.档案员"
RECEIVING_ARCHIVIST = f"{CLOSING_RECEIVER}.档案员"


@dataclass(frozen=True)
class Town:
    """The founded town: the file of its people's passwords."""

    passwords_file: Path

    @staticmethod
    def found(home: Path, environment: Mapping[str, str]) -> "Town":
        """Import the tables and give passwords, into the databases that the environment names."""
        tables = write_tables(home / "tables")
        town = Town(home / PASSWORD_FILE)
        operate(home, environment, "identity", "import", *map(str, tables))
        operate(home, environment, "identity", "first-passwords", "--final", str(town.passwords_file))
        return town

    def people(self, base_url: str) -> People:
        return People(base_url, read_passwords(self.passwords_file))


def operate(home: Path, environment: Mapping[str, str], *command: str, code: int = 0) -> str:
    """Run an operator's command; what it printed."""
    log = home / f"operate-{len(list(home.glob('operate-*')))}.log"
    with RunningProgram(["python", "-m", "shared.cli", *command], log, environment=environment) as program:
        assert program.wait(120) == code, program.output
        return program.output


def write_tables(folder: Path) -> list[Path]:
    """The demo's tables with only what stands in the town."""
    folder.mkdir(parents=True, exist_ok=True)
    units, persons, posts = (_rows(name) for name in ("units", "persons", "posts"))
    kept = {row["单位编码"] for row in units if row["单位名称"] in UNITS}
    posts = [row for row in posts if row["所属单位编码"] in kept]
    for row in posts:
        row["管理范围"] = "、".join(code for code in row["管理范围"].split("、") if code in kept)
    held = {row["任职人员编号"] for row in posts}
    tables = {
        "units": [row for row in units if row["单位编码"] in kept],
        "persons": [row for row in persons if row["人员编号"] in held],
        "posts": posts,
    }
    return [_write(folder / f"{name}.csv", rows) for name, rows in tables.items()]


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path
