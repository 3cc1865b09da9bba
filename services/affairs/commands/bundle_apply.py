"""Applying for a bundle (一件事): one form and one set of materials become one case for each of its matters."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs import errors
from services.affairs.commands.bundle_desk import BundleDesk, intake_posts, require_intake
from services.affairs.commands.desk import Desk
from services.affairs.commands.fill_once import Shared, apply_reusing
from services.affairs.domain.bundle_contents import (
    PartContent,
    form_of,
    merged_materials,
    unknown_fields,
)
from services.affairs.domain.bundle_steps import BundleStep, BundleVerb, bundle_number, bundle_series
from services.affairs.domain.bundles import BundleState, Part, PartState, longest_path
from services.affairs.domain.materials import material_key
from services.affairs.errors import bundles as bundle_errors
from services.affairs.models import (
    AffairsFile,
    Bundle,
    BundleApplication,
    BundlePart,
    BundleVersion,
    CaseMaterial,
    Matter,
    MatterVersion,
)
from services.affairs.queries.applicants import applicant_of
from services.affairs.queries.bundles import contents_of, get_bundle, get_published, list_parts
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import get_unit
from shared.errors import Problem
from shared.events.affairs import BundleApplied, Channel
from shared.ids import new_id
from shared.numbering import take_number

Asked = tuple[Part, Matter, MatterVersion]


def apply_bundle(session: Session, actor: Actor, clock: Clock, *, request: Mapping[str, Any]) -> BundleDesk:
    """Apply once for all matters of a bundle; each field and material is asked once, whoever needs it.

    `request` has bundle_id, form, materials (key with file_id, deferred, declared or reuse), promise, channel,
    delivery, contact, and at the window applicant_post_id: there whoever takes the bundle in applies for who came.
    Raises Problem with everything that is wrong in the form or the materials of a part; nothing is kept.
    """
    bundle = get_bundle(session, request["bundle_id"])
    version = get_published(session, bundle, today=clock.today())
    if request["channel"] == Channel.WINDOW:
        require_intake(session, actor, bundle=bundle, version=version)
    parts = list_parts(session, version, today=clock.today())
    contents = contents_of(parts)
    _check_whole(contents, request)
    desk = _new_application(
        session, actor, clock, bundle=bundle, version=version, parts=parts, request=request
    )
    case_of = _apply_for_parts(desk, parts, contents, request)
    for position, (part, _, _) in enumerate(parts, start=1):
        session.add(
            BundlePart(
                application_id=desk.application.id,
                matter_id=part.matter_id,
                case_id=case_of[part.matter_id].case.id,
                position=position,
                after=list(part.after),
                promised_days=part.days,
                state=(PartState.WAITING if part.after else PartState.CHECKING).value,
            )
        )
    _let_people_see(desk, units=[matter.unit_id for _, matter, _ in parts])
    desk.begin_work()
    application = desk.application
    desk.give(BundleStep.CHECK, intake_posts(session, bundle=bundle, version=version))
    desk.note(BundleVerb.APPLY, channel=application.channel)
    desk.tell(
        BundleApplied(
            bundle_id=application.id,
            name=application.name,
            number=application.number,
            unit_id=application.unit_id,
            applicant_unit_id=application.applicant_unit_id,
            case_ids=tuple(case_of[part.matter_id].case.id for part, _, _ in parts),
            doer=desk.doer,
            applied_at=desk.now,
        )
    )
    session.flush()
    return desk


def _check_whole(contents: Sequence[PartContent], request: Mapping[str, Any]) -> None:
    faults = unknown_fields(contents, request["form"])
    known = {row["key"] for row in merged_materials(contents)}
    seen: set[str] = set()
    for offer in request["materials"]:
        key = material_key(offer["key"])
        if key not in known:
            faults[f"materials.{key}"] = ["一件事中没有这份材料"]
        elif key in seen:
            faults[f"materials.{key}"] = ["同一份材料出现了不止一次"]
        seen.add(key)
    if faults:
        raise errors.application_invalid(faults)


def _new_application(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    bundle: Bundle,
    version: BundleVersion,
    parts: Sequence[Asked],
    request: Mapping[str, Any],
) -> BundleDesk:
    applicant = applicant_of(session, actor, request)
    organ, intake = get_unit(session, applicant.organ_id), get_unit(session, bundle.unit_id)
    application = BundleApplication(
        id=new_id(),
        revision=1,
        correlation_id=actor.correlation_id,
        bundle_id=version.bundle_id,
        bundle_version=version.number,
        name=version.name,
        number="",
        title=f"{version.name}（{organ.name}）",
        unit_id=intake.id,
        unit_name=intake.name,
        state=BundleState.CHECKING.value,
        applicant_unit_id=organ.id,
        applicant_unit_name=organ.name,
        applicant_post_id=applicant.post.post_id,
        applicant_person_id=applicant.person_id,
        applicant_name=applicant.person_name,
        channel=request["channel"],
        applied_at=clock.now(),
        missing=[],
        promised_days=longest_path([part for part, _, _ in parts])[0],
    )
    year = clock.today().year
    sequence = take_number(session, series=bundle_series(intake.id, year), subject=application.id)
    application.number = bundle_number(year, sequence)
    session.add(application)
    session.flush()
    return BundleDesk(session, actor, clock, application=application)


def _apply_for_parts(
    desk: BundleDesk, parts: Sequence[Asked], contents: Sequence[PartContent], request: Mapping[str, Any]
) -> dict[UUID, Desk]:
    """The cases, by matter. What the first of them was given, the others share.

    Organs in one fixed order: each takes a number, and who takes several in another order could wait for ever.
    """
    offers = {material_key(offer["key"]): offer for offer in request["materials"]}
    asked_fields: set[str] = set()
    given: dict[str, AffairsFile] = {}
    made: dict[UUID, Desk] = {}
    pairs = sorted(zip(parts, contents, strict=True), key=lambda pair: (pair[0][1].unit_id, pair[0][1].id))
    for (_, _, version), content in pairs:
        codes = {rule.code: material_key(rule.name) for rule in content.rules}
        shared = Shared(
            application_id=desk.application.id,
            fields=frozenset(asked_fields),
            files={code: given[key] for code, key in codes.items() if key in given},
        )
        application = _application_of(version, content, request, offers)
        case_desk = _apply_for(desk, application, shared, codes)
        made[content.matter_id] = case_desk
        asked_fields |= set(application["form"])
        given |= _given_files(desk.session, case_desk, codes, offers)
    return made


def _application_of(
    version: MatterVersion, content: PartContent, request: Mapping[str, Any], offers: Mapping[str, Any]
) -> dict[str, Any]:
    if request["channel"] not in version.channels:
        raise bundle_errors.bundle_not_this_way(version.name)
    materials = []
    for rule in content.rules:
        if offer := offers.get(material_key(rule.name)):
            kept = {name: value for name, value in offer.items() if name != "key"}
            materials.append({**kept, "code": rule.code})
    delivery = request["delivery"] if request["delivery"] in version.delivery else version.delivery[0]
    return {
        "matter_id": content.matter_id,
        "form": form_of(content, request["form"]),
        "materials": materials,
        "promise": request["promise"],
        "channel": request["channel"],
        "delivery": delivery,
        "contact": request["contact"],
        "applicant_post_id": request["applicant_post_id"],
    }


def _apply_for(
    desk: BundleDesk, application: Mapping[str, Any], shared: Shared, codes: Mapping[str, str]
) -> Desk:
    """One case; what is wrong with its materials is told under the names that the bundle has for them."""
    try:
        return apply_reusing(desk.session, desk.actor, desk.clock, application=application, shared=shared)
    except Problem as problem:
        named = {f"materials.{code}": f"materials.{key}" for code, key in codes.items()}
        problem.errors = {named.get(place, place): words for place, words in problem.errors.items()}
        raise


def _given_files(
    session: Session, case_desk: Desk, codes: Mapping[str, str], offers: Mapping[str, Any]
) -> dict[str, AffairsFile]:
    """The files that the applicant gave with this case, by the material's key."""
    rows = session.execute(
        sa.select(CaseMaterial.code, AffairsFile)
        .join(AffairsFile, AffairsFile.id == CaseMaterial.file_id)
        .where(CaseMaterial.case_id == case_desk.case.id)
    )
    return {codes[code]: file for code, file in rows if offers.get(codes[code], {}).get("file_id")}


def _let_people_see(desk: BundleDesk, *, units: Sequence[UUID]) -> None:
    application = desk.application
    people = [application.applicant_post_id, *filter(None, [application.applicant_person_id])]
    desk.let_see(people, reason="applicant")
    desk.let_see([application.applicant_unit_id], reason="applicant_organ")
    desk.let_see([application.unit_id], reason="intake")
    desk.let_see(sorted(set(units)), reason="handling_organ")
