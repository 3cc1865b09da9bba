"""Units and people of a service's tests, in its local directory: who is where, and may do what their role may."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.identity.domain.roles import DEFAULT_ROLES, Role
from shared.auth import Actor
from shared.clock import Clock, FixedClock
from shared.db import Database
from shared.directory import DirectoryPerson, DirectoryPost, DirectoryTenure, DirectoryUnit
from shared.files import BlobStore
from shared.ids import new_id
from shared.permissions import Permission
from tests.support.api import SignedIn

# A Monday, 9:30 on the office's clock; the week has five working days.
MONDAY = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)


@dataclass
class Organs:
    """Units and people by short names; a service's own offices say which there are, and what they do."""

    database: Database
    blobs: BlobStore
    clock: Clock = field(default_factory=lambda: FixedClock(MONDAY))
    units: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, Actor] = field(default_factory=dict)
    full_names: dict[UUID, str] = field(default_factory=dict)

    @contextmanager
    def session(self) -> Iterator[Session]:
        with self.database.transaction() as session:
            yield session

    def unit(
        self,
        session: Session,
        name: str,
        full: str,
        *,
        kind: str = "department",
        level: str = "city",
        parent: UUID | None = None,
        codes: list[str] | None = None,
        issues: bool = True,
    ) -> UUID:
        """Add a unit; an inner office issues nothing of its own."""
        unit_id = self.units[name] = new_id()
        self.full_names[unit_id] = full
        session.add(
            DirectoryUnit(
                id=unit_id,
                code=name,
                parent_id=parent,
                name=full,
                short_name=name,
                kind=kind,
                level=level,
                division_code="360300",
                issuing_codes=codes or [],
                fonds_code="Z001",
                issues_documents=issues,
                position=len(self.units),
            )
        )
        return unit_id

    def post(
        self,
        session: Session,
        name: str,
        unit_id: UUID,
        role: Role,
        *,
        permissions: frozenset[Permission] | None = None,
        scope: Iterable[UUID] = (),
    ) -> Actor:
        """Add a post with the permissions of the role, or with these, and whoever holds it; `scope` is what an
        administrator's post looks after, with all below it."""
        held = DEFAULT_ROLES[role].permissions if permissions is None else permissions
        person_id, post_id, tenure_id = new_id(), new_id(), new_id()
        session.add(DirectoryPerson(id=person_id, name=name))
        session.add(
            DirectoryPost(
                id=post_id,
                unit_id=unit_id,
                code=name,
                title=role.label,
                permissions=sorted(held),
                scope_unit_ids=list(scope),
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
            unit_id=unit_id,
            unit_name=self.full_names[unit_id],
            tenure_id=tenure_id,
            session_id=new_id(),
            permissions=held,
        )
        return self.people[name]

    def actor(self, name: str) -> Actor:
        """That person, in a request of its own."""
        return replace(self.people[name], correlation_id=new_id())

    def post_id(self, name: str) -> UUID:
        post_id = self.people[name].post_id
        assert post_id
        return post_id

    def signed_in(self, name: str) -> SignedIn:
        """That person, as a request over HTTP shows who asks."""
        actor = self.people[name]
        assert actor.person_id
        assert actor.post_id
        assert actor.unit_id
        assert actor.tenure_id
        assert actor.session_id
        return SignedIn(
            person_id=actor.person_id,
            name=actor.person_name,
            post_id=actor.post_id,
            post_title=actor.post_title,
            unit_id=actor.unit_id,
            unit_name=actor.unit_name,
            tenure_id=actor.tenure_id,
            session_id=actor.session_id,
            permissions=actor.permissions,
        )
