"""Doing an item (办理), and what comes of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.documents.commands import steps
from services.documents.commands.work.choosing import check_choices, choices_of
from services.documents.commands.work.keeping import follow, keep, open_case
from services.documents.commands.work.starting import show_anew
from services.documents.domain.states import ENDED_STATES, DispatchState, IncomingState
from shared.auth import Actor
from shared.clock import Clock
from shared.files import BlobStore
from shared.flow import verbs
from shared.flow.acts import Act
from shared.flow.case import require_open
from shared.flow.people import act_on

_FINAL_STATES = {"dispatch": DispatchState.ISSUED, "incoming": IncomingState.CLOSED}


def complete_step(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    document_id: UUID,
    item_id: UUID,
    blobs: BlobStore,
    font_dir: str,
    request: Mapping[str, Any],
) -> Act:
    """Do an item: check what the step demands, move the flow on, and do what the step is for.

    `request` has opinion, outcome, variables, choices (posts for coming steps) and what the step itself asks.
    """
    document, item = open_case(session, actor, clock, document_id=document_id, item_id=item_id)
    # Who does not hold the item, or comes too late, is told so before anything about the document.
    act_on(session, actor, item, now=clock.now())
    require_open(item)
    case = steps.StepCase(
        session=session,
        actor=actor,
        clock=clock,
        document=document,
        item=item,
        blobs=blobs,
        font_dir=font_dir,
        request=request,
    )
    choices = choices_of(request.get("choices", {}))
    check_choices(session, document, choices)
    steps.before(case)
    number = document.number
    act = verbs.complete_item(
        session,
        actor,
        clock,
        item_id=item.id,
        opinion=request.get("opinion", ""),
        outcome=request.get("outcome", ""),
        variables=request.get("variables", {}),
        choices=choices,
    )
    keep(session, actor, document, act, details=steps.details(case))
    session.flush()
    steps.after(case, act)
    follow(session, document)
    if document.number != number:
        show_anew(session, actor, clock, document)
    if act.ended and document.state not in ENDED_STATES:
        document.state = _FINAL_STATES[document.direction]
        steps.close(case)
    return act
