"""What may be chosen: organs as recipients, posts for a step."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.auth import Actor
from shared.directory import DirectoryUnit, PostCard, get_organ, list_holders
from shared.web.paging import Page, make_page, read_cursor


def list_units(session: Session, *, query: Mapping[str, Any]) -> Page[DirectoryUnit]:
    """Organs that may be named as recipients, by code."""
    wanted = sa.select(DirectoryUnit).where(DirectoryUnit.active, DirectoryUnit.issues_documents)
    if query["q"]:
        pattern = query["q"]
        wanted = wanted.where(
            sa.or_(
                DirectoryUnit.name.contains(pattern, autoescape=True),
                DirectoryUnit.short_name.contains(pattern, autoescape=True),
            )
        )
    if query["level"]:
        wanted = wanted.where(DirectoryUnit.level == query["level"])
    if query.get("after"):
        code, last_id = read_cursor(query["after"], str, UUID)
        wanted = wanted.where(sa.tuple_(DirectoryUnit.code, DirectoryUnit.id) > (code, last_id))
    limit = query["limit"]
    rows = session.scalars(wanted.order_by(DirectoryUnit.code, DirectoryUnit.id).limit(limit + 1))
    return make_page(list(rows), limit, lambda unit: (unit.code, unit.id))


def list_choosable_posts(session: Session, actor: Actor, *, query: Mapping[str, Any]) -> list[PostCard]:
    """The posts of an organ that carry a permission and are held by somebody."""
    unit_id = query["unit_id"] or actor.unit_id
    if unit_id is None:
        return []
    return list_holders(session, get_organ(session, unit_id).id, query["permission"])
