"""Putting a subject on its way."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, make_transient_to_detached

from shared.auth.actor import Actor
from shared.clock import Clock
from shared.events.work import WorkStarted
from shared.flow.acts import Act, ActVerb, Choice, Subject
from shared.flow.case import Case, lock_case
from shared.flow.catalog import definition_of, get_version_id
from shared.flow.engine import Run
from shared.flow.errors import already_running
from shared.flow.models import FlowInstance, FlowStatus, ItemStatus, WorkItem
from shared.flow.people import Acting
from shared.flow.progress import enter_steps, finish_if_ended, take_choices
from shared.ids import new_id

_ADD_RUNNING = (
    insert(FlowInstance.__table__)  # type: ignore[arg-type]
    .on_conflict_do_nothing(index_elements=["subject_id"], index_where=sa.text("status = 'running'"))
    .returning(sa.literal(1))
)


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
    version_id = get_version_id(session, key=key, version=version)
    run = Run.start(definition_of(session, version_id), variables)
    instance = _new_instance(
        actor, clock, subject=subject, unit_id=unit_id, definition_id=version_id, run=run
    )
    instance.correlation_id = correlation_id or actor.correlation_id
    add_running(session, instance)
    case = Case(session, actor, clock, instance=instance)
    case.run = run
    acting = Acting(actor=actor)
    with case.gathering():
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


def add_running(session: Session, instance: FlowInstance) -> None:
    """Keep the row of work that begins: one piece of work at a time for a subject. Raises `flow.already_running`."""
    if session.autoflush:
        # What ended the subject's earlier work may not have been written yet.
        session.flush()
    kept = {}
    for column in FlowInstance.__table__.columns:
        value = getattr(instance, column.key)
        # What was not given is known to be empty, so that nobody has to read the row for it.
        setattr(instance, column.key, value)
        if value is not None:
            kept[column.key] = value
    # Of two starts at once, the second waits here until the first has been committed or rolled back.
    if session.execute(_ADD_RUNNING, kept).first() is None:
        raise already_running()
    # From here on it is like a row that was read: changes of it are updates.
    make_transient_to_detached(instance)
    session.add(instance)
