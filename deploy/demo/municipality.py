"""The demo's municipality: imported like any other, with passwords that are made at first start and told once."""

import os
import subprocess
import sys
from pathlib import Path

from shared.config import Settings

DATA = Path(__file__).parent / "data"
TABLES = ("units.csv", "persons.csv", "posts.csv")
PASSWORD_FILE = "demo-passwords.txt"  # noqa: S105 (the name of a file)


def settle(settings: Settings) -> bool:
    """Import units, persons and posts, and give everybody a password; True when that was done now.

    It is the import that an administrator uses, run as the operator's command. Repeating it changes nothing.
    """
    passwords = settings.home / PASSWORD_FILE
    if passwords.exists():
        return False
    _operate(settings, "identity", "import", *(str(DATA / table) for table in TABLES))
    _operate(settings, "identity", "first-passwords", "--final", str(passwords))
    return True


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
