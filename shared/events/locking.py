"""Locked schemas: what has been sent once may only gain optional fields; everything else is a new version."""

import json
from pathlib import Path
from typing import Any

from shared.events.base import json_schema_of
from shared.events.suite import suite_events

LOCKED = Path(__file__).parent / "locked"


def lock_new(folder: Path = LOCKED) -> list[str]:
    """Write the schemas of events that are not locked yet; the keys. A locked one is never written again."""
    fresh = [event for event in suite_events() if not _file(folder, event.key).exists()]
    for event in fresh:
        text = json.dumps(json_schema_of(event), ensure_ascii=False, indent=2, sort_keys=True)
        _file(folder, event.key).write_text(text + "\n", encoding="utf-8")
    return [event.key for event in fresh]


def broken_locks(folder: Path = LOCKED) -> list[str]:
    """How the declared events differ from what is locked; empty when all keep their contracts."""
    declared = {event.key: event for event in suite_events()}
    complaints = [
        f"{key} is not locked; run `yiwang events lock`"
        for key in declared
        if not _file(folder, key).exists()
    ]
    for path in sorted(folder.glob("*.json")):
        key = path.name.removesuffix(".json")
        if key not in declared:
            complaints.append(f"{key} is locked but no longer declared")
            continue
        locked = json.loads(path.read_text(encoding="utf-8"))
        complaints += [f"{key}: {text}" for text in _differences(locked, json_schema_of(declared[key]))]
    return complaints


def _differences(locked: Any, now: Any, at: str = "data") -> list[str]:
    """Where the schema of now reads or writes something else than the locked one."""
    if not (
        isinstance(locked, dict)
        and isinstance(now, dict)
        and locked.get("type") == "object" == now.get("type")
    ):
        return (
            []
            if _meaning(locked) == _meaning(now)
            else [f"{at} was {_meaning(locked)} and is {_meaning(now)}"]
        )
    added = sorted(set(now["properties"]) - set(locked["properties"]))
    found = [f"{at}.{name} was added without a default" for name in added if name in now["required"]]
    for name, schema in locked["properties"].items():
        if name not in now["properties"]:
            found.append(f"{at}.{name} was removed")
            continue
        if (name in locked["required"]) != (name in now["required"]):
            found.append(f"{at}.{name} changed between required and optional")
        found += _differences(schema, now["properties"][name], f"{at}.{name}")
    return found


def _meaning(schema: Any) -> Any:
    """A schema without its descriptions, which may be worded better at any time."""
    if isinstance(schema, list):
        return [_meaning(item) for item in schema]
    if isinstance(schema, dict):
        return {
            name: _meaning(item)
            for name, item in schema.items()
            if name != "description" or isinstance(item, dict)
        }
    return schema


def _file(folder: Path, key: str) -> Path:
    return folder / f"{key}.json"
