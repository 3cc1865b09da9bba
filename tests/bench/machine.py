"""The facts of the machine that a figure cannot be read without; no names of hosts, people or folders."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

import psutil

LIBRARIES = ("amqp", "eventlet", "kombu", "nameko", "psycopg2-binary", "sqlalchemy", "werkzeug")


def facts(folder: Path) -> dict[str, object]:
    """What ran where; `folder` is where the servers keep their data."""
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "processor": _processor(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
        "load_at_start": round(os.getloadavg()[0], 2),
        "system": f"{platform.system()} {platform.release()}",
        "file_system_of_data": file_system(folder),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
    }


def file_system(folder: Path) -> str:
    """The kind of file system that holds the folder; a tmpfs would flatter every commit."""
    mounts = [
        part for part in psutil.disk_partitions(all=True) if folder.absolute().is_relative_to(part.mountpoint)
    ]
    return max(mounts, key=lambda part: len(part.mountpoint)).fstype if mounts else "unknown"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown"
    )
