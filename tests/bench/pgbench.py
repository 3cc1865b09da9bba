"""The same SQL without our program: recorded statements made into a script that pgbench runs."""

import re
import subprocess
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from shared.runtime.postgres import installation
from tests.bench import raw

CLIENTS = 8
THREADS = 2
FIRST_NUMBER = 100_000
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_RATE = re.compile(r"^tps = ([0-9.]+) ", re.MULTILINE)


class Script:
    """Runs one script on one database; ids that are new in each transaction stay new from run to run."""

    def __init__(self, path: Path, database_url: str) -> None:
        self._path = path
        self._database_url = raw.dsn(database_url)
        self._next_number = FIRST_NUMBER

    def run(self, transactions: int) -> float:
        """Transactions a second over CLIENTS connections at once."""
        each = max(transactions // CLIENTS, 1)
        command = [str(installation() / "bin" / "pgbench"), "--no-vacuum", "--protocol=simple"]
        command += [f"--client={CLIENTS}", f"--jobs={THREADS}", f"--transactions={each}"]
        command += [f"--define=bench_number={self._next_number}", f"--file={self._path}", self._database_url]
        self._next_number += each
        outcome = subprocess.run(command, capture_output=True, text=True, check=False)
        found = _RATE.search(outcome.stdout)
        if outcome.returncode or not found:
            raise RuntimeError(f"pgbench failed: {outcome.stderr.strip()[-2000:]}")
        return float(found.group(1))


def script_of(recorded: Sequence[str], again: Sequence[str]) -> str:
    """The statements of one command as a pgbench script.

    `again` is what the same command sent another time: an id that is only in the first was made for it, and gets
    another value in each transaction, growing as UUIDs of version 7 do. Everything else stays as recorded.
    """
    if len(recorded) != len(again):
        raise ValueError(f"the command sent {len(recorded)} statements, then {len(again)}")
    stays = set(_UUID.findall("\n".join(again)))
    numbers = count()
    made: dict[str, str] = {}

    def renew(match: re.Match[str]) -> str:
        known = match.group()
        if known in stays:
            return known
        if known not in made:
            made[known] = f"01900000-000:client_id-7000-8000-{next(numbers):06d}:bench_number"
        return made[known]

    lines = [_UUID.sub(renew, statement).strip().rstrip(";") + ";" for statement in recorded]
    return "\n".join(["\\set bench_number :bench_number + 1", *lines, ""])
