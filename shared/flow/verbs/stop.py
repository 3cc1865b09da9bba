"""Stopping a flow before its end, say because the draft was abandoned (作废)."""

from uuid import UUID

from sqlalchemy.orm import Session

from shared.auth.actor import Actor
from shared.clock import Clock
from shared.events.work import CancelCause
from shared.flow.acts import Act, ActVerb
from shared.flow.case import lock_case
from shared.flow.models import FlowStatus
from shared.flow.opinions import required_reason
from shared.flow.people import Acting
from shared.flow.progress import end_flow


def stop_flow(session: Session, actor: Actor, clock: Clock, *, instance_id: UUID, reason: str) -> Act:
    """End a running flow at once, with the reason; open items are cancelled, copies to read stay.

    Who may stop it is the calling service's rule. Raises Problem: not found, already ended, no reason.
    """
    case = lock_case(session, actor, clock, instance_id=instance_id)
    _ = case.running
    opinion = required_reason(reason, verb="终止")
    case.cancel(case.open_items(), cause=CancelCause.STOPPED, by=None)
    case.instance.undo_state = case.instance.undo_item_id = None
    end_flow(case, FlowStatus.STOPPED)
    return case.act(ActVerb.STOP, Acting(actor=actor), opinion=opinion)
