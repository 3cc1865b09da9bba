"""The home folder of a suite on one machine."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
import pytest

from shared.config import Settings, read_settings
from shared.runtime.local import make_home, with_secret

NOBODY = 65534
AS_ROOT = os.geteuid() == 0


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    home = tmp_path / "yiwang"
    return replace(read_settings(), home=home, blob_url=(home / "blobs").as_uri(), secret_key="")


def mode_of(folder: Path) -> int:
    return folder.stat().st_mode & 0o777


def test_others_on_the_machine_look_into_nothing_of_it(settings: Settings) -> None:
    home, blobs = settings.home, settings.home / "blobs"
    blobs.mkdir(parents=True)
    for folder in (home, blobs):
        folder.chmod(0o755)
    for _ in range(2):
        make_home(settings)
        # Root's private database, under an account of its own, has to get to its folder.
        assert (mode_of(home), mode_of(blobs)) == (0o711 if AS_ROOT else 0o700, 0o700)


def test_a_folder_for_blobs_is_made_where_they_are_kept_there(settings: Settings) -> None:
    make_home(replace(settings, blob_url="s3://blobs"))
    assert list(settings.home.iterdir()) == []
    make_home(settings)
    assert [entry.name for entry in settings.home.iterdir()] == ["blobs"]


def test_an_operators_command_makes_what_is_missing_and_changes_nothing_else(settings: Settings) -> None:
    settings.home.mkdir()
    settings.home.chmod(0o755)
    secret = with_secret(settings).secret_key
    assert with_secret(settings).secret_key == secret
    assert [(entry.name, mode_of(entry)) for entry in settings.home.iterdir()] == [("secret.key", 0o600)]
    assert mode_of(settings.home) == 0o755
    apart = replace(settings, home=settings.home / "apart")
    with_secret(apart)
    assert mode_of(apart.home) == 0o700


@pytest.mark.skipif(not AS_ROOT, reason="only root can use the home of another account")
def test_the_home_of_another_account_stays_as_open_as_it_is(settings: Settings) -> None:
    settings.home.mkdir()
    settings.home.chmod(0o755)
    os.chown(settings.home, NOBODY, NOBODY)
    make_home(settings)
    assert (mode_of(settings.home), mode_of(settings.home / "blobs")) == (0o755, 0o700)


def test_a_home_that_may_not_be_written_to_is_told_with_what_to_do(
    settings: Settings, tmp_path: Path
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    for home in (closed, closed / "yiwang"):
        denied = replace(settings, home=home, blob_url="s3://blobs")
        with _without_roots_rights():
            for use in (make_home, with_secret):
                with pytest.raises(click.ClickException, match="YIWANG_HOME"):
                    use(denied)


@contextmanager
def _without_roots_rights() -> Iterator[None]:
    if not AS_ROOT:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
