"""Countersigning (会签), signing (签发) and the final check (复核)."""

from datetime import datetime

import sqlalchemy as sa

from services.documents import errors
from services.documents.commands.soundness import require_ready_for_review, require_sound
from services.documents.commands.steps.case import StepCase
from services.documents.domain.rules import Step
from services.documents.models import DocumentAct
from services.documents.queries.cases import passed_on
from services.documents.queries.issuers import list_issuers
from services.documents.queries.texts import digest_of_text
from shared.directory import get_organ
from shared.events.documents import DocumentSigned
from shared.events.work import ItemRole
from shared.flow.acts import Act
from shared.messaging import outbox
from shared.permissions import Permission

AGREED = "agree"
PASSED = "pass"


def before_submitting(case: StepCase) -> None:
    """A draft goes out of its drafter's hands only when no rule blocks it."""
    require_ready_for_review(case.session, case.document, case.clock)


def before_passing_review(case: StepCase) -> None:
    """What the rules take from the text's wording is the reviewer's to judge: mended, or set aside with a reason."""
    require_sound(case.session, case.document, case.clock, step=Step.SUBMIT)


def note_consulted(case: StepCase, act: Act) -> None:
    """A countersigner's unit was consulted, and agreed or not (条例第十九条（六）)."""
    organ = str(get_organ(case.session, case.item.unit_id).id)
    facts = {**case.document.facts}
    facts["consulted"] = sorted({*facts.get("consulted", []), organ})
    agreed = set(facts.get("agreed", []))
    facts["agreed"] = sorted(agreed | {organ} if case.outcome == AGREED else agreed - {organ})
    # A text that is changed later is another one, which nobody has agreed with yet.
    present = digest_of_text(case.session, case.document)
    facts["agreed_texts"] = {**facts.get("agreed_texts", {}), organ: present}
    case.document.facts = facts


def before_signing(case: StepCase) -> None:
    """Nobody signs what a rule blocks; who signs, for whomever, is a leader, and states an opinion or a result."""
    organ = get_organ(case.session, case.item.unit_id)
    if organ.id not in {issuer.id for issuer in list_issuers(case.session, case.document)}:
        raise errors.not_yours_to_sign(case.document.title, organ.name)
    signs = case.item.role != ItemRole.SIGNER
    if signs and case.absent_post_id and not case.actor.may(Permission.DOCUMENTS_SIGN):
        raise errors.stand_in_signs_not(case.document.title, case.doer.on_behalf_of)
    if case.outcome == AGREED:
        require_sound(case.session, case.document, case.clock, step=Step.APPROVE)


def details_of_signing(case: StepCase) -> dict[str, object]:
    """For the history: for which organ, and whether as its principal leader: who stands in for one is none thereby."""
    principal = case.actor.may(Permission.DOCUMENTS_SIGN_PRINCIPAL)
    return {"organ_id": str(get_organ(case.session, case.item.unit_id).id), "principal": principal}


def note_signed(case: StepCase, act: Act) -> None:
    """The document is approved for issue; 成文日期 is the day a meeting passed it, else of the last signature."""
    document, now = case.document, case.clock.now()
    if act.step_outcome != AGREED:
        return
    document.signed_at = first_signature(case)
    document.dated = passed_on(document) or case.clock.today()
    document.elements = {**document.elements, "signers": _signers(case)}
    if document.facts.get("changed_after_signing"):
        document.facts = {**document.facts, "approved_again": True}
    outbox.record(
        case.session,
        case.actor,
        DocumentSigned(
            document_id=document.id,
            dated=document.dated,
            doer=case.doer,
            signed_at=now,
        ),
    )


def first_signature(case: StepCase) -> datetime:
    """When the first of those whose signatures stand together signed, in this round of signing."""
    arrival = sa.select(sa.func.min(DocumentAct.at)).where(
        DocumentAct.document_id == case.document.id,
        DocumentAct.verb == "sign",
        DocumentAct.details["arrival"].astext == str(case.item.arrival_id),
    )
    return case.session.scalar(arrival) or case.clock.now()


def before_passing_check(case: StepCase) -> None:
    """The final check passes only what is signed as it must be (条例第二十五条（一）)."""
    if case.outcome == PASSED:
        require_sound(case.session, case.document, case.clock, step=Step.CHECK)


def note_checked(case: StepCase, act: Act) -> None:
    """A real change found at the final check: it was made after signing, and must be signed again."""
    if act.step_outcome != PASSED:
        case.document.facts = {
            **case.document.facts,
            "changed_after_signing": True,
            "approved_again": False,
        }


def _signers(case: StepCase) -> list[str]:
    acts = case.session.scalars(
        sa.select(DocumentAct)
        .where(DocumentAct.document_id == case.document.id, DocumentAct.verb == "sign")
        .where(DocumentAct.details["arrival"].astext == str(case.item.arrival_id))
        .order_by(DocumentAct.at)
    )
    return list(dict.fromkeys(act.person_name for act in acts))
