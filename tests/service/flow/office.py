"""A small office for routing tests: one city government with an office, two bureaus, and somebody in every post."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.auth.actor import Actor
from shared.calendar_days import seed_days
from shared.clock import FixedClock
from shared.db import Database
from shared.directory import (
    DirectoryDelegation,
    DirectoryPerson,
    DirectoryPost,
    DirectoryTenure,
    DirectoryUnit,
)
from shared.flow import verbs
from shared.flow.acts import Act, Subject
from shared.flow.catalog import upload_definition
from shared.flow.models import FlowInstance, ItemStatus, WorkItem
from shared.ids import new_id
from shared.messaging.models import OutboxEvent
from shared.permissions import Permission

NOON = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
OUTSIDE = "outside"


@dataclass
class Office:
    """Posts by name, and short ways to do things in their names."""

    database: Database
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOON))
    posts: dict[str, Actor] = field(default_factory=dict)
    unit_id: UUID = field(default_factory=new_id)

    def session(self) -> AbstractContextManager[Session]:
        return self.database.transaction()

    def post_id(self, name: str) -> UUID:
        found = self.posts[name].post_id
        assert found is not None
        return found

    def add_unit(self, session: Session, name: str, *, parent: UUID | None, organ: bool = True) -> UUID:
        unit = DirectoryUnit(
            id=new_id(),
            code=name,
            parent_id=parent,
            name=name,
            short_name=name,
            kind="department",
            level="city",
            division_code="360300",
            credit_code=None,
            issuing_codes=[],
            fonds_code=None,
            issues_documents=organ,
            position=0,
        )
        session.add(unit)
        return unit.id

    def add_post(self, session: Session, name: str, *permissions: Permission, unit_id: UUID) -> Actor:
        person_id, post_id = new_id(), new_id()
        session.add_all(
            [
                DirectoryPerson(id=person_id, name=name),
                DirectoryPost(
                    id=post_id,
                    unit_id=unit_id,
                    code=name,
                    title=name,
                    permissions=[permission.value for permission in permissions],
                    position=0,
                ),
                DirectoryTenure(id=new_id(), person_id=person_id, post_id=post_id),
            ]
        )
        self.posts[name] = Actor(
            correlation_id=new_id(),
            person_id=person_id,
            person_name=name,
            post_id=post_id,
            post_title=name,
            unit_id=unit_id,
            permissions=frozenset(permissions),
        )
        return self.posts[name]

    def revoke(self, name: str, permission: Permission) -> None:
        """Take a permission from a post, as the administrator's change arrives in the directory."""
        with self.session() as session:
            post = session.get_one(DirectoryPost, self.post_id(name))
            post.permissions = [held for held in post.permissions if held != permission.value]

    def delegate(self, absent: str, deputy: str, *kinds: str, days: int = 3) -> None:
        with self.session() as session:
            session.add(
                DirectoryDelegation(
                    id=new_id(),
                    from_person_id=self.posts[absent].person_id,
                    from_post_id=self.posts[absent].post_id,
                    to_person_id=self.posts[deputy].person_id,
                    to_post_id=self.posts[deputy].post_id,
                    work_kinds=list(kinds),
                    starts_at=self.clock.now() - timedelta(hours=1),
                    ends_at=self.clock.now() + timedelta(days=days),
                )
            )

    def upload(self, xml: bytes) -> int:
        with self.session() as session:
            return upload_definition(session, self.posts["clerk"], self.clock, xml=xml).version

    def start(self, xml: bytes | None = None, *, by: str = "clerk", key: str = "test", **options: Any) -> Act:
        if xml is not None:
            self.upload(xml)
        subject = Subject(
            id=new_id(), kind="dispatch", title="关于测试的通知", link="/documents/1", urgency="加急"
        )
        with self.session() as session:
            return verbs.start_flow(
                session, self.posts[by], self.clock, key=key, subject=subject, unit_id=self.unit_id, **options
            )

    def do(self, verb: Callable[..., Act | None], by: str, **facts: Any) -> Act:
        """Run a verb as that post, a minute later, in a transaction of its own."""
        self.clock.at += timedelta(minutes=1)
        with self.session() as session:
            act = verb(session, self.posts[by], self.clock, **facts)
        assert act is not None
        return act

    def complete(self, by: str, **facts: Any) -> Act:
        """Complete the one open item of that post."""
        return self.do(verbs.complete_item, by, item_id=self.open_item(by), **facts)

    def open_item(self, by: str) -> UUID:
        (item,) = self.items(by, ItemStatus.OPEN)
        return item.id

    def items(self, by: str, status: ItemStatus | None = None) -> list[WorkItem]:
        """The post's items, oldest first."""
        with self.session() as session:
            query = sa.select(WorkItem).where(WorkItem.post_id == self.post_id(by))
            if status is not None:
                query = query.where(WorkItem.status == status)
            return list(session.scalars(query.order_by(WorkItem.received_at, WorkItem.id)))

    def item(self, item_id: UUID) -> WorkItem:
        with self.session() as session:
            return session.get_one(WorkItem, item_id)

    def instance(self, act: Act) -> FlowInstance:
        with self.session() as session:
            return session.get_one(FlowInstance, act.instance_id)

    def at_work(self) -> dict[str, str]:
        """Who has an open item, and the step that it is for."""
        return {name: item.step_id for name in self.posts for item in self.items(name, ItemStatus.OPEN)}

    def told(self) -> list[str]:
        """The keys of all events so far, in order."""
        return [key for key, _ in self.events()]

    def events(self, *which: sa.ColumnElement[bool]) -> list[tuple[str, dict[str, Any]]]:
        with self.session() as session:
            rows = session.execute(
                sa.select(OutboxEvent.key, OutboxEvent.data).where(*which).order_by(OutboxEvent.position)
            )
            return [(key.removesuffix(".v1"), json.loads(data)) for key, data in rows]


def open_office(database: Database) -> Office:
    """The office with its posts: clerk, director, leader, mayor, signer of each bureau, registry, and an outsider."""
    office = Office(database)
    with office.session() as session:
        seed_days(session)
        government = office.add_unit(session, "市政府", parent=None)
        office.unit_id = office.add_unit(session, "市政府办", parent=government)
        section = office.add_unit(session, "文秘科", parent=office.unit_id, organ=False)
        bureaus = [
            office.add_unit(session, name, parent=government) for name in ("财政局", "水利局", "农业局")
        ]
        session.flush()
        office.add_post(session, "clerk", Permission.DOCUMENTS_DRAFT, unit_id=section)
        office.add_post(session, "director", Permission.DOCUMENTS_REVIEW, unit_id=office.unit_id)
        office.add_post(session, "deputy", Permission.DOCUMENTS_REVIEW, unit_id=office.unit_id)
        office.add_post(
            session, "registry", Permission.DOCUMENTS_REGISTRY, Permission.DOCUMENTS_CHECK, unit_id=section
        )
        office.add_post(
            session, "mayor", Permission.DOCUMENTS_SIGN, Permission.DOCUMENTS_REVIEW, unit_id=government
        )
        for name, unit in zip(("finance", "water", "farming"), bureaus, strict=True):
            office.add_post(session, name, Permission.DOCUMENTS_COUNTERSIGN, unit_id=unit)
        office.add_post(session, OUTSIDE, unit_id=bureaus[0])
    return office
