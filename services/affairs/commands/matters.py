"""Keeping the catalogue (事项清单): a draft is edited, published from a day on, and one day withdrawn."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs.commands.files import take_template
from services.affairs.domain.forms import schema_faults
from services.affairs.domain.matters import matter_faults
from services.affairs.domain.prefill import source_faults
from services.affairs.domain.secrecy import refuse_secret
from services.affairs.domain.steps import FLOW_PREFIX, JOINT
from services.affairs.errors import matters as errors
from services.affairs.models import Matter, MatterVersion
from services.affairs.queries.matters import find_draft, get_matter, keeps_matters_of
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import get_organ, get_unit
from shared.directory.looking import list_units_of_posts, post_unknown
from shared.events.affairs import MatterPublished, MatterWithdrawn
from shared.flow.catalog import definition_of, find_version
from shared.ids import new_id
from shared.messaging import outbox
from shared.search import bigrams


def draft_matter(
    session: Session, actor: Actor, clock: Clock, *, code: str, content: Mapping[str, Any]
) -> tuple[Matter, MatterVersion]:
    """A new matter of the actor's organ, as a draft. Problem 409 for a code that the organ has, 422 for its content."""
    if actor.unit_id is None:
        raise errors.not_your_matter(content["name"])
    organ = get_organ(session, actor.unit_id)
    same = sa.select(Matter.id).where(Matter.unit_id == organ.id, Matter.code == code)
    if session.scalars(same).first() is not None:
        raise errors.code_taken(code)
    matter = Matter(
        id=new_id(),
        unit_id=organ.id,
        unit_name=organ.name,
        code=code,
        correlation_id=actor.correlation_id,
        made_at=clock.now(),
        made_by_name=actor.person_name,
    )
    session.add(matter)
    session.flush()
    return matter, _save(session, actor, clock, matter=matter, content=content, draft=None)


def edit_matter(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    matter_id: UUID,
    content: Mapping[str, Any],
    expected_revision: int | None = None,
) -> tuple[Matter, MatterVersion]:
    """Write the next version of a matter, or change the draft that there is. Problem 412 when somebody was quicker."""
    matter = _lock(session, actor, matter_id, name=content["name"])
    if expected_revision is not None and expected_revision != matter.revision:
        raise errors.changed_meanwhile(content["name"])
    if matter.withdrawn_on is not None:
        raise errors.matter_withdrawn(content["name"])
    matter.revision += 1
    draft = find_draft(session, matter.id)
    return matter, _save(session, actor, clock, matter=matter, content=content, draft=draft)


def publish_matter(
    session: Session, actor: Actor, clock: Clock, *, matter_id: UUID, effective_on: date | None = None
) -> tuple[Matter, MatterVersion]:
    """Put the draft into the catalogue from a day on, today unless another is named; it never changes again."""
    matter = _lock(session, actor, matter_id)
    if matter.withdrawn_on is not None:
        raise errors.matter_withdrawn(matter.code)
    version = find_draft(session, matter.id)
    if version is None:
        raise errors.no_draft(matter.code)
    today = clock.today()
    day = effective_on or today
    if day < today:
        raise errors.publish_in_past(day)
    _check_flow(session, version.flow_key, has_joint=bool(version.joint))
    matter.revision += 1
    version.state = "published"
    version.effective_on = day
    version.published_at = clock.now()
    version.published_by_name = actor.person_name
    outbox.record(session, actor, _published(matter, version, day), correlation_id=matter.correlation_id)
    session.flush()
    return matter, version


def withdraw_matter(
    session: Session, actor: Actor, clock: Clock, *, matter_id: UUID, reason: str, effective_on: date | None
) -> Matter:
    """Take a matter off the catalogue from a day on; cases under way go on."""
    matter = _lock(session, actor, matter_id)
    if matter.withdrawn_on is not None:
        raise errors.matter_withdrawn(matter.code)
    day = effective_on or clock.today()
    if day < clock.today():
        raise errors.publish_in_past(day)
    matter.revision += 1
    matter.withdrawn_on = day
    matter.withdrawn_at = clock.now()
    matter.withdraw_reason = reason
    told = MatterWithdrawn(
        matter_id=matter.id,
        unit_id=matter.unit_id,
        reason=reason,
        effective_on=day,
        withdrawn_at=clock.now(),
    )
    outbox.record(session, actor, told, correlation_id=matter.correlation_id)
    return matter


