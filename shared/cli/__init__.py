"""The command `yiwang`: a lazy group, so that each command loads only what it needs."""

import os
import sys
import warnings
from importlib import import_module

import click

# The command's module and name. Services add commands of their own: see `Service.commands`.
COMMANDS = {
    "calendar": "shared.cli.calendar:calendar",
    "deadletters": "shared.cli.deadletters:deadletters",
    "demo": "deploy.demo.cli:demo",
    "edge": "shared.cli.edge:edge",
    "env": "shared.cli.env:env",
    "events": "shared.cli.events:events",
    "migrate": "shared.cli.migrate:migrate",
    "migration": "shared.cli.migrate:migration",
    "prepare": "shared.cli.prepare:prepare",
    "relay": "shared.cli.relay:relay",
    "routes": "shared.cli.routes:routes",
    "run": "shared.cli.run:run",
    "serve": "shared.cli.serve:serve",
    "topology": "shared.cli.topology:topology",
    "up": "shared.cli.up:up",
}

# Commands whose process answers requests or handles events; eventlet must patch it before anything else is imported.
COOPERATIVE = frozenset({"demo", "run", "serve"})


class LazyGroup(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        from shared.service import all_services

        return sorted([*COMMANDS, *(name for service in all_services() for name in service.commands)])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name in COMMANDS:
            module, _, attribute = COMMANDS[name].partition(":")
            found: click.Command = getattr(import_module(module), attribute)
            return found
        from shared.service import all_services

        for service in all_services():
            if name in service.commands:
                loaded: click.Command = service.load_command(name)
                return loaded
        return None


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Yiwang (一网协同): an office suite that a local government can run."""


def main() -> None:
    """The entry point of the installed command."""
    warnings.filterwarnings("ignore", message="\\s*Eventlet is deprecated", category=Warning)
    if len(sys.argv) > 1 and sys.argv[1] in COOPERATIVE:
        # Its own resolver costs 20 MB and knows nothing of what the system's one is configured for.
        os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")
        import eventlet

        eventlet.monkey_patch()
    cli()
