"""What documents sees to at every start: that the flows it ships are there."""

from importlib.resources import files

from sqlalchemy.orm import Session

from shared.auth import Actor
from shared.flow.catalog import ship_definition
from shared.runtime_context import Runtime

FLOWS = ("dispatch", "incoming")


def prepare(session: Session, actor: Actor, runtime: Runtime) -> None:
    """Keep the shipped flows as their first versions; what an administrator uploaded stays in force."""
    for name in FLOWS:
        xml = (files("services.documents") / "flows" / f"{name}.bpmn").read_bytes()
        ship_definition(session, actor, runtime.clock, xml=xml)
