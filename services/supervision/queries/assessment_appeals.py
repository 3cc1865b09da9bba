"""Reading appeals: those to the organs of an assessor's scope, and those of the own unit."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.supervision import errors
from services.supervision.errors import assessment as assessment_errors
from services.supervision.models import Appeal, AppealFile, Assessment
from services.supervision.queries.assessment import units_spoken_for
from services.supervision.queries.scope import list_scope
from services.supervision.queries.visibility import acting_posts
from shared.auth import Actor
from shared.clock import Clock
from shared.flow.models import WorkItem
from shared.permissions import Permission
from shared.web.paging import Page, make_page, read_cursor

STATE_LABELS = {"made": "待处理", "accepted": "已采纳", "refused": "未采纳"}


def list_appeals(
    session: Session, actor: Actor, clock: Clock, *, query: Mapping[str, Any]
) -> Page[dict[str, Any]]:
    """Appeals, newest first."""
    wanted = sa.select(Appeal).where(_seen(session, actor, clock))
    if query.get("state"):
        wanted = wanted.where(Appeal.state == query["state"])
    if query.get("after"):
        wanted = wanted.where(Appeal.id < read_cursor(query["after"], UUID)[0])
    rows = session.scalars(wanted.order_by(Appeal.id.desc()).limit(query["limit"] + 1)).all()
    page = make_page(rows, query["limit"], lambda row: (row.id,))
    return Page(_shown(session, page.items), page.next)


def get_appeal(
    session: Session, actor: Actor, clock: Clock, appeal_id: UUID, *, for_update: bool = False
) -> Appeal:
    """The appeal, if the actor may see it; Problem 404 otherwise."""
    wanted = sa.select(Appeal).where(Appeal.id == appeal_id, _seen(session, actor, clock))
    if for_update:
        wanted = wanted.with_for_update(of=Appeal).execution_options(populate_existing=True)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise assessment_errors.appeal_not_found(appeal_id)
    return found


def show_appeal(session: Session, appeal: Appeal) -> dict[str, Any]:
    """An appeal with its files."""
    return _shown(session, [appeal])[0]


def get_appeal_file(session: Session, appeal: Appeal, file_id: UUID) -> AppealFile:
    """A file of the appeal; Problem 404 when it has no such file."""
    file = session.get(AppealFile, file_id)
    if file is None or file.appeal_id != appeal.id:
        raise errors.file_not_found(file_id)
    return file


def _shown(session: Session, appeals: Sequence[Appeal]) -> list[dict[str, Any]]:
    """Appeals with their files, read for all of them at once."""
    files: dict[UUID, list[AppealFile]] = {appeal.id: [] for appeal in appeals}
    wanted = sa.select(AppealFile).where(AppealFile.appeal_id.in_(files))
    for file in session.scalars(wanted.order_by(AppealFile.added_at, AppealFile.id)):
        files[file.appeal_id].append(file)
    return [
        {
            **{column.key: getattr(appeal, column.key) for column in sa.inspect(Appeal).columns},
            "state_label": STATE_LABELS[appeal.state],
            "files": files[appeal.id],
        }
        for appeal in appeals
    ]


def _seen(session: Session, actor: Actor, clock: Clock) -> sa.ColumnElement[bool]:
    """Assessors of the organ, the unit itself, and whoever has or had the item to decide, a deputy too."""
    organs = list_scope(session, actor) if actor.may(Permission.SUPERVISION_ASSESS) else []
    posts = acting_posts(session, actor, now=clock.now())
    held = sa.select(WorkItem.subject_id).where(WorkItem.subject_id == Appeal.id, WorkItem.post_id.in_(posts))
    return sa.or_(
        Appeal.assessment_id.in_(sa.select(Assessment.id).where(Assessment.unit_id.in_(organs))),
        Appeal.unit_id.in_(units_spoken_for(session, actor)),
        held.exists(),
    )
