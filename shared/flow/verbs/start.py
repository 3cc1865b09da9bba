"""Putting a subject on its way."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.auth.actor import Actor
from shared.clock import Clock
from shared.events.work import WorkStarted
from shared.flow.acts import Act, ActVerb, Choice, Subject
from shared.flow.case import Case, lock_case
from shared.flow.catalog import definition_of, get_version
from shared.flow.engine import Run
from shared.flow.errors import already_running
from shared.flow.models import FlowInstance, FlowStatus, ItemStatus, WorkItem
from shared.flow.people import Acting
from shared.flow.progress import enter_steps, finish_if_ended, take_choices
from shared.ids import new_id


def start_flow(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    key: str,
    subject: Subject,
    unit_id: UUID,
    version: int | None = None,
    variables: Mapping[str, Any] | None = None,
    choices: Mapping[str, Choice] | None = None,
    correlation_id: UUID | None = None,
) -> Act:
    """Start the newest (or a named) version of a flow for a subject that `unit_id` owns.

    The instance stays on this version. Raises Problem: no such definition, `flow.already_running`, wrong
    variables or choices, or nobody to do the first step.
    """
    row = get_version(session, key=key, version=version)
    run = Run.start(definition_of(session, row.id), variables)
    refuse_second(session, subject.id)
    instance = _new_instance(actor, clock, subject=subject, unit_id=unit_id, definition_id=row.id, run=run)
    instance.correlation_id = correlation_id or actor.correlation_id
    session.add(instance)
    session.flush()
    case = Case(session, actor, clock, instance=instance)
    case.run = run
    acting = Acting(actor=actor)
    case.tell(
        WorkStarted(
            work_id=instance.id,
            subject_of_work=case.subject(),
            flow=case.definition.name,
            unit_id=unit_id,
            started_by=acting.as_doer(),
            started_at=case.now,
        )
    )
    take_choices(case, case.definition.first_choices, choices)
    moves = enter_steps(case, run.open_steps(), opened_by=None)
    case.keep_state()
    finish_if_ended(case)
    return case.act(
        ActVerb.START,
        acting,
        entered_steps=tuple(moves.entered),
        skipped_steps=tuple(moves.skipped),
        variables=run.variables,
    )


def _new_instance(
    actor: Actor, clock: Clock, *, subject: Subject, unit_id: UUID, definition_id: UUID, run: Run
) -> FlowInstance:
    return FlowInstance(
        id=new_id(),
        definition_id=definition_id,
        subject_id=subject.id,
        unit_id=unit_id,
        status=FlowStatus.RUNNING.value,
        state={"run": run.to_json(), "choices": {}},
        started_at=clock.now(),
        started_by_person_id=actor.person_id,
        started_by_post_id=actor.post_id,
        started_by_unit_id=actor.unit_id,
        **subject_columns(subject),
    )


def describe_subject(
    session: Session, actor: Actor, clock: Clock, *, instance_id: UUID, subject: Subject
) -> None:
    """Let the items that are opened from now on, and those still open, show new facts (a number, another title)."""
    case = lock_case(session, actor, clock, instance_id=instance_id)
    for name, value in subject_columns(subject).items():
        setattr(case.instance, name, value)
    session.execute(
        sa.update(WorkItem)
        .where(WorkItem.instance_id == instance_id, WorkItem.status == ItemStatus.OPEN)
        .values(title=subject.title, number=subject.number, urgency=subject.urgency)
    )


def subject_columns(subject: Subject) -> dict[str, str]:
    """What a flow's row keeps of its subject."""
    return {
        "subject_kind": subject.kind,
        "title": subject.title,
        "number": subject.number,
        "document_kind": subject.document_kind,
        "urgency": subject.urgency,
        "link": subject.link,
    }


def refuse_second(session: Session, subject_id: UUID) -> None:
    """One piece of work at a time for a subject. Raises `flow.already_running`."""
    # Two starts at once would both find no row to lock; the lock on the subject's id makes the second wait.
    session.execute(
        sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"subject {subject_id}"}
    )
    running = sa.select(FlowInstance.id).where(
        FlowInstance.subject_id == subject_id, FlowInstance.status == FlowStatus.RUNNING
    )
    if session.scalars(running).first() is not None:
        raise already_running()
