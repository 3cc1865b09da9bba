"""Setting a finding aside (搁置): a reviewer judges that a rule took the text's wording for what it is not."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.commands.changing import require_changeable
from services.documents.commands.history import keep_act
from services.documents.commands.soundness import refuse_secret_words
from services.documents.domain.rules import Step
from services.documents.models import Document
from services.documents.queries.cases import list_findings
from services.documents.queries.visibility import lock_document
from shared.auth import Actor
from shared.clock import Clock
from shared.history import absent_name


def set_finding_aside(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    document_id: UUID,
    rule: str,
    quote: str,
    reason: str,
) -> Document:
    """Let a document go on although a rule objects to this wording; who decided so, and why, stays in the history.

    It holds for these words only: other words that raise the same rule stop the document again. Problem 404 when no
    rule objects to them, 409 when the rule does not rest on wording.
    """
    refuse_secret_words({"reason": reason})
    document = lock_document(session, actor, document_id, now=clock.now())
    item = require_changeable(session, actor, clock, document=document)
    findings = list_findings(session, document, step=Step.REGISTER, today=clock.today())
    objecting = [finding for finding in findings if finding.rule == rule and quote in ("", finding.quote)]
    if not objecting:
        raise errors.finding_not_found(rule)
    quotes = {finding.quote for finding in objecting if finding.may_be_set_aside}
    if not quotes:
        raise errors.finding_stands(objecting[0].message)
    kept = document.facts.get("set_aside", [])
    new = [{"rule": rule, "quote": each} for each in sorted(quotes)]
    document.facts = {**document.facts, "set_aside": [*kept, *(each for each in new if each not in kept)]}
    document.revision += 1
    absent = item.post_id if item.post_id != actor.post_id else None
    keep_act(
        session,
        actor,
        document,
        at=clock.now(),
        verb="set_aside",
        step=item.step_name,
        opinion=reason,
        on_behalf_post_id=absent,
        on_behalf_name=absent_name(session, absent),
        details={"rule": rule, "quotes": sorted(quotes)},
    )
    return document
