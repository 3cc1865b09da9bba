"""How much memory a process holds, and the presses that it has set pages with."""

from pathlib import Path

import psutil

MEGABYTE = 1_000_000
PRESS = "shared.typesetting.press"


def megabytes(pid: int) -> float:
    """Its proportional set size, in which memory shared with others counts in part; else its resident set size."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return psutil.Process(pid).memory_info().rss / MEGABYTE
    kibibytes = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kibibytes * 1024 / MEGABYTE


def megabytes_with_presses(pid: int) -> float:
    """The process and its presses together; those are gone when they had nothing to set for a while."""
    return megabytes(pid) + sum(megabytes(press.pid) for press in presses_of(pid))


def presses_of(pid: int) -> list[psutil.Process]:
    """The presses of the process that are alive."""
    return [child for child in psutil.Process(pid).children() if _is_press(child)]


def _is_press(child: psutil.Process) -> bool:
    try:
        return PRESS in child.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return False
