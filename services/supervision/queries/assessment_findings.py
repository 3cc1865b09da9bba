"""Reading what assessors put down: all of it for the organ's assessors, what is about it for a unit."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.supervision.errors import assessment as assessment_errors
from services.supervision.models import Finding
from services.supervision.queries.assessment import assesses, units_spoken_for
from services.supervision.queries.scope import list_scope
from shared.auth import Actor
from shared.permissions import Permission
from shared.web.paging import Page, make_page, read_cursor


def list_findings(session: Session, actor: Actor, *, query: Mapping[str, Any]) -> Page[Finding]:
    """Findings, newest first, withdrawn ones too."""
    organs = list_scope(session, actor) if actor.may(Permission.SUPERVISION_ASSESS) else []
    own = units_spoken_for(session, actor)
    wanted = sa.select(Finding).where(sa.or_(Finding.unit_id.in_(organs), Finding.lead_unit_id.in_(own)))
    if query.get("lead_unit_id"):
        wanted = wanted.where(Finding.lead_unit_id == query["lead_unit_id"])
    if query.get("after"):
        wanted = wanted.where(Finding.id < read_cursor(query["after"], UUID)[0])
    rows = session.scalars(wanted.order_by(Finding.id.desc()).limit(query["limit"] + 1)).all()
    return make_page(rows, query["limit"], lambda row: (row.id,))


def get_finding(session: Session, actor: Actor, finding_id: UUID, *, for_update: bool = False) -> Finding:
    """A finding of an organ that the actor assesses for; Problem 404 otherwise."""
    finding = session.get(Finding, finding_id, with_for_update=for_update)
    if finding is None or not assesses(session, actor, finding.unit_id):
        raise assessment_errors.finding_not_found(finding_id)
    return finding
