"""Deciding (办结): granted or refused with reason; the result is set, numbered, signed, and on its way."""

from datetime import datetime

from services.affairs import errors
from services.affairs.commands.clock import rested_halves
from services.affairs.commands.deliver import deliver_online
from services.affairs.commands.desk import Desk
from services.affairs.commands.seal import sign
from services.affairs.domain.materials import MaterialState, is_awaited
from services.affairs.domain.media import PDF
from services.affairs.domain.numbers import new_code, result_number, result_series
from services.affairs.domain.states import CaseVerb
from services.affairs.domain.steps import GRANT, DutyStep
from services.affairs.domain.timing import used_halves
from services.affairs.local_rules import INSPECTION
from services.affairs.means import Means
from services.affairs.models import Case, MatterVersion, Result
from services.affairs.queries.cases import list_materials
from services.affairs.queries.people import version_of
from services.affairs.rendering import ResultSheet, render_result
from shared.clock import local_date
from shared.events.affairs import CaseDecided, CaseOutcome
from shared.events.documents import Blob
from shared.files import BlobRef
from shared.ids import new_id
from shared.numbering import take_number
from shared.offload import offload

AFTER_DECISION = "结果送达与评价"


def require_decidable(desk: Desk, *, outcome: str, opinion: str) -> None:
    """Refuse to decide while the clock stands still, and a refusal without its reason.

    Nothing is granted on a broken promise, or while what the matter requires lacks.
    """
    case = desk.case
    if case.stopped_at is not None:
        raise errors.clock_stands(case.number)
    if outcome != GRANT:
        if not opinion.strip():
            raise errors.reason_needed("不予批准")
        return
    materials = list_materials(desk.session, case.id)
    broken = (MaterialState.LAPSED, MaterialState.FALSE)
    if lapsed := [row.name for row in materials if row.state in broken]:
        raise errors.materials_lapsed(lapsed)
    awaited = [row.name for row in materials if row.required and is_awaited(row.provided_by, row.state)]
    if awaited:
        raise errors.materials_awaited(awaited)
    if lacking := [row.name for row in materials if row.required and row.state == MaterialState.MISSING]:
        raise errors.materials_lacking(lacking)


def decide_case(desk: Desk, *, means: Means) -> None:
    """What the case's verdict brings with it: outcome, time used, result document, and who has to do what now."""
    case = desk.case
    granted = case.verdict == GRANT
    require_decidable(desk, outcome=case.verdict, opinion=case.reason)
    desk.move(CaseVerb.DECIDE)
    _close_clock(desk, CaseOutcome.GRANTED if granted else CaseOutcome.REFUSED)
    version = version_of(desk.session, case)
    result, blob = _issue(desk, version, means=means) if version.result_code else (None, None)
    label = "准予" if granted else "不予批准"
    desk.note(CaseVerb.DECIDE, outcome=label, opinion=case.reason)
    tell_decided(desk, result_number=result.number if result else "", blob=blob)
    desk.end_work()
    desk.begin_work(AFTER_DECISION)
    _ask_what_is_owed(desk, granted=granted)
    if case.delivery == "online":
        deliver_online(desk)
    else:
        desk.give_window(DutyStep.DELIVER)
    desk.session.flush()


def close_withdrawn(desk: Desk) -> None:
    """A case that its applicant withdrew is decided by that."""
    _close_clock(desk, CaseOutcome.WITHDRAWN)
    tell_decided(desk)


def tell_decided(desk: Desk, *, result_number: str = "", blob: Blob | None = None) -> None:
    """Tell what was decided and how long it took."""
    case = desk.case
    desk.tell(
        CaseDecided(
            case_id=case.id,
            outcome=CaseOutcome(case.outcome or CaseOutcome.WITHDRAWN),
            result_number=result_number,
            result=blob,
            used_half_days=case.used_half_days or 0,
            in_time=bool(case.in_time),
            doer=desk.doer,
            decided_at=desk.now,
        )
    )


