"""Setting the day (明确时限): whoever registers, proposes or instructs says until when a document must be answered."""

from datetime import date
from uuid import UUID

from services.documents import errors
from services.documents.commands.demanding import check_day
from services.documents.commands.history import keep_act
from services.documents.commands.steps.case import StepCase
from shared.directory import get_organ, list_posts, list_units
from shared.directory.looking import unit_unknown
from shared.events.documents import DocumentAnswerDemanded
from shared.flow.acts import Act
from shared.messaging import outbox

_HANDLING = "handle"


def refuse_demand(case: StepCase) -> None:
    """At any other step, and from whoever was only asked for a word, nothing is to be demanded."""
    if case.request.get("answer_by") or case.request.get("lead_unit_id"):
        raise errors.no_demand_here(case.item.step_name)


def before_demanding(case: StepCase) -> None:
    """The day lies ahead in a year that is known, and the unit that is to see to it exists."""
    organ = get_organ(case.session, case.document.owner_unit_id)
    check_day(case.session, case.clock, _day(case), organ=organ)
    lead: UUID | None = case.request.get("lead_unit_id")
    if lead is None:
        return
    if _day(case) is None and case.document.answer_by is None:
        raise errors.lead_without_day()
    unit = list_units(case.session, {lead}).get(lead)
    if unit is None or not unit.active:
        raise unit_unknown(lead)


def note_demand(case: StepCase, act: Act) -> None:
    """Keep what was said; the others are told once, and again only when the day is another."""
    document, day = case.document, _day(case)
    if lead := _lead_unit(case):
        document.answer_lead_unit_id = lead
    if day is None or day == document.answer_by:
        return
    before, document.answer_by = document.answer_by, day
    keep_act(
        case.session,
        case.actor,
        document,
        at=case.clock.now(),
        verb="demand_answer",
        step=case.item.step_name,
        outcome=f"{day.year}年{day.month}月{day.day}日前答复或办结",
        details={"answer_by": day.isoformat(), "before": before.isoformat() if before else None},
        **case.on_behalf,
    )
    outbox.record(
        case.session,
        case.actor,
        DocumentAnswerDemanded(
            document_id=document.id,
            owner_unit_id=document.owner_unit_id,
            title=document.title,
            number=document.source_number or "",
            sender_name=document.sender_name or "",
            lead_unit_id=document.answer_lead_unit_id,
            answer_by=day,
            doer=case.doer,
            demanded_at=case.clock.now(),
        ),
    )


def _day(case: StepCase) -> date | None:
    day: date | None = case.request.get("answer_by")
    return day


def _lead_unit(case: StepCase) -> UUID | None:
    """The unit that was named, or that of the post that was chosen to lead (主办) in the same breath."""
    named: UUID | None = case.request.get("lead_unit_id")
    chosen = case.request.get("choices", {}).get(_HANDLING, {}).get("lead_post_id")
    if named or not chosen:
        return named
    card = list_posts(case.session, [chosen]).get(chosen)
    return card.unit_id if card else None
