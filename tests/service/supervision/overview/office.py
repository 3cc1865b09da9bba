"""A supervising office over two bureaus and a county, whose tasks can be put anywhere in their lives."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.identity.domain.roles import DEFAULT_ROLES, Role
from services.supervision.models import Task, TaskAccess
from shared.auth import Actor
from shared.calendar_days import seed_days
from shared.clock import FixedClock
from shared.db import Database
from shared.directory import DirectoryPerson, DirectoryPost, DirectoryTenure, DirectoryUnit
from shared.files import BlobStore
from shared.ids import new_id
from shared.permissions import Permission

# A Monday; 9 days of October 2026 before it were holidays.
MORNING = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)


@dataclass
class Office:
    """Units and people by short names, in a database of the test's own."""

    database: Database
    blobs: BlobStore
    clock: FixedClock = field(default_factory=lambda: FixedClock(MORNING))
    units: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, Actor] = field(default_factory=dict)

    @contextmanager
    def session(self) -> Iterator[Session]:
        with self.database.transaction() as session:
            yield session

    def fill(self) -> None:
        """A city with its office and two bureaus, and a county that supervises by itself."""
        with self.session() as session:
            seed_days(session)
            city = self.unit(session, "市政府", "萍乡市人民政府")
            self.unit(session, "督查室", "萍乡市人民政府督查室", parent=city)
            self.unit(session, "数据局", "萍乡市数据局", parent=city)
            self.unit(session, "财政局", "萍乡市财政局", parent=city)
            county = self.unit(session, "安源", "安源区人民政府", parent=city)
            self.unit(session, "安源督查室", "安源区人民政府督查室", parent=county)
            self.post(session, "市长", "市政府", Role.PRINCIPAL)
            self.post(session, "督查员", "督查室", Role.SUPERVISOR)
            self.post(session, "督查主任", "督查室", Role.PRINCIPAL)
            self.post(session, "数据局长", "数据局", Role.PRINCIPAL)
            self.post(session, "数据承办", "数据局", Role.HANDLER)
            self.post(session, "财政承办", "财政局", Role.HANDLER)
            self.post(session, "安源督查", "安源督查室", Role.SUPERVISOR)
            self.post(session, "路人", "数据局", Role.HANDLER, permissions=frozenset())

    def unit(self, session: Session, name: str, full: str, *, parent: UUID | None = None) -> UUID:
        self.units[name] = new_id()
        session.add(
            DirectoryUnit(
                id=self.units[name],
                code=name,
                parent_id=parent,
                name=full,
                short_name=name,
                kind="department",
                level="city",
                division_code="360300",
                issuing_codes=[],
                fonds_code="Z001",
                issues_documents=True,
                position=len(self.units),
            )
        )
        return self.units[name]

    def post(
        self,
        session: Session,
        name: str,
        unit: str,
        role: Role,
        *,
        permissions: frozenset[Permission] | None = None,
    ) -> None:
        held = DEFAULT_ROLES[role].permissions if permissions is None else permissions
        person_id, post_id, tenure_id = new_id(), new_id(), new_id()
        session.add(DirectoryPerson(id=person_id, name=name))
        session.add(
            DirectoryPost(
                id=post_id,
                unit_id=self.units[unit],
                code=name,
                title=role.label,
                permissions=sorted(held),
                position=len(self.people),
            )
        )
        session.add(DirectoryTenure(id=tenure_id, person_id=person_id, post_id=post_id))
        self.people[name] = Actor(
            correlation_id=new_id(),
            person_id=person_id,
            person_name=name,
            post_id=post_id,
            post_title=role.label,
            unit_id=self.units[unit],
            unit_name=unit,
            tenure_id=tenure_id,
            session_id=new_id(),
            permissions=held,
        )

    def actor(self, name: str) -> Actor:
        """That person, in a request of its own."""
        return replace(self.people[name], correlation_id=new_id())

    def post_id(self, name: str) -> UUID:
        post_id = self.people[name].post_id
        assert post_id
        return post_id

    def task(
        self, session: Session, *, by: str = "督查室", lead: str | None = "数据局", **facts: Any
    ) -> Task:
        """An established task, as far in its life as the facts say."""
        task = Task(
            **{
                "id": new_id(),
                "revision": 1,
                "correlation_id": new_id(),
                "unit_id": self.units[by],
                "unit_name": by,
                "lead_unit_id": self.units[lead] if lead else None,
                "lead_unit_name": lead or "",
                "state": "working",
                "source": "meeting",
                "title": "电子文件归档率达到80%",
                "number": f"萍督〔2026〕{len(self.people) + new_id().int % 10**9}号",
                "light": "green",
                "terms": [],
                "registered_at": MORNING,
                "established_at": MORNING,
                "leader_post_id": self.post_id("督查主任"),
                **facts,
            }
        )
        session.add(task)
        session.flush()
        if lead:
            session.add(TaskAccess(task_id=task.id, holder_id=self.units[lead], reason="lead"))
        session.flush()
        return task
