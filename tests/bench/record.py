"""`bench.json`: the same numbers for a program to read, with the machine that they belong to."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.bench.figure import Figure, Result


def write(
    path: Path,
    *,
    at: datetime,
    machine: Mapping[str, Any],
    effort: Mapping[str, Any],
    figures: Sequence[Figure],
    results: Sequence[Result],
    failures: Mapping[str, str],
) -> None:
    """Write the file; what could not be measured is in it with its reason."""
    content = {
        "measured_at": at.isoformat(timespec="seconds"),
        "machine": dict(machine),
        "effort": dict(effort),
        "figures": [
            {
                "name": figure.name,
                "ours": figure.ours,
                "limit": figure.limit,
                "note": figure.note,
                "quantities": [as_json(result) for result in results if result.figure == figure.name],
                "failure": failures.get(figure.name),
            }
            for figure in figures
        ],
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def as_json(result: Result) -> dict[str, Any]:
    """One quantity: the medians, the ratio and every round behind them."""
    quantity = result.quantity
    return {
        "name": quantity.name,
        "unit": quantity.unit,
        "better": quantity.better.value,
        "ours": result.ours_median,
        "limit": result.limit_median,
        "ratio": result.ratio,
        "spread": list(result.spread),
        "floor": quantity.floor,
        "aim": quantity.aim,
        "verdict": result.verdict.value,
        "rounds": {"ours": list(result.ours), "limit": list(result.limit)},
    }
