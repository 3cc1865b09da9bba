"""The generated reference of routes says what the routes say."""

from pathlib import Path

from shared.service import all_services
from shared.web.reference import reference

ROOT = Path(__file__).parents[2]


def test_the_reference_of_routes_is_current() -> None:
    kept = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert kept == reference(all_services()), "run `yiwang routes docs/api.md`"
