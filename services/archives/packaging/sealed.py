"""The single file that a package is kept as: a zip whose bytes depend on nothing but its contents and the
time of filing.

Entries are stored, not deflated and never encrypted: archives transfer packages uncompressed (GB/T
18894-2016), PDF hardly shrinks, and the bytes do not change with the version of a compression library.
"""

import shutil
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from services.archives.packaging.digests import CHUNK
from shared.clock import LOCAL_ZONE

_UNIX = 3
_READ_ONLY_FILE = 0o100444 << 16


def seal(bag: Path, target: Path, *, at: datetime) -> Path:
    """Write the folder `bag` into the zip `target` below a folder of the same name; returns `target`."""
    moment = at.astimezone(LOCAL_ZONE)
    stamp = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for relative in _in_order(bag):
            info = zipfile.ZipInfo(f"{bag.name}/{relative}", date_time=stamp)
            info.create_system, info.external_attr = _UNIX, _READ_ONLY_FILE
            info.file_size = (bag / relative).stat().st_size
            with (bag / relative).open("rb") as source, archive.open(info, "w") as entry:
                shutil.copyfileobj(source, entry, CHUNK)
    return target


def _in_order(bag: Path) -> Iterator[str]:
    # The declaration first, so that the first bytes of the file already say that it is a bag; then by path.
    names = sorted(path.relative_to(bag).as_posix() for path in bag.rglob("*") if path.is_file())
    yield from sorted(names, key=lambda name: (name != "bagit.txt", name))
