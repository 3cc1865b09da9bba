"""How much memory a process holds."""

from pathlib import Path

import psutil

MEGABYTE = 1_000_000


def megabytes(pid: int) -> float:
    """Its proportional set size, in which memory shared with others counts in part; else its resident set size."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return psutil.Process(pid).memory_info().rss / MEGABYTE
    kibibytes = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kibibytes * 1024 / MEGABYTE
