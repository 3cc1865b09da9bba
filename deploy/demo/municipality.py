"""The demo's municipality: imported like any other, with passwords that are made at first start and told once."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

from shared.calendar_days import noticed_days
from shared.clock import SystemClock
from shared.config import Settings

DATA = Path(__file__).parent / "data"
TABLES = ("units.csv", "persons.csv", "posts.csv")
# The days off by law, those that follow the moon as they lie in 2027.
_HOLIDAYS = (
    (1, 1), (2, 5), (2, 6), (2, 7), (2, 8), (4, 5), (5, 1), (5, 2), (6, 9), (9, 15), (10, 1), (10, 2), (10, 3),
)  # fmt: skip
PASSWORD_FILE = "demo-passwords.txt"  # noqa: S105 (the name of a file)


def settle(settings: Settings) -> bool:
    """Import units, persons and posts, and give everybody a password; True when that was done now.

    It is the import that an administrator uses, run as the operator's command. Repeating it changes nothing.
    """
    _settle_calendar(settings, today=SystemClock().today())
    passwords = settings.home / PASSWORD_FILE
    if passwords.exists():
        return False
    _operate(settings, "identity", "import", *(str(DATA / table) for table in TABLES))
    _operate(settings, "identity", "first-passwords", "--final", str(passwords))
    return True


def _settle_calendar(settings: Settings, *, today: date) -> None:
    """Give the demo a calendar for this year and the next where the State Council's notice is not packaged yet.

    It is a plain week with the holidays by law, and says so as its source: an office imports the notice instead.
    """
    known = {row.day.year for row in noticed_days()}
    for year in (today.year, today.year + 1):
        kept = settings.home / f"demo-calendar-{year}.csv"
        if year in known or kept.exists():
            continue
        kept.write_text("\n".join(made_up_year(year)), encoding="utf-8")
        _operate(settings, "calendar", "import", str(kept), "--source", "演示数据，不是国务院的安排")


def made_up_year(year: int) -> list[str]:
    """The lines of a calendar file for that year, without any days that are worked instead."""
    return ["日期,类型", *(f"{date(year, month, day)},放假" for month, day in _HOLIDAYS)]


def _operate(settings: Settings, *command: str) -> None:
    environment = {
        **os.environ,
        "YIWANG_HOME": str(settings.home),
        "YIWANG_DATABASE_URL": settings.database_url,
        "YIWANG_SECRET_KEY": settings.secret_key,
    }
    done = subprocess.run(
        [sys.executable, "-m", "shared.cli", *command],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:2])}: {done.stdout}{done.stderr}")
