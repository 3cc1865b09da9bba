"""All contracts of the suite together."""

from importlib import import_module
from pkgutil import iter_modules

import shared.events
from shared.events.base import Event, declared_events


def import_contracts() -> None:
    """Import every module of this package, so that each event of the suite is declared."""
    for module in iter_modules(shared.events.__path__):
        import_module(f"shared.events.{module.name}")


def suite_events() -> list[type[Event]]:
    """The events that this package declares, by key; a test's own are not among them."""
    import_contracts()
    return [event for event in declared_events() if event.__module__.startswith("shared.events.")]
