"""New versions of the flows between acceptance and decision."""

from typing import IO

from sqlalchemy.orm import Session

from services.affairs.domain.steps import DECIDE, DUTY_STEPS, FLOW_PREFIX, GRANT, REFUSE
from services.affairs.errors import matters as errors
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import require_everything
from shared.files import file_too_large
from shared.flow.catalog import upload_definition
from shared.flow.definitions import Definition, parse_definition
from shared.flow.graph import NodeKind
from shared.flow.models import FlowDefinition

LARGEST_FLOW = 1024 * 1024


def upload_flow(session: Session, actor: Actor, clock: Clock, *, stream: IO[bytes]) -> FlowDefinition:
    """Keep an uploaded BPMN file as the newest version of its flow; cases on their way stay on theirs.

    Its id begins with `case-`, and it ends with the step that decides. Problem 403 unless the actor administers all
    units, which all work by it.
    """
    require_everything(session, actor, what="流程")
    xml = stream.read(LARGEST_FLOW + 1)
    if len(xml) > LARGEST_FLOW:
        raise file_too_large(LARGEST_FLOW)
    definition = parse_definition(xml)
    if not definition.key.startswith(FLOW_PREFIX):
        raise errors.flow_unknown(definition.key)
    if not _ends_with_decision(definition):
        raise errors.flow_lacks_decision(definition.name)
    return upload_definition(session, actor, clock, xml=xml)


def _ends_with_decision(definition: Definition) -> bool:
    step = definition.steps.get(DECIDE)
    if step is None or not step.final or DUTY_STEPS & set(definition.steps):
        return False
    if {outcome.value for outcome in step.outcomes} != {GRANT, REFUSE}:
        return False
    leaving = definition.graph.outgoing[DECIDE]
    return all(definition.graph.nodes[flow.target].kind is NodeKind.END for flow in leaving)
