"""Not accepting a case of a bundle, decided for the whole or because what it waits for was not granted."""

from services.affairs.commands.departments import drop_departments
from services.affairs.commands.desk import Desk
from services.affairs.domain.states import CaseVerb
from shared.events.affairs import CaseRefused


def refuse_part(desk: Desk, *, reason: str) -> None:
    """End a case that was not accepted yet (不予受理), with the reason; nothing follows."""
    desk.move(CaseVerb.REFUSE)
    drop_departments(desk)
    desk.end_work()
    desk.case.reason = reason
    desk.case.ended_at = desk.now
    desk.note(CaseVerb.REFUSE, opinion=reason)
    desk.tell(CaseRefused(case_id=desk.case.id, reason=reason, doer=desk.doer, refused_at=desk.now))
    desk.session.flush()