def _lock(session: Session, actor: Actor, matter_id: UUID, *, name: str = "") -> Matter:
    get_matter(session, matter_id)
    locked = sa.select(Matter).where(Matter.id == matter_id).with_for_update()
    matter = session.scalars(locked.execution_options(populate_existing=True)).one()
    if not keeps_matters_of(session, actor, matter.unit_id):
        raise errors.not_your_matter(name or matter.code)
    return matter


def _save(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    matter: Matter,
    content: Mapping[str, Any],
    draft: MatterVersion | None,
) -> MatterVersion:
    _check(session, content)
    version = draft or MatterVersion(
        id=new_id(), matter_id=matter.id, number=_next_number(session, matter.id), state="draft"
    )
    for name, value in _columns(session, actor, matter, content).items():
        setattr(version, name, value)
    version.saved_at = clock.now()
    version.saved_by_name = actor.person_name
    session.add(version)
    session.flush()
    return version


def _check(session: Session, content: Mapping[str, Any]) -> None:
    said = [*content["basis"], *content["conditions"], *(row.get("note", "") for row in content["materials"])]
    refuse_secret(content["name"], content["note"], *said, where="事项内容")
    if faults := schema_faults(content["form"]) or source_faults(content["form"]):
        raise errors.form_schema_invalid(faults)
    if faults := matter_faults(content):
        raise errors.matter_invalid(faults)
    _check_flow(session, content["flow_key"], has_joint=bool(content["joint"]))
    named = [*content["handler_post_ids"], *content["decider_post_ids"]]
    named += [part["post_id"] for part in content["joint"] if part.get("post_id")]
    known = list_units_of_posts(session, named)
    for post_id in named:
        if post_id not in known:
            raise post_unknown(post_id)


def _check_flow(session: Session, key: str, *, has_joint: bool) -> None:
    row = find_version(session, key=key) if key.startswith(FLOW_PREFIX) else None
    if row is None:
        raise errors.flow_unknown(key)
    if has_joint and JOINT not in definition_of(session, row.id).steps:
        raise errors.matter_invalid({"flow_key": ["有联办单位的事项须选用含联办环节（joint）的流程"]})


def _columns(session: Session, actor: Actor, matter: Matter, content: Mapping[str, Any]) -> dict[str, Any]:
    """What the version's row keeps; ids inside JSON as text."""
    office = get_unit(session, content["office_id"]) if content.get("office_id") else None
    for material in content["materials"]:
        if material.get("template_file_id"):
            take_template(session, actor, material["template_file_id"], matter=matter)
    joint = [
        {
            "unit_id": str(part["unit_id"]),
            "unit_name": get_unit(session, part["unit_id"]).name,
            "post_id": str(part["post_id"]) if part.get("post_id") else None,
        }
        for part in content["joint"]
    ]
    return {
        **{name: value for name, value in content.items() if name != "code"},
        "materials": [
            {name: str(value) if isinstance(value, UUID) else value for name, value in material.items()}
            for material in content["materials"]
        ],
        "joint": joint,
        "office_name": office.name if office else "",
        "terms": bigrams(
            content["name"], content["parent_name"], matter.code, matter.unit_name, *content["basis"]
        ),
    }


def _next_number(session: Session, matter_id: UUID) -> int:
    newest = sa.select(sa.func.max(MatterVersion.number)).where(MatterVersion.matter_id == matter_id)
    return (session.scalar(newest) or 0) + 1


def _published(matter: Matter, version: MatterVersion, day: date) -> MatterPublished:
    asked = [row for row in version.materials if row.get("provided_by", "applicant") == "applicant"]
    return MatterPublished(
        matter_id=matter.id,
        code=matter.code,
        version=version.number,
        name=version.name,
        unit_id=matter.unit_id,
        instant=version.instant,
        online=version.online,
        trips=version.trips,
        original_trips=version.original_trips,
        legal_days=version.legal_days,
        promised_days=version.promised_days,
        original_materials=version.original_materials,
        materials=len(asked),
        effective_on=day,
        published_at=version.published_at or version.saved_at,
    )