def _close_clock(desk: Desk, outcome: CaseOutcome) -> None:
    case = desk.case
    case.outcome = outcome.value
    case.decided_at = desk.now
    case.decided_by_name = desk.actor.person_name
    # A clock that stands was stopped in time: withdrawn meanwhile, the case was not late.
    case.in_time = case.due_at is None or (case.stopped_at or desk.now) <= case.due_at
    case.used_half_days = _used(desk, case.accepted_at)


def _used(desk: Desk, accepted_at: datetime | None) -> int:
    if accepted_at is None:
        return 0
    return used_halves(
        desk.calendar,
        accepted_on=local_date(accepted_at),
        decided_at=desk.case.stopped_at or desk.now,
        rested=rested_halves(desk),
    )


def _ask_what_is_owed(desk: Desk, *, granted: bool) -> None:
    """Deferred materials are still owed after the decision, and declarations are to be checked; not after a refusal."""
    if not granted:
        return
    materials = list_materials(desk.session, desk.case.id)
    owed = [row.due_at for row in materials if row.state == MaterialState.DEFERRED and row.due_at]
    if owed:
        desk.give(DutyStep.SUPPLY, [desk.case.applicant_post_id], deadline=min(owed))
    if any(row.state == MaterialState.DECLARED for row in materials):
        desk.give_window(DutyStep.INSPECT, deadline=desk.days_ahead_if_known(INSPECTION))


def _issue(desk: Desk, version: MatterVersion, *, means: Means) -> tuple[Result, Blob]:
    """The result document: numbered per organ, kind and year, signed with the service's key."""
    case, session = desk.case, desk.session
    result_id, year = new_id(), desk.clock.today().year
    series = result_series(case.unit_id, version.result_code, year)
    number = result_number(version.result_code, year, take_number(session, series=series, subject=result_id))
    granted = case.outcome == CaseOutcome.GRANTED
    code = new_code()
    name = version.result_name if granted else "不予批准决定书"
    sheet = _sheet(desk, name=name, number=number, url=verify_url(means.public_url, code))
    pdf = offload(render_result, sheet, means.fonts)
    signed, key = sign(session, desk.actor, desk.clock, means=means, pdf=pdf, signer_name=case.unit_name)
    ref = means.blobs.put(signed, media_type=PDF, name=f"{name}.pdf")
    result = Result(
        id=result_id,
        case_id=case.id,
        unit_id=case.unit_id,
        unit_name=case.unit_name,
        number=number,
        name=name,
        granted=granted,
        code=code,
        key_id=key.id,
        issued_at=desk.now,
        digest=ref.digest,
        size=ref.size,
    )
    session.add(result)
    session.flush()
    return result, told(ref)


def verify_url(public_url: str, code: str) -> str:
    """Where the QR of a result leads."""
    return f"{public_url}/api/affairs/results/{code}/verify"


def told(ref: BlobRef) -> Blob:
    """A content reference as events carry it."""
    return Blob(digest=ref.digest, size=ref.size, media_type=ref.media_type, name=ref.name)


def _sheet(desk: Desk, *, name: str, number: str, url: str) -> ResultSheet:
    case = desk.case
    return ResultSheet(
        organ=case.unit_name,
        name=name,
        number=number,
        addressee=case.applicant_unit_name,
        paragraphs=tuple(_paragraphs(desk.case)),
        issued_on=desk.clock.today(),
        verify_url=url,
        produced_at=desk.now,
    )


def _paragraphs(case: Case) -> list[str]:
    day = local_date(case.applied_at)
    asked = (
        f"你单位于{day.year}年{day.month}月{day.day}日提出的“{case.matter_name}”申请"
        f"（办件编号：{case.number}）收悉。"
    )
    if case.outcome == CaseOutcome.GRANTED:
        given = [asked, "经审查，符合办理条件，准予办理。", case.reason]
    else:
        given = [asked, "经审查，决定不予批准。理由如下：", case.reason]
    if case.promise:
        given.append(f"本结果依承诺作出。{case.promise}")
    return [text for text in given if text]
