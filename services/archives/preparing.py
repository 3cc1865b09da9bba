"""What archives sees to at every start: that a retention schedule is in force."""

from sqlalchemy.orm import Session

from services.archives.commands.rules import ship_schedule
from shared.auth import Actor
from shared.runtime_context import Runtime


def prepare(session: Session, actor: Actor, runtime: Runtime) -> None:
    """Keep the shipped schedule as the first version; what an office put in force stays in force."""
    ship_schedule(session, actor, runtime.clock)
