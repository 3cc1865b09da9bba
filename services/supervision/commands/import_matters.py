"""Registering matters of the hotline and the media: all or none, every error told first, safe to repeat."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import marshmallow as ma
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.supervision import errors
from services.supervision.commands.matter import Matter, Named, limit_of
from services.supervision.commands.register import add_task, check_matter, own_organ
from services.supervision.commands.settling import settle
from services.supervision.domain.steps import Step
from services.supervision.models import Task
from services.supervision.queries.ground import Ground
from services.supervision.schemas.requests import RowSchema
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import DirectoryUnit
from shared.errors import Problem
from shared.events.supervision import TaskSource


def import_matters(session: Session, actor: Actor, clock: Clock, *, rows: Sequence[Any]) -> dict[str, Any]:
    """Register each row that was not registered before, by its reference at its source.

    Raises `supervision.rows_wrong` with every error of every row, before anything is registered.
    """
    unit_id = own_organ(session, actor)
    lock = sa.func.hashtextextended(f"task import {unit_id}", 0)
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(lock)))
    ground = Ground(session, now=clock.now())
    matters = _check(session, clock, rows=rows, unit_id=unit_id, ground=ground)
    known = _known(session, unit_id, [matter.external_ref for matter in matters])
    told = []
    for matter in matters:
        key = (matter.source.value, matter.external_ref)
        repeated = key in known
        if not repeated:
            known[key] = _register(session, actor, clock, matter=matter, unit_id=unit_id, ground=ground)
        told.append({"reference": matter.external_ref, "task_id": known[key], "repeated": repeated})
    repeated_rows = sum(1 for row in told if row["repeated"])
    return {"registered": len(told) - repeated_rows, "repeated": repeated_rows, "rows": told}


def _check(
    session: Session, clock: Clock, *, rows: Sequence[Any], unit_id: UUID, ground: Ground
) -> list[Matter]:
    wrong: dict[str, list[str]] = {}
    matters: list[Matter] = []
    seen: dict[tuple[str, str], int] = {}
    for at, row in enumerate(rows, start=1):
        try:
            loaded = RowSchema().load(row)
            matter = _matter(session, loaded)
            key = (matter.source.value, matter.external_ref)
            if key in seen:
                wrong[f"第 {at} 行"] = [f"编号“{matter.external_ref}”与第 {seen[key]} 行重复"]
                continue
            seen[key] = at
            check_matter(session, clock, matter=matter, unit_id=unit_id, ground=ground)
            matters.append(matter)
        except ma.ValidationError as error:
            wrong[f"第 {at} 行"] = _texts(error.normalized_messages())
        except Problem as problem:
            wrong[f"第 {at} 行"] = [problem.detail or problem.title]
    if wrong:
        raise errors.rows_wrong(wrong)
    return matters


def _matter(session: Session, row: Mapping[str, Any]) -> Matter:
    return Matter(
        title=row["title"],
        source=TaskSource(row["source"]),
        content=row["content"],
        urgency=row["urgency"],
        limit=limit_of(row),
        lead=Named(unit_id=_unit_named(session, row["lead"])) if row["lead"] else None,
        external_ref=row["reference"],
    )


def _unit_named(session: Session, name: str) -> UUID:
    """The unit in force of that name, short name or code; Problem 422 when there is none, or several."""
    named = sa.or_(DirectoryUnit.name == name, DirectoryUnit.short_name == name, DirectoryUnit.code == name)
    found = session.scalars(sa.select(DirectoryUnit.id).where(DirectoryUnit.active, named).limit(2)).all()
    if len(found) != 1:
        raise errors.unit_not_named(name, several=bool(found))
    return found[0]


def _known(session: Session, unit_id: UUID, references: Sequence[str]) -> dict[tuple[str, str], UUID]:
    wanted = sa.select(Task.source, Task.external_ref, Task.id).where(
        Task.unit_id == unit_id, Task.external_ref.in_(references)
    )
    return {(source, reference): task_id for source, reference, task_id in session.execute(wanted)}


def _register(
    session: Session, actor: Actor, clock: Clock, *, matter: Matter, unit_id: UUID, ground: Ground
) -> UUID:
    desk = add_task(session, actor, clock, matter=matter, unit_id=unit_id, ground=ground)
    desk.give_next(Step.PROPOSE)
    settle(desk)
    return desk.task.id


def _texts(messages: Mapping[str, Any]) -> list[str]:
    return [
        f"{field}：{'；'.join(map(str, texts if isinstance(texts, list) else [texts]))}"
        for field, texts in messages.items()
    ]
