"""The main job on a real broker with separate processes, told by the command that a person runs."""

from pathlib import Path

import pytest

from deploy.demo.story import SAMPLE
from tests.support.city import City
from tests.support.processes import RunningProgram

pytestmark = pytest.mark.timeout(240)


def test_the_story_holds_from_first_draft_to_archive(city: City, tmp_path: Path) -> None:
    command = ["python", "-m", "shared.cli", "demo", "--url", city.base_url]
    command += ["--passwords", str(city.town.passwords_file), "--file", str(SAMPLE)]
    with RunningProgram(command, tmp_path / "story.log", environment=city.environment) as program:
        assert program.wait(150) == 0, program.output
        assert "全部检查通过" in program.output
