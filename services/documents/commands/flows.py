"""New versions of the flows."""

from typing import IO

from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.commands.steps import REQUIRED_STEPS
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import require_everything
from shared.files import file_too_large
from shared.flow.catalog import upload_definition
from shared.flow.definitions import parse_definition
from shared.flow.models import FlowDefinition

LARGEST_FLOW = 1024 * 1024


def upload_flow(session: Session, actor: Actor, clock: Clock, *, stream: IO[bytes]) -> FlowDefinition:
    """Keep an uploaded BPMN file as the newest version of its flow; documents on their way stay on theirs.

    It must be one of the flows of this service and keep the steps that the law demands of it. Problem 403 unless the
    actor administers all units, which all work by it.
    """
    require_everything(session, actor, what="流程")
    xml = stream.read(LARGEST_FLOW + 1)
    if len(xml) > LARGEST_FLOW:
        raise file_too_large(LARGEST_FLOW)
    definition = parse_definition(xml)
    if definition.key not in REQUIRED_STEPS:
        raise errors.flow_unknown(definition.key, sorted(REQUIRED_STEPS))
    missing = REQUIRED_STEPS[definition.key] - set(definition.steps)
    if missing:
        raise errors.flow_lacks_steps(definition.name, sorted(missing))
    return upload_definition(session, actor, clock, xml=xml)
