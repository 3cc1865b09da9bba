"""Keeping the registry of report forms (一表同享): fields, new forms, and the decision on those that ask once more."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs.domain.reporting import FieldKind, FormState, PeriodKind
from services.affairs.domain.secrecy import refuse_secret
from services.affairs.domain.steps import WORK_KIND
from services.affairs.errors import report_forms as errors
from services.affairs.models import ReportFiling, ReportForm, ReportFormField, ReportFormUnit, SharedField
from services.affairs.queries.report_forms import (
    approvers_of,
    find_overlaps,
    get_form,
    keeps_forms_of,
    list_rules,
)
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import get_organ, get_unit
from shared.flow import duties
from shared.flow.acts import Assignee, Subject
from shared.ids import new_id
from shared.text import fold_width

APPROVE_STEP = "approve_form"
# What lies further back was collected in some other way.
_EARLIEST = timedelta(days=366)
_ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(hashtext('affairs report forms'))")


def define_field(session: Session, actor: Actor, clock: Clock, *, field: Mapping[str, Any]) -> SharedField:
    """Put a field into the dictionary; Problem 409 when a field of that code or name is there."""
    refuse_secret(field["name"], field["note"], *field["choices"], where="字段")
    session.execute(_ONE_AT_A_TIME)
    name = "".join(fold_width(field["name"]).split())
    choices = [choice.strip() for choice in field["choices"]]
    of_choices = field["kind"] == FieldKind.CHOICE
    if of_choices is not bool(choices) or len(set(choices)) != len(choices) or len(choices) == 1:
        raise errors.choices_needed(name)
    same = sa.or_(SharedField.code == field["code"], SharedField.name == name)
    if session.scalars(sa.select(SharedField.code).where(same)).first():
        raise errors.field_taken(name)
    made = SharedField(
        code=field["code"],
        name=name,
        kind=field["kind"],
        measure=field["measure"],
        choices=choices,
        note=field["note"],
        unit_id=get_organ(session, actor.unit_id).id if actor.unit_id else None,
        made_at=clock.now(),
        made_by_name=actor.person_name,
    )
    session.add(made)
    session.flush()
    return made


def propose_form(session: Session, actor: Actor, clock: Clock, *, request: Mapping[str, Any]) -> ReportForm:
    """A new form of the actor's organ: in force at once, or held for approval when it asks what is collected already.

    Raises Problem for fields that the dictionary does not have, a unit that is not in force, a name that is taken, and
    when nobody else could approve it.
    """
    assert actor.unit_id is not None, "whoever proposes a form acts in a post"
    refuse_secret(request["name"], request["basis"], request["reason"], where="报表")
    # Of two forms that ask the same, the second has to see the first.
    session.execute(_ONE_AT_A_TIME)
    organ = get_organ(session, actor.unit_id)
    name = request["name"]
    taken = sa.select(ReportForm.id).where(ReportForm.unit_id == organ.id, ReportForm.name == name)
    if session.scalars(taken).first():
        raise errors.form_taken(name)
    codes = [field["code"] for field in request["fields"]]
    unit_ids = list(request["unit_ids"])
    _check_asked(session, codes=codes, unit_ids=unit_ids, starts_on=request["starts_on"], today=clock.today())
    overlap = find_overlaps(session, field_codes=codes, unit_ids=unit_ids)
    form = ReportForm(
        id=new_id(),
        revision=1,
        correlation_id=actor.correlation_id,
        unit_id=organ.id,
        unit_name=organ.name,
        name=name,
        basis=request["basis"],
        period=PeriodKind(request["period"]).value,
        due_days=request["due_days"],
        starts_on=request["starts_on"] or clock.today(),
        state=(FormState.HELD if overlap else FormState.IN_FORCE).value,
        overlap=overlap,
        reason=request["reason"],
        proposed_at=clock.now(),
        proposed_by_name=actor.person_name,
        proposed_by_post_id=actor.post_id,
    )
    session.add(form)
    session.flush()
    _keep_asked(session, form, fields=request["fields"], unit_ids=unit_ids)
    if overlap:
        _ask_approval(session, actor, clock, form=form)
    return form


def decide_form(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    form_id: UUID,
    approved: bool,
    reason: str,
    for_post_id: UUID | None = None,
) -> ReportForm:
    """Decide on a form that was held; a refusal says why. Only whoever has the work item may."""
    form = get_form(session, form_id, lock=True)
    if form.state != FormState.HELD:
        raise errors.form_settled(form.name, FormState(form.state).label)
    if not approved and not reason:
        raise errors.decision_needs_reason()
    duties.fulfil_duty(
        session,
        actor,
        clock,
        subject_id=form.id,
        step_id=APPROVE_STEP,
        outcome="approve" if approved else "refuse",
        outcome_label="同意" if approved else "不同意",
        opinion=reason,
        alone=True,
        for_post_id=for_post_id,
    )
    duties.close_work(session, actor, clock, subject_id=form.id)
    form.state = (FormState.IN_FORCE if approved else FormState.REFUSED).value
    form.decided_at = clock.now()
    form.decided_by_name = actor.person_name
    form.decision = reason
    form.revision += 1
    return form


def end_form(session: Session, actor: Actor, clock: Clock, *, form_id: UUID, reason: str) -> ReportForm:
    """Ask no more for a form; what is open of it is dropped, and what was filled in stays."""
    form = get_form(session, form_id, lock=True)
    if not keeps_forms_of(session, actor, form.unit_id):
        raise errors.not_your_form(form.name)
    if form.state != FormState.IN_FORCE:
        raise errors.form_not_running(form.name, FormState(form.state).label)
    form.state = FormState.ENDED.value
    form.ended_at = clock.now()
    form.decision = reason
    form.revision += 1
    still_open = sa.select(ReportFiling).where(ReportFiling.form_id == form.id, ReportFiling.state == "open")
    for filing in session.scalars(still_open.with_for_update()):
        filing.state = "dropped"
        if filing.work_id:
            duties.close_work(session, actor, clock, subject_id=filing.id, stopped=True)
            filing.work_id = None
    return form


def _check_asked(
    session: Session, *, codes: Sequence[str], unit_ids: Sequence[UUID], starts_on: date | None, today: date
) -> None:
    if len(set(codes)) != len(codes):
        raise errors.asked_twice("fields")
    if len(set(unit_ids)) != len(unit_ids):
        raise errors.asked_twice("unit_ids")
    known = list_rules(session, codes)
    if unknown := [code for code in codes if code not in known]:
        raise errors.field_unknown(unknown)
    if starts_on is not None and starts_on < today - _EARLIEST:
        raise errors.starts_too_early((today - _EARLIEST).isoformat())


def _keep_asked(
    session: Session, form: ReportForm, *, fields: Sequence[Mapping[str, Any]], unit_ids: Sequence[UUID]
) -> None:
    for position, field in enumerate(fields):
        session.add(
            ReportFormField(
                form_id=form.id, field_code=field["code"], position=position, required=field["required"]
            )
        )
    for position, unit_id in enumerate(unit_ids):
        name = get_unit(session, unit_id).name
        session.add(ReportFormUnit(form_id=form.id, unit_id=unit_id, unit_name=name, position=position))
    session.flush()


def _ask_approval(session: Session, actor: Actor, clock: Clock, *, form: ReportForm) -> None:
    posts = approvers_of(session, form.unit_id, without=actor.post_id)
    if not posts:
        raise errors.nobody_approves(form.unit_name)
    subject = Subject(
        id=form.id,
        kind="report_form",
        title=f"{form.unit_name}拟新增报表《{form.name}》（与已采集数据重复）",
        link=f"/report-forms/{form.id}",
        document_kind="报表",
    )
    duties.open_work(session, actor, clock, subject=subject, unit_id=form.unit_id, name="报表审批")
    duty = duties.Duty(step_id=APPROVE_STEP, step_name="新增报表审批", work_kind=WORK_KIND)
    duties.give_duty(
        session, actor, clock, subject_id=form.id, duty=duty, assignees=[Assignee(post) for post in posts]
    )
