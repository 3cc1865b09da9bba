"""Applying (申请): the form and the materials are checked, the case gets its number, the window gets it to check."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs import errors
from services.affairs.commands.desk import Desk
from services.affairs.commands.files import take_file
from services.affairs.commands.promises import sign_promise
from services.affairs.commands.trips import AT_WINDOW, add_trip
from services.affairs.domain.forms import filled_fields, form_faults
from services.affairs.domain.materials import (
    MaterialRule,
    MaterialSource,
    MaterialState,
    Offer,
    faults_of,
    state_of,
)
from services.affairs.domain.numbers import case_number, case_series
from services.affairs.domain.secrecy import refuse_secret, texts_in
from services.affairs.domain.states import CaseState, CaseVerb
from services.affairs.domain.steps import DutyStep
from services.affairs.errors import matters as matter_errors
from services.affairs.models import Case, CaseField, CaseMaterial, Matter, MatterVersion
from services.affairs.queries.applicants import only_person
from services.affairs.queries.matters import find_in_force, get_matter
from services.affairs.queries.visibility import is_window_of
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import PostCard, get_organ, get_post
from shared.events.affairs import CaseApplied, Channel
from shared.ids import new_id
from shared.numbering import take_number
from shared.offload import offload
from shared.search import bigrams

BEFORE_ACCEPTANCE = "办事申请"


def apply_case(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    application: Mapping[str, Any],
    bundle_id: UUID | None = None,
    reused: Mapping[str, CaseField] | None = None,
    reused_materials: Mapping[str, CaseMaterial] | None = None,
) -> Desk:
    """A case for one matter in the version in force today; Problem when it cannot be applied for so.

    `application` has matter_id, form, materials (code with file_id, deferred or declared), promise, channel, delivery,
    contact, and at the window applicant_post_id. Whoever makes a case of a bundle (`bundle_id`) has seen to it that the
    actor takes that bundle in. `reused` and `reused_materials` say by name and code where offered
    values and contents came from; their case is set here.
    """
    matter = get_matter(session, application["matter_id"])
    version = find_in_force(session, matter, clock.today())
    if version is None:
        raise matter_errors.not_in_force(matter.code, clock.today())
    if application["channel"] == Channel.WINDOW and bundle_id is None:
        _require_window(session, actor, matter)
    applicant = _applicant(session, actor, application)
    _check_channel(version, application)
    offers = [Offer(**offer) for offer in application["materials"]]
    rules = [MaterialRule.read(kept) for kept in version.materials]
    _check_content(version, rules, offers, application, reused_materials or {})
    case = _new_case(
        session, actor, clock, matter=matter, version=version, applicant=applicant, of=application
    )
    _check_applicant(version, case)
    case.bundle_id = bundle_id
    desk = Desk(session, actor, clock, case=case)
    sign_promise(desk, rules, offers, promised=application["promise"])
    # Numbers are taken late: whoever else applies to this organ waits for the rest of this transaction.
    year = clock.today().year
    case.number = case_number(
        year, take_number(session, series=case_series(case.unit_id, year), subject=case.id)
    )
    case.terms = bigrams(case.title, case.number, case.matter_name, case.applicant_name)
    session.add(case)
    session.flush()
    _keep_fields(session, case, reused or {})
    _keep_materials(desk, rules, offers, reused_materials or {})
    _let_people_see(desk)
    desk.begin_work(BEFORE_ACCEPTANCE)
    if bundle_id is None:
        # The cases of a bundle are checked once for all at the bundle's intake.
        desk.give_window(DutyStep.CHECK)
    desk.note(CaseVerb.APPLY, outcome=_CHANNEL_NAMES[case.channel])
    _tell(desk)
    if case.channel == Channel.WINDOW:
        # One visit for a bundle is noted in each of its cases: each was applied for by coming.
        add_trip(desk, reason=AT_WINDOW)
    session.flush()
    return desk


_CHANNEL_NAMES: Mapping[str, str] = {"web": "网上申请", "phone": "掌上申请", "window": "窗口申请"}


def _require_window(session: Session, actor: Actor, matter: Matter) -> None:
    if not is_window_of(session, actor, matter.unit_id):
        raise errors.not_at_window(matter.unit_name)


def _applicant(session: Session, actor: Actor, application: Mapping[str, Any]) -> PostCard:
    """The post that applies: the actor's own, or at the window the one that came."""
    if application["channel"] == Channel.WINDOW:
        if application["applicant_post_id"] is None:
            raise errors.application_invalid({"applicant_post_id": ["窗口申请须写明申请人的岗位"]})
        return get_post(session, application["applicant_post_id"])
    if actor.post_id is None:
        raise errors.not_the_applicant()
    return get_post(session, actor.post_id)


def _check_applicant(version: MatterVersion, case: Case) -> None:
    """A matter of persons is applied for by a person; for a unit whoever may apply in it speaks."""
    if case.applicant_person_id is None and "unit" not in version.applicants:
        words = "本事项由个人申请；该岗位空缺或由多人担任，请由本人在网上申请"
        raise errors.application_invalid({"applicant_post_id": [words]})


