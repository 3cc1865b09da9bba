"""What affairs sees to at every start: the flows it ships, and the key that signs results."""

from importlib.resources import files

from sqlalchemy.orm import Session

from services.affairs.commands.seal import ensure_seal_key, warn_of_end
from shared.auth import Actor
from shared.flow.catalog import ship_definition
from shared.runtime_context import Runtime

FLOWS = ("case-simple", "case-joint")


def prepare(session: Session, actor: Actor, runtime: Runtime) -> None:
    """Repeatable; what an administrator uploaded stays in force. SealUnusable without the suite's secret."""
    for name in FLOWS:
        xml = (files("services.affairs") / "flows" / f"{name}.bpmn").read_bytes()
        ship_definition(session, actor, runtime.clock, xml=xml)
    ensure_seal_key(session, actor, runtime.clock, secret_key=runtime.settings.secret_key)
    warn_of_end(session, runtime.clock)
