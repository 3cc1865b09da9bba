"""The home folder of a suite on one machine."""

import os
from pathlib import Path

from shared.runtime.local import make_home


def test_others_on_the_machine_look_into_nothing_of_it(tmp_path: Path) -> None:
    home = tmp_path / "yiwang"
    (home / "blobs").mkdir(parents=True)
    for folder in (home, home / "blobs"):
        folder.chmod(0o755)
    for _ in range(2):
        make_home(home)
        # Root's private database, under an account of its own, has to get to its folder.
        assert home.stat().st_mode & 0o777 == (0o711 if os.geteuid() == 0 else 0o700)
        assert (home / "blobs").stat().st_mode & 0o777 == 0o700