def _check_channel(version: MatterVersion, application: Mapping[str, Any]) -> None:
    if application["channel"] not in version.channels:
        raise errors.not_online(version.name)
    if application["delivery"] not in version.delivery:
        raise errors.delivery_unknown(version.name)


def _check_content(
    version: MatterVersion,
    rules: Sequence[MaterialRule],
    offers: Sequence[Offer],
    application: Mapping[str, Any],
    reused: Mapping[str, CaseMaterial],
) -> None:
    refuse_secret(*texts_in(application["form"]), application["contact"], where="申请表")
    faults = dict(offload(form_faults, version.form, application["form"]))
    open_rules = [rule for rule in rules if rule.code not in reused]
    given = [offer for offer in offers if offer.code not in reused]
    faults |= {f"materials.{code}": words for code, words in faults_of(open_rules, given).items()}
    if faults:
        raise errors.application_invalid(faults)


def _new_case(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    matter: Matter,
    version: MatterVersion,
    applicant: PostCard,
    of: Mapping[str, Any],
) -> Case:
    organ = get_organ(session, applicant.unit_id)
    itself = applicant.post_id == actor.post_id
    return Case(
        id=new_id(),
        correlation_id=actor.correlation_id,
        matter_id=matter.id,
        matter_version=version.number,
        matter_name=version.name,
        unit_id=matter.unit_id,
        unit_name=matter.unit_name,
        number="",
        title=f"{version.name}（{organ.name}）",
        state=CaseState.CHECKING.value,
        instant=version.instant,
        applicant_unit_id=organ.id,
        applicant_unit_name=organ.name,
        applicant_post_id=applicant.post_id,
        applicant_person_id=actor.person_id if itself else only_person(applicant),
        applicant_name=actor.person_name if itself else "、".join(applicant.holders),
        contact=of["contact"],
        channel=of["channel"],
        delivery=of["delivery"],
        form=of["form"],
        applied_at=clock.now(),
        missing=[],
        promised_days=version.promised_days,
        legal_days=version.legal_days,
    )


def _keep_fields(session: Session, case: Case, reused: Mapping[str, CaseField]) -> None:
    for name in filled_fields(case.form):
        field = reused.get(name) or CaseField(name=name, source="applicant")
        field.case_id = case.id
        session.add(field)


def _keep_materials(
    desk: Desk,
    rules: Sequence[MaterialRule],
    offers: Sequence[Offer],
    reused: Mapping[str, CaseMaterial],
) -> None:
    by_code = {offer.code: offer for offer in offers}
    for position, rule in enumerate(rules, start=1):
        row = reused.get(rule.code) or _material(desk, rule, by_code.get(rule.code))
        row.id = new_id()
        row.case_id = desk.case.id
        row.code, row.name, row.position = rule.code, rule.name, position
        row.provided_by, row.required = rule.provided_by.value, rule.required
        desk.session.add(row)
    desk.session.flush()


def _material(desk: Desk, rule: MaterialRule, offer: Offer | None) -> CaseMaterial:
    state = state_of(rule, offer)
    row = CaseMaterial(state=state.value)
    if rule.department_unit_id:
        row.department_unit_id = UUID(rule.department_unit_id)
    if state is MaterialState.PRESENT and offer is not None:
        row.file_id = take_file(desk.session, desk.actor, offer.file_id, case=desk.case).id
        row.source = MaterialSource.GIVEN.value
        row.given_at, row.given_by_name = desk.now, desk.actor.person_name
    return row


def _let_people_see(desk: Desk) -> None:
    case = desk.case
    people = [case.applicant_post_id, *filter(None, [case.applicant_person_id])]
    desk.let_see(people, reason="applicant")
    desk.let_see([case.applicant_unit_id], reason="applicant_organ")
    desk.let_see([case.unit_id], reason="handling_organ")


def _tell(desk: Desk) -> None:
    case = desk.case
    fields = list(desk.session.scalars(sa.select(CaseField).where(CaseField.case_id == case.id)))
    materials = desk.session.scalars(sa.select(CaseMaterial).where(CaseMaterial.case_id == case.id)).all()
    asked = sum(row.source == MaterialSource.GIVEN for row in materials)
    held = sum(row.source in (MaterialSource.REUSED, MaterialSource.SYSTEM) for row in materials)
    own = sum(field.source == "applicant" for field in fields)
    desk.tell(
        CaseApplied(
            case_id=case.id,
            bundle_id=case.bundle_id,
            matter_id=case.matter_id,
            matter_version=case.matter_version,
            matter_name=case.matter_name,
            number=case.number,
            unit_id=case.unit_id,
            applicant_unit_id=case.applicant_unit_id,
            channel=Channel(case.channel),
            fields_asked=own,
            fields_reused=len(fields) - own,
            materials_asked=asked,
            materials_reused=held,
            doer=desk.doer,
            applied_at=desk.now,
        )
    )
