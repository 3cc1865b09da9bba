"""The audit log of a service, for the audit administrator: every service has its own, read in the same way."""

from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from marshmallow import fields
from sqlalchemy.orm import Session, aliased

from shared.audit import AuditEntry, broken_links
from shared.auth import Actor
from shared.directory import (
    DirectoryPost,
    DirectoryTenure,
    administers_everything,
    list_administered,
    require_everything,
)
from shared.permissions import Permission
from shared.web.call import Call
from shared.web.paging import Page, make_page, read_cursor
from shared.web.route import route
from shared.web.schema import PageQuery, Schema, Text

MOST_BROKEN_SHOWN = 100


class AuditQuery(PageQuery):
    """Which audit entries."""

    person_id = fields.UUID(load_default=None)
    action = Text(load_default=None, longest=100)
    outcome = Text(load_default=None, longest=100)
    since = fields.AwareDateTime(load_default=None)
    until = fields.AwareDateTime(load_default=None)


class AuditEntrySchema(Schema):
    """One act in the audit log."""

    id = fields.UUID(required=True)
    at = fields.AwareDateTime(required=True)
    action = fields.String(required=True)
    outcome = fields.String(required=True)
    person_id = fields.UUID(allow_none=True)
    person_name = fields.String(required=True)
    post_id = fields.UUID(allow_none=True)
    unit_id = fields.UUID(allow_none=True)
    source = fields.String(required=True)
    subject = fields.String(required=True)
    correlation_id = fields.UUID(required=True)
    details = fields.Dict(required=True)
    seal_number = fields.Integer(allow_none=True)


class AuditCheckSchema(Schema):
    """Whether the audit chain is whole."""

    whole = fields.Boolean(required=True)
    broken_at = fields.List(
        fields.Integer(), required=True, metadata={"description": "被改动处的编号, 最多 100 个"}
    )


class AuditRoutes:
    """A base of every api class."""

    @route("GET", "/audit", permission=Permission.AUDIT_READ, query=AuditQuery, page_of=AuditEntrySchema)
    def list_audit_entries(self, call: Call) -> Page[Any]:
        """本服务的审计记录: 管理范围内的单位和人员"""
        return list_entries(call.session, call.actor, **call.query)

    @route("GET", "/audit/check", permission=Permission.AUDIT_READ, returns=AuditCheckSchema)
    def check_audit(self, call: Call) -> dict[str, Any]:
        """核验本服务的审计记录是否被改动"""
        require_everything(call.session, call.actor, what="审计记录的核验")
        # All of a long log, piece by piece: within one transaction, so that it is of one moment.
        with call.runtime.database(call.session.info["service"]).transaction() as session:
            broken = list(islice(broken_links(session), MOST_BROKEN_SHOWN))
        return {"whole": not broken, "broken_at": broken}


def list_entries(
    session: Session,
    actor: Actor,
    *,
    person_id: UUID | None,
    action: str | None,
    outcome: str | None,
    since: datetime | None,
    until: datetime | None,
    after: str | None,
    limit: int,
) -> Page[AuditEntry]:
    """Entries that match, latest first, by keyset: of the units and persons that the actor administers."""
    found = sa.select(AuditEntry)
    equal = {"person_id": person_id, "action": action, "outcome": outcome}
    for name, value in equal.items():
        if value:
            found = found.where(getattr(AuditEntry, name) == value)
    if since is not None:
        found = found.where(AuditEntry.at >= since)
    if until is not None:
        found = found.where(AuditEntry.at < until)
    if after:
        found = found.where(
            sa.tuple_(AuditEntry.at, AuditEntry.id) < tuple(read_cursor(after, datetime, UUID))
        )
    rows = list(session.scalars(_latest_within_reach(session, actor, found, limit=limit + 1)))
    return make_page(rows, limit, lambda entry: (entry.at, entry.id))


def _latest_within_reach(
    session: Session, actor: Actor, found: sa.Select[AuditEntry], *, limit: int
) -> sa.Select[AuditEntry]:
    """Those entries of the units that the actor administers, and of the people there now where they acted in no unit:
    signing in that failed, or what the operator did to an account. Whoever administers all units reads all entries.

    The latest of both are found by themselves: no index leads to either one or the other.
    """
    if administers_everything(session, actor):
        return _latest(found, AuditEntry, limit)
    units = list(list_administered(session, actor))
    people = (
        sa.select(DirectoryTenure.person_id)
        .join(DirectoryPost, DirectoryPost.id == DirectoryTenure.post_id)
        .where(DirectoryTenure.active, DirectoryPost.active, DirectoryPost.unit_id.in_(units))
        .subquery()
    )
    ids, names = sa.select(people.c.person_id), sa.select(sa.cast(people.c.person_id, sa.Text()))
    of_people = sa.or_(AuditEntry.person_id.in_(ids), AuditEntry.subject.in_(names))
    of_units = found.where(AuditEntry.unit_id.in_(units))
    in_no_unit = found.where(AuditEntry.unit_id.is_(None), of_people)
    latest = sa.union_all(*(_latest(half, AuditEntry, limit) for half in (of_units, in_no_unit)))
    entry = aliased(AuditEntry, latest.subquery())
    return _latest(sa.select(entry), entry, limit)


def _latest(found: sa.Select[AuditEntry], entry: Any, limit: int) -> sa.Select[AuditEntry]:
    return found.order_by(entry.at.desc(), entry.id.desc()).limit(limit)
